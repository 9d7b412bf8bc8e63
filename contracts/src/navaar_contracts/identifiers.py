"""Names for platforms, directions and links: the words every message is written in."""

from __future__ import annotations

import re
from enum import StrEnum
from itertools import combinations
from typing import Annotated

from pydantic import AfterValidator, Field

from navaar_contracts.platforms.registry import registered
from navaar_contracts.platforms.spec import PlatformSpec

LINK_NAME_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$"


class Platform(StrEnum):
    """A place where a collection lives. The value is also the recipient's name in a command's subject."""

    # One member for each registered platform, in the order of lists. Type checkers see none, so that no code can name
    # one: ask the specification what it can do.

    _ignore_ = ["each"]
    for each in registered():
        vars()[each.upper()] = each

    @property
    def spec(self) -> PlatformSpec:
        return registered()[self.value]

    @property
    def short(self) -> str:
        """The letters a person types: 'sp'."""
        return self.spec.short

    @property
    def label(self) -> str:
        """For people: 'YouTube Music'."""
        return self.spec.name

    @property
    def audio_label(self) -> str:
        """For people, where audio is fetched from it: 'YouTube'."""
        return self.spec.audio_name or self.spec.name


_BY_SHORT = {platform.short: platform for platform in Platform}


class Direction(StrEnum):
    """One way from an origin to a target. Data, never a module."""

    # One member for each ordered pair of registered platforms.

    _ignore_ = ["one", "other"]
    for one, other in combinations(_BY_SHORT, 2):
        vars()[f"{one}_to_{other}".upper()] = f"{one}_to_{other}"
        vars()[f"{other}_to_{one}".upper()] = f"{other}_to_{one}"

    @property
    def origin(self) -> Platform:
        return _BY_SHORT[self.value.partition("_to_")[0]]

    @property
    def target(self) -> Platform:
        return _BY_SHORT[self.value.partition("_to_")[2]]

    @classmethod
    def between(cls, origin: Platform, target: Platform) -> Direction:
        """The direction from `origin` to `target`; ValueError when they are the same."""
        return cls(f"{origin.short}_to_{target.short}")


class DeliveryState(StrEnum):
    """Where one delivery of one track to one platform stands."""

    PENDING = "pending"
    IDENTIFYING = "identifying"
    SEARCHING = "searching"
    MATCHING = "matching"
    DOWNLOADING = "downloading"
    SYNCING = "syncing"
    SYNCED = "synced"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    REVIEW = "review"
    RETRY_SCHEDULED = "retry_scheduled"
    LEFT_OUT = "left_out"
    """By a rule of the link's owner: it came to its end, and nothing failed."""

    @property
    def is_done(self) -> bool:
        """The recording is in the target's collection."""
        return self in (DeliveryState.SYNCED, DeliveryState.DUPLICATE)

    @property
    def is_moving(self) -> bool:
        """A step is on its way and will report by itself."""
        return self in _MOVING


_MOVING = frozenset(
    {
        DeliveryState.IDENTIFYING,
        DeliveryState.SEARCHING,
        DeliveryState.MATCHING,
        DeliveryState.DOWNLOADING,
        DeliveryState.SYNCING,
    }
)


class FirstSync(StrEnum):
    """What the first sight of a playlist means."""

    SYNC = "sync"
    BASELINE = "baseline"
    PLAN = "plan"


def _link_name(value: str) -> str:
    if not re.fullmatch(LINK_NAME_PATTERN, value):
        raise ValueError(
            f"{value!r} is no link name: use 1 to 32 lower-case letters, digits and inner hyphens, e.g. 'main'"
        )
    return value


Identity = Annotated[str, Field(pattern=r"^[0-9a-z]{0,64}$", max_length=64)]
"""What tells a track from every other one that ever had its number; drawn at random as it is created."""
LinkName = Annotated[str, AfterValidator(_link_name)]
"""A link's name; it is one token of every subject, so no dots, spaces or wildcards."""
