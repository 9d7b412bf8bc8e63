"""The identifier as it runs: real NATS, real audio files, real tags."""

# mutagen ships a py.typed marker, but few annotations.
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import imageio_ffmpeg
import pytest
import pytest_asyncio
from mutagen.id3 import ID3, TIT2, TPE1, TSRC

from navaar_contracts import streams
from navaar_contracts.commands import CheckAudio, ChooseMatch, IdentifyTrack, JudgeIdentity, KnownTrack
from navaar_contracts.events import (
    AudioChecked,
    FailureKind,
    IdentityJudged,
    MatchChosen,
    Step,
    StepFailed,
    TrackIdentified,
)
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_contracts.music import AudioReference, Candidate, ItemMetadata, Recording, Sameness, Verdict
from navaar_identifier.__main__ import create
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from tests.support.gateways import running, until

E = TypeVar("E", bound=Message)
SONG = Recording(artist="Daft Punk", artists=("Daft Punk",), title="One More Time", duration_s=320)


@dataclass
class Ledger:
    """Sends commands and keeps what is said."""

    service: Service
    events: list[Message] = field(default_factory=list)

    async def ask(self, command: Message, answer: type[E]) -> E:
        """The first answer of that kind after the command."""
        before = len(self.events)
        await self.service.publisher.publish(command)
        await until(lambda: any(isinstance(e, answer) for e in self.events[before:]))
        return next(e for e in self.events[before:] if isinstance(e, answer))

    async def store(self, name: str, path: Path) -> AudioReference:
        stored = await self.service.objects.put(name, path)
        return AudioReference(name=stored.name, digest=stored.digest, size_bytes=stored.size_bytes)


@pytest_asyncio.fixture
async def ledger(nats_environment: dict[str, str]) -> AsyncIterator[Ledger]:
    service = Service("ledger", load(RuntimeSettings, nats_environment))
    ledger = Ledger(service)

    async def remember(event: Message) -> None:
        ledger.events.append(event)

    kinds = (TrackIdentified, IdentityJudged, MatchChosen, AudioChecked, StepFailed)
    service.on(streams.LEDGER_EVENTS, *kinds, handler=remember)
    async with running(service), running(create(nats_environment)):
        await until(lambda: service.started_at is not None)
        yield ledger


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    # Two notes, one of them gliding: something in which time can be told, as in music and unlike in noise.
    noise = "aevalsrc=0.3*sin(2*PI*t*(300+200*sin(t*1.7)+90*sin(t*5.1)))+0.2*sin(2*PI*t*(700+250*sin(t*2.3))):d=24"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", noise, str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    tags = ID3()
    tags.add(TIT2(encoding=3, text="One More Time"))
    tags.add(TPE1(encoding=3, text="Daft Punk"))
    tags.add(TSRC(encoding=3, text="GBDUW0000053"))
    tags.save(path)
    return path


def identify(track: int, audio: AudioReference | None, file_name: str = "track01.mp3") -> IdentifyTrack:
    item = ItemMetadata(file_name=file_name)
    return IdentifyTrack(link="main", track_id=track, platform=Platform("telegram"), item=item, audio=audio)


async def test_a_post_is_identified_by_the_tags_inside_its_audio(ledger: Ledger, tagged: Path) -> None:
    audio = await ledger.store("audio-main-1-1", tagged)
    identified = await ledger.ask(identify(1, audio), TrackIdentified)
    assert identified.method == "id3"
    assert (identified.recording.artist, identified.recording.title) == ("Daft Punk", "One More Time")
    assert identified.recording.fingerprint
    assert "isrc:gbduw0000053" in identified.keys
    assert identified.queries[Platform("spotify")]
    assert identified.queries[Platform("youtube")]


async def test_audio_that_is_gone_leaves_the_file_name_to_go_by(ledger: Ledger) -> None:
    gone = AudioReference(name="audio-main-2-1", digest="0" * 64, size_bytes=1)
    identified = await ledger.ask(identify(2, gone, "Moby - Porcelain.mp3"), TrackIdentified)
    assert identified.method == "filename"
    assert (identified.recording.artist, identified.recording.title) == ("Moby", "Porcelain")


