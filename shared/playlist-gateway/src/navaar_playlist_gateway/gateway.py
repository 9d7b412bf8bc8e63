"""A gateway to one playlist platform: what its folder supplies, and everything that is the same for all of them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, runtime_checkable

from navaar_contracts.commands import AddItem, CheckPresence, FindCandidates, PlaceTrack, PollPlaylist, RemoveTrack
from navaar_contracts.events import CandidatesFound, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_contracts.music import Candidate, Kind
from navaar_contracts.queries import SearchCatalogue, SearchReply
from navaar_contracts.streams import gateway_consumers
from navaar_playlist_gateway.continued import ContinuedPlaylist
from navaar_playlist_gateway.playlists import Playlists, watch_playlists
from navaar_playlist_gateway.ports import PlaylistAdapter
from navaar_playlist_gateway.search_metrics import search_metrics
from navaar_playlist_gateway.settings import PlaylistSettings
from navaar_runtime.diagnostics import Diagnostic, Level
from navaar_runtime.first_sync import PlanGate, plans
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.service import Service
from navaar_runtime.settings import NavaarSettings, RuntimeSettings, SettingsError, load, load_links

S = TypeVar("S", bound=NavaarSettings)
C = TypeVar("C", bound="Client")


class Playlist(PlaylistAdapter, Protocol):
    async def probe(self) -> None:
        """Prove that the sign-in serves this playlist, without writing. Raises AuthRejected while it does not."""


class Client(Protocol):
    """One sign-in to the platform. Methods raise the failures of `navaar_runtime.failures` and nothing else."""

    async def search(self, query: str, limit: int) -> tuple[Candidate, ...]:
        """At most `limit` candidates from the catalogue, in the platform's order; never more than ten."""

    def playlist(self, playlist_id: str) -> Playlist:
        """One playlist; nothing is asked yet."""

    def attach(self, service: Service) -> None:
        """Add the platform's own hooks, notes and gauges to its service."""

    async def close(self) -> None: ...


@runtime_checkable
class SongsApart(Protocol):
    """A client of a platform whose catalogue is searched for one sort of entries at a time."""

    async def search_among(self, query: str, limit: int, kind: Kind) -> tuple[Candidate, ...]:
        """At most `limit` candidates of that sort, in the platform's order. Raises failures only."""


