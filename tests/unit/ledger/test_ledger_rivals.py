"""Two songs that choose one item: one recording spelled in two ways is joined, two songs stay two and are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from navaar_contracts.causes import Cause
from navaar_contracts.commands import AnswerReview, JudgeIdentity, RemoveTrack
from navaar_contracts.events import FailureKind, IdentityJudged, ItemSighted, MatchChosen
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.links import Link
from navaar_contracts.music import Candidate, Choice, ItemMetadata, Judgement, Recording, Sameness, Verdict
from navaar_contracts.music import ScoredCandidate as Scored
from navaar_ledger.application.views import open_questions
from navaar_ledger.domain.decide import decide
from navaar_ledger.domain.decision import Decision, Facts
from navaar_ledger.domain.overrides import Override, override_keys
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Delivery, Track, TrackState, TrackStep, claim_key
from tests.support.ledger_world import Song, World, catalogue_id, spelled

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
SP, YT, TG = Platform.SPOTIFY, Platform.YOUTUBE, Platform.TELEGRAM
LINK = Link(name="main", telegram_channel_id="@c", ytmusic_playlist_id="y", spotify_playlist_id="s")
POLICY = Policy(links={"main": LINK})
S = DeliveryState
ITEM = Candidate(id="sp-1", title="Harbour Lights")
KEY = claim_key("main", SP, ITEM.id)

# Which of two songs an item belongs to, decided on two documents


def song(number: int, title: str, *, score: float | None = None, state: DeliveryState = S.PENDING) -> Track:
    """A song of the YouTube playlist; with a score it has chosen the item on Spotify."""
    chosen = None if score is None else Scored(candidate=ITEM, score=score, reasons=("title agrees",))
    delivery = Delivery(target=SP, origin=YT, track_id=number, state=state, looked_at=1, chosen=chosen, changed_at=AT)
    is_there = state.is_done
    return Track(
        id=number,
        link="main",
        state=TrackState.IDENTIFIED,
        step=TrackStep.DONE,
        origin=YT,
        origin_external_id=f"yt-{number}",
        item=ItemMetadata(title=title),
        items={YT: f"yt-{number}", **({SP: ITEM.id} if is_there else {})},
        recording=Recording(artist="Nina Hart", title=title, duration_s=200),
        queries={SP: (title,)},
        deliveries={SP: delivery.noted(external_id=ITEM.id if is_there else None, ready=state is S.PENDING)},
        changed_at=AT,
        created_at=AT,
        updated_at=AT,
    )


def compared(
    newcomer: Track, holder: Track, score: float, same: Sameness, *, picked: bool = False
) -> tuple[Track, Track, list[Decision]]:
    """Both after the newcomer chose the holder's item and the identifier said whether the two songs are one."""
    documents = {holder.id: holder, newcomer.id: newcomer.with_delivery(newcomer.deliveries[SP].noted(ready=False))}
    searching = documents[newcomer.id].deliveries[SP].noted(state=S.MATCHING, candidates=(ITEM,))
    documents[newcomer.id] = documents[newcomer.id].with_delivery(searching)
    owners = {KEY: holder.id}
    keys = override_keys("main", holder.recording, SP)
    overrides = dict.fromkeys(keys, Override(chosen=ITEM, made_at=AT) if picked else None)
    decisions: list[Decision] = []

    def take(message: MatchChosen | IdentityJudged) -> None:
        while True:
            owners.setdefault(KEY, newcomer.id)
            facts = Facts(at=AT, policy=POLICY, owners=dict(owners), overrides=dict(overrides))
            facts.know(documents.values())
            made = decide(documents[newcomer.id], message, facts)
            decisions.append(made)
            documents.update({each.track.id: each.track for each in made.writes})
            for release in made.after.releases:
                if owners.get(release.key) in release.holders:
                    del owners[release.key]
            if not made.again:
                return

    match = Scored(candidate=ITEM, score=score, reasons=("title agrees",))
    choice = Choice(verdict=Verdict.MATCH, chosen=match, ranked=(match,))
    name = {"link": "main", "track_id": newcomer.id}
    take(MatchChosen(**name, attempt=1, target=SP, round=0, choice=choice))
    asked = [m for made in decisions for m in made.messages if isinstance(m, JudgeIdentity)]
    assert [(m.target, m.attempt, [k.track_id for k in m.known]) for m in asked] == [(SP, 2, [holder.id])]
    judgement = Judgement(same=same, score=0.5, reasons=("title nearly agrees",))
    same_as = holder.id if same is Sameness.YES else None
    take(IdentityJudged(**name, attempt=2, target=SP, same_as=same_as, judgement=judgement))
    return documents[newcomer.id], documents[holder.id], decisions


