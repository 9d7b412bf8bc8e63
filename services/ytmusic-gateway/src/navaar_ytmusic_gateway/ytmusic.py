"""The adapter: ytmusicapi on worker threads, every client error translated beside the call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar

from navaar_contracts.causes import Cause
from navaar_contracts.music import Candidate, Kind
from navaar_playlist_gateway.client_pool import ClientPool
from navaar_playlist_gateway.facts import PlaylistFacts
from navaar_playlist_gateway.known_state import OVERLAP
from navaar_playlist_gateway.pacing import Pacing
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause, beside
from navaar_playlist_gateway.snapshot import Addition, ChangeCheck, Snapshot, Tail
from navaar_runtime.failures import AuthRejected, Failure, Permanent, Transient, translate
from navaar_ytmusic_gateway import error_mapping
from navaar_ytmusic_gateway import translate as to
from navaar_ytmusic_gateway.account import Account, SignedInClient
from navaar_ytmusic_gateway.addition_answers import heard, judge_addition, judge_additions
from navaar_ytmusic_gateway.client import LaterPage, PagesClient
from navaar_ytmusic_gateway.playlist_facts import facts_of
from navaar_ytmusic_gateway.session import SignedOut
from navaar_ytmusic_gateway.settings import PLATFORM, YTMusicSettings
from navaar_ytmusic_gateway.signed_out import Nobody
from navaar_ytmusic_gateway.write_pacing import REFUSALS, refusal_pause_s

T = TypeVar("T")

WARM_UP_S = 5.0
REMOVAL_SHOWS_S = (0.0, 1.0, 2.0)
"""Pauses before the list is read for a removal; reads may lag behind it."""
LOOKS_PAST_THE_FIRST_PAGE = 9
"""How often in a row the end alone is looked at where the first page's header does not tell how many songs follow."""
FULL_DOUBT_S = 900.0
"""How long a full playlist that lists no fewer songs is not asked again."""
WRITE_DOUBT_S = 900.0
"""How long a sign-in whose write was refused stays doubtful although reads work."""


