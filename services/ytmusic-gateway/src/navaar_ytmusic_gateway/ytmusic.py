"""The adapter: ytmusicapi on worker threads, every client error translated beside the call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar, cast

from ytmusicapi import YTMusic

from navaar_contracts.causes import Cause
from navaar_contracts.music import Candidate
from navaar_playlist_gateway.client_pool import ClientPool
from navaar_playlist_gateway.facts import PlaylistFacts
from navaar_playlist_gateway.pacing import Pacing
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause
from navaar_playlist_gateway.snapshot import Addition, AlreadyThere, ChangeCheck, Snapshot
from navaar_runtime.failures import AuthRejected, Failure, Permanent, Transient, translate
from navaar_runtime.service import Service
from navaar_ytmusic_gateway import error_mapping
from navaar_ytmusic_gateway import translate as to
from navaar_ytmusic_gateway.account import Account, SignedInClient
from navaar_ytmusic_gateway.keep_alive import keep_alive
from navaar_ytmusic_gateway.playlist_facts import facts_of
from navaar_ytmusic_gateway.session import RequestRefused, SignedOut
from navaar_ytmusic_gateway.session_ages import told_age
from navaar_ytmusic_gateway.settings import PLATFORM, YTMusicSettings
from navaar_ytmusic_gateway.sign_in_file import SignInKind
from navaar_ytmusic_gateway.write_pacing import REFUSALS, refusal_pause_s

T = TypeVar("T")

WARM_UP_S = 5.0
REMOVAL_SHOWS_S = (0.0, 1.0, 2.0)
"""Pauses before the list is read for a removal; reads may lag behind it."""
FULL_DOUBT_S = 900.0
"""How long a full playlist that lists no fewer songs is not asked again."""
WRITE_DOUBT_S = 900.0
"""How long a sign-in whose write was refused stays doubtful although reads work."""


class YouTubeMusic:
    """The one door to ytmusicapi."""

    def __init__(self, settings: YTMusicSettings, *, keeps: bool = True) -> None:
        """`keeps`: whether what is learnt by use is written down; `navaar doctor` leaves every file as it is."""
        self.account = Account(settings, keeps=keeps)
        self.asked_at = float("-inf")
        self.greeted_as = ""
        """The name of the account, once it was asked."""
        self._keep_alive_s = settings.ytmusic_keep_alive_s
        self._pause = RateLimitPause(PLATFORM)
        self._kind: dict[str, SignInKind] = {}
        # Apart from the other, or each read that is answered would end it.
        self._refusals = RateLimitPause(
            PLATFORM,
            grown=partial(
                refusal_pause_s, first_s=settings.ytmusic_refused_pause_s, long_s=settings.ytmusic_long_pause_s
            ),
        )
        self._pacing = Pacing(
            settings.ytmusic_write_interval_s, settings.ytmusic_write_burst, "the next change of the playlist"
        )
        self._table = error_mapping.table(self._pause, self._kind)
        self._writing_table = error_mapping.table(self._pause, self._kind, self._refusals)
        self._pool: ClientPool[SignedInClient] = ClientPool(
            "ytmusic", settings.ytmusic_workers, self.account.build, self.account.stale
        )
        self._playlists: list[YouTubePlaylist] = []
        self._write_refused: tuple[int, float, str] | None = None

    async def call(self, work: Callable[[YTMusic], T], *, writing: bool = False) -> T:
        """`work` with a worker's client, in its turn if it is `writing`.

        Raises failures only, RateLimited at once while YouTube wants a pause.
        """
        if writing:
            self._refusals.check()
            await self._pacing.turn()
        self._pause.check()
        self.asked_at = time.monotonic()
        try:
            with translate(self._writing_table if writing else self._table):
                answer = await self._pool.run(lambda client: self._run(client, work))
        except AuthRejected as failure:
            if isinstance(failure.__cause__, SignedOut):
                # Of a session that has ended, reads say the same as writes do.
                raise self._ended(failure) from failure.__cause__
            if writing:
                await self._prove_signed_in()
                self._write_refused = (self.account.generation(), time.monotonic(), failure.reason)
                self.account.sessions.wrote(time.time(), failure.reason)
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
            self.account.sessions.wrote(time.time())
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

    def _run(self, client: SignedInClient, work: Callable[[YTMusic], T]) -> T:
        self._kind["now"] = client.kind
        self.account.freshen(client)
        try:
            return work(client.api)
        except (RequestRefused, SignedOut) as refused:
            unknown = isinstance(refused, SignedOut) or refused.status == 401
            if not unknown or client.kind is not SignInKind.OAUTH:
                raise
        # ytmusicapi trusts the expiry that it was told. Who is not known changes nothing, so the call may be repeated.
        self.account.renew(client)
        return work(client.api)

    async def search(self, query: str, limit: int) -> tuple[Candidate, ...]:
        """At most `limit` candidates: songs, then videos, which get at least a third of the places.

        The song filter nearly always fills a page with something, so its length does not tell whether the recording is
        among it; what exists only as a video would never be found.
        """
        songs = await self._search(query, "songs", limit)
        videos = await self._search(query, "videos", limit)
        kept = songs[: max(limit - len(videos), limit - limit // 3)]
        known = {candidate.id for candidate in kept}
        return (*kept, *(candidate for candidate in videos if candidate.id not in known))[:limit]

    async def _search(self, query: str, what: Literal["songs", "videos"], limit: int) -> tuple[Candidate, ...]:
        return to.candidates(await self.call(lambda api: api.search(query, filter=what, limit=limit)))

    def playlist(self, playlist_id: str) -> YouTubePlaylist:
        made = YouTubePlaylist(self, playlist_id)
        self._playlists.append(made)
        return made

    def attach(self, service: Service) -> None:
        service.on_start(self.open)
        service.note("changes", self.refused_for_now)
        service.note("room", self.without_room)
        service.detail("account", self.who)
        if self._keep_alive_s and service.breaker is not None:
            breaker = service.breaker
            service.background(
                "keep-alive",
                partial(keep_alive, self, self._keep_alive_s, breaker.wait_open, breaker.close),
            )

    async def who(self) -> str | None:
        """For people: who is signed in, with what, and how old that is."""
        age = told_age(self.account.sessions.sessions, time.time()) if self.account.is_session else ""
        return ", ".join(part for part in (self.greeted_as, age) if part) or None

    async def refused_for_now(self) -> str | None:
        """For people: that the account is left alone after refusals in a row; None while it is not."""
        if self._refusals.in_a_row < REFUSALS:
            return None
        rest = self._refusals.rest_s() / 60
        return f"YouTube Music refuses changes of playlists for now; the next is tried in {rest:.0f} minutes"

    async def open(self) -> None:
        """Build the workers' clients; a platform or sign-in that fails now is met again by the first call."""
        try:
            async with asyncio.timeout(WARM_UP_S):
                with translate(self._table):
                    await self._pool.warm()
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

    def __init__(self, youtube: YouTubeMusic, playlist_id: str) -> None:
        self._youtube = youtube
        self._id = to.playlist_id(playlist_id)
        self.facts: PlaylistFacts | None = None
        """As the playlist was described last."""
        self._uncounted = 0
        self._count: int | None = None
        self._full: FullPlaylist | None = None

    async def page(self, limit: int | None) -> dict[str, Any]:
        """The playlist as ytmusicapi gives it: 0 is the first page only, None everything."""
        try:
            page = await self._youtube.call(lambda api: api.get_playlist(self._id, limit=limit))
        except Permanent as failure:
            raise Permanent(
                f"the YouTube Music playlist {self._id} cannot be read: check NAVAAR_YTMUSIC_PLAYLIST_ID and that this "
                f"account may see it ({failure.reason})"
            ) from failure
        if page.get("trackCount") is None and not page["tracks"]:
            # What holds something says how much; what is empty may say so in words.
            page["trackCount"] = 0
        self.facts = facts_of(page, self._youtube.greeted_as)
        return page

    async def check_for_change(self) -> ChangeCheck:
        page = await self.page(0)
        tracks, count = page["tracks"], page.get("trackCount")
        self._count = count
        if count is None:
            # Without a count a longer list may have changed behind its first page: never the same mark twice.
            self._uncounted += 1
            return ChangeCheck(f"uncounted-{self._uncounted}")
        complete = self._reading(page) if len(tracks) >= count else None
        return ChangeCheck(to.mark(tracks), count, complete)

    async def read(self) -> Snapshot:
        return self._reading(await self.page(None))

    async def add(self, external_id: str) -> Addition:
        full = self.full is not None and self._full
        if full and time.monotonic() - full.at < FULL_DOUBT_S:
            raise Permanent(full.failure.reason, full.failure.kind, cause=full.failure.cause)
        try:
            answer = await self._youtube.call(
                lambda api: heard(api.add_playlist_items(self._id, [external_id], duplicates=False)), writing=True
            )
            addition = judge_addition(answer)
        except Permanent as failure:
            if failure.cause is Cause.PLAYLIST_FULL:
                self._full = FullPlaylist(failure, time.monotonic(), self._count)
            raise
        self._full = None
        return addition

    @property
    def full(self) -> str | None:
        """That the playlist takes no more, in words for a person; None while it does."""
        if self._full is None or self._full.has_room(self._count):
            return None
        return f"{self._id}: {self._full.failure.reason}"

    async def rename(self, title: str) -> None:
        """Give the playlist this name."""
        await self._youtube.call(lambda api: api.edit_playlist(self._id, title=title), writing=True)

    async def remove(self, external_id: str, set_video_id: str | None) -> None:
        """Take the item out, and read that it is gone: an answer of success alone proves nothing.

        The list may show another video than the one that was added, so the entry goes by its own name if that is known.
        """
        listed = (await self.page(None))["tracks"]
        try:
            entries = to.entries_to_remove(listed, external_id, set_video_id)
        except LookupError:
            raise Transient("YouTube Music lists the video without what names its entry") from None
        if not entries:
            return
        await self._youtube.call(lambda api: api.remove_playlist_items(self._id, entries), writing=True)
        wanted_gone = {entry["setVideoId"] for entry in entries}
        for pause_s in REMOVAL_SHOWS_S:
            await asyncio.sleep(pause_s)
            left = (await self.page(None))["tracks"]
            if not any(track.get("setVideoId") in wanted_gone for track in left):
                return
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
        tracks = page["tracks"]
        count = page.get("trackCount")
        return Snapshot(to.entries(tracks), to.mark(tracks), count if count is not None else len(tracks))