def test_the_identifiers_yes_joins_them() -> None:
    newcomer, holder, _ = compared(song(2, "Harbor Lights"), song(1, "Harbour Lights", score=0.9), 0.9, Sameness.YES)
    assert newcomer.merged_into == holder.id == 1


def test_the_weaker_match_is_not_found_there_and_names_the_other() -> None:
    newcomer, holder, _ = compared(song(2, "Paper Crown"), song(1, "Harbour Lights", score=0.95), 0.65, Sameness.NO)
    stopped = newcomer.deliveries[SP]
    assert (stopped.state, stopped.cause) == (S.FAILED, Cause.NO_MATCH)
    assert "#1 Nina Hart - Harbour Lights, another song" in (stopped.reason or "")
    assert holder == song(1, "Harbour Lights", score=0.95)


def test_the_weaker_match_is_withdrawn_when_it_was_there_first() -> None:
    newcomer, holder, decisions = compared(
        song(2, "Harbour Lights"), song(1, "Paper Crown", score=0.65), 0.95, Sameness.NO
    )
    assert newcomer.deliveries[SP].chosen is not None
    assert newcomer.deliveries[SP].ready
    given_up = holder.deliveries[SP]
    assert (given_up.state, given_up.ready, given_up.chosen) == (S.PENDING, False, None)
    assert ITEM.id in given_up.ruled_out
    assert any(release.key == KEY for made in decisions for release in made.after.releases)


@pytest.mark.parametrize(
    ("holder", "same", "picked"),
    [
        (song(1, "Paper Crown", score=0.9), Sameness.NO, False),
        (song(1, "Paper Crown", score=0.65), Sameness.UNSURE, False),
        (song(1, "Paper Crown", score=0.65), Sameness.NO, True),
        (song(1, "Paper Crown", score=0.65, state=S.DUPLICATE), Sameness.NO, False),
    ],
    ids=["a tie", "nobody can tell", "a person picked it", "a person's own item"],
)
def test_what_is_not_clear_or_not_ours_to_take_away_is_a_question(holder: Track, same: Sameness, picked: bool) -> None:
    newcomer, after, _ = compared(song(2, "Harbour Lights"), holder, 0.95, same, picked=picked)
    assert after == holder
    (question,) = open_questions(newcomer, 3)
    assert "#1 Nina Hart - Paper Crown" in question.reason
    assert [each.candidate.id for each in question.proposals] == [ITEM.id]


def test_what_we_placed_is_taken_out_by_the_ordinary_way_and_the_better_match_waits_for_it() -> None:
    placed = song(1, "Paper Crown", score=0.65, state=S.SYNCED)
    newcomer, holder, decisions = compared(song(2, "Harbour Lights"), placed, 0.95, Sameness.NO)
    assert [m.external_id for made in decisions for m in made.messages if isinstance(m, RemoveTrack)] == [ITEM.id]
    assert (holder.deliveries[SP].state, holder.deliveries[SP].removing) == (S.SYNCING, ITEM.id)
    assert not holder.deliveries[SP].rejected
    waiting = newcomer.deliveries[SP]
    assert waiting.state is S.RETRY_SCHEDULED
    assert waiting.due_at is not None
    assert "#1 Nina Hart - Paper Crown" in (waiting.reason or "")


