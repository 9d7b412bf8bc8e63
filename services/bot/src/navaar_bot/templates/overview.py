"""How everything is, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from navaar_bot.templates import words
from navaar_bot.templates.markup import LONGEST_REASON, plain
from navaar_contracts.health import HealthReply
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import CountsReply
from navaar_text import labels

BAR_CELLS = 12
_MOVING = (*(state for state in DeliveryState if state.is_moving), DeliveryState.PENDING, DeliveryState.RETRY_SCHEDULED)


def uptime(counts: CountsReply, now: datetime) -> str:
    started = counts.started_at
    return f"Up for {words.since((now - started).total_seconds())}" if started is not None else "Just started"


def direction(direction: Direction, counts: CountsReply, now: datetime) -> str:
    """'TG → YT: ✅ 12 · ⏳ 3 · ❌ 1 · last cycle 20 s ago'"""
    states = counts.counts.get(direction, {})
    parts = [f"✅ {done(states)}"]
    if moving := sum(states.get(state, 0) for state in _MOVING):
        parts.append(f"⏳ {moving}")
    if failed := states.get(DeliveryState.FAILED, 0):
        parts.append(f"❌ {failed}")
    if review := states.get(DeliveryState.REVIEW, 0):
        parts.append(f"❓ {review}")
    last = counts.last_cycle.get(direction)
    if direction in counts.paused:
        parts.append("paused")
    else:
        ago = f"{words.since((now - last).total_seconds())} ago" if last is not None else "not yet"
        parts.append(f"last cycle {ago}")
    return f"<b>{labels.direction_in_short(direction)}</b>: " + " · ".join(parts)


def done(states: Mapping[DeliveryState, int]) -> int:
    return sum(number for state, number in states.items() if state.is_done)


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


def totals(counts: CountsReply, directions: Sequence[Direction]) -> tuple[str, ...]:
    """Totals over all directions, and how much of what came to an end succeeded."""
    all_states: dict[DeliveryState, int] = {}
    for one in directions:
        for state, number in counts.counts.get(one, {}).items():
            all_states[state] = all_states.get(state, 0) + number
    synced, failed = done(all_states), all_states.get(DeliveryState.FAILED, 0)
    lines = [
        f"Tracks: {counts.tracks:,}",
        f"Synced: {all_states.get(DeliveryState.SYNCED, 0):,} · there already: "
        f"{all_states.get(DeliveryState.DUPLICATE, 0):,}",
        f"On the way: {sum(all_states.get(state, 0) for state in _MOVING):,} · "
        f"questions: {all_states.get(DeliveryState.REVIEW, 0):,} · failed: {failed:,}",
        f"Success: {bar(synced, synced + failed)}",
    ]
    for one in directions:
        states = counts.counts.get(one, {})
        ended = done(states) + states.get(DeliveryState.FAILED, 0)
        lines.append(f"{labels.direction_in_short(one)}: {done(states):,} synced {bar(done(states), ended)}")
    return tuple(lines)


def bar(part: int, whole: int) -> str:
    """'▰▰▰▰▰▰▱▱▱▱▱▱ 50 %'; nothing to show when nothing has ended."""
    if whole <= 0:
        return "–"
    share = part / whole
    # Full only when it is all, empty only when it is nothing.
    cells = BAR_CELLS if part >= whole else min(BAR_CELLS - 1, max(1 if part else 0, round(share * BAR_CELLS)))
    percent = 100 if part >= whole else min(99, round(share * 100))
    return "▰" * cells + "▱" * (BAR_CELLS - cells) + f" {percent} %"