def heard(answer: T) -> T:
    """The answer to an edit. RequestRefused if it says, HTTP 200 all the same, what belongs into an error."""
    if isinstance(answer, dict) and answer.get("status") == "STATUS_FAILED":
        said = to.refusal(answer)
        if error_mapping.is_for_now(said) or error_mapping.is_full(said):
            raise RequestRefused(400, said, None)
    return answer


def judge_addition(answer: object) -> Addition:
    """What an answer to an addition proves.

    Raises:
        AlreadyThere: refused as a duplicate, or for a reason that only another read can tell.
        Permanent: the playlist is full, nothing was added.
        AuthRejected: YouTube wants a dialog answered first.
        Transient: it does not say what happened.
    """
    if not isinstance(answer, dict):
        raise Transient("YouTube Music did not say whether the addition was made")
    results = answer.get("playlistEditResults") or [None]
    added = cast(dict[str, Any], results[0] or {})
    status = answer.get("status")
    if status == "STATUS_SUCCEEDED" and added.get("setVideoId"):
        return Addition(set_video_id=str(added["setVideoId"]))
    if status == "STATUS_FAILED":
        said = to.refusal(answer)
        if error_mapping.is_full(said):
            raise error_mapping.playlist_full(said)
        raise AlreadyThere(said or "no reason given")
    first = (answer.get("actions") or [{}])[0]
    if status is None and "showEngagementPanelEndpoint" in first:
        raise AuthRejected(
            "YouTube Music asks for a confirmation before it changes the playlist; the account may be restricted. Open "
            "music.youtube.com with this account and answer the dialog"
        )
    raise Transient("YouTube Music did not say whether the addition was made")