def test_what_is_just_being_placed_is_waited_for() -> None:
    holder = song(1, "Paper Crown", score=0.65, state=S.SYNCING)
    newcomer, after, _ = compared(song(2, "Harbour Lights"), holder, 0.95, Sameness.NO)
    assert after == holder
    assert newcomer.deliveries[SP].state is S.RETRY_SCHEDULED


def test_a_sound_that_was_heard_in_a_chosen_video_is_not_what_a_song_says_of_itself() -> None:
    heard = Recording(artist="Nina Hart", title="Paper Crown", fingerprint="x")
    assert song(1, "A").changed(recording=heard, heard_in="yt-9").own_recording == heard.model_copy(
        update={"fingerprint": None}
    )
    assert song(1, "A").changed(recording=heard).own_recording == heard


# The same in the world of the model: song 4 is in no catalogue, and song 3 is taken for it

LIKE, RIGHT = 4, 3


def with_lookalike() -> World:
    world = World()
    world.open_collections()
    world.lookalikes = {LIKE: RIGHT}
    return world


def of(world: World, number: int) -> Track:
    found = [t for t in world.store.documents.values() if t.item.title.endswith(f" {number}") and t.is_alive]
    assert len(found) == 1, found
    return found[0]


def reasons(track: Track) -> str:
    return " ".join(each.reason or "" for each in track.deliveries.values())


def both_at_once(world: World) -> None:
    world.add(SP, Song(LIKE))
    world.add(SP, Song(RIGHT))


def right_one_first(world: World) -> None:
    world.add(SP, Song(RIGHT))
    world.settle()
    world.add(SP, Song(LIKE))


def wrong_one_first(world: World) -> None:
    world.add(SP, Song(LIKE))
    world.settle()
    assert of(world, LIKE).deliveries[YT].state is S.SYNCED
    assert of(world, LIKE).deliveries[TG].state is S.SYNCED
    world.add(SP, Song(RIGHT))


ORDERS = [both_at_once, right_one_first, wrong_one_first]


@pytest.mark.parametrize("begin", ORDERS)
@pytest.mark.parametrize("crash", [None, 0, 1, 2])
def test_whoever_came_first_each_song_ends_where_it_belongs(begin: Callable[[World], None], crash: int | None) -> None:
    """Also where the ledger dies after any of the writes, and decides again."""
    world = with_lookalike()
    begin(world)
    while world.events or world.commands:
        if not world.events:
            world.carry_out(world.commands.pop(0))
            continue
        event = world.events.pop(world.next_event())
        judged = isinstance(event, IdentityJudged)
        if not world.hand(event, crash_after=crash if judged else None):
            assert world.hand(event)
    world.settle()
    right, like = of(world, RIGHT), of(world, LIKE)
    assert {each.state for each in right.deliveries.values()} == {S.SYNCED}
    assert right.items[YT] == catalogue_id(YT, RIGHT)
    assert [item for item, _ in world.shelves[YT].items] == [catalogue_id(YT, RIGHT)]
    assert len(world.shelves[TG].items) == 1
    assert {each.state for each in like.deliveries.values()} == {S.FAILED}
    assert like.deliveries[YT].cause is Cause.NO_MATCH
    assert f"#{right.id} Somebody - song {RIGHT}" in (like.deliveries[YT].reason or "")


@pytest.mark.parametrize("begin", ORDERS[:2])
def test_when_nobody_can_tell_one_question_is_asked_once(begin: Callable[[World], None]) -> None:
    world = with_lookalike()
    world.unsure = {frozenset((LIKE, RIGHT))}
    begin(world)
    world.settle()
    asked = [each for t in (of(world, RIGHT), of(world, LIKE)) for each in open_questions(t, 3)]
    assert len(asked) == 1
    assert " Somebody - song " in asked[0].reason
    unsure = of(world, int(asked[0].track.item.title.split()[-1]))
    world.ask(AnswerReview, track_id=unsure.id, target=YT, answer="none")
    world.settle()
    world.retry_all()
    world.settle()
    assert not [each for t in (of(world, RIGHT), of(world, LIKE)) for each in open_questions(t, 3)]


