"""Are the collections as they should be? Judged by what is heard and by catalogue ids, never by names.

`tally` is pure; the collectors read a world.
"""

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import mutagen

from navaar_sandbox.catalogue import Catalogue, Platform
from navaar_sandbox.playlist import Playlist
from navaar_sandbox.sound import Ear
from navaar_sandbox.world import World

_TOLERANCE = 3.0  # seconds a file may be shorter or longer than what it should hold


@dataclass(frozen=True)
class Tally:
    """How one collection stands.

    `present` and `missing` count expected recordings, `duplicates` further entries of an expected recording, `wrong`
    entries that are none of the expected recordings.
    """

    present: int
    missing: int
    duplicates: int
    wrong: int


def tally(found: Iterable[str | None], expected: Collection[str]) -> Tally:
    """Compare the recordings found in a collection (None: not recognised) with those expected."""
    counts = Counter(found)
    there = [recording for recording in expected if counts[recording]]
    return Tally(
        present=len(there),
        missing=len(expected) - len(there),
        duplicates=sum(counts[recording] - 1 for recording in there),
        wrong=sum(count for recording, count in counts.items() if recording not in expected),
    )


class Listener:
    """Tells the recordings in uploaded files; remembers what it has heard by the bytes' sha256."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._durations = catalogue.sounds()
        self._ear = Ear(self._durations)
        self._heard: dict[str, str | None] = {}

    def recording(self, path: Path, sha256: str) -> str | None:
        """The recording in a file, None if it is none of the catalogue's or not the whole of it. Blocks."""
        if sha256 not in self._heard:
            self._heard[sha256] = self._listen(path)
        return self._heard[sha256]

    def _listen(self, path: Path) -> str | None:
        recording = self._ear.recognise(path)
        if recording is None:
            return None
        opened = mutagen.File(path)
        length = opened.info.length if opened is not None else 0.0
        whole = any(abs(length - duration) <= _TOLERANCE for duration in self._durations[recording])
        return recording if whole else None


async def compare(world: World, listener: Listener) -> dict[str, dict[str, int]]:
    """Each platform's tally against what the person put into the world.

    A recording that a platform lacks is not expected there; nor on Telegram, if it had to come from YouTube.
    """
    in_channel = await _channel(world, listener)
    from_person = {recording for recording, by_bot in in_channel if not by_bot}
    found = [recording for recording, by_bot in in_channel if by_bot or recording in world.expected]
    obtainable = [one for one in world.expected if one in from_person or not _absent(world, "youtube", one)]
    return {
        "telegram": asdict(tally(found, obtainable)),
        "youtube": asdict(_playlist(world, world.youtube_playlist, "youtube")),
        "spotify": asdict(_playlist(world, world.spotify_playlist, "spotify")),
    }


def _playlist(world: World, playlist: Playlist, platform: Platform) -> Tally:
    entries = world.catalogue.entries
    # Local files, episodes and what was unplayable from the start are nobody's business.
    found = [entries[place.item].recording for place in playlist.entries if place.kind == "track"]
    return tally(found, [one for one in world.expected if not _absent(world, platform, one)])


def _absent(world: World, platform: Platform, recording: str) -> bool:
    return (platform, int(recording[1:5])) in world.catalogue.absent


async def _channel(world: World, listener: Listener) -> list[tuple[str | None, bool]]:
    """(recording, whether the bot posted it) for every piece of music, and whatever else the bot says in public."""
    found: list[tuple[str | None, bool]] = []
    for message in world.telegram.channel.living():
        if message.by_bot and message.sha256 is None:
            found.append((None, True))
        if message.sha256 is None or "voice" in message.shown:
            continue
        if not message.by_bot:
            found.append((world.truth.get(message.sha256), False))
            continue
        stored = world.telegram.by_sha256(message.sha256)
        assert stored is not None
        found.append((await asyncio.to_thread(listener.recording, stored.path, stored.sha256), True))
    return found


def describe(world: World) -> dict[str, Any]:
    """What the collections hold, in words, for a person who looks into a failed comparison."""
    entries = world.catalogue.entries

    def shown(playlist: Playlist) -> list[str]:
        return [
            f"{entries[place.item].recording} {' & '.join(entries[place.item].artists)}: {entries[place.item].title}"
            if place.item in entries
            else f"{place.kind} {place.item}"
            for place in playlist.entries
        ]

    channel = [
        f"{message.id} {'bot' if message.by_bot else 'person'} "
        + str(
            (message.shown.get("audio") or message.shown.get("document") or {}).get("file_name")
            or message.shown.get("text", "")
        )[:80]
        for message in world.telegram.channel.living()
    ]
    return {
        "expected": world.expected,
        "telegram": channel,
        "youtube": shown(world.youtube_playlist),
        "spotify": shown(world.spotify_playlist),
    }
