"""How often each direction has its cycle. Read by the gateways that poll and by the ledger that releases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, create_model

from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.links import Link
from navaar_runtime.settings import NavaarSettings

Seconds = Annotated[float, Field(ge=1, le=86_400, allow_inf_nan=False)]


def default_seconds(direction: Direction) -> float:
    """What a platform pushes is released soon; where it must be polled, half as often."""
    return 120.0 if direction.origin.spec.is_polled else 60.0


class Intervals(NavaarSettings):
    """Seconds between two cycles; `IntervalSettings` has a field for each direction."""

    readiness_stale_multiplier: float = Field(
        default=5,
        ge=1,
        le=1000,
        description="A direction without a cycle for this many of its intervals makes /readyz say degraded",
        examples=["5"],
    )

    def of(self, direction: Direction, link: Link | None = None) -> float:
        """Seconds between two cycles of `direction`; a link may have its own."""
        if link is not None and direction in link.policy.intervals:
            return link.policy.intervals[direction]
        seconds: float = getattr(self, _setting(direction))
        return seconds

    def shortest_from(self, origin: Platform, link: Link) -> float:
        """How often a link's collection on `origin` is scanned: the shortest of its directions that start there.

        Where none of them is open it is still read, for what comes to it has to be known.

        Raises:
            ValueError: the link has no collection there.
        """
        mine = [each for each in link.possible_directions() if each.origin == origin]
        return min(self.of(each, link) for each in ([each for each in mine if link.is_open(each)] or mine))


def _setting(direction: Direction) -> str:
    return f"sync_interval_{direction.value}"


def _field(direction: Direction) -> Any:
    seconds = default_seconds(direction)
    way = f"from {direction.origin.label} to {direction.target.label}"
    return Field(default=seconds, description=f"Seconds between two cycles {way}", examples=[f"{seconds:g}"])


if TYPE_CHECKING:
    IntervalSettings = Intervals
else:
    IntervalSettings = create_model(
        "IntervalSettings",
        __base__=Intervals,
        __module__=__name__,
        __doc__="Seconds between two cycles, per direction.",
        **{_setting(direction): (Seconds, _field(direction)) for direction in Direction},
    )
