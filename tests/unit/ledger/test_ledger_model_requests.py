"""The model of the world with people who answer, report, pause and delete, at any moment and in any order.

They are honest: they pick the right song, and call wrong what is wrong. In the end each collection holds each song
once, and nothing that was reported.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from navaar_contracts import commands as c
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_ledger.application.views import open_questions
from navaar_ledger.domain.track import Delivery, Track
from tests.support.ledger_world import World, catalogue_id
from tests.unit.ledger.test_ledger_model import SETTLED, AnyOrder

MISTAKEN, DOUBTFUL = 0, 1
NUMBERS = range(5)


class WithPeople(AnyOrder):
    """Song 0 is first taken for its remix; the identifier is never sure of song 1."""

    @initialize(width=st.integers(1, 3))
    def begin(self, width: int) -> None:
        self.deleted: set[int] = set()
        self.world = World(working=width, identifying=width, listening=width)
        self.world.open_collections()
        self.world.mistaken.add(MISTAKEN)
        self.world.doubtful.add(DOUBTFUL)

    @precondition(lambda self: self.world.wrong_ones())
    @rule(which=st.integers(0, 5))
    def a_person_reports_a_wrong_match(self, which: int) -> None:
        wrong = self.world.wrong_ones()
        track_id, target = wrong[which % len(wrong)]
        self.world.ask(c.ReportWrongMatch, track_id=track_id, target=target)

    @precondition(lambda self: self.questions())
    @rule(which=st.integers(0, 5))
    def a_person_answers(self, which: int) -> None:
        questions = self.questions()
        self.answer(*questions[which % len(questions)])

    @rule(direction=st.none() | st.sampled_from(list(Direction)), paused=st.booleans())
    def a_person_pauses(self, direction: Direction | None, paused: bool) -> None:
        self.world.ask(c.SetPause, direction=direction, paused=paused)

    @precondition(lambda self: self.world.store.documents)
    @rule(which=st.integers(0, 20), really=st.integers(0, 3))
    def a_person_deletes(self, which: int, really: int) -> None:
        documents = self.world.store.documents
        track = documents[sorted(documents)[which % len(documents)]]
        if really:
            return  # Most stories are about something else.
        self.deleted.add(number_of(track))
        self.world.ask(c.DeleteTrack, track_id=track.id)

    def questions(self) -> list[tuple[Track, Delivery]]:
        return [
            (track, track.deliveries[question.target])
            for track in self.world.store.documents.values()
            if track.is_alive
            for question in open_questions(track, 3)
        ]

    def answer(self, track: Track, delivery: Delivery) -> None:
        right = [s.candidate.id for s in delivery.alternatives if s.candidate.title == f"song {number_of(track)}"]
        fields = {"answer": "pick", "external_id": right[0]} if right else {"answer": "search_again"}
        self.world.ask(c.AnswerReview, track_id=track.id, target=delivery.target, **fields)

    def name_by_hand(self) -> None:
        """What no search finds any more, a person names."""
        for track in list(self.world.store.documents.values()):
            for delivery in track.deliveries.values() if track.is_alive else ():
                if delivery.state is DeliveryState.FAILED and delivery.cause in ("no_match", "rejected"):
                    named = catalogue_id(delivery.target, number_of(track))
                    if delivery.target is Platform.TELEGRAM:
                        named = catalogue_id(Platform.YOUTUBE, number_of(track), other=True)
                    self.world.ask(
                        c.AnswerReview,
                        track_id=track.id,
                        target=delivery.target,
                        answer="pick",
                        external_id=named,
                    )

    @invariant()
    def no_song_is_placed_twice(self) -> None:
        if not hasattr(self, "world"):
            return
        for platform in Platform:
            for number in NUMBERS:
                if number not in self.deleted:
                    assert self.world.copies(platform, number) <= 1, (platform, number)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        world.ask(c.SetPause, direction=None, paused=False)
        world.settle()
        for _ in range(4):
            while world.wrong_ones() or self.questions():
                for track_id, target in world.wrong_ones():
                    world.ask(c.ReportWrongMatch, track_id=track_id, target=target)
                for question in self.questions():
                    self.answer(*question)
                world.settle()
            world.retry_all()
            world.settle()
            self.name_by_hand()
            world.settle()
        self.no_song_is_placed_twice()
        for number in {n for shelf in world.shelves.values() for _, n in shelf.items if n in NUMBERS} - self.deleted:
            assert [world.copies(platform, number) for platform in Platform] == [1, 1, 1], number
        for track in world.store.documents.values():
            if track.is_alive and number_of(track) not in self.deleted:
                assert {d.state for d in track.deliveries.values()} <= set(SETTLED), track


def number_of(track: Track) -> int:
    return int(track.item.title.split()[-1])


WithPeople.TestCase.settings = settings(
    max_examples=120,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
test_honest_people_end_with_each_song_once = WithPeople.TestCase