@dataclass(frozen=True, slots=True)
class PlaylistGateway(Generic[S, C]):
    """What a platform's folder supplies."""

    platform: Platform
    settings: type[S]
    connect: Callable[[S], C]
    check_account: Callable[[C, S], Awaitable[tuple[Diagnostic, ...]]]
    """For `navaar doctor`: the sign-in and the account. Raises nothing."""
    check_playlist: Callable[[C, Link], Awaitable[Diagnostic]]
    """For `navaar doctor`: whether the link's playlist can be read and written. Changes nothing, raises nothing."""
    missing: Callable[[S], str | None] = lambda _: None
    """Why the platform is off although a link has a playlist there, and what to do; None where nothing is missing."""
    look: Callable[[S], C] | None = None
    """As `connect`, for `navaar doctor`: what it makes changes no file. None: what `connect` makes changes none."""

    def service(self, environment: Mapping[str, str]) -> Service:
        """The service, configured by `environment`; it does nothing where no link has a playlist here.

        It does nothing either where a setting is missing without which the platform is off, and says so in a note.

        Raises:
            SettingsError: the configuration is wrong.
        """
        links = load_links(environment)
        service = Service(self.platform.value, load(RuntimeSettings, environment))
        settings = load(self.settings, environment)
        service.show(settings)
        kept = {link.name: link for link in links if link.collections.get(self.platform)}
        if not kept:
            return service
        missing = self.missing(settings)
        if missing is not None:

            async def off() -> str:
                return missing

            service.note("off", off)
            return service
        # The sign-in, its pace and its pauses belong to the account, not to a link.
        service.one_at_a_time()
        client = self.connect(settings)
        playlists = {name: self._playlist(client, link) for name, link in kept.items()}

        async def probe() -> None:
            for playlist in playlists.values():
                await playlist.probe()

        service.guard(self.platform, probe, list(playlists))
        client.attach(service)
        service.on_stop(client.close)
        watched = watch_playlists(
            service,
            self.platform,
            links,
            playlists,
            load(PlaylistSettings, environment),
            load(IntervalSettings, environment),
        )
        gate = PlanGate(shut=plans(links))
        _subscribe(service, self.platform, client, watched, gate)
        return service

    async def diagnose(self, environment: Mapping[str, str]) -> tuple[Diagnostic, ...]:
        """What `navaar doctor` finds: the sign-in, the account, and whether each link's playlist may be edited.

        Raises:
            SettingsError: the configuration is wrong.
        """
        links = [link for link in load_links(environment) if link.collections.get(self.platform)]
        if not links:
            name = self.platform.label
            return (Diagnostic(name, Level.OK, f"off: no link has a {name} playlist"),)
        missing = self.missing(load(self.settings, environment))
        if missing is not None:
            return (Diagnostic(self.platform.label, Level.PROBLEM, missing),)
        async with self.client(environment, self.look) as client:
            found = list(await self.check_account(client, load(self.settings, environment)))
            if not any(each.level is Level.PROBLEM for each in found):
                found += [
                    await self.check_playlist(client, each) for link in links for each in _parts(link, self.platform)
                ]
        return tuple(found)

    @contextlib.asynccontextmanager
    async def client(self, environment: Mapping[str, str], connect: Callable[[S], C] | None = None) -> AsyncIterator[C]:
        """A client of its own, for a command at the terminal, made by `connect`; raises SettingsError."""
        settings = load(self.settings, environment)
        missing = self.missing(settings)
        if missing is not None:
            raise SettingsError(f"{self.platform.label} is {missing}")
        client = (connect or self.connect)(settings)
        try:
            yield client
        finally:
            await client.close()

    def _playlist(self, client: C, link: Link) -> Playlist:
        first = client.playlist(link.collections[self.platform])
        rest = link.overflow.get(self.platform)
        return (
            first if rest is None else ContinuedPlaylist(first, client.playlist(rest), self.platform.spec.holds_at_most)
        )


def _parts(link: Link, platform: Platform) -> tuple[Link, ...]:
    """The link with each of its playlists on the platform as its only one."""
    rest = link.overflow.get(platform)
    return (
        (link,)
        if rest is None
        else (link, link.model_copy(update={"collections": link.collections | {platform: rest}}))
    )


def _subscribe(service: Service, platform: Platform, client: Client, playlists: Playlists, gate: PlanGate) -> None:
    """Take the gateway's commands and questions."""
    consumers = gateway_consumers(platform)
    metrics = search_metrics(platform)

    async def search(query: str, limit: int, among: Kind | None = None) -> tuple[Candidate, ...]:
        if not query.strip():
            return ()
        begun = time.monotonic()
        if among is not None and isinstance(client, SongsApart):
            found = await client.search_among(query, limit, among)
        else:
            found = await client.search(query, limit)
        metrics.searched(len(found), time.monotonic() - begun)
        return found

    async def find(command: FindCandidates) -> CandidatesFound:
        return CandidatesFound(
            link=command.link,
            track_id=command.track_id,
            attempt=command.attempt,
            target=command.target,
            round=command.round,
            query=command.query,
            candidates=await search(command.query, command.limit, command.among),
        )

    async def place(command: PlaceTrack) -> TrackPlaced:
        placed = await playlists.place(command)
        return placed.model_copy(update={"url": platform.spec.item_url(placed.external_id, None)})

    async def answer(query: SearchCatalogue) -> SearchReply:
        return SearchReply(candidates=await search(query.text, query.limit))

    service.on(consumers[FindCandidates], FindCandidates, handler=find)
    service.on(consumers[PlaceTrack], PlaceTrack, handler=gate.before(place))
    service.on(consumers[PollPlaylist], PollPlaylist, handler=playlists.poll)
    service.on(consumers[RemoveTrack], RemoveTrack, handler=gate.before(playlists.remove))
    service.on(consumers[CheckPresence], CheckPresence, handler=playlists.present)
    service.on(consumers[AddItem], AddItem, handler=gate.before(playlists.add))
    service.answer(SearchCatalogue, answer)
