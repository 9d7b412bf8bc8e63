"""What the pretend Spotify knows and how it refuses; no HTTP here."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from navaar_sandbox import spotify_objects as objects
from navaar_sandbox.catalogue import Catalogue, Entry
from navaar_sandbox.limits import Pause, Window
from navaar_sandbox.playlist import Playlist
from navaar_sandbox.search import SearchIndex, words
from navaar_sandbox.spotify_accounts import SpotifyAccounts

_FILTER = re.compile(r"\b(isrc|artist|track|album|year):(?:\"([^\"]*)\"|(\S+))", re.IGNORECASE)
WORDS = {
    400: "Bad request", 401: "The access token expired", 403: "Forbidden", 404: "Resource not found",
    429: "API rate limit exceeded",
    500: "Server error", 502: "Bad gateway.", 503: "Service unavailable",
}  # fmt: skip


class SpotifyRefused(Exception):
    """A Web API error."""

    def __init__(self, status: int, message: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(message or WORDS[status])
        self.status = status
        self.retry_after = retry_after


@dataclass
class Spotify:
    """State: playlists by id, and switches. `old_shape` answers as apps with extended quota still get: "track".

    A GET shows a new snapshot_id only `snapshot_lag` seconds after the write (in life about 30), meanwhile in turn the
    old one and one that is neither. What the playlist holds is shown without that delay.
    """

    catalogue: Catalogue
    accounts: SpotifyAccounts
    now: Callable[[], float]
    limit: Window
    playlists: dict[str, Playlist] = field(default_factory=dict)
    old_shape: bool = False
    premium: bool = True  # the app's owner pays; else every call is refused
    snapshot_lag: float = 0.0
    full_status: int = 403  # how an addition to a full playlist is refused; in life also 500
    most: int = 10_000  # entries that a playlist may hold
    patience: int | None = None  # refusals of the rate limit in a row that are borne; one more brings a pause
    overuse_pause_s: float = 86_400.0  # how long that is, in life 6 to 24 hours

    def __post_init__(self) -> None:
        self.pause = Pause(self.now)
        self._refused = 0
        self._passing = False
        self._index = SearchIndex(self.catalogue.of_platform("spotify"))
        self._by_isrc: dict[str, Entry] = {
            entry.isrc: entry for entry in self.catalogue.of_platform("spotify") if entry.isrc
        }

    def admit(self) -> None:
        """Count a request. SpotifyRefused while a pause lasts or where there were too many lately."""
        wait = self.pause.refuses()
        if wait:
            raise SpotifyRefused(429, retry_after=wait if self.pause.says_how_long else None)
        wait = self.limit.take("app")
        self._refused = self._refused + 1 if wait else 0
        if self.patience is not None and self._refused > self.patience:
            self.pause.begin(self.overuse_pause_s)
        if wait:
            raise SpotifyRefused(429, retry_after=wait)

    def create(
        self, title: str, *, playlist_id: str | None = None, owner: str | None = None, public: bool = False
    ) -> Playlist:
        """A new playlist, of the account unless another owner is named."""
        playlist_id = playlist_id or secrets.token_hex(11)
        owner = owner or self.accounts.user
        return self.playlists.setdefault(playlist_id, Playlist(playlist_id, title, owner, self.now, public=public))

    def shown_snapshot(self, playlist: Playlist) -> str:
        """The snapshot_id that a GET shows now."""
        newest, _ = playlist.visible()
        revision, _ = playlist.visible(self.snapshot_lag)
        self._passing = revision != newest and not self._passing
        return (objects.passing_snapshot_id if self._passing else objects.snapshot_id)(playlist, revision)

    def find(self, query: str) -> list[Entry]:
        """Search hits; field filters narrow, the remaining words rank."""
        filters = {name.lower(): quoted or bare for name, quoted, bare in _FILTER.findall(query)}
        free = _FILTER.sub(" ", query).strip()
        if "isrc" in filters:
            exact = self._by_isrc.get(filters["isrc"].upper().replace("-", ""))
            return [exact] if exact is not None else []
        text = " ".join([filters.get("track", ""), filters.get("artist", ""), filters.get("album", ""), free])
        return [entry for entry in self._index.find(text) if _passes(entry, filters)]


def _passes(entry: Entry, filters: dict[str, str]) -> bool:
    # The filters compare words, not whole names: track:"Amber" also finds "Amber Harbour".
    for name, text in (("artist", " ".join(entry.artists)), ("track", entry.title), ("album", entry.album or "")):
        if name in filters and not words(filters[name]) <= words(text):
            return False
    if "year" in filters:
        first, _, last = filters["year"].partition("-")
        return first.isdigit() and int(first) <= entry.year <= int(last if last.isdigit() else first)
    return True
