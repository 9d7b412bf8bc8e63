"""From when on a playlist counts as nearly full."""

from __future__ import annotations

import pytest

from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.filling import is_nearly_full


@pytest.mark.parametrize(
    ("count", "most", "nearly"),
    [(0, 10_000, False), (9_499, 10_000, False), (9_500, 10_000, True), (10_000, 10_000, True), (19, 20, True)],
)
def test_a_playlist_is_nearly_full_from_95_percent_on(count: int, most: int, nearly: bool) -> None:
    assert is_nearly_full(count, most) is nearly


def test_each_playlist_platform_that_is_built_in_has_its_limit() -> None:
    limits = {platform.value: platform.spec.holds_at_most for platform in Platform if platform.spec.is_polled}
    assert {name: limits[name] for name in ("youtube", "spotify")} == {"youtube": 5_000, "spotify": 10_000}
