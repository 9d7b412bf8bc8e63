"""The identifier's handlers: message in, message out."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_contracts.commands import ChooseMatch, IdentifyTrack, JudgeIdentity, KnownTrack
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioReference, AudioTags, Candidate, ItemMetadata, Recording, Sameness, Verdict
from navaar_identifier import handlers
from navaar_identifier.compare.thresholds import DEFAULT, Thresholds
from navaar_identifier.ports import ProbedAudio
from navaar_identifier.settings import IdentifierSettings
from navaar_runtime.failures import Transient
from navaar_runtime.object_store import ObjectMissing
from navaar_runtime.settings import SettingsError, load

SONG = Recording(artist="Daft Punk", artists=("Daft Punk",), title="One More Time", duration_s=320)
OTHER = Recording(artist="Moby", artists=("Moby",), title="Porcelain", duration_s=241)
AUDIO = AudioReference(name="audio-main-7-1", digest="00", size_bytes=3)


class Files:
    """Hands out one file, or the error it was made with."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.written: list[Path] = []

    async def fetch(self, name: str, digest: str, path: Path) -> None:
        if self.error is not None:
            raise self.error
        path.write_bytes(b"abc")
        self.written.append(path)


PROBED = ProbedAudio(AudioTags(title="One More Time", artist="Daft Punk", isrc="GBDUW0000053"), "AQAAA")


async def probe(path: Path) -> ProbedAudio:
    assert path.read_bytes() == b"abc"
    return PROBED


async def no_probe(path: Path) -> ProbedAudio:
    raise AssertionError("nothing to probe")


CHANNELS = Platform("telegram")
SEARCHABLE = {platform for platform in Platform if platform.spec.has_catalogue}


def identify(item: ItemMetadata, platform: Platform = CHANNELS) -> IdentifyTrack:
    return IdentifyTrack(link="main", track_id=7, attempt=2, platform=platform, item=item)


# Listening


async def test_the_fetched_audio_is_listened_to_and_gone_afterwards() -> None:
    files = Files()
    assert await handlers.probed(AUDIO, files, probe) == PROBED
    assert not files.written[0].exists()


async def test_an_item_without_audio_tells_nothing() -> None:
    assert await handlers.probed(None, Files(), no_probe) is None


async def test_audio_that_is_gone_tells_nothing_and_is_no_failure() -> None:
    assert await handlers.probed(AUDIO, Files(ObjectMissing("gone")), no_probe) is None


async def test_a_store_that_does_not_answer_is_tried_again() -> None:
    with pytest.raises(Transient):
        await handlers.probed(AUDIO, Files(Transient("no answer")), no_probe)


# Identifying


def test_an_identified_track_can_be_searched_on_both_platforms_and_found_again() -> None:
    identified = handlers.identify_track(identify(ItemMetadata(title="One More Time", artists=("Daft Punk",))), None)
    assert (identified.link, identified.track_id, identified.attempt) == ("main", 7, 2)
    assert identified.method == "tg_metadata"
    assert identified.recording.title == "One More Time"
    assert identified.keys
    assert set(identified.queries) == SEARCHABLE >= {Platform("youtube"), Platform("spotify")}
    assert all("one more time" in queries[-1].lower() for queries in identified.queries.values())


def test_tags_inside_the_audio_come_first() -> None:
    identified = handlers.identify_track(identify(ItemMetadata(file_name="track01.mp3")), PROBED)
    assert identified.method == "id3"
    assert identified.recording.isrc == "GBDUW0000053"
    assert "isrc:gbduw0000053" in identified.keys
    assert identified.recording.fingerprint == "AQAAA"


def test_an_item_without_any_name_is_identified_as_nothing() -> None:
    identified = handlers.identify_track(identify(ItemMetadata()), None)
    assert identified.recording.title == ""
    assert identified.queries == dict.fromkeys(SEARCHABLE, ())


# Judging


def judge(*known: tuple[int, Recording]) -> JudgeIdentity:
    tracks = tuple(KnownTrack(track_id=track, recording=recording) for track, recording in known)
    return JudgeIdentity(link="main", track_id=7, recording=SONG, known=tracks)


def test_the_known_track_that_is_the_same_recording_is_named() -> None:
    judged = handlers.judge_identity(judge((3, OTHER), (5, SONG)), DEFAULT)
    assert judged.same_as == 5
    assert judged.judgement is not None
    assert judged.judgement.same is Sameness.YES


def test_among_equals_the_oldest_track_is_named() -> None:
    assert handlers.judge_identity(judge((9, SONG), (4, SONG)), DEFAULT).same_as == 4


def test_another_recording_is_judged_to_be_none_of_them() -> None:
    judged = handlers.judge_identity(judge((3, OTHER)), DEFAULT)
    assert judged.same_as is None
    assert judged.judgement is not None
    assert judged.judgement.same is Sameness.NO


def test_nothing_known_is_nothing_the_same() -> None:
    judged = handlers.judge_identity(judge(), DEFAULT)
    assert (judged.same_as, judged.judgement) == (None, None)


# Choosing


def choose(*candidates: Candidate) -> ChooseMatch:
    return ChooseMatch(
        link="main", track_id=7, attempt=3, target=Platform("spotify"), round=1, recording=SONG, candidates=candidates
    )


GOOD = Candidate(id="good", title="One More Time", artists=("Daft Punk",), duration_s=320)
WRONG = Candidate(id="wrong", title="Porcelain", artists=("Moby",), duration_s=241)


def test_the_candidate_that_is_the_recording_is_chosen() -> None:
    chosen = handlers.choose_match(choose(WRONG, GOOD), DEFAULT)
    assert (chosen.target, chosen.round, chosen.attempt) == (Platform("spotify"), 1, 3)
    assert chosen.choice.verdict is Verdict.MATCH
    assert chosen.choice.chosen is not None
    assert chosen.choice.chosen.candidate.id == "good"


def test_no_candidates_is_no_match() -> None:
    assert handlers.choose_match(choose(), DEFAULT).choice.verdict is Verdict.NONE


def test_the_limits_decide_between_match_and_review() -> None:
    strict = Thresholds(match=1.0, review=0.3)
    near = GOOD.model_copy(update={"duration_s": 326.0})
    assert handlers.choose_match(choose(near), strict).choice.verdict is Verdict.REVIEW


# Settings


def test_limits_come_from_the_environment() -> None:
    environment = {"NAVAAR_MATCH_THRESHOLD": "0.9", "NAVAAR_REVIEW_THRESHOLD": "0.5"}
    thresholds = load(IdentifierSettings, environment).thresholds()
    assert (thresholds.match, thresholds.review, thresholds.same) == (0.9, 0.5, DEFAULT.same)


def test_a_match_limit_below_the_review_limit_stops_the_start() -> None:
    with pytest.raises(
        SettingsError, match=r"NAVAAR_MATCH_THRESHOLD: must not be below NAVAAR_REVIEW_THRESHOLD.*for example"
    ):
        load(IdentifierSettings, {"NAVAAR_MATCH_THRESHOLD": "0.2", "NAVAAR_REVIEW_THRESHOLD": "0.5"})
