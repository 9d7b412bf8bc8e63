"""Since when cards are behind: a restart must look again from before the first change that no card shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from navaar_bot.cards.schedule import CardBacklog

START = datetime(2026, 11, 22, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.sampled_from(["changed", "taken", "again", "settled"]), st.integers(1, 4)), max_size=80)


@given(STEPS)
def test_no_change_that_is_not_shown_lies_after_the_moment_written_down(steps: list[tuple[str, int]]) -> None:
    backlog = CardBacklog()
    unshown: dict[int, list[datetime]] = {number: [] for number in range(1, 5)}
    in_hand: dict[int, int] = {}
    for second, (step, track_id) in enumerate(steps):
        now = START + timedelta(seconds=second)
        if step == "changed":
            backlog.changed(track_id, now)
            unshown[track_id].append(now)
        elif step == "taken" and not in_hand:  # one card at a time
            backlog.taken(track_id)
            in_hand[track_id] = len(unshown[track_id])
        elif step == "again" and track_id in in_hand:
            backlog.again(track_id)
            del in_hand[track_id]
        elif step == "settled" and track_id in in_hand:
            backlog.settled(track_id)
            del unshown[track_id][: in_hand.pop(track_id)]
        waiting = [moment for moments in unshown.values() for moment in moments]
        assert backlog.shown_until(now) == min(waiting, default=now)
