"""What the person who runs Navaar decided: links, intervals, budgets. Data for the pure modules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from navaar_contracts.identifiers import Direction, FirstSync
from navaar_contracts.links import Link

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Policy:
    """Times in seconds, sizes in bytes."""

    links: Mapping[str, Link]
    intervals: Mapping[Direction, float] = field(default_factory=dict)
    first_sync: FirstSync | None = None
    """Of every link, whatever its own policy says; None: each has its own."""
    max_retries: int = 3
    backoff_max_s: float = 1800
    working: int = 6
    """Deliveries of one queue that are being worked on at once."""
    identifying: int = 12
    """Items of one collection that are named at once; more would only wait for each other."""
    listening: int = 4
    """The same where files are fetched and listened to first."""
    head_of_line_timeout_s: float = 60
    """How long a ready delivery waits for an earlier one, a sibling's match or an unknown newcomer."""
    stuck_after_s: float = 180
    """Longer than the stream's duplicate window, so that a repeated command is not swallowed."""
    fetch_limit: int = 20 * MIB
    """The Bot API refuses larger downloads."""
    listens: bool = True
    """Posts that name themselves are fetched too, to hear whether they are known under another name."""
    hear_limit: int = 64 * MIB
    """Larger files that name themselves are recordings of hours: not worth their bytes."""
    late_after: float = 5
    """So many intervals without a cycle are too many."""
    disturbed_limit: int = 5
    sources_limit: int = 3
    """Videos tried for one recording's audio."""

    def first_sync_of(self, link: str) -> FirstSync:
        """What the first sight of a collection of the link means."""
        if self.first_sync is not None:
            return self.first_sync
        return self.links[link].policy.first_sync if link in self.links else FirstSync.SYNC

    def plans(self, link: str) -> bool:
        """Whether nothing of this link may be written until a person approves the plan, by starting with another."""
        return self.first_sync_of(link) is FirstSync.PLAN

    @property
    def plan_stands(self) -> bool:
        """Whether a plan stands for some link."""
        return any(self.plans(link) for link in self.links)

    @property
    def head_of_line_timeout(self) -> timedelta:
        return timedelta(seconds=self.head_of_line_timeout_s)

    def interval(self, direction: Direction, link: str | None = None) -> float:
        """The cycle; the defaults are 120 s from what must be polled, else 60 s. A link may have its own."""
        own = self.links[link].policy.intervals if link is not None and link in self.links else {}
        if direction in own:
            return own[direction]
        default = 120.0 if direction.origin.spec.is_polled else 60.0
        return self.intervals.get(direction, default)

    def releases_at_once(self, link: Link, direction: Direction) -> bool:
        """Whether a fresh delivery of this direction may start before its next cycle.

        A playlist is polled at the shorter interval of its two directions; the other's deliveries wait for their own
        cycle. What a platform pushes is handled as it comes.
        """
        if not direction.origin.spec.is_polled:
            return True
        siblings = [d for d in link.directions() if d.origin is direction.origin]
        mine = self.interval(direction, link.name)
        return mine <= min((self.interval(d, link.name) for d in siblings), default=mine)
