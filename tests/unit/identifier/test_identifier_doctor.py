"""What the doctor says about listening."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_identifier.doctor import check_sound
from navaar_shared.findings import Level


async def test_the_ffmpeg_that_the_project_installs_makes_fingerprints() -> None:
    (finding,) = await check_sound({})
    assert (finding.subject, finding.level) == ("Fingerprints", Level.OK)


async def test_an_ffmpeg_without_chromaprint_is_told_with_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "ffmpeg"
    plain.write_text("#!/bin/sh\nexit 1\n")
    plain.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(plain))
    (finding,) = await check_sound({})
    assert finding.level is Level.WARNING
    assert "names alone" in finding.message
    assert "IMAGEIO_FFMPEG_EXE" in finding.advice
