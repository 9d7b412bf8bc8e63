"""What is heard in posts and downloads: one recording under two names is one track, the wrong audio is not posted."""

from __future__ import annotations

from navaar_contracts.commands import (
    AnswerReview,
    CheckAudio,
    DiscardAudio,
    DownloadAudio,
    JudgeIdentity,
    ReportWrongMatch,
    ReviewAnswer,
)
from navaar_contracts.events import AudioChecked, FailureKind, ItemSighted
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.message import TrackCommand
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import GetTrack, ListTracks
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.domain.track import Delivery, TrackState
from tests.support.ledger_world import START, Song, World, catalogue_id, run

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM


def to_telegram(world: World, track: int = 1) -> Delivery:
    return world.store.documents[track].deliveries[TG]


def post(world: World, message: str, title: str, sound: int) -> None:
    """Somebody posts a file called `title` in which one hears song `sound`."""
    item = ItemMetadata(title=title, artists=("Somebody",), file_id=f"sound {sound}", size_bytes=1000)
    world.events.append(ItemSighted(link="main", platform=TG, external_id=message, item=item, sighted_at=world.tick()))
    world.settle()


def sent(world: World, kind: type[TrackCommand]) -> list[TrackCommand]:
    return [m for m in world.sent if isinstance(m, kind)]


def words(world: World) -> str:
    return "\n".join(entry.details for entry in world.store.entries.values())


# Two names, one sound


def test_the_same_audio_posted_under_another_name_is_not_synced_again(world: World) -> None:
    post(world, "901", "chant 1", sound=7)
    post(world, "902", "chant 2", sound=7)
    assert world.store.documents[2].state is TrackState.MERGED
    assert world.store.documents[2].merged_into == 1
    assert len(world.placings) == 2
    assert world.store.documents[1].recording.fingerprint == "sound 7"  # type: ignore[union-attr]


def test_other_audio_under_another_name_is_another_track(world: World) -> None:
    post(world, "901", "chant 1", sound=7)
    post(world, "902", "chant 2", sound=8)
    assert world.store.documents[2].is_alive
    assert len(world.placings) == 4


def test_a_post_that_is_not_fetched_is_no_sound_of_anything(world: World) -> None:
    item = ItemMetadata(title="chant 1", artists=("Somebody",), file_id="sound 7", size_bytes=25 * 1024**2)
    world.events.append(ItemSighted(link="main", platform=TG, external_id="901", item=item, sighted_at=START))
    world.settle()
    assert world.store.documents[1].sound_keys == ()
    assert len(world.placings) == 2


def test_a_download_that_sounds_like_a_known_track_is_that_track_and_is_not_posted(world: World) -> None:
    post(world, "901", "chant 9", sound=1)
    world.add(SP, Song(1))
    world.settle()
    assert [type(c) for c in sent(world, JudgeIdentity)] == [JudgeIdentity]
    assert world.store.documents[2].merged_into == 1
    assert not [p for p in world.placings if p.target is TG]
    # The audio that nobody needs is thrown away.
    assert ("audio-2-1",) in [m.names for m in world.sent if isinstance(m, DiscardAudio)]


def test_what_sounds_like_a_download_and_is_judged_another_does_not_hold_it(world: World) -> None:
    post(world, "901", "chant 9", sound=1)
    known = world.store.documents[1]
    world.store.documents[1] = known.changed(
        recording=known.recording.model_copy(update={"fingerprint": "sound 1, with another voice"})  # type: ignore[union-attr]
    )
    world.add(SP, Song(1))
    world.settle()
    assert world.store.documents[2].is_alive
    assert to_telegram(world, 2).state is DeliveryState.SYNCED


def test_two_that_cannot_be_compared_by_sound_are_placed_all_the_same(world: World) -> None:
    post(world, "901", "chant 9", sound=1)
    world.fail = lambda command: FailureKind.EXHAUSTED if isinstance(command, JudgeIdentity) else None
    world.add(SP, Song(1))
    world.settle()
    assert to_telegram(world, 2).state is DeliveryState.SYNCED
    assert "without being compared by sound" in words(world)


# The wrong audio


