"""The songs of the pretend world, and what each platform offers when one looks for them. Pure and deterministic.

A recording is what a listener would call "that one": the same performance, wherever it was uploaded. A platform
offers entries: some are the recording (the album track, its video, a fan's upload, a remaster), others only look
like it (live, remix, cover, karaoke, sped up, another song of that name). Every entry carries the recording that it
truly holds, so what a collection ended up with can be judged without trusting any title.
"""

import hashlib
import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from navaar_sandbox import names

Platform = Literal["youtube", "spotify"]
Kind = Literal[
    "original", "video", "upload", "remaster",
    "live", "remix", "cover", "karaoke", "sped_up", "namesake",
]  # fmt: skip
SAME_RECORDING: frozenset[Kind] = frozenset({"original", "video", "upload", "remaster"})

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True, slots=True)
class Recording:
    """One performance of one song.

    `key` is its identity ("r0007"); `duration` is in whole seconds; `isrc` is the twelve-character code;
    `code` is the ISRC that files and platforms tell, which labels now and then give to two songs. `artists` names the
    main artist first; the `_latin` fields are the same names in Latin letters.
    """

    key: str
    number: int
    artists: tuple[str, ...]
    artists_latin: tuple[str, ...]
    title: str
    title_latin: str
    album: str
    year: int
    duration: int
    isrc: str
    code: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing a platform offers under an id.

    `recording` is the truth: the key of the recording one hears. `weight` (0 to 2) is how much the platform's search
    favours it. `video_type` is YouTube Music's musicVideoType, None on Spotify; `isrc` is None on YouTube.
    """

    id: str
    platform: Platform
    recording: str
    kind: Kind
    title: str
    artists: tuple[str, ...]
    album: str | None
    duration: int
    year: int
    weight: float
    isrc: str | None = None
    video_type: str | None = None


class Catalogue:
    """All recordings and entries of one world, the same for the same arguments.

    `absent` holds (platform, number) pairs: songs whose recording that platform does not have, look-alikes only.
    `sequels` names songs that are called like an earlier one with a 2 behind it, by the same artists, and
    `shared_codes` those that carry an earlier one's ISRC: each (number, number of the earlier one).
    With `two_scripts`, Spotify writes every name in Latin letters while YouTube keeps the native script.
    """

    def __init__(
        self,
        tracks: int,
        *,
        seed: int = 1,
        absent: Collection[tuple[Platform, int]] = (),
        two_scripts: bool = False,
        sequels: Collection[tuple[int, int]] = (),
        shared_codes: Collection[tuple[int, int]] = (),
    ) -> None:
        self.absent = frozenset(absent)
        recordings = [_recording(number, seed) for number in range(tracks)]
        for number, earlier in sequels:
            recordings[number] = _sequel(recordings[number], recordings[earlier])
        for number, earlier in shared_codes:
            recordings[number] = replace(recordings[number], code=recordings[earlier].code)
        self.recordings = tuple(recordings)
        self.entries: dict[str, Entry] = {}
        for recording in self.recordings:
            for platform in _PLATFORMS:
                for entry in _entries(recording, platform, seed, latin=two_scripts and platform == "spotify"):
                    if entry.kind in SAME_RECORDING and (platform, recording.number) in self.absent:
                        continue
                    self.entries[entry.id] = entry

    def original(self, platform: Platform, number: int) -> Entry:
        """The entry a person means by song `number` on `platform`; KeyError if it is absent there."""
        return self.variant(platform, number, "original")

    def variant(self, platform: Platform, number: int, kind: Kind) -> Entry:
        """The entry of that kind for song `number`; KeyError if there is none."""
        return self.entries[entry_id(platform, self.recordings[number].isrc, kind)]

    def of_platform(self, platform: Platform) -> Iterator[Entry]:
        """Every entry that `platform` offers."""
        return (entry for entry in self.entries.values() if entry.platform == platform)

    def sounds(self) -> dict[str, list[int]]:
        """Every recording that can be heard, with the durations in seconds under which it is offered."""
        sounds: dict[str, list[int]] = {recording.key: [recording.duration] for recording in self.recordings}
        for entry in self.entries.values():
            sounds.setdefault(entry.recording, []).append(entry.duration)
        return sounds


_PLATFORMS: tuple[Platform, ...] = ("youtube", "spotify")


def entry_id(platform: Platform, isrc: str, kind: Kind) -> str:
    """A stable id in the platform's own form: eleven characters on YouTube, twenty-two on Spotify."""
    digest = int.from_bytes(hashlib.sha256(f"{platform}|{isrc}|{kind}".encode()).digest())
    alphabet, length = (_BASE64, 11) if platform == "youtube" else (_BASE62, 22)
    letters = []
    for _ in range(length):
        digest, rest = divmod(digest, len(alphabet))
        letters.append(alphabet[rest])
    return "".join(letters)


