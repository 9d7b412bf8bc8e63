"""One playlist by the Data API: read as cheaply as it can be, looked at before it is added to, and after a removal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from navaar_contracts.causes import Cause
from navaar_playlist_gateway.snapshot import Addition, AlreadyThere, ChangeCheck, PlaylistEntry, Snapshot
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient
from navaar_runtime.logs import get_logger
from navaar_ytmusic_gateway import translate as of_pages
from navaar_ytmusic_gateway.data_api import translate as to
from navaar_ytmusic_gateway.data_api.calls import DataApiRefused
from navaar_ytmusic_gateway.data_api.listing import Listing, Page, page_of
from navaar_ytmusic_gateway.data_api.poll_budget import PollBudget
from navaar_ytmusic_gateway.ytmusic import FULL_DOUBT_S, REMOVAL_SHOWS_S, FullPlaylist

if TYPE_CHECKING:
    from navaar_ytmusic_gateway.data_api.youtube import DataYouTube

log = get_logger(__name__)

PARTS = "snippet,contentDetails,status"
PAGE = 50
"""Rows a page has at most, and videos that one question tells of."""
MOST_PAGES = 200
WHOLE_EVERY_S = 6 * 3600.0
"""How often every page is read again, although the last one tells what is new."""
PRIVACY_HOLDS_S = 6 * 3600.0
PAGE_DOUBT_S = 900.0
"""How long a page that could not be read as a stranger is left alone."""
LOOK_HOLDS_S = 10.0
"""A list that was read so recently shows whether a song is there."""
SHOWN_LATE_S = 900.0
"""How long YouTube Music's page may take to show what the API confirms."""
_THERE = frozenset({"videoAlreadyInPlaylist", "duplicate"})


