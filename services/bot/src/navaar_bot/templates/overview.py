"""How everything is, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from navaar_bot.templates import words
from navaar_bot.templates.markup import LONGEST_REASON, plain
from navaar_client.counts import awaited, deliveries
from navaar_contracts.health import HealthReply
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import CountsReply
from navaar_text import labels

BAR_CELLS = 12
EXAMPLE = 500
"""Songs by which it is made plain how long additions take."""


def uptime(counts: CountsReply, now: datetime) -> str:
    started = counts.started_at
    return f"Up for {words.since((now - started).total_seconds())}" if started is not None else "Just started"


def direction(direction: Direction, counts: CountsReply, now: datetime) -> str:
    """'TG → YT: ✅ 12 · ⏳ 3 · ❌ 1 · last cycle 20 s ago'"""
    here = (direction,)
    parts = [f"✅ {deliveries(counts, *words.DONE, directions=here)}"]
    if moving := deliveries(counts, *words.ON_THE_WAY, directions=here):
        parts.append(f"⏳ {moving}")
    if failed := deliveries(counts, DeliveryState.FAILED, directions=here):
        parts.append(f"❌ {failed}")
    if review := deliveries(counts, DeliveryState.REVIEW, directions=here):
        parts.append(f"❓ {review}")
    if left_out := deliveries(counts, DeliveryState.LEFT_OUT, directions=here):
        parts.append(f"{left_out} left out by your rules")
    if held := counts.held.get(direction, 0):
        parts.append(f"{held} {'waits' if held == 1 else 'wait'} for the plan's approval")
    last = counts.last_cycle.get(direction)
    if direction in counts.paused:
        parts.append("paused")
    else:
        ago = f"{words.since((now - last).total_seconds())} ago" if last is not None else "not yet"
        parts.append(f"last cycle {ago}")
    return f"<b>{labels.direction_in_short(direction)}</b>: " + " · ".join(parts)


def health(replies: Mapping[str, HealthReply]) -> tuple[str, ...]:
    """One line when all is well, else a line for each part that is not."""
    found = []
    for name, reply in replies.items():
        if reply.problem is not None:
            found.append(f"⚠️ {words.SERVICES.get(name, name)}: {plain(reply.problem, LONGEST_REASON)}")
            continue
        for part, problem in reply.parts.items():
            if problem:
                found.append(f"⚠️ {words.SERVICES.get(name, name)}, {plain(part)}: {plain(problem, LONGEST_REASON)}")
    return tuple(found) or ("All parts are well.",)


def awaited_lines(counts: CountsReply) -> tuple[str, ...]:
    """A line for each platform that directions wait for: why, and until when."""
    return tuple(f"⏳ {plain(reason, LONGEST_REASON)}" for reason in awaited(counts))


def additions(replies: Mapping[str, HealthReply]) -> tuple[str, ...]:
    """A line for each platform that counts additions: how many it still allows."""
    return tuple(
        f"{words.SERVICES.get(name, name)}: {plain(reply.additions.describe(EXAMPLE))}"
        for name, reply in replies.items()
        if reply.additions is not None
    )


def totals(counts: CountsReply, directions: Sequence[Direction]) -> tuple[str, ...]:
    """Totals over all directions, and how much of what came to an end succeeded."""

    def number(*states: DeliveryState, of: Sequence[Direction] = directions) -> int:
        return deliveries(counts, *states, directions=of)

    def success(of: Sequence[Direction]) -> str:
        return bar(number(*words.DONE, of=of), number(*words.DONE, DeliveryState.FAILED, of=of))

    return (
        f"Tracks: {counts.tracks:,}",
        f"Synced: {number(DeliveryState.SYNCED):,} · there already: {number(DeliveryState.DUPLICATE):,}",
        f"On the way: {number(*words.ON_THE_WAY):,} · questions: {number(DeliveryState.REVIEW):,} · "
        f"failed: {number(DeliveryState.FAILED):,}",
        *([f"Left out by your rules: {left_out:,}"] if (left_out := number(DeliveryState.LEFT_OUT)) else []),
        f"Success: {success(directions)}",
        *(
            f"{labels.direction_in_short(one)}: {number(*words.DONE, of=(one,)):,} synced {success((one,))}"
            for one in directions
        ),
    )


def bar(part: int, whole: int) -> str:
    """'▰▰▰▰▰▰▱▱▱▱▱▱ 50 %'; nothing to show when nothing has ended."""
    if whole <= 0:
        return "–"
    share = part / whole
    # Full only when it is all, empty only when it is nothing.
    cells = BAR_CELLS if part >= whole else min(BAR_CELLS - 1, max(1 if part else 0, round(share * BAR_CELLS)))
    percent = 100 if part >= whole else min(99, round(share * 100))
    return "▰" * cells + "▱" * (BAR_CELLS - cells) + f" {percent} %"
