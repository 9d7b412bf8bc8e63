"""A playlist as both streaming platforms keep it: ordered entries, every version remembered. Pure.

Reads may lag: a read sees the newest version that is at least `lag` seconds old. Writes always meet the newest.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

KEPT_VERSIONS = 1000  # older snapshots are forgotten, as the platforms do at some point

EntryKind = Literal["track", "unavailable", "deleted", "local", "episode", "null"]


@dataclass(frozen=True, slots=True)
class PlaylistEntry:
    """One place in a playlist.

    `item` is the catalogue id (or the title, for local files and episodes); `slot` identifies the place itself
    (YouTube's setVideoId); `added_at` is unix seconds.
    """

    item: str
    slot: str
    added_at: float
    added_by: str
    kind: EntryKind = "track"


class Playlist:
    """A playlist and its history."""

    def __init__(
        self, playlist_id: str, title: str, owner: str, now: Callable[[], float], *, public: bool = False
    ) -> None:
        self.id = playlist_id
        self.title = title
        self.description = ""
        self.owner = owner
        self.public = public
        self.collaborative = False  # others own it too: it reads the same for everybody who has its address
        self.lag = 0.0
        self._now = now
        self._slots = 0
        self._versions: deque[tuple[float, tuple[PlaylistEntry, ...]]] = deque([(0.0, ())], maxlen=KEPT_VERSIONS)
        self.revision = 0  # how often the playlist was changed

    @property
    def entries(self) -> tuple[PlaylistEntry, ...]:
        """The newest version: the truth."""
        return self._versions[-1][1]

    def visible(self, lag: float = 0.0) -> tuple[int, tuple[PlaylistEntry, ...]]:
        """What a read sees now, or one that lags further behind by itself: (revision, entries)."""
        horizon = self._now() - max(self.lag, lag)
        for back, (written, entries) in enumerate(reversed(self._versions)):
            if written <= horizon:
                return self.revision - back, entries
        return self.revision - len(self._versions) + 1, self._versions[0][1]

    def version(self, revision: int) -> tuple[PlaylistEntry, ...] | None:
        """The entries of an earlier revision, None if there was no such, or too long ago."""
        back = self.revision - revision
        return self._versions[-1 - back][1] if 0 <= back < len(self._versions) else None

    def add(
        self, items: Sequence[str], *, by: str, position: int | None = None, kind: EntryKind = "track"
    ) -> list[PlaylistEntry]:
        """Insert items (at the end unless `position` is given); the new entries. Duplicates are the caller's matter."""
        fresh = []
        for item in items:
            self._slots += 1
            fresh.append(PlaylistEntry(item, f"{self._slots:016X}", self._now(), by, kind))
        place = len(self.entries) if position is None else position
        self.set([*self.entries[:place], *fresh, *self.entries[place:]])
        return fresh

    def remove(self, slots: frozenset[str]) -> None:
        """Remove the entries in those slots."""
        self.set([entry for entry in self.entries if entry.slot not in slots])

    def mark(self, slot: str, kind: EntryKind) -> None:
        """Change what an entry is, as when a video is taken down."""
        self.set([replace(entry, kind=kind) if entry.slot == slot else entry for entry in self.entries])

    def move(self, start: int, before: int, length: int = 1) -> None:
        """Move `length` entries from `start` so that they stand before what was at index `before`."""
        entries = list(self.entries)
        moved = entries[start : start + length]
        rest = entries[:start] + entries[start + length :]
        place = before if before <= start else before - length
        self.set([*rest[:place], *moved, *rest[place:]])

    def set(self, entries: Sequence[PlaylistEntry]) -> None:
        """Replace the content by a new version."""
        self._versions.append((self._now(), tuple(entries)))
        self.revision += 1
