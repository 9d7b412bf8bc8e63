"""What a collection was read to hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from navaar_contracts.music import ItemMetadata


@dataclass(frozen=True, slots=True)
class PlaylistEntry:
    """An item that can be synced, under the id that it is known by; `shown_as` is another one that the list shows."""

    external_id: str
    item: ItemMetadata
    shown_as: str | None = None
    added_at: str | None = field(default=None, compare=False)
    """When it was added, in the platform's own words, where it tells."""

    @property
    def mark(self) -> str | None:
        """What tells this entry from a later one of the same item, where the platform shows anything of the kind."""
        return self.entry_name or self.added_at

    @property
    def entry_name(self) -> str | None:
        """What the platform calls the entry itself, where it names entries."""
        return self.item.set_video_id


@dataclass(frozen=True, slots=True)
class UnusableEntry:
    """An entry that cannot be synced, and why, in words for a person.

    `external_id` is the platform's id where there is one, else anything that names the entry the same way every time;
    `shown_as` is another id that the list shows, `entry_name` what the platform calls the entry itself.
    """

    external_id: str
    name: str
    reason: str
    entry_name: str | None = None
    shown_as: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """All entries in the collection's order, as one complete read gave them.

    `mark` changes when the platform's cheap change check would; `count` is how many entries the platform says there
    are, which may be more than it lists.
    """

    entries: tuple[PlaylistEntry | UnusableEntry, ...]
    mark: str
    count: int

    @cached_property
    def order(self) -> tuple[str, ...] | None:
        """The id of every entry in turn; None where not all of them are listed."""
        if self.count != len(self.entries):
            return None
        return tuple(entry.external_id for entry in self.entries)

    @cached_property
    def ids(self) -> frozenset[str]:
        """Everything that is in there, usable or not, under each of its ids."""
        shown = (entry.shown_as for entry in self.entries)
        return frozenset(entry.external_id for entry in self.entries) | frozenset(each for each in shown if each)

    @cached_property
    def entry_names(self) -> frozenset[str]:
        """What the platform calls the entries, where it names them."""
        return frozenset(entry.entry_name for entry in self.entries if entry.entry_name)

    @cached_property
    def items(self) -> tuple[PlaylistEntry, ...]:
        """The usable entries in order, each id once."""
        found: dict[str, PlaylistEntry] = {}
        for entry in self.usable:
            found.setdefault(entry.external_id, entry)
        return tuple(found.values())

    @property
    def usable(self) -> tuple[PlaylistEntry, ...]:
        """The usable entries in order; an item that was added twice is there twice."""
        return tuple(entry for entry in self.entries if isinstance(entry, PlaylistEntry))

    @property
    def unusable(self) -> tuple[UnusableEntry, ...]:
        return tuple(entry for entry in self.entries if isinstance(entry, UnusableEntry))

    @property
    def unlisted(self) -> int:
        """How many entries the platform counts but does not list."""
        return max(0, self.count - len(self.entries))


@dataclass(frozen=True, slots=True)
class Tail:
    """The entries from the place `start` (0 is the first) to the end; `count` is how many the whole collection has."""

    entries: tuple[PlaylistEntry | UnusableEntry, ...]
    start: int
    count: int


@dataclass(frozen=True, slots=True)
class ChangeCheck:
    """The answer to the cheap question whether anything changed.

    `count` is None where the platform does not say; `reading` is set where the cheap answer already holds everything,
    `tail` where the end had to be read in order to count.
    """

    mark: str
    count: int | None = None
    reading: Snapshot | None = None
    tail: Tail | None = None


@dataclass(frozen=True, slots=True)
class Addition:
    """A confirmed addition. `mark` is the collection's new one where the platform tells, else None."""

    mark: str | None = None
    set_video_id: str | None = None


class AlreadyThere(Exception):
    """The platform refuses to add, it seems because the item is in the collection. The text is the platform's own."""
