"""The specification of a platform: what it is called, what it can do, how its links look, how it is configured."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

_ID = re.compile(r"[a-z][a-z0-9]{1,30}")
_SHORT = re.compile(r"[a-z][a-z0-9]{1,3}")


class QueryDialect(StrEnum):
    """How a catalogue wants to be asked."""

    PLAIN = "plain"
    """Words, as a person types them."""
    FIELDS = "fields"
    """Field filters: isrc:..., track:"..." artist:"..."."""


@dataclass(frozen=True, slots=True)
class PlatformSpec:
    """One platform. Everything that others may know of it without its libraries.

    Raises:
        ValueError: a name cannot be a part of a subject or of a direction, or the capabilities contradict each other.
    """

    id: str
    """As in subjects, stored documents and metrics: 'spotify'. Never changes."""
    short: str
    """Two to four letters for directions and for people who type: 'sp'. Never changes."""
    name: str
    """For people: 'YouTube Music'."""
    collection_setting: str
    """The setting, and the key in a links file, that names the collection: 'spotify_playlist_id'."""
    collection_description: str
    collection_example: str
    gateway: str
    """The service that speaks to it, as on the command line: 'spotify-gateway'."""
    rank: int = 100
    """Where it stands in lists; platforms of one rank are ordered by id."""
    collection_noun: str = "playlist"
    """What people call the collection: 'playlist', 'channel'."""
    is_required: bool = False
    """Every link has a collection there."""

    is_polled: bool = True
    """Its collection is read whole, again and again; else the platform pushes what is new."""
    has_catalogue: bool = True
    """It can be searched for recordings."""
    lists_songs_apart: bool = False
    """Its catalogue is searched among what labels delivered alone, and among videos alone, a request each."""
    gives_audio: bool = False
    """The downloader can fetch the audio of an item or a candidate by its id."""
    audio_name: str = ""
    """What people call the place that the audio is fetched from, where that is not the platform's name."""
    gives_files: bool = False
    """An item is an audio file that the gateway can fetch, with tags that say who it is."""
    needs_audio: bool = False
    """Placing there means uploading audio; the platform gives the placed item its id."""
    tells_removals: bool = False
    """The gateway learns that an item was taken out."""
    takes_at_once: int = 1
    """How many items one request adds at most, in the order in which they are given."""
    holds_at_most: int | None = None
    """How many items a collection holds; None where no limit is known."""

    query_dialect: QueryDialect = QueryDialect.PLAIN
    item_url: Callable[[str, str | None], str | None] = lambda external_id, collection: None
    """The address of an item in a browser, from its id and, where known, its collection; None when it has none."""
    link_patterns: tuple[str, ...] = ()
    """Regular expressions for pasted addresses of an item; group 1 is the id."""
    id_pattern: str = r"\S{1,200}"
    """What an id of an item looks like, as a whole."""
    aliases: tuple[str, ...] = ()
    """What else people type for it."""
    overflow_setting: str = ""
    """The setting, and the key in a links file, that names a second collection in which a full one goes on."""
    secrets: tuple[str, ...] = ()
    """Settings that hold secrets: 'spotify_client_secret'."""
    sign_in_setting: str = ""
    """The setting that names the file with the sign-in, which the gateway renews; empty when secrets are enough."""
    sign_in_file: str = ""
    """What that file is called in a container: 'spotify-token.json'."""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"platform id {self.id!r}: use lower-case letters and digits, a letter first")
        if not _SHORT.fullmatch(self.short):
            raise ValueError(f"platform {self.id}: its short name {self.short!r} must be two to four letters or digits")
        if self.needs_audio and self.has_catalogue:
            raise ValueError(f"platform {self.id}: what is uploaded is not chosen from a catalogue")
        if self.gives_audio and not self.has_catalogue:
            raise ValueError(f"platform {self.id}: audio is found through the catalogue")
        if self.lists_songs_apart and not self.has_catalogue:
            raise ValueError(f"platform {self.id}: songs are listed in a catalogue")
        if self.takes_at_once < 1 or (self.needs_audio and self.takes_at_once > 1):
            raise ValueError(
                f"platform {self.id}: one item is added at once at least, and one that is uploaded at most"
            )
        if bool(self.sign_in_setting) != bool(self.sign_in_file):
            raise ValueError(f"platform {self.id}: a sign-in has both a setting and a file")

    def id_in(self, text: str) -> str | None:
        """The id of an item in what a person pasted: an address or a bare id; None when it is neither."""
        text = text.strip()
        for pattern in self.link_patterns:
            found = re.search(pattern, text)
            if found is not None:
                return found[1]
        return text if re.fullmatch(self.id_pattern, text) else None
