"""A button pressed twice does what it says once."""

from __future__ import annotations

from navaar_telegram_gateway.bot.taps import RESTS_S, Taps


def test_a_second_press_does_nothing_while_the_first_is_at_work_and_just_after() -> None:
    taps = Taps()
    assert taps.begin("retry", 0)
    assert not taps.begin("retry", 60)
    taps.end("retry", 60)
    assert not taps.begin("retry", 60 + RESTS_S / 2)
    assert taps.begin("retry", 61 + RESTS_S)


def test_other_buttons_are_not_held_up() -> None:
    taps = Taps()
    assert taps.begin(("message", 1), 0)
    assert taps.begin(("message", 2), 0)


def test_what_failed_may_be_pressed_again_at_once() -> None:
    taps = Taps()
    assert taps.begin("retry", 0)
    taps.failed("retry")
    assert taps.begin("retry", 0)
