"""All collections of one gateway: for each link a watcher, its poller, a placer and an editor, found by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from navaar_contracts.commands import AddItem, CheckPresence, PlaceTrack, PollPlaylist, RemoveTrack
from navaar_contracts.events import PresenceKnown, TrackPlaced, TrackRemoved
from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_playlist_gateway.editor import PlaylistEditor
from navaar_playlist_gateway.placer import Placer
from navaar_playlist_gateway.poller import Poller
from navaar_playlist_gateway.ports import Counted, PlaylistAdapter
from navaar_playlist_gateway.settings import PlaylistSettings
from navaar_playlist_gateway.watcher import PlaylistWatcher
from navaar_runtime.failures import Permanent
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.service import Service


@dataclass(frozen=True, slots=True)
class LinkPlaylist:
    """What one link's collection is kept by."""

    watcher: PlaylistWatcher
    poller: Poller
    placer: Placer
    editor: PlaylistEditor
    counted: Counted | None


class Playlists:
    """The collections by link."""

    def __init__(self, kept: Mapping[str, LinkPlaylist]) -> None:
        self._kept = kept

    async def place(self, command: PlaceTrack) -> TrackPlaced:
        """Place into the command's link; raises what `Placer.place` does, RateLimited while nothing can be added."""
        kept = self._of(command.link)
        if kept.counted is not None:
            kept.counted.admit_addition()
        return await kept.placer.place(command)

    async def poll(self, command: PollPlaylist) -> None:
        """Have the command's link scanned now; a scan that fails is the poller's matter."""
        self._of(command.link).poller.nudge()

    async def remove(self, command: RemoveTrack) -> TrackRemoved:
        """Take out of the command's link; raises what `PlaylistEditor.remove` does."""
        return await self._of(command.link).editor.remove(command)

    async def present(self, command: CheckPresence) -> PresenceKnown:
        """Look into the command's link; raises what `PlaylistEditor.present` does."""
        return await self._of(command.link).editor.present(command)

    async def add(self, command: AddItem) -> None:
        """Add to the command's link as a person would; raises what `PlaylistEditor.add` does."""
        await self._of(command.link).editor.add(command)

    def _of(self, link: str) -> LinkPlaylist:
        if link not in self._kept:
            raise Permanent(f"no playlist is configured here for the link {link}")
        return self._kept[link]


def watch_playlists(
    service: Service,
    platform: Platform,
    links: Sequence[Link],
    collections: Mapping[str, PlaylistAdapter],
    settings: PlaylistSettings,
    intervals: IntervalSettings,
) -> Playlists:
    """Let `service` watch every collection for its life, and be ready only while it can. Call it after `service.guard`.

    `collections` is keyed by link name; links without one are left alone.
    """
    if service.breaker is None:
        raise RuntimeError("a gateway is guarded before its collections are kept")
    service.show(settings, intervals)
    kept = {}
    for link in links:
        collection = collections.get(link.name)
        if collection is None:
            continue
        watcher = PlaylistWatcher(
            link.name, platform, collection, service.publisher, service.queries, service.records, settings
        )
        placer = Placer(
            watcher,
            collection,
            service.records,
            settings.settle_seconds,
            name=link.collections[platform],
            may_act=service.may_act,
        )
        interval_s = intervals.shortest_from(platform, link)
        counted = collection if isinstance(collection, Counted) else None
        if counted is not None:
            counted.polled_every(interval_s)
        poller = Poller(watcher, interval_s, service.breaker, service.may_act)
        service.background(f"watch-{link.name}", poller.run)
        service.check(f"playlist {link.name}", poller.check)
        service.detail(f"playlist {link.name}", poller.seen)
        service.note(f"filling {link.name}", watcher.filling.warning)
        editor = PlaylistEditor(watcher, collection, service.records, settings.settle_seconds, may_act=service.may_act)
        kept[link.name] = LinkPlaylist(watcher, poller, placer, editor, counted)
    return Playlists(kept)