def test_two_songs_that_meet_on_two_platforms_are_asked_about_once() -> None:
    world = with_lookalike()
    world.unsure = {frozenset((LIKE, RIGHT))}
    world.add(TG, Song(RIGHT))
    world.settle()
    world.add(TG, Song(LIKE))
    world.settle()
    states = sorted(each.state for each in of(world, LIKE).deliveries.values())
    assert states == [S.FAILED, S.REVIEW]
    assert f"song {RIGHT}" in (of(world, LIKE).deliveries[YT].reason or "")
    assert f"song {RIGHT}" in (of(world, LIKE).deliveries[SP].reason or "")


def test_a_person_who_picks_the_item_of_the_other_song_says_that_they_are_one() -> None:
    world = with_lookalike()
    world.unsure = {frozenset((LIKE, RIGHT))}
    right_one_first(world)
    world.settle()
    world.ask(AnswerReview, track_id=of(world, LIKE).id, target=YT, answer="pick", external_id=catalogue_id(YT, RIGHT))
    world.settle()
    assert [t.merged_into for t in world.store.documents.values()] == [None, 1]
    assert len(world.shelves[YT].items) == 1


def test_a_persons_own_item_stays_and_the_other_song_is_not_found(world: World) -> None:
    world.lookalikes = {LIKE: RIGHT}
    world.add(YT, Song(RIGHT))
    world.add(SP, Song(LIKE))
    world.settle()
    assert of(world, LIKE).deliveries[YT].state is S.FAILED
    assert f"song {RIGHT}" in reasons(of(world, LIKE))
    assert len(world.shelves[YT].items) == 1


def test_one_recording_under_two_names_is_joined_without_a_question(world: World) -> None:
    world.add(YT, Song(RIGHT, 2))
    world.add(TG, Song(RIGHT))
    world.settle()
    assert of(world, RIGHT).absorbed
    assert [len(world.shelves[each].items) for each in (TG, YT, SP)] == [1, 1, 1]
    assert any(isinstance(m, JudgeIdentity) and m.target is not None for m in world.sent)


def test_an_item_whose_own_song_has_no_name_yet_is_waited_for(world: World) -> None:
    world.lookalikes = {LIKE: RIGHT}
    world.fail = lambda command: FailureKind.EXHAUSTED if command.track_id == 1 else None
    world.add(YT, Song(RIGHT))
    world.hand(world.events.pop(0))
    late = world.commands.pop()
    world.fail = lambda command: None
    world.add(SP, Song(LIKE))
    while world.events or world.commands:
        world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
    waiting = of(world, LIKE).deliveries[YT]
    assert (waiting.state, waiting.due_at is None) == (S.RETRY_SCHEDULED, False)
    world.carry_out(late)
    world.settle()
    assert of(world, RIGHT).is_alive
    assert of(world, LIKE).deliveries[YT].state is S.FAILED


def test_an_item_that_nobody_could_identify_is_asked_about(world: World) -> None:
    world.lookalikes = {LIKE: RIGHT}
    world.fail = lambda command: FailureKind.PERMANENT if command.track_id == 1 else None
    world.add(YT, Song(RIGHT))
    world.settle()
    world.add(SP, Song(LIKE))
    world.settle()
    assert [t.merged_into for t in world.store.documents.values()] == [None, None]
    (question,) = open_questions(of(world, LIKE), 3)
    assert f"#1 Somebody - song {RIGHT}" in question.reason