class DataPlaylist:
    """One playlist; satisfies `navaar_playlist_gateway.gateway.Playlist`.

    A public or unlisted one is read as everybody may read it, by YouTube Music's page, which costs nothing; a private
    one by the API.
    """

    def __init__(self, youtube: DataYouTube, playlist_id: str) -> None:
        self._youtube = youtube
        self._id = of_pages.playlist_id(playlist_id)
        self._page = youtube.public.playlist(playlist_id)
        self._interval_s = 0.0
        self._is_public: bool | None = None
        self._privacy_at = 0.0
        self._page_doubted_until = 0.0
        self._polls = PollBudget()
        self._listing: Listing | None = None
        self._listed_at = float("-inf")
        self._whole_at = float("-inf")
        self._facts: dict[str, to.VideoFacts] = {}
        self._confirmed: dict[str, tuple[float, PlaylistEntry]] = {}
        """What is known to be there, and when it came; the page may show it later."""
        self._removed: dict[str, float] = {}
        """What is known to be gone, and since when; the page may show it longer."""
        self._full: FullPlaylist | None = None

    def polled_every(self, interval_s: float) -> None:
        self._interval_s = interval_s

    def admit_addition(self) -> None:
        self._youtube.quota.admit()

    async def check_for_change(self) -> ChangeCheck:
        if await self._is_read_by_page():
            try:
                check = await self._youtube.as_stranger(self._page.check_for_change())
                reading = self._with_confirmed(check.reading) if check.reading is not None else None
                return ChangeCheck(check.mark, reading.count if reading is not None else check.count, reading)
            except Failure as failure:
                self._doubt_page(failure)
        listing = self._listing
        # Within what polls may cost a day; after a change of ours, at once.
        if listing is None or self._listed_at == float("-inf") or self._polls.take(time.monotonic(), self._pause_s()):
            listing = await self._list()
        reading = await self._reading(listing)
        return ChangeCheck(reading.mark, reading.count, reading)

    async def read(self) -> Snapshot:
        if await self._is_read_by_page():
            try:
                return self._with_confirmed(await self._youtube.as_stranger(self._page.read()))
            except Failure as failure:
                self._doubt_page(failure)
        return await self._reading(await self._list())

    async def add(self, external_id: str) -> Addition:
        self._refuse_if_full()
        if (row := await self._row_of(external_id)) is not None:
            self._confirm(external_id, row)
            raise AlreadyThere("the video is in the playlist")
        resource = {"kind": "youtube#video", "videoId": external_id}
        self._listed_at = float("-inf")
        try:
            answer = await self._youtube.call(
                "playlistItems.insert",
                {"part": "snippet"},
                {"snippet": {"playlistId": self._id, "resourceId": resource}},
            )
        except Failure as failure:
            if _reason(failure) in _THERE:
                raise AlreadyThere(failure.reason) from failure
            if isinstance(failure, Permanent) and failure.cause is Cause.PLAYLIST_FULL:
                self._full = FullPlaylist(failure, time.monotonic(), self._count)
            raise
        if not to.row_id(answer):
            raise Transient("YouTube did not say whether the addition was made")
        self._full = None
        self._confirm(external_id, answer)
        return Addition(set_video_id=to.row_id(answer))

    async def remove(self, external_id: str, set_video_id: str | None) -> bool:
        """Take the item out, and read that it is gone: an answer of success alone proves nothing."""
        names = await self._entries(external_id, set_video_id)
        if not names:
            return False
        self._listed_at = float("-inf")
        for name in names:
            try:
                await self._youtube.call("playlistItems.delete", {"id": name})
            except Permanent as failure:
                if _status(failure) != 404:
                    raise
        self._confirmed.pop(external_id, None)
        self._removed[external_id] = time.monotonic()
        for pause_s in REMOVAL_SHOWS_S:
            await asyncio.sleep(pause_s)
            left = await self._rows_of(external_id)
            if not any(to.row_id(row) in names for row in left):
                return True
        raise Transient("YouTube did not take the video out of the playlist")

    async def probe(self) -> None:
        """Prove, without writing, that this account may edit the playlist.

        Raises:
            AuthRejected: it may not; a public playlist reads well for anybody, so reading proves nothing.
        """
        doubt = self._youtube.write_doubt()
        if doubt is not None:
            raise AuthRejected(doubt)
        owner = ((await self.about()).get("snippet") or {}).get("channelId")
        try:
            own = await self._youtube.channel()
        except Permanent:
            # Whose the account's own playlists are is not told; an addition will show whether it may.
            return
        if owner and owner != own.get("id"):
            raise AuthRejected(
                f"the Google account that is signed in may not edit the YouTube playlist {self._id}: sign in with its "
                "owner's account and channel, navaar auth ytmusic --oauth"
            )

    async def about(self) -> dict[str, Any]:
        """The playlist's own resource: snippet, status, contentDetails."""
        try:
            answer = await self._youtube.call("playlists.list", {"part": PARTS, "id": self._id})
        except Permanent as failure:
            raise Permanent(self._unreadable(failure.reason)) from failure
        found = [each for each in answer.get("items") or () if isinstance(each, dict)]
        if not found:
            raise Permanent(self._unreadable("YouTube does not know it, or hides it from this account"))
        return found[0]

    @property
    def full(self) -> str | None:
        """That the playlist takes no more, in words for a person; None while it does."""
        if self._full is None or self._full.has_room(self._count):
            return None
        return f"{self._id}: {self._full.failure.reason}"

    @property
    def _count(self) -> int | None:
        return self._listing.total if self._listing is not None else None

    def _refuse_if_full(self) -> None:
        full = self.full is not None and self._full
        if full and time.monotonic() - full.at < FULL_DOUBT_S:
            raise Permanent(full.failure.reason, full.failure.kind, cause=full.failure.cause)

    # Reading

    async def _is_read_by_page(self) -> bool:
        if self._is_public is None or time.monotonic() - self._privacy_at > PRIVACY_HOLDS_S:
            try:
                status = (await self.about()).get("status") or {}
            except RateLimited:
                # Without units left what was known holds, or what everybody can see.
                if self._is_public or (self._is_public is None and await self._shows_itself()):
                    return True
                raise
            self._is_public = status.get("privacyStatus") in ("public", "unlisted")
            self._privacy_at = time.monotonic()
        by_page = self._is_public and time.monotonic() >= self._page_doubted_until
        if by_page:
            # A page is for everybody: that the sign-in has ended would show with the next addition only.
            await self._youtube.stay_signed_in()
        if by_page or not self._interval_s:
            self._youtube.quota.polled_s.pop(self._id, None)
        else:
            self._youtube.quota.polled_s[self._id] = self._interval_s
        return by_page

    async def _shows_itself(self) -> bool:
        """Whether a stranger sees songs in it."""
        try:
            return bool((await self._youtube.as_stranger(self._page.check_for_change())).count)
        except Failure:
            return False

    def _doubt_page(self, failure: Failure) -> None:
        log.warning("page_unreadable", playlist=self._id, reason=failure.reason)
        # It may have become private.
        self._page_doubted_until, self._is_public = time.monotonic() + PAGE_DOUBT_S, None

    def _pause_s(self) -> float:
        return self._youtube.quota.pause_s()

    async def _list(self) -> Listing:
        """The playlist as it is now; the last page only, where that tells everything."""
        known, listing = self._listing, None
        now = time.monotonic()
        if known is not None and now - self._whole_at < WHOLE_EVERY_S:
            listing = await self._continued(known)
        if listing is None:
            pages, total = await self._pages(None)
            listing, self._whole_at = Listing(pages, max(total, sum(len(page.rows) for page in pages))), now
        self._listing, self._listed_at = listing, now
        return listing

    async def _continued(self, known: Listing) -> Listing | None:
        try:
            pages, total = await self._pages(known.last_token)
        except Permanent:
            if known.last_token is None:
                raise
            # The token may have grown old.
            return None
        return known.continued(pages, max(total, sum(len(p.rows) for p in (*known.pages[:-1], *pages))))

    async def _pages(self, token: str | None) -> tuple[tuple[Page, ...], int]:
        pages: list[Page] = []
        while len(pages) < MOST_PAGES:
            params = {"part": PARTS, "playlistId": self._id, "maxResults": PAGE}
            page, following, total = await self._ask_for_page(token, params)
            pages.append(page)
            if following is None or following == token:
                break
            token = following
        return tuple(pages), total

    async def _ask_for_page(self, token: str | None, params: dict[str, Any]) -> tuple[Page, str | None, int]:
        if token is not None:
            params["pageToken"] = token
        try:
            return page_of(token, await self._youtube.call("playlistItems.list", params))
        except ValueError:
            raise Transient("YouTube described the playlist in an unknown way") from None
        except Permanent as failure:
            raise Permanent(self._unreadable(failure.reason)) from failure

    async def _reading(self, listing: Listing) -> Snapshot:
        rows = listing.rows
        await self._learn(rows)
        return Snapshot(to.entries(rows, self._facts), to.mark(rows), listing.total)

    async def _learn(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Ask what the rows do not tell of their videos: how long they are, and whether they are official."""
        wanted = dict.fromkeys(to.video_id(row) for row in rows if not to.is_gone(row))
        missing = [video for video in wanted if video and video not in self._facts]
        for start in range(0, len(missing), PAGE):
            asked = missing[start : start + PAGE]
            try:
                answer = await self._youtube.call("videos.list", {"part": "contentDetails", "id": ",".join(asked)})
            except Permanent as failure:
                # Asking for the same again would cost another unit each time.
                log.warning("videos_not_described", reason=failure.reason)
                answer = {}
            told = to.facts_of(each for each in answer.get("items") or () if isinstance(each, dict))
            self._facts |= {video: told.get(video, to.VideoFacts(None, official=False)) for video in asked}

    # What is there

    async def _row_of(self, external_id: str) -> Mapping[str, Any] | None:
        if self._listing is not None and time.monotonic() - self._listed_at < LOOK_HOLDS_S:
            rows: Sequence[Mapping[str, Any]] = _of(self._listing.rows, external_id)
        else:
            rows = await self._rows_of(external_id)
        return rows[0] if rows else None

    async def _rows_of(self, external_id: str) -> list[Mapping[str, Any]]:
        """The rows of one video, whatever pages show."""
        params = {"part": PARTS, "playlistId": self._id, "videoId": external_id, "maxResults": PAGE}
        page, _, _ = await self._ask_for_page(None, params)
        rows = _of(page.rows, external_id)
        # Some servers do not know how to ask for one video, and list them all.
        return rows if len(rows) == len(page.rows) else _of((await self._list()).rows, external_id)

    async def _entries(self, external_id: str, set_video_id: str | None) -> list[str]:
        """What the API calls the entries to take out: the one called `set_video_id`, else those of the video."""
        rows: Sequence[Mapping[str, Any]] = await self._rows_of(external_id)
        if not rows and set_video_id and self._listing is not None:
            # The list may show another video than the one that was added.
            rows = [row for row in (await self._list()).rows if to.is_called(to.row_id(row), set_video_id)]
        named = [row for row in rows if to.is_called(to.row_id(row), set_video_id)]
        return [to.row_id(row) for row in named or rows]

    def _confirm(self, external_id: str, row: Mapping[str, Any]) -> None:
        now = time.monotonic()
        (entry,) = to.entries([row], self._facts)
        self._removed.pop(external_id, None)
        self._confirmed = {name: known for name, known in self._confirmed.items() if now - known[0] < SHOWN_LATE_S}
        if isinstance(entry, PlaylistEntry):
            self._confirmed[external_id] = (now, entry)

    def _with_confirmed(self, reading: Snapshot) -> Snapshot:
        """The reading of a page, as it will be once it shows what the API confirmed a moment ago."""
        now = time.monotonic()
        gone = {name for name, at in self._removed.items() if now - at < SHOWN_LATE_S}
        kept = tuple(entry for entry in reading.entries if entry.external_id not in gone)
        late = tuple(
            entry
            for at, entry in self._confirmed.values()
            if now - at < SHOWN_LATE_S and entry.external_id not in reading.ids
        )
        return Snapshot((*kept, *late), reading.mark, reading.count - len(reading.entries) + len(kept) + len(late))

    def _unreadable(self, reason: str) -> str:
        return (
            f"the YouTube playlist {self._id} cannot be read: check NAVAAR_YTMUSIC_PLAYLIST_ID and that this account "
            f"may see it ({reason})"
        )


def _of(rows: Iterable[Mapping[str, Any]], external_id: str) -> list[Mapping[str, Any]]:
    return [row for row in rows if to.video_id(row) == external_id]


def _refused(failure: Failure) -> DataApiRefused | None:
    cause: BaseException | None = failure
    while cause is not None and not isinstance(cause, DataApiRefused):
        cause = cause.__cause__
    return cause


def _reason(failure: Failure) -> str:
    refused = _refused(failure)
    return refused.reason if refused is not None else ""


def _status(failure: Failure) -> int:
    refused = _refused(failure)
    return refused.status if refused is not None else 0
