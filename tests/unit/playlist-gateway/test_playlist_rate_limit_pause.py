"""A pause that a platform asks for is shown with its end."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause
from navaar_runtime.failures import RateLimited


def shown() -> float | None:
    return REGISTRY.get_sample_value("navaar_platform_paused_until_timestamp_seconds", {"platform": "spotify"})


def test_a_pause_that_a_platform_asks_for_is_shown_with_its_end() -> None:
    pause = RateLimitPause(Platform.SPOTIFY)
    assert shown() == 0
    with pytest.raises(RateLimited):
        raise pause.begin(100)
    ends = shown() or 0
    assert 95 < ends - time.time() <= 100


@pytest.mark.parametrize("told", [6 * 3600.0, None])
def test_a_pause_holds_in_another_process_and_after_a_restart(tmp_path: Path, told: float | None) -> None:
    file = tmp_path / "pause"
    running = RateLimitPause(Platform.SPOTIFY, file)
    first = RateLimitPause(Platform.SPOTIFY, file).begin(told)
    assert file.stat().st_mode & 0o777 == 0o600
    for pause in (running, RateLimitPause(Platform.SPOTIFY, file)):
        with pytest.raises(RateLimited) as caught:
            pause.check()
        assert caught.value.retry_after_s == pytest.approx(first.retry_after_s, abs=2)
    assert (shown() or 0) > time.time()


def test_without_a_word_of_the_platform_the_pause_grows_over_restarts_until_a_call_is_answered(tmp_path: Path) -> None:
    file = tmp_path / "pause"
    lengths = [RateLimitPause(Platform.SPOTIFY, file).begin(None).retry_after_s for _ in range(3)]
    assert lengths[0] < lengths[1] < lengths[2]
    RateLimitPause(Platform.SPOTIFY, file).over()
    assert RateLimitPause(Platform.SPOTIFY, file).begin(None).retry_after_s < lengths[2]


async def test_only_a_long_pause_is_told_and_says_until_when(tmp_path: Path) -> None:
    pause = RateLimitPause(Platform.SPOTIFY, tmp_path / "pause")
    pause.begin(60)
    assert await pause.note() is None
    pause.begin(6 * 3600)
    assert "until 20" in (await RateLimitPause(Platform.SPOTIFY, tmp_path / "pause").note() or "")


@pytest.mark.parametrize("content", ["", "[]", '{"until": "soon"}', '{"until": 99999999999, "long": 1, "in_a_row": 1}'])
def test_a_damaged_file_is_no_pause(tmp_path: Path, content: str) -> None:
    (tmp_path / "pause").write_text(content)
    RateLimitPause(Platform.SPOTIFY, tmp_path / "pause").check()


@pytest.mark.parametrize("jump_s", [-6 * 3600, 6 * 3600])
def test_a_clock_that_is_set_makes_no_pause_longer_or_shorter(jump_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    pause = RateLimitPause(Platform.SPOTIFY)
    pause.begin(100)
    true = time.time
    monkeypatch.setattr(time, "time", lambda: true() + jump_s)
    assert 95 < pause.rest_s() <= 100


def test_a_pause_kept_by_a_clock_that_was_ahead_is_no_longer_than_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = time.time
    with monkeypatch.context() as ahead:
        ahead.setattr(time, "time", lambda: true() + 6 * 3600)
        RateLimitPause(Platform.SPOTIFY, tmp_path / "pause").begin(100)
    assert 95 < RateLimitPause(Platform.SPOTIFY, tmp_path / "pause").rest_s() <= 100


def test_a_pause_kept_by_a_version_that_noted_no_length_lasts_until_its_end(tmp_path: Path) -> None:
    (tmp_path / "pause").write_text(json.dumps({"until": time.time() + 100, "long": False, "in_a_row": 1}))
    assert 95 < RateLimitPause(Platform.SPOTIFY, tmp_path / "pause").rest_s() <= 100
