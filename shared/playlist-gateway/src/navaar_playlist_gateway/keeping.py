"""All collections of one gateway: for each link a watcher, its rounds, a placer and a changer, found by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from navaar_contracts.commands import AddItem, PlaceTrack, PollPlaylist, RemoveTrack
from navaar_contracts.events import TrackPlaced, TrackRemoved
from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_playlist_gateway.changing import Changer
from navaar_playlist_gateway.placing import Placer
from navaar_playlist_gateway.ports import Collection
from navaar_playlist_gateway.rounds import Rounds
from navaar_playlist_gateway.settings import CollectionSettings
from navaar_playlist_gateway.watching import Watcher
from navaar_runtime.failures import Permanent
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.service import Service


@dataclass(frozen=True, slots=True)
class Kept:
    """What one link's collection is kept by."""

    watcher: Watcher
    rounds: Rounds
    placer: Placer
    changer: Changer


class Keeping:
    """The collections by link."""

    def __init__(self, kept: Mapping[str, Kept]) -> None:
        self._kept = kept

    async def place(self, command: PlaceTrack) -> TrackPlaced:
        """Place into the command's link; raises what `Placer.place` does."""
        return await self._of(command.link).placer.place(command)

    async def poll(self, command: PollPlaylist) -> None:
        """Have the command's link looked at now; a look that fails is the rounds' matter, as ever."""
        self._of(command.link).rounds.nudge()

    async def remove(self, command: RemoveTrack) -> TrackRemoved:
        """Take out of the command's link; raises what `Changer.remove` does."""
        return await self._of(command.link).changer.remove(command)

    async def add(self, command: AddItem) -> None:
        """Add to the command's link as a person would; raises what `Changer.add` does."""
        await self._of(command.link).changer.add(command)

    def _of(self, link: str) -> Kept:
        if link not in self._kept:
            raise Permanent(f"no playlist is configured here for the link {link}")
        return self._kept[link]


def keep(
    service: Service,
    platform: Platform,
    links: Sequence[Link],
    collections: Mapping[str, Collection],
    settings: CollectionSettings,
    intervals: IntervalSettings,
) -> Keeping:
    """Let `service` watch every collection for its life, and be ready only while it can. Call it after `service.guard`.

    `collections` is keyed by link name; links without one are left alone.
    """
    if service.gate is None:
        raise RuntimeError("a gateway is guarded before its collections are kept")
    service.show(settings, intervals)
    kept = {}
    for link in links:
        collection = collections.get(link.name)
        if collection is None:
            continue
        watcher = Watcher(link.name, platform, collection, service.publisher, service.asker, service.journal, settings)
        placer = Placer(watcher, collection, service.journal, settings.settle_seconds)
        rounds = Rounds(watcher, intervals.shortest_from(platform, link.directions()), service.gate)
        service.background(f"watch-{link.name}", rounds.run)
        service.check(f"playlist {link.name}", rounds.check)
        changer = Changer(watcher, collection, service.journal, settings.settle_seconds)
        kept[link.name] = Kept(watcher, rounds, placer, changer)
    return Keeping(kept)