def test_a_download_that_is_not_the_recording_is_not_posted_and_another_upload_is_taken(world: World) -> None:
    world.mislabelled = {catalogue_id(YT, 1)}
    world.add(SP, Song(1))
    world.settle()
    (posted,) = [p for p in world.placings if p.target is TG]
    assert to_telegram(world).source.id == catalogue_id(YT, 1, other=True)  # type: ignore[union-attr]
    assert posted.audio is not None
    assert posted.audio.name != "audio-1-1"
    assert "The download is not the recording asked for: 61 s longer than the recording asked for." in words(world)
    assert ("audio-1-1",) in [m.names for m in world.sent if isinstance(m, DiscardAudio)]


def test_where_every_upload_is_another_recording_nothing_is_posted_and_the_reason_is_told(world: World) -> None:
    world.mislabelled = {catalogue_id(YT, 1), catalogue_id(YT, 1, other=True), "remix-yt-1"}
    world.add(SP, Song(1))
    world.settle()
    stopped = to_telegram(world)
    assert stopped.state is DeliveryState.FAILED
    assert stopped.cause == "download_failed"
    assert "not the recording asked for: 61 s longer" in (stopped.reason or "")
    assert not [p for p in world.placings if p.target is TG]
    # YouTube's own delivery is another matter.
    assert world.copies(YT, 1) == 1


def test_a_video_that_a_person_picked_is_posted_whatever_its_length(world: World) -> None:
    world.doubtful = {1}
    world.mislabelled = {catalogue_id(YT, 1)}
    world.add(SP, Song(1))
    world.settle()
    assert to_telegram(world).cause == "youtube_review"
    world.ask(AnswerReview, track_id=1, target=YT, answer=ReviewAnswer.PICK, external_id=catalogue_id(YT, 1))
    world.settle()
    assert to_telegram(world).state is DeliveryState.SYNCED
    assert "A person picked this video" in words(world)


def test_a_sound_that_was_wrong_is_forgotten(world: World) -> None:
    world.mistaken = {1}
    world.add(SP, Song(1))
    world.settle()
    assert world.store.documents[1].heard_in == "remix-yt-1"
    world.mistaken = set()
    world.ask(ReportWrongMatch, track_id=1, target=TG)
    assert world.store.documents[1].sound_keys == ()
    assert world.store.documents[1].recording.fingerprint is None  # type: ignore[union-attr]


# What goes wrong while listening


def test_a_check_without_an_answer_is_made_again_without_another_download(world: World) -> None:
    failures = iter([FailureKind.EXHAUSTED])
    world.fail = lambda command: next(failures, None) if isinstance(command, CheckAudio) else None
    world.add(YT, Song(1))
    world.settle()
    assert to_telegram(world).state is DeliveryState.SYNCED
    assert len(sent(world, DownloadAudio)) == 1
    assert len(sent(world, CheckAudio)) == 2


def test_audio_that_is_gone_before_it_was_heard_is_downloaded_again(world: World) -> None:
    failures = iter([FailureKind.AUDIO_MISSING])
    world.fail = lambda command: next(failures, None) if isinstance(command, CheckAudio) else None
    world.add(YT, Song(1))
    world.settle()
    assert to_telegram(world).state is DeliveryState.SYNCED
    assert len(sent(world, DownloadAudio)) == 2


def test_an_answer_about_other_audio_changes_nothing(world: World) -> None:
    world.add(YT, Song(1))
    world.hand(world.events.pop())
    while not any(isinstance(c, CheckAudio) for c in world.commands):
        if world.events:
            world.hand(world.events.pop(0))
        else:
            world.carry_out(world.commands.pop(0))
    before = world.store.documents[1]
    (command,) = [c for c in world.commands if isinstance(c, CheckAudio)]
    answer = world.answer(command)
    assert isinstance(answer, AudioChecked)
    world.hand(answer.model_copy(update={"audio_name": "another"}))
    assert world.store.documents[1] == before


def test_one_track_is_shown_with_its_sound_and_a_list_without(world: World) -> None:
    world.add(YT, Song(1))
    world.settle()
    questions = LedgerQueries(world.store, world.policy, START)
    one = run(questions.get_track(GetTrack(track_id=1))).track
    assert one.recording.fingerprint == "sound 1"
    (listed,) = run(questions.list_tracks(ListTracks())).tracks
    assert listed.recording.fingerprint is None