class YouTubeMusic:
    """The one door to ytmusicapi."""

    def __init__(
        self, settings: YTMusicSettings, account: Account | Nobody | None = None, *, keeps: bool = True
    ) -> None:
        """`keeps`: whether what is learnt by use is written down; `navaar doctor` leaves every file as it is."""
        self.account = account or Account(settings, keeps=keeps)
        self.asked_at = float("-inf")
        self.greeted_as = ""
        """The name of the account, once it was asked."""
        self._pause = RateLimitPause(PLATFORM, beside(settings.ytmusic_auth_file, self.account.pause_name))
        # Apart from the other, or each read that is answered would end it.
        self._refusals = RateLimitPause(
            PLATFORM,
            beside(settings.ytmusic_auth_file, "changes.pause"),
            grown=partial(
                refusal_pause_s, first_s=settings.ytmusic_refused_pause_s, long_s=settings.ytmusic_long_pause_s
            ),
        )
        self._pacing = Pacing(
            settings.ytmusic_write_interval_s, settings.ytmusic_write_burst, "the next change of the playlist"
        )
        self._table = error_mapping.table(self._pause)
        self._writing_table = error_mapping.table(self._pause, self._refusals)
        self._pool: ClientPool[SignedInClient] = ClientPool(
            "ytmusic", settings.ytmusic_workers, self.account.build, self.account.stale
        )
        self._playlists: list[YouTubePlaylist] = []
        self._write_refused: tuple[int, float, str] | None = None

    async def call(self, work: Callable[[PagesClient], T], *, writing: bool = False, patient: bool = False) -> T:
        """`work` with a worker's client, in its turn if it is `writing`; what is `patient` lets others go first.

        Raises failures only, RateLimited at once while YouTube wants a pause.
        """
        if writing:
            self._refusals.check()
            await self._pacing.turn()
        self._pause.check()
        self.asked_at = time.monotonic()
        try:
            with translate(self._writing_table if writing else self._table):
                answer = await self._pool.run(lambda client: self._run(client, work), patient=patient)
        except AuthRejected as failure:
            if isinstance(failure.__cause__, SignedOut):
                # Of a session that has ended, reads say the same as writes do.
                raise self._ended(failure) from failure.__cause__
            if writing:
                await self._prove_signed_in()
                self._write_refused = (self.account.generation(), time.monotonic(), failure.reason)
                self.account.wrote(failure.reason)
            raise
        except Permanent as failure:
            if failure.cause is not None:
                raise
            await self._prove_signed_in()
            raise
        if self.account.keeps:
            self._pause.over()
        self.account.answered()
        if writing:
            self._refusals.over()
            self.account.wrote()
        return answer

    def check_pauses(self) -> None:
        """Raise RateLimited while YouTube wants to be left alone, be it with changes only."""
        self._pause.check()
        self._refusals.check()

    async def greet(self) -> str:
        """The name of the account that is signed in: the lightest question there is for somebody who is."""
        account = await self.call(lambda api: api.get_account_info())
        self.greeted_as = str(account.get("accountName") or "")
        return self.greeted_as

    def _ended(self, failure: AuthRejected) -> AuthRejected:
        """The same, with how long the session lasted."""
        lasted = self.account.ended()
        return AuthRejected(f"{failure.reason} ({lasted})" if lasted else failure.reason)

    async def _prove_signed_in(self) -> None:
        """AuthRejected if the session has ended: to a stranger, what is private does not exist, and errors say no more.

        Whatever else goes wrong with the question says nothing.
        """
        try:
            with translate(self._table):
                await self._pool.run(lambda client: self._run(client, lambda api: api.get_account_info()))
            self.account.answered()
        except Failure as failure:
            if isinstance(failure, AuthRejected) and isinstance(failure.__cause__, SignedOut):
                raise self._ended(failure) from failure.__cause__

    def _run(self, client: SignedInClient, work: Callable[[PagesClient], T]) -> T:
        self.account.freshen(client)
        return work(client.api)

    async def search(self, query: str, limit: int) -> tuple[Candidate, ...]:
        """At most `limit` candidates: songs, then videos, which get at least a third of the places.

        The song filter nearly always fills a page with something, so its length does not tell whether the recording is
        among it; what exists only as a video would never be found.
        """
        songs, videos = await asyncio.gather(
            self.search_among(query, limit, Kind.SONG), self.search_among(query, limit, Kind.VIDEO)
        )
        kept = songs[: max(limit - len(videos), limit - limit // 3)]
        known = {candidate.id for candidate in kept}
        return (*kept, *(candidate for candidate in videos if candidate.id not in known))[:limit]

    async def search_among(self, query: str, limit: int, kind: Kind) -> tuple[Candidate, ...]:
        """At most `limit` songs, or else videos."""
        what: Literal["songs", "videos"] = "songs" if kind is Kind.SONG else "videos"
        found = await self.call(lambda api: api.search(query, filter=what, limit=limit), patient=True)
        return to.candidates(found)[:limit]

    def playlist(self, playlist_id: str) -> YouTubePlaylist:
        made = YouTubePlaylist(self, playlist_id)
        self._playlists.append(made)
        return made

    async def who(self) -> str | None:
        """For people: who is signed in, with what, and how old that is."""
        return ", ".join(part for part in (self.greeted_as, self.account.age()) if part) or None

    async def paused(self) -> str | None:
        """For people: until when YouTube wants to be left alone; None while it does not."""
        return await self._pause.note()

    async def refused_for_now(self) -> str | None:
        """For people: that the account is left alone after refusals in a row; None while it is not."""
        if self._refusals.in_a_row < REFUSALS:
            return None
        rest = self._refusals.rest_s() / 60
        return f"YouTube Music refuses changes of playlists for now; the next is tried in {rest:.0f} minutes"

    async def open(self) -> None:
        """Build the workers' clients; a platform or sign-in that fails now is met again by the first call."""
        if self._pause.rest_s():
            # Even a client that is only made asks for a page.
            return
        try:
            async with asyncio.timeout(WARM_UP_S):
                with translate(self._table):
                    await self._pool.warm()
                if isinstance(self.account, Account):
                    await self.greet()
        except (TimeoutError, Failure):
            return

    async def without_room(self) -> str | None:
        """For people: which playlists are full, or None."""
        return "; ".join(full for each in self._playlists if (full := each.full)) or None

    async def close(self) -> None:
        self._pool.close()

    def write_doubt(self) -> str | None:
        """Why this very sign-in is not trusted to write, although reads may work."""
        if self._write_refused is None:
            return None
        generation, at, reason = self._write_refused
        if generation != self.account.generation() or time.monotonic() - at > WRITE_DOUBT_S:
            self._write_refused = None
            return None
        return reason


@dataclass(frozen=True, slots=True)
class FullPlaylist:
    """A playlist refused an addition: why, when on the monotonic clock, and how many it listed then."""

    failure: Permanent
    at: float
    count: int | None

    def has_room(self, count: int | None) -> bool:
        """Whether something was taken out since, now that it lists so many."""
        return count is not None and self.count is not None and count < self.count


class YouTubePlaylist:
    """One playlist; satisfies `navaar_playlist_gateway.gateway.Playlist`."""

    mark_lag_s = 0.0
    at_once = PLATFORM.spec.takes_at_once

    def __init__(self, youtube: YouTubeMusic, playlist_id: str) -> None:
        self._youtube = youtube
        self._id = to.playlist_id(playlist_id)
        self.facts: PlaylistFacts | None = None
        """As the playlist was described last."""
        self._pages: tuple[LaterPage, ...] = ()
        """Those behind the first, as they were when they were read last."""
        self._listed = 0
        """How many entries were listed when the end was read last."""
        self._first_mark: str | None = None
        """That of the first page as it was last, where its header does not tell how many entries there are."""
        self._looks_past_it = 0
        """How often in a row only the end was looked at."""
        self._uncounted = 0
        self._count: int | None = None
        self._full: FullPlaylist | None = None

    async def page(self, limit: int | None) -> dict[str, Any]:
        """The playlist as ytmusicapi gives it: 0 is the first page only, None everything."""
        try:
            page, pages = await self._youtube.call(partial(_listed, self._id, limit))
        except Permanent as failure:
            raise Permanent(
                f"the YouTube Music playlist {self._id} cannot be read: check NAVAAR_YTMUSIC_PLAYLIST_ID and that this "
                f"account may see it ({failure.reason})"
            ) from failure
        if limit is None:
            self._pages, self._listed = pages, len(page["tracks"])
        count = page["trackCount"] = believable_count(page.get("trackCount"), len(page["tracks"]))
        self._first_mark = to.mark(page["tracks"]) if count is None else None
        self._looks_past_it = 0
        self.facts = facts_of(page, self._youtube.greeted_as)
        return page

    async def check_for_change(self) -> ChangeCheck:
        end = await self._end_alone(self._listed - OVERLAP)
        if end is not None:
            first_mark, shown = end
            return ChangeCheck(first_mark, shown.count, None, shown)
        page = await self.page(0)
        tracks, count = page["tracks"], page.get("trackCount")
        # Where the header does not tell how many there are, the end does.
        tail = await self._tail_from(self._listed - OVERLAP) if count is None else None
        count = count if tail is None else tail.count
        self._count = count
        if count is None:
            # Without a count a longer list may have changed behind its first page: never the same mark twice.
            self._uncounted += 1
            return ChangeCheck(f"uncounted-{self._uncounted}")
        complete = self._reading(page) if len(tracks) >= count else None
        return ChangeCheck(to.mark(tracks), count, complete, tail)

    async def read(self) -> Snapshot:
        return self._reading(await self.page(None))

    async def _end_alone(self, start: int) -> tuple[str, Tail] | None:
        """The first page's last known mark and the tail from `start`; None where the first page is to be read again.

        A header that does not count makes the first page a request for little: what is added, taken out or put first
        moves the end. Only what leaves the end as it is needs the first page, and that may wait for a few looks.
        """
        mark = self._first_mark
        if mark is None or self._looks_past_it >= LOOKS_PAST_THE_FIRST_PAGE:
            return None
        tail = await self._tail_from(start)
        if tail is None:
            return None
        self._looks_past_it += 1
        self._count = tail.count
        return mark, tail

    async def read_tail(self, start: int) -> Tail:
        end = await self._end_alone(start)
        if end is not None:
            return end[1]
        page = await self.page(0)
        tracks, count = page["tracks"], page.get("trackCount")
        self._count = count
        if count is not None and len(tracks) >= count:
            return Tail(to.entries(tracks[start:]), start, count)
        tail = await self._tail_from(start)
        if tail is None:
            return Tail((), start, -1)
        # What was added since the first page was asked for, which says how many there are, is among the rest.
        self._count = max(count or 0, tail.count)
        return Tail(tail.entries, tail.start, self._count)

    async def _tail_from(self, start: int) -> Tail | None:
        """What is listed from the last known page that begins no later; None where none can be asked for."""
        page = next((each for each in reversed(self._pages) if each.start <= start), None)
        if page is None:
            return None
        try:
            rest, pages = await self._youtube.call(lambda api: api.tracks_from(page))
        except Permanent:
            rest, pages = [], ()
        if not rest:
            # Nobody says how long a page may be asked for again.
            self._pages = ()
            return None
        self._pages = (*(each for each in self._pages if each.start < page.start), *pages)
        self._listed = page.start + len(rest)
        return Tail(to.entries(rest), page.start, self._listed)

    async def add(self, external_id: str) -> Addition:
        return await self._add([external_id], judge_addition)

    async def add_several(self, external_ids: Sequence[str]) -> tuple[Addition | None, ...]:
        return await self._add(external_ids, lambda answer: judge_additions(answer, external_ids))

    async def _add(self, video_ids: Sequence[str], judge: Callable[[object], T]) -> T:
        full = self.full is not None and self._full
        if full and time.monotonic() - full.at < FULL_DOUBT_S:
            raise Permanent(full.failure.reason, full.failure.kind, cause=full.failure.cause)
        try:
            answer = await self._youtube.call(
                lambda api: heard(api.add_playlist_items(self._id, list(video_ids), duplicates=False)), writing=True
            )
            judged = judge(answer)
        except Permanent as failure:
            # Some of several may still fit.
            if failure.cause is Cause.PLAYLIST_FULL and len(video_ids) == 1:
                self._full = FullPlaylist(failure, time.monotonic(), self._count)
            raise
        self._full = None
        return judged

    @property
    def full(self) -> str | None:
        """That the playlist takes no more, in words for a person; None while it does."""
        if self._full is None or self._full.has_room(self._count):
            return None
        return f"{self._id}: {self._full.failure.reason}"

    async def rename(self, title: str) -> None:
        """Give the playlist this name."""
        await self._youtube.call(lambda api: api.edit_playlist(self._id, title=title), writing=True)

    async def remove(self, external_id: str, set_video_id: str | None) -> bool:
        """Take the item out, and read that it is gone: an answer of success alone proves nothing.

        The list may show another video than the one that was added, so the entry goes by its own name if that is known.
        """
        listed = (await self.page(None))["tracks"]
        try:
            entries = to.entries_to_remove(listed, external_id, set_video_id)
        except LookupError:
            raise Transient("YouTube Music lists the video without what names its entry") from None
        if not entries:
            return False
        await self._youtube.call(lambda api: api.remove_playlist_items(self._id, entries), writing=True)
        wanted_gone = {entry["setVideoId"] for entry in entries}
        for pause_s in REMOVAL_SHOWS_S:
            await asyncio.sleep(pause_s)
            left = (await self.page(None))["tracks"]
            if not any(track.get("setVideoId") in wanted_gone for track in left):
                return True
        raise Transient("YouTube Music did not take the video out of the playlist")

    async def probe(self) -> None:
        """Prove, without writing, that this account may edit the playlist.

        Raises:
            AuthRejected: it may not; a public playlist reads well for anybody, so reading proves nothing.
        """
        doubt = self._youtube.write_doubt()
        if doubt is not None:
            raise AuthRejected(doubt)
        page = await self.page(0)
        if not page.get("owned") and "collaborators" not in page:
            raise AuthRejected(
                f"the account that is signed in may not edit the YouTube Music playlist {self._id}: sign in with its "
                "owner's account, navaar auth ytmusic"
            )

    def _reading(self, page: dict[str, Any]) -> Snapshot:
        # What is listed beyond the count was added since the first page, which tells it, was asked for.
        tracks = page["tracks"]
        return Snapshot(to.entries(tracks), to.mark(tracks), max(page.get("trackCount") or 0, len(tracks)))


def _listed(playlist_id: str, limit: int | None, api: PagesClient) -> tuple[dict[str, Any], tuple[LaterPage, ...]]:
    page: dict[str, Any] = api.get_playlist(playlist_id, limit=limit)
    return page, api.pages(len(page["tracks"]))


def believable_count(said: int | None, listed: int) -> int | None:
    """How many entries a playlist has that lists so many of them at first; None where its header does not tell.

    What is empty may say so in words. Of "1 thousand tracks" ytmusicapi makes 1.
    """
    if said is None:
        return None if listed else 0
    return said if said >= listed else None
