"""A link: one collection on each of several platforms that are kept in step."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from pydantic import model_validator

from navaar_contracts.identifiers import Direction, LinkName, Platform
from navaar_contracts.music import Value
from navaar_contracts.policies import KEYS, LinkPolicy


class Link(Value):
    """What is kept in step.

    It may be written with one key for each platform, named as its specification says: `spotify_playlist_id`.
    """

    name: LinkName
    collections: dict[Platform, str]
    """The collection's id on each platform that takes part: -1001234567890 or @channelname, a playlist's id."""

    overflow: dict[Platform, str] = {}
    """The id of a second collection in which the first goes on once it is full, where there is one."""
    policy: LinkPolicy = LinkPolicy()
    """What its owner decided."""

    @model_validator(mode="before")
    @classmethod
    def _by_setting(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        settings = {platform.spec.collection_setting: platform for platform in Platform}
        given = {platform: value[key] for key, platform in settings.items() if value.get(key)}
        more = {platform: value[key] for platform in Platform if value.get(key := platform.spec.overflow_setting)}
        return {
            **value,
            "collections": {**given, **value.get("collections", {})},
            "overflow": {**more, **value.get("overflow", {})},
        }

    @model_validator(mode="after")
    def _complete(self) -> Link:
        for platform in Platform:
            if platform.spec.is_required and platform not in self.collections:
                raise ValueError(f"{platform.spec.collection_setting} is missing")
            if platform in self.overflow and self.overflow[platform] == self.collections.get(
                platform, self.overflow[platform]
            ):
                raise ValueError(f"{platform.spec.overflow_setting} needs a first playlist, and another one")
        return self

    def platforms(self) -> tuple[Platform, ...]:
        """Those that take part, in the order of lists."""
        return tuple(platform for platform in Platform if self.collections.get(platform))

    def directions(self) -> tuple[Direction, ...]:
        """Those that are open, in the order of lists."""
        return tuple(each for each in self.possible_directions() if self.is_open(each))

    def is_open(self, direction: Direction) -> bool:
        """Whether its owner lets songs go this way."""
        return self.policy.directions is None or direction in self.policy.directions

    def possible_directions(self) -> tuple[Direction, ...]:
        """Between all its platforms, open or not."""
        present = self.platforms()
        ways = (each for one, other in combinations(present, 2) for each in ((one, other), (other, one)))
        return tuple(Direction.between(origin, target) for origin, target in ways)


def collection_keys() -> tuple[str, ...]:
    """The keys of a link's table that name its collections: 'spotify_playlist_id'."""
    named = ((platform.spec.collection_setting, platform.spec.overflow_setting) for platform in Platform)
    return tuple(key for keys in named for key in keys if key)


def table_keys() -> tuple[str, ...]:
    """Every key that a link's table may have."""
    return (*collection_keys(), *KEYS)
