"""Sound: another encoding of a song is found by its keys and recognised, another song is neither."""

from __future__ import annotations

import math
import struct
import subprocess
import wave
from itertools import combinations
from pathlib import Path
from random import Random

import imageio_ffmpeg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navaar_contracts.commands import CheckAudio
from navaar_contracts.events import FailureKind
from navaar_contracts.music import AudioReference, AudioTags, Kind, Recording, Sameness
from navaar_identifier import handlers
from navaar_identifier.audio.check import judge_audio
from navaar_identifier.audio.fingerprint import DIFFERENT, SAME, fingerprint, heard, similarity
from navaar_identifier.compare.lookup_keys import KEYS, sound_keys
from navaar_identifier.compare.verdicts import same_recording
from navaar_identifier.ports import ProbedAudio
from navaar_runtime.failures import Permanent

RATE = 5512
SONGS = 3
SECONDS = 40
ENCODINGS = {
    "mp3-128.mp3": ["-b:a", "128k"],
    "mp3-48.mp3": ["-b:a", "48k"],
    "aac.m4a": ["-c:a", "aac", "-b:a", "96k"],
    "opus.ogg": ["-c:a", "libopus", "-b:a", "48k"],
}
WAYS = {**ENCODINGS, "late.mp3": ["-af", "adelay=700"], "loud.m4a": ["-af", "volume=6dB,bass=g=3"]}


@pytest.fixture(scope="module")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[int, str], str]:
    """The fingerprints of some made-up songs, as they are and encoded in every way."""
    folder = tmp_path_factory.mktemp("sound")
    found: dict[tuple[int, str], str] = {}
    for song in range(SONGS):
        original = folder / f"{song}.wav"
        compose(original, seed=song)
        found[song, "original"] = fingerprint(original) or ""
        for name, options in WAYS.items() if song < 2 else ():
            path = folder / f"{song}-{name}"
            encode = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(original), *options, str(path)]
            subprocess.run(encode, check=True, stdin=subprocess.DEVNULL)
            found[song, name] = fingerprint(path) or ""
    assert all(found.values())
    return found


def compose(path: Path, seed: int) -> None:
    """A tune of chords, with overtones and a beat of noise."""
    dice = Random(seed)
    samples = bytearray()
    scale = [110 * 2 ** (step / 12) for step in range(36)]
    while len(samples) < 2 * RATE * SECONDS:
        length = dice.choice((0.2, 0.3, 0.45, 0.6))
        notes = [(dice.choice(scale), dice.uniform(0.3, 1)) for _ in range(dice.randrange(2, 5))]
        for number in range(int(length * RATE)):
            at = number / RATE
            tone = sum(
                loud * (math.sin(2 * math.pi * hertz * at) + 0.4 * math.sin(4 * math.pi * hertz * at))
                for hertz, loud in notes
            )
            beat = dice.uniform(-1, 1) * max(0.0, 0.5 - at * 5)
            samples += struct.pack("<h", int(3500 * math.exp(-at) * tone + 3000 * beat))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(samples))


@pytest.mark.parametrize("way", ENCODINGS)
def test_another_encoding_is_found_by_its_keys(sounds: dict[tuple[int, str], str], way: str) -> None:
    for song in (0, 1):
        assert len(set(sound_keys(sounds[song, "original"])) & set(sound_keys(sounds[song, way]))) >= 2


@pytest.mark.parametrize("way", WAYS)
def test_another_encoding_is_recognised(sounds: dict[tuple[int, str], str], way: str) -> None:
    for song in (0, 1):
        one, other = sounds[song, "original"], sounds[song, way]
        assert similarity(one, other) == similarity(other, one) >= SAME
        a = Recording(artist="A", title="One name", duration_s=SECONDS, fingerprint=one)
        b = Recording(artist="Z", title="Quite another", duration_s=SECONDS, fingerprint=other)
        assert same_recording(a, b).same is Sameness.YES


def test_another_song_is_neither_found_nor_recognised(sounds: dict[tuple[int, str], str]) -> None:
    for one, other in combinations(range(SONGS), 2):
        a, b = sounds[one, "original"], sounds[other, "original"]
        assert len(set(sound_keys(a)) & set(sound_keys(b))) < 2
        assert similarity(a, b) < DIFFERENT
        named = {"artist": "A", "title": "One name", "duration_s": SECONDS}
        judgement = same_recording(Recording(**named, fingerprint=a), Recording(**named, fingerprint=b))  # type: ignore[arg-type]
        assert judgement.same is not Sameness.YES


def test_the_sound_alone_does_not_join_two_versions(sounds: dict[tuple[int, str], str]) -> None:
    """An instrumental sounds nearly like its song: what the names say of the version then counts."""
    late = sounds[0, "late.mp3"]
    song = Recording(artist="A", title="One name", duration_s=SECONDS, fingerprint=sounds[0, "original"])
    bare = Recording(artist="A", title="One name", version=("Instrumental",), duration_s=SECONDS, fingerprint=late)
    assert SAME <= similarity(sounds[0, "original"], late) < 0.96
    assert same_recording(song, bare).same is not Sameness.YES
    same_file = bare.model_copy(update={"fingerprint": sounds[0, "original"]})
    assert same_recording(song, same_file).same is Sameness.YES


