"""Names for platforms, directions and links: the words every message is written in."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

LINK_NAME_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$"


class Platform(StrEnum):
    """A place where a collection lives. The value is also the recipient's name in a command's subject."""

    TELEGRAM = "telegram"
    YOUTUBE = "youtube"
    SPOTIFY = "spotify"

    @property
    def short(self) -> str:
        """The two letters a person types: tg, yt or sp."""
        return _SHORT[self]


_SHORT = {Platform.TELEGRAM: "tg", Platform.YOUTUBE: "yt", Platform.SPOTIFY: "sp"}


class Direction(StrEnum):
    """One way from an origin to a target. Data, never a module."""

    TG_TO_YT = "tg_to_yt"
    YT_TO_TG = "yt_to_tg"
    TG_TO_SP = "tg_to_sp"
    SP_TO_TG = "sp_to_tg"
    YT_TO_SP = "yt_to_sp"
    SP_TO_YT = "sp_to_yt"

    @property
    def origin(self) -> Platform:
        return _LONG[self.value[:2]]

    @property
    def target(self) -> Platform:
        return _LONG[self.value[-2:]]

    @classmethod
    def between(cls, origin: Platform, target: Platform) -> Direction:
        """The direction from `origin` to `target`; ValueError when they are the same."""
        return cls(f"{origin.short}_to_{target.short}")


_LONG = {short: platform for platform, short in _SHORT.items()}


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


LinkName = Annotated[str, AfterValidator(_link_name)]
"""A link's name; it is one token of every subject, so no dots, spaces or wildcards."""