def test_a_song_gets_what_another_had_chosen_before_it_turned_out_to_be_there_already(world: World) -> None:
    world.lookalikes = {LIKE: RIGHT}
    world.add(YT, Song(LIKE))
    while not any(each.ready for t in world.store.documents.values() for each in t.deliveries.values()):
        world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
    world.add(SP, Song(LIKE))
    world.settle()
    assert of(world, LIKE).items[SP] == catalogue_id(SP, LIKE)
    world.add(TG, Song(RIGHT))
    world.settle()
    assert of(world, RIGHT).items[SP] == catalogue_id(SP, RIGHT)


@pytest.mark.parametrize(("kind", "times"), [(FailureKind.EXHAUSTED, 2), (FailureKind.PERMANENT, 1)])
def test_a_comparison_without_an_answer_is_made_again_or_told(kind: FailureKind, times: int) -> None:
    world = with_lookalike()
    world.add(SP, Song(RIGHT))
    world.settle()
    failures = iter([kind] * times)
    world.fail = lambda command: next(failures, None) if isinstance(command, JudgeIdentity) and command.target else None
    world.add(SP, Song(LIKE))
    world.settle()
    stopped = of(world, LIKE).deliveries[YT]
    assert stopped.state is S.FAILED
    assert stopped.cause is (Cause.NO_MATCH if kind is FailureKind.EXHAUSTED else Cause.SEARCH_FAILED)
    assert stopped.reason


# A platform that lists another item than the one that was added


def test_a_substitute_that_is_another_songs_is_no_placement_and_is_told() -> None:
    world = World()
    world.open_collections()
    world.listed_as = {catalogue_id(YT, 5): catalogue_id(YT, RIGHT)}
    world.add(SP, Song(RIGHT))
    world.settle()
    world.add(SP, Song(5))
    world.settle()
    stopped = of(world, 5).deliveries[YT]
    assert stopped.external_id != catalogue_id(YT, RIGHT)
    assert YT not in of(world, 5).items or of(world, 5).items[YT] != catalogue_id(YT, RIGHT)
    assert of(world, RIGHT).items[YT] == catalogue_id(YT, RIGHT)
    told = " ".join(each.details for each in world.store.entries.values() if each.track_id == of(world, 5).id)
    assert f"#{of(world, RIGHT).id} Somebody - song {RIGHT}" in told


def test_a_substitute_that_is_the_same_recording_joins_the_two(world: World) -> None:
    """The one is known as what the platform lists, the other chose what it lists that for."""
    world.listed_as = {catalogue_id(YT, RIGHT): catalogue_id(YT, RIGHT, other=True)}
    world.add(YT, Song(RIGHT, 2), other_upload=True, report=False)
    world.report(YT)
    world.add(SP, Song(RIGHT), other_upload=True)
    world.settle()
    assert of(world, RIGHT).absorbed


# What was chosen for a name that the post does not say any more


def test_a_song_gets_the_item_that_an_edited_post_had_chosen(world: World) -> None:
    world.add(TG, Song(1))
    while not any(each.ready for t in world.store.documents.values() for each in t.deliveries.values()):
        world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
    world.commands.clear()
    world.shelves[TG].items = [("101", 2)]
    item = ItemMetadata(title=spelled(Song(2)), artists=("Somebody",), duration_s=200)
    at = world.tick()
    world.hand(ItemSighted(link="main", platform=TG, external_id="101", item=item, sighted_at=at, edited_at=at))
    world.add(TG, Song(1, 1))
    world.settle()
    assert [t.merged_into for t in world.store.documents.values()] == [None, None]
    for platform in (YT, SP):
        assert sorted(number for _, number in world.shelves[platform].items) == [1, 2]


def test_candidates_that_nobody_judged_are_judged_after_the_retry(world: World) -> None:
    failures = iter([FailureKind.EXHAUSTED])
    world.lookalikes = {LIKE: RIGHT}
    world.fail = lambda command: next(failures, None) if command.imperative == "choose-match" else None
    world.add(SP, Song(LIKE))
    world.settle()
    assert of(world, LIKE).deliveries[YT].state is S.SYNCED
