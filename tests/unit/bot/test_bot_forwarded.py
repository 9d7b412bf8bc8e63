"""What a person reads who forwards posts: one sentence for one, the counts for several."""

from __future__ import annotations

from collections import Counter

import pytest

from navaar_bot.templates.forwarded import KNOWN_ALREADY, NOT_FROM_THE_CHANNEL, NOTHING_TO_TAKE_IN, Tally, summary


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        (Tally(1, taken=1, name="A & B - C"), "Taken in: A &amp; B - C"),
        (Tally(1, known=1), KNOWN_ALREADY),
        (Tally(1, without_audio=1), NOTHING_TO_TAKE_IN),
        (Tally(1, skipped=Counter({"A voice message is not music": 1})), "This cannot be synced: A voice message"),
        (Tally(1, refused=Counter({"Other": 1})), NOT_FROM_THE_CHANNEL),
    ],
)
def test_one_post_is_answered_in_a_sentence(tally: Tally, said: str) -> None:
    assert said in summary(tally)


def test_every_post_of_several_is_accounted_for() -> None:
    tally = Tally(
        260, taken=240, known=6, without_audio=9, skipped=Counter({"<empty>": 2}), refused=Counter({"<O>": 3})
    )
    text = summary(tally)
    for part in ("260 posts", "Taken in: 240", "Known already: 6", "Nothing to sync in: 9", "2 – &lt;empty&gt;"):
        assert part in text
    assert "not from the channel: 3 – “&lt;O&gt;”" in text


def test_no_number_of_reasons_makes_the_message_too_long() -> None:
    many = Counter({f"reason {n} " + "x" * 500: 1 for n in range(300)})
    names = Counter({f"channel {n} " + "y" * 500: 1 for n in range(300)})
    assert len(summary(Tally(600, skipped=many, refused=names))) < 4096