def _recording(number: int, seed: int) -> Recording:
    dice = random.Random(f"{seed}|recording|{number}")
    tongue = names.TONGUES[number % len(names.TONGUES)]
    whole, part_of_turn = divmod(number, len(names.TONGUES))
    turn = whole * names.TONGUES.count(tongue) + names.TONGUES[:part_of_turn].count(tongue)
    rounds, place = divmod(turn, len(tongue.first))
    first = tongue.first[place]
    # The second word walks on by one each round, so a pair returns only after all pairs were used.
    second = tongue.second[(place + rounds) % len(tongue.second)]
    artist = tongue.artists[dice.randrange(len(tongue.artists))]
    volume = turn // (len(tongue.first) * len(tongue.second))
    part = f" {volume + 1}" if volume else ""
    artists: tuple[str, ...] = (artist.native,)
    artists_latin: tuple[str, ...] = (artist.latin,)
    if dice.random() < 0.1:
        guest = tongue.artists[dice.randrange(len(tongue.artists))]
        if guest != artist:
            artists, artists_latin = (artist.native, guest.native), (artist.latin, guest.latin)
    title = f"{first.native}{tongue.joint.native}{second.native}{part}"
    year = dice.randrange(1998, 2026)
    isrc = f"{tongue.code}SB{seed % 10}{year % 100:02d}{number:05d}"
    return Recording(
        key=f"r{number:04d}",
        number=number,
        artists=artists,
        artists_latin=artists_latin,
        title=title,
        title_latin=f"{first.latin}{tongue.joint.latin}{second.latin}{part}",
        album=second.native if dice.random() < 0.6 else title,
        year=year,
        duration=dice.randrange(142, 318),
        isrc=isrc,
        code=isrc,
    )


def _sequel(recording: Recording, earlier: Recording) -> Recording:
    return replace(
        recording,
        artists=earlier.artists,
        artists_latin=earlier.artists_latin,
        title=f"{earlier.title} 2",
        title_latin=f"{earlier.title_latin} 2",
    )


@dataclass(frozen=True, slots=True)
class _Look:
    """How a version of a song presents itself, before a platform's habits are applied."""

    kind: Kind
    title: str
    artists: tuple[str, ...]
    album: str | None
    duration: int
    weight: float
    video_type: str = "MUSIC_VIDEO_TYPE_ATV"


def _entries(recording: Recording, platform: Platform, seed: int, *, latin: bool) -> Iterator[Entry]:
    dice = random.Random(f"{seed}|{platform}|{recording.number}")
    looks = list(_looks(recording, platform, dice, latin=latin))
    # For one song in five or so the engine prefers a look-alike: someone's viral edit or last week's concert.
    look_alikes = [look for look in looks if look.kind not in SAME_RECORDING]
    favoured = dice.choice(look_alikes) if look_alikes and dice.random() < 0.22 else None
    for look in looks:
        same = look.kind in SAME_RECORDING
        yield Entry(
            id=entry_id(platform, recording.isrc, look.kind),
            platform=platform,
            recording=recording.key if same else f"{recording.key}/{look.kind}",
            kind=look.kind,
            title=look.title,
            artists=look.artists,
            album=look.album,
            duration=look.duration,
            year=recording.year,
            weight=1.8 if look is favoured else look.weight + dice.random() * 0.15,
            isrc=_isrc(recording, look.kind) if platform == "spotify" else None,
            video_type=look.video_type if platform == "youtube" else None,
        )


def _looks(recording: Recording, platform: Platform, dice: random.Random, *, latin: bool) -> Iterator[_Look]:
    artists = recording.artists_latin if latin else recording.artists
    title = recording.title_latin if latin else recording.title
    full = f"{title} (feat. {artists[1]})" if len(artists) > 1 else title
    length, album, main = recording.duration, recording.album, artists[0]
    venue, remixer = dice.choice(names.VENUES), dice.choice(names.REMIXERS)
    singer, maker = dice.choice(names.COVER_ARTISTS), dice.choice(names.KARAOKE_MAKERS)
    channel = dice.choice(names.CHANNELS)

    yield _Look("original", full, artists, album, length, 1.0)
    if platform == "youtube":
        clip = f"{main} - {title} (Official Video)"
        yield _Look("video", clip, (main,), None, length + dice.randrange(2, 9), 0.9, "MUSIC_VIDEO_TYPE_OMV")
        upload = f"{main} - {title} (Lyrics)"
        yield _Look("upload", upload, (channel,), None, length + 1, 0.3, "MUSIC_VIDEO_TYPE_UGC")
    if dice.random() < 0.3:
        yield _Look(
            "remaster", f"{full} - Remastered {recording.year + 1}", artists, f"{album} (Remastered)", length, 0.4
        )
    if dice.random() < 0.75:
        yield _Look("live", f"{title} (Live at {venue})", (main,), f"Live at {venue}", int(length * 1.22), 0.35)
    if dice.random() < 0.7:
        yield _Look(
            "remix", f"{title} ({remixer} Remix)", (main, remixer), f"{title} (Remixes)", int(length * 1.4), 0.35
        )
    if dice.random() < 0.6:
        yield _Look("cover", title, (singer,), "Covers", int(length * 0.93), 0.3)
    if dice.random() < 0.6:
        sung = f"{title} (Karaoke Version) [Originally Performed by {main}]"
        yield _Look("karaoke", sung, (maker,), "Karaoke Hits", length - 2, 0.25)
    if dice.random() < 0.6:
        fast = f"{title} - Sped Up"
        yield _Look("sped_up", fast, (main, channel), fast, int(length * 0.8), 0.3)
    if dice.random() < 0.5:
        stranger = names.ENGLISH.artists[recording.number % len(names.ENGLISH.artists)].native
        if stranger != main:
            yield _Look("namesake", title, (stranger,), "Namesakes", dice.randrange(142, 318), 0.3)


def _isrc(recording: Recording, kind: Kind) -> str:
    if kind == "original":
        return recording.code
    # Another registrant, as version codes of other labels have; still one code per entry.
    return f"QZ{kind[:2].upper()}9{recording.isrc[5:]}"
