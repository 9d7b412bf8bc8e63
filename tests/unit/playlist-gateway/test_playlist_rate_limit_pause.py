"""A pause that a platform asks for is shown with its end."""

from __future__ import annotations

import time

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
