"""How long a playlist is left alone after a refusal."""

from __future__ import annotations

from navaar_ytmusic_gateway.write_pacing import refusal_pause_s


def test_pauses_grow_and_are_long_from_the_third_refusal_on() -> None:
    assert [refusal_pause_s(n, first_s=60, long_s=7200) for n in range(1, 6)] == [60, 240, 7200, 7200, 7200]
    assert [refusal_pause_s(n, first_s=60, long_s=100) for n in (1, 2, 3)] == [60, 100, 100]