async def test_a_file_that_is_no_audio_stops_nothing(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "x.mp3"
    path.write_bytes(b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + bytes(range(256)) * 50)
    audio = await ledger.store("audio-main-3-1", path)
    identified = await ledger.ask(identify(3, audio, "Moby - Porcelain.mp3"), TrackIdentified)
    assert identified.method == "filename"
    assert identified.recording.fingerprint is None


async def test_the_same_file_under_other_tags_shares_its_sound_keys_and_is_recognised(
    ledger: Ledger, tagged: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.m4a"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(tagged), "-b:a", "96k", "-map_metadata", "-1"]
    command += ["-metadata", "title=Nameless", "-metadata", "artist=Nobody", str(other)]
    await asyncio.to_thread(subprocess.run, command, check=True, stdin=subprocess.DEVNULL)
    first = await ledger.ask(identify(11, await ledger.store("audio-main-11-1", tagged)), TrackIdentified)
    second = await ledger.ask(identify(12, await ledger.store("audio-main-12-1", other)), TrackIdentified)
    assert (second.recording.artist, second.recording.title) == ("Nobody", "Nameless")
    assert len(set(first.sound_keys) & set(second.sound_keys)) >= 2
    assert not set(first.keys) & set(second.keys)
    known = (KnownTrack(track_id=11, recording=first.recording),)
    judged = await ledger.ask(
        JudgeIdentity(link="main", track_id=12, recording=second.recording, known=known), IdentityJudged
    )
    assert judged.same_as == 11
    assert judged.judgement is not None
    assert "sounds the same" in judged.judgement.reasons


async def test_a_download_is_listened_to_and_one_that_is_too_long_is_refused(ledger: Ledger, tagged: Path) -> None:
    audio = await ledger.store("audio-main-13-1", tagged)
    right = CheckAudio(link="main", track_id=13, recording=Recording(title="x", duration_s=25), audio=audio)
    passed = await ledger.ask(right, AudioChecked)
    assert passed.judgement.same is Sameness.YES
    assert passed.audio_name == audio.name
    assert passed.fingerprint
    assert passed.sound_keys
    wrong = CheckAudio(link="main", track_id=14, recording=Recording(title="x", duration_s=300), audio=audio)
    refused = await ledger.ask(wrong, AudioChecked)
    assert refused.judgement.same is Sameness.NO
    assert refused.judgement.reasons == ("276 s shorter than the recording asked for",)


async def test_a_download_that_is_gone_has_to_be_made_again(ledger: Ledger) -> None:
    gone = AudioReference(name="audio-main-15-1", digest="0" * 64, size_bytes=1)
    command = CheckAudio(link="main", track_id=15, recording=Recording(title="x", duration_s=300), audio=gone)
    failed = await ledger.ask(command, StepFailed)
    assert (failed.step, failed.kind) == (Step.CHECK, FailureKind.AUDIO_MISSING)


async def test_a_known_recording_is_recognised(ledger: Ledger) -> None:
    known = (
        KnownTrack(track_id=3, recording=Recording(artist="Moby", title="Porcelain")),
        KnownTrack(track_id=5, recording=SONG),
    )
    judged = await ledger.ask(JudgeIdentity(link="main", track_id=9, recording=SONG, known=known), IdentityJudged)
    assert judged.same_as == 5


async def test_the_right_candidate_is_chosen(ledger: Ledger) -> None:
    right = Candidate(id="right", title="One More Time", artists=("Daft Punk",), duration_s=320)
    karaoke = Candidate(id="wrong", title="One More Time (Karaoke Version)", artists=("Sing King",), duration_s=321)
    command = ChooseMatch(
        link="main", track_id=9, target=Platform("spotify"), recording=SONG, candidates=(karaoke, right)
    )
    chosen = await ledger.ask(command, MatchChosen)
    assert chosen.choice.verdict is Verdict.MATCH
    assert chosen.choice.chosen is not None
    assert chosen.choice.chosen.candidate.id == "right"
