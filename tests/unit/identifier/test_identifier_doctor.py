"""What the doctor says about listening."""

from __future__ import annotations

import os
from pathlib import Path

import imageio_ffmpeg
import pytest

from navaar_identifier.doctor import check_sound
from navaar_runtime.diagnostics import Level


async def test_the_ffmpeg_that_the_project_installs_makes_fingerprints() -> None:
    (finding,) = await check_sound({})
    assert (finding.subject, finding.level) == ("Fingerprints", Level.OK)


async def test_an_ffmpeg_without_chromaprint_is_told_with_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    plain = tmp_path / "ffmpeg"
    plain.write_text("#!/bin/sh\nexit 1\n")
    plain.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(plain))
    (finding,) = await check_sound({})
    assert finding.level is Level.WARNING
    assert "names alone" in finding.message
    assert "fpcalc" in finding.advice


async def test_where_ffmpeg_has_no_chromaprint_fpcalc_is_asked_about_what_ffmpeg_has_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = imageio_ffmpeg.get_ffmpeg_exe()
    without = tmp_path / "ffmpeg"
    without.write_text(f'#!/bin/sh\ncase "$*" in *-muxers*) exit 0;; esac\nexec {real} "$@"\n')
    # What fpcalc -plain prints; the real ffmpeg plays its part here.
    fpcalc = tmp_path / "fpcalc"
    make = f'{real} -v error -i "$4" -f chromaprint -fp_format base64 -'
    fpcalc.write_text(f'#!/bin/sh\n[ "$1 $2 $3" = "-plain -length 120" ] || exit 2\n{make}\n')
    for program in (without, fpcalc):
        program.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(without))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    (finding,) = await check_sound({})
    assert finding.level is Level.OK
