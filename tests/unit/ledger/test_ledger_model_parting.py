"""The model of the world with an identifier that takes two songs for one, and people who part what it has joined.

They are honest: they part a joined track from a song that it is not. In the end each collection holds each song once.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from navaar_contracts import commands as c
from navaar_contracts.identifiers import Platform
from navaar_ledger.domain.track import Track, TrackState
from tests.support.ledger_world import Song, World
from tests.unit.ledger.test_ledger_model import SETTLED, AnyOrder

CONFUSED = (0, 1)


class WithPartings(AnyOrder):
    """Songs 0 and 1 share a key, and every judgement calls them one."""

    @initialize(width=st.integers(1, 3))
    def begin(self, width: int) -> None:
        self.world = World(working=width)
        self.world.open_collections()
        self.world.confused = set(CONFUSED)

    @rule(
        song=st.sampled_from([0, 0, 1, 1, 2, 4]),
        platform=st.sampled_from(list(Platform)),
        odd=st.booleans(),
        reported=st.booleans(),
    )
    def somebody_adds(self, song: int, platform: Platform, odd: bool, reported: bool) -> None:
        named = Song(song, int(odd and song not in CONFUSED))
        self.world.add(platform, named, report=reported)

    @precondition(lambda self: self.wrongly_joined())
    @rule(which=st.integers(0, 5), crash=st.none() | st.integers(0, 3), meanwhile=st.booleans())
    def a_person_parts(self, which: int, crash: int | None, meanwhile: bool) -> None:
        world, found = self.world, self.wrongly_joined()
        world.catch_up()
        request = c.PartTrack(link="main", track_id=found[which % len(found)], asked_at=world.tick(0.01), by="admin 7")
        if not world.hand(request, crash_after=crash):
            if meanwhile:
                world.run_clock()
                world.cycle()
            assert world.hand(request)

    def wrongly_joined(self) -> list[int]:
        documents = self.world.store.documents
        return [
            number
            for number, track in documents.items()
            if track.state is TrackState.MERGED and song_of(track) != song_of(self.root(track))
        ]

    def root(self, track: Track) -> Track:
        while track.state is TrackState.MERGED and track.merged_into is not None:
            track = self.world.store.documents[track.merged_into]
        return track

    @invariant()
    def no_song_is_placed_twice(self) -> None:
        if not hasattr(self, "world"):
            return
        for platform in Platform:
            for number in range(5):
                assert self.world.copies(platform, number) <= 1, (platform, number)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        world.settle()
        for _ in range(4):
            while found := self.wrongly_joined():
                world.ask(c.PartTrack, track_id=found[0])
                world.settle()
            world.retry_all()
            world.settle()
        self.no_song_is_placed_twice()
        for number in {number for shelf in world.shelves.values() for _, number in shelf.items}:
            assert [world.copies(platform, number) for platform in Platform] == [1, 1, 1], number
        for track in world.store.documents.values():
            if track.is_alive:
                assert {d.state for d in track.deliveries.values()} <= set(SETTLED), track


def song_of(track: Track) -> int:
    return int(track.item.title.split()[-1])


WithPartings.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
test_what_was_joined_wrongly_and_parted_ends_with_each_song_once = WithPartings.TestCase
