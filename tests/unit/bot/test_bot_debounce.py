"""A button pressed twice does what it says once."""

from __future__ import annotations

from navaar_bot.dispatcher import RESTS_S, Debounce


def test_a_second_press_does_nothing_while_the_first_is_at_work_and_just_after() -> None:
    debounce = Debounce()
    assert debounce.begin("retry", 0)
    assert not debounce.begin("retry", 60)
    debounce.end("retry", 60)
    assert not debounce.begin("retry", 60 + RESTS_S / 2)
    assert debounce.begin("retry", 61 + RESTS_S)


def test_other_buttons_are_not_held_up() -> None:
    debounce = Debounce()
    assert debounce.begin(("message", 1), 0)
    assert debounce.begin(("message", 2), 0)


def test_what_failed_may_be_pressed_again_at_once() -> None:
    debounce = Debounce()
    assert debounce.begin("retry", 0)
    debounce.failed("retry")
    assert debounce.begin("retry", 0)