def test_the_sound_joins_nothing_over_a_length_that_contradicts_it(sounds: dict[tuple[int, str], str]) -> None:
    """A fingerprint hears two minutes: what comes behind them may be another song."""
    song = Recording(artist="A", title="One name", duration_s=200, fingerprint=sounds[0, "original"])
    long = song.model_copy(update={"duration_s": 600.0})
    assert same_recording(song, long).same is not Sameness.YES
    other_name = Recording(artist="Z", title="Quite another", fingerprint=sounds[0, "original"])
    assert same_recording(song, other_name).same is Sameness.UNSURE


def test_a_mostly_silent_file_says_little(tmp_path: Path) -> None:
    prints = []
    for seed in (5, 6):
        tune, path = tmp_path / f"{seed}.wav", tmp_path / f"{seed}-late.mp3"
        compose(tune, seed=seed)
        late = ["-t", "8", "-i", str(tune), "-af", "adelay=100000", str(path)]
        subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *late], check=True, stdin=subprocess.DEVNULL)
        prints.append(fingerprint(path) or "")
    assert similarity(*prints) >= SAME
    assert heard(prints[0]) < 20
    one = Recording(artist="A", title="One name", duration_s=108, fingerprint=prints[0])
    two = Recording(artist="Z", title="Quite another", duration_s=108, fingerprint=prints[1])
    assert same_recording(one, two).same is not Sameness.YES


def test_how_much_was_heard_is_counted_in_different_frames(sounds: dict[tuple[int, str], str]) -> None:
    assert all(heard(sound) > 60 for sound in sounds.values())
    assert heard("") == 0


def test_there_are_twenty_keys_and_none_of_silence(sounds: dict[tuple[int, str], str], tmp_path: Path) -> None:
    assert len(set(sound_keys(sounds[0, "original"]))) == KEYS
    assert sound_keys(None) == ()
    quiet = tmp_path / "quiet.wav"
    silence = ["-f", "lavfi", "-i", "anullsrc=r=11025:cl=mono", "-t", "60"]
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *silence, str(quiet)], check=True)
    assert sound_keys(fingerprint(quiet)) == ()


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_keys_of_any_text_are_made_without_an_exception(text: str) -> None:
    assert len(sound_keys(text)) in (0, KEYS)


# Downloads


def test_a_download_that_sounds_different_is_refused_whatever_its_length(sounds: dict[tuple[int, str], str]) -> None:
    wanted = Recording(title="x", duration_s=SECONDS, fingerprint=sounds[0, "original"])
    judgement = judge_audio(wanted, SECONDS, sounds[1, "original"])
    assert judgement.same is Sameness.NO
    assert judgement.reasons == ("sounds different from the recording asked for",)


def test_a_download_that_sounds_the_same_passes_whatever_its_length(sounds: dict[tuple[int, str], str]) -> None:
    wanted = Recording(title="x", duration_s=200, fingerprint=sounds[0, "original"])
    assert judge_audio(wanted, SECONDS, sounds[0, "opus.ogg"]).same is Sameness.YES


def test_a_song_that_begins_late_in_its_video_is_still_it(sounds: dict[tuple[int, str], str], tmp_path: Path) -> None:
    original, video = tmp_path / "song.wav", tmp_path / "video.m4a"
    compose(original, seed=0)
    late = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(original), "-af", "adelay=25000", str(video)]
    subprocess.run(late, check=True, stdin=subprocess.DEVNULL)
    wanted = Recording(title="x", duration_s=SECONDS, fingerprint=sounds[0, "original"])
    assert judge_audio(wanted, SECONDS + 25, fingerprint(video), Kind.VIDEO).same is Sameness.YES


AUDIO = AudioReference(name="audio-main-7-2", digest="00", size_bytes=3, duration_s=201)


def test_how_it_sounds_is_told_with_the_judgement(sounds: dict[tuple[int, str], str]) -> None:
    command = CheckAudio(
        link="main", track_id=7, attempt=2, recording=Recording(title="x", duration_s=200), audio=AUDIO, kind=Kind.SONG
    )
    checked = handlers.check_audio(command, ProbedAudio(AudioTags(), sounds[0, "original"]))
    assert (checked.track_id, checked.attempt, checked.audio_name) == (7, 2, "audio-main-7-2")
    assert checked.judgement.same is Sameness.YES
    assert checked.fingerprint == sounds[0, "original"]
    assert checked.sound_keys == sound_keys(sounds[0, "original"])


def test_the_length_inside_the_file_counts_where_no_other_is_known() -> None:
    unmeasured = AUDIO.model_copy(update={"duration_s": None})
    command = CheckAudio(link="main", track_id=7, recording=Recording(title="x", duration_s=200), audio=unmeasured)
    assert handlers.check_audio(command, ProbedAudio(AudioTags(duration_s=400))).judgement.same is Sameness.NO
    assert handlers.check_audio(command, ProbedAudio(AudioTags())).judgement.same is Sameness.UNSURE


def test_audio_that_is_gone_is_asked_for_again() -> None:
    command = CheckAudio(link="main", track_id=7, recording=Recording(title="x"), audio=AUDIO)
    with pytest.raises(Permanent) as gone:
        handlers.check_audio(command, None)
    assert gone.value.kind is FailureKind.AUDIO_MISSING
