"""Exactly one post, whatever fails and wherever the process dies. Pure logic over a channel and a records in memory."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navaar_contracts.events import FailureKind
from navaar_contracts.message import named
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient
from navaar_runtime.idempotency import About, IdempotencyRecord, Overtaken
from navaar_runtime.news import News
from navaar_telegram_gateway.backlog import UpdateBacklog
from navaar_telegram_gateway.channel_state import KEPT, ChannelState
from navaar_telegram_gateway.idempotency import PostNote, PostRecords, delivery_key
from navaar_telegram_gateway.placer import PlaceOrder, PostPlacer
from navaar_telegram_gateway.ports import AudioPost, CannotLook, SeenPost, Sent
from navaar_telegram_gateway.post_finder import MOST_LOOKS, REACH, PostFinder, candidates
from navaar_telegram_gateway.rate_limiter import RateLimiter
from navaar_telegram_session.error_mapping import OutcomeUnknown


class Killed(BaseException):
    """The process dies here."""


OURS = "made for "
"""What only the world knows of a file: for which track the bot has posted it."""


def mark_of(post: SeenPost) -> str | None:
    return post.file_unique_id if post.file_unique_id and post.file_unique_id.startswith(OURS) else None


@dataclass
class World:
    """What outlives a process: the channel's messages and the records. Counts every step, and may kill at one."""

    messages: dict[int, SeenPost] = field(default_factory=dict)
    last_id: int = 0
    records: dict[str, IdempotencyRecord] = field(default_factory=dict)
    steps: int = 0
    kill_at: int | None = None
    staging: bool = True
    may_edit_others: bool = False
    answers: list[Callable[[World, AudioPost], Sent]] = field(default_factory=list)
    uploads: int = 0
    revision: int = 0
    caption: str = ""
    """What the link's owner wants below every song."""

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.kill_at:
            raise Killed

    def put(self, post: SeenPost) -> int:
        self.last_id += 1
        self.messages[self.last_id] = post
        return self.last_id

    def post(self, post: AudioPost) -> Sent:
        number = post.size_bytes - 1000
        seen = SeenPost(post.caption or None, post.title, post.performer, post.size_bytes, f"{OURS}{number}")
        return Sent(self.put(seen), seen.file_unique_id)

    def ours(self) -> list[int]:
        """The tracks of the bot's posts, in the order of the channel."""
        return [int(each.removeprefix(OURS)) for post in self.messages.values() if (each := mark_of(post))]


class IdempotencyRecords:
    def __init__(self, world: World) -> None:
        self._world = world

    async def get(self, key: str) -> IdempotencyRecord | None:
        self._world.step()
        return self._world.records.get(key)

    async def create(
        self,
        key: str,
        note: dict[str, Any],
        *,
        about: About | None = None,
        over: IdempotencyRecord | None = None,
    ) -> IdempotencyRecord:
        return self._put(IdempotencyRecord(key, "begun", datetime.now(UTC), note, about=about), over)

    async def complete(
        self,
        key: str,
        outcome: dict[str, Any],
        *,
        of: IdempotencyRecord | None = None,
        about: About | None = None,
        kept_s: int | None = None,
    ) -> IdempotencyRecord:
        before = self._world.records.get(key)
        at = before.begun_at if before else datetime.now(UTC)
        note, known = (before.note, before.about) if before else ({}, None)
        return self._put(IdempotencyRecord(key, "done", at, note, outcome, about or known), of or before)

    async def delete(self, key: str, *, of: IdempotencyRecord | None = None) -> None:
        self._world.step()
        self._refuse_unless_known(key, of or self._world.records.get(key))
        self._world.records.pop(key, None)
        self._world.step()

    def _put(self, intent: IdempotencyRecord, known: IdempotencyRecord | None) -> IdempotencyRecord:
        self._world.step()
        self._refuse_unless_known(intent.key, known)
        self._world.revision += 1
        written = replace(intent, revision=self._world.revision)
        self._world.records[intent.key] = written
        self._world.step()
        return written

    def _refuse_unless_known(self, key: str, known: IdempotencyRecord | None) -> None:
        there = self._world.records.get(key)
        if (there.revision if there else 0) != (known.revision if known else 0):
            raise Overtaken("somebody was faster")


class Channel:
    def __init__(self, world: World) -> None:
        self._world = world

    async def send_audio(self, post: AudioPost) -> Sent:
        world = self._world
        world.step()
        world.uploads += 1
        sent = world.answers.pop(0)(world, post) if world.answers else world.post(post)
        world.step()
        return sent

    async def delete(self, message_id: int) -> None:
        self._world.step()
        self._world.messages.pop(message_id, None)
        self._world.step()

    async def look_by_forwarding(self, message_id: int) -> SeenPost | None:
        self._world.step()
        if not self._world.staging:
            raise CannotLook("No staging chat.")
        return self._world.messages.get(message_id)

    async def look_by_editing(self, message_id: int, caption: str, buttons: tuple[tuple[str, str], ...] = ()) -> bool:
        self._world.step()
        if self._world.may_edit_others:
            raise CannotLook("The bot may edit other people's posts.")
        post = self._world.messages.get(message_id)
        if post is None or mark_of(post) is None:
            return False
        assert (post.caption or "") == caption, "another post of ours would have been changed"
        return True

    async def newest_id(self) -> int:
        self._world.step()
        self._world.last_id += 1
        return self._world.last_id


def lost(world: World, post: AudioPost) -> Sent:
    world.post(post)
    raise OutcomeUnknown("no answer")


def failed(world: World, post: AudioPost) -> Sent:
    raise OutcomeUnknown("no answer")


def refused(failure: Failure) -> Callable[[World, AudioPost], Sent]:
    def answer(world: World, post: AudioPost) -> Sent:
        raise failure

    return answer


@dataclass
class Process:
    """One life of the gateway."""

    world: World
    state: ChannelState
    records: PostRecords
    placer: PostPlacer

    async def place(
        self,
        track_id: int,
        attempt: int = 1,
        decided_at: datetime | None = None,
        song: str | None = None,
        renewal: int = 0,
        identity: str = "",
        known_to: int | None = None,
    ) -> Sent:
        async def prepare() -> AudioPost:
            return AudioPost(
                path=Path("unused"),
                size_bytes=1000 + track_id,
                file_name="a.m4a",
                title=song or f"Song {track_id}",
                performer="Somebody",
                duration_s=100,
                caption=self.world.caption,
            )

        about = About("telegram:-1001", (f"title:{song or track_id}",))
        key = f"main.{named(track_id, identity)}.telegram"
        order = PlaceOrder(key, attempt, decided_at, about, renewal, known_to)
        return await self.placer.place(order, prepare)


async def nothing_yet() -> int:
    return 0


async def life(world: World, settle_s: float = 0.0) -> Process:
    kept = IdempotencyRecords(world)
    state = ChannelState("main", "-1001", kept)
    await state.load(newest=nothing_yet)
    records = PostRecords("main", kept, state)
    backlog = UpdateBacklog()
    backlog.is_read()
    placer = PostPlacer(Channel(world), records, state, RateLimiter(0), backlog, Open(), settle_s=settle_s)
    return Process(world, state, records, placer)


class Open:
    """A channel in which the bot may always post."""

    closed = None

    async def look(self) -> None:
        return None


async def persist(world: World, track_id: int, tries: int = 12) -> Sent:
    """Deliver the command again and again, in a new process after every death, as the queue does."""
    process = await life(world)
    for _ in range(tries):
        try:
            return await process.place(track_id)
        except Killed:
            world.kill_at = None
            process = await life(world)
        except (Transient, RateLimited):
            continue
    raise AssertionError("never placed")


ANSWERS: dict[str, list[Callable[[World, AudioPost], Sent]]] = {
    "accepted": [],
    "accepted but not told": [lost],
    "not accepted and not told": [failed],
    "twice unclear": [failed, lost],
    "asked to wait": [refused(RateLimited(0.0, "wait"))],
    "not reached": [refused(Transient("not reached"))],
}


@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize("known", [True, False], ids=["known channel", "unknown channel"])
@pytest.mark.parametrize("caption", ["", "#jazz"], ids=["the song alone", "one caption for all"])
async def test_death_at_any_step_leaves_one_post(answers: str, known: bool, caption: str) -> None:
    for kill_at in range(1, 60):
        world = World(answers=list(ANSWERS[answers]), caption=caption)
        world.put(SeenPost(caption="an old post"))
        if known:
            process = await life(world)
            process.state.saw_other(world.last_id)
            await process.state.save()
        world.steps, world.kill_at = 0, kill_at
        try:
            sent = await persist(world, 7)
        except Killed:
            # Died while the process came up.
            world.kill_at = None
            sent = await persist(world, 7)
        assert world.ours() == [7], f"killed at step {kill_at}"
        assert mark_of(world.messages[sent.message_id]) == f"{OURS}7"
        if world.kill_at is not None:
            return  # the story has fewer steps than that
    raise AssertionError("the story never ends")


happening = st.one_of(
    st.tuples(st.just("place"), st.integers(1, 4)),
    st.tuples(st.just("post"), st.integers(1, 9)),
    st.tuples(st.just("echo"), st.just(0)),
    st.tuples(st.just("kill"), st.integers(1, 25)),
    st.tuples(st.just("unclear"), st.sampled_from([0, 1])),
)


@settings(max_examples=150, deadline=None)
@given(story=st.lists(happening, max_size=25), staging=st.booleans(), caption=st.sampled_from(["", "#jazz"]))
def test_no_story_posts_a_track_twice(story: list[tuple[str, int]], staging: bool, caption: str) -> None:
    async def tell() -> None:
        world = World(staging=staging, caption=caption)
        process = await life(world)
        asked: set[int] = set()
        for what, number in story:
            try:
                match what:
                    case "place":
                        asked.add(number)
                        await process.place(number)
                    case "post":
                        message_id = world.put(SeenPost(caption=f"by hand {number}", title=f"Song {number}"))
                        process.state.saw_other(message_id)
                    case "echo":
                        for message_id, post in list(world.messages.items()):
                            if mark_of(post) is not None:
                                assert await process.records.resolve_echo(message_id, post)
                    case "kill":
                        world.steps, world.kill_at = 0, number
                    case "unclear":
                        world.answers = [(lost, failed)[number]]
            except Killed:
                world.kill_at = None
                process = await life(world)
            except (Transient, RateLimited):
                pass
            except Permanent as failure:
                assert failure.kind is FailureKind.UNKNOWN_OUTCOME
        assert all(world.ours().count(number) <= 1 for number in asked)
        if staging:
            world.kill_at, world.answers = None, []
            for number in sorted(asked):
                await persist(world, number)
            assert sorted(world.ours()) == sorted(asked)

    asyncio.run(tell())


async def test_callers_are_served_in_their_order() -> None:
    world = World(answers=[lost, refused(RateLimited(0.05, "wait"))])
    process = await life(world)
    await asyncio.gather(*(process.place(number) for number in range(1, 6)))
    assert world.ours() == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("failure", [Permanent("no right"), AuthRejected("no token"), Transient("not reached")])
async def test_certain_failure_leaves_no_doubt(failure: Failure) -> None:
    world = World(answers=[refused(failure)])
    process = await life(world)
    with pytest.raises(type(failure)):
        await process.place(1)
    assert await process.records.get(delivery_key("main", 1)) is None
    await process.place(1)
    assert world.ours() == [1]


async def test_doubt_without_any_way_to_look_is_left_to_a_person() -> None:
    world = World(staging=False, may_edit_others=True, answers=[lost])
    process = await life(world)
    for _ in range(3):
        with pytest.raises(Permanent) as caught:
            await process.place(5, attempt=1)
        assert caught.value.kind is FailureKind.UNKNOWN_OUTCOME
    assert world.uploads == 1
    # Asking again, with a new attempt, is the person's decision.
    await process.place(5, attempt=2)
    assert world.uploads == 2


async def test_echo_ends_a_doubt_without_a_person() -> None:
    world = World(staging=False, may_edit_others=True, answers=[lost])
    process = await life(world)
    with pytest.raises(Permanent):
        await process.place(5)
    assert await process.records.resolve_echo(1, world.messages[1])
    assert (await process.place(5)).message_id == 1


async def test_copy_of_an_own_post_by_somebody_is_not_ours() -> None:
    world = World()
    process = await life(world)
    sent = await process.place(5)
    copy = world.put(world.messages[sent.message_id])
    assert not await process.records.resolve_echo(copy, world.messages[copy])
    assert not await process.records.resolve_echo(copy, world.messages[copy], 5)


async def test_old_post_of_another_installation_is_not_ours() -> None:
    # A fresh ledger counts from 1 again; the channel still shows the posts of the former one.
    world = World(answers=[failed])
    world.put(SeenPost("Navaar #5", "Another song", "Somebody else", 77))
    process = await life(world)
    with pytest.raises(Transient):
        await process.place(5)
    assert (await process.place(5)).message_id > 1


async def test_two_doubts_are_not_settled_by_edits() -> None:
    world = World(staging=False)
    process = await life(world)
    process.state.saw_newest(1)
    process.state.opened("main.4.telegram")
    world.answers = [lost]
    with pytest.raises(Permanent) as caught:
        await process.place(5)
    assert "in doubt too" in caught.value.reason


async def test_post_that_appears_late_is_found_by_the_second_look() -> None:
    world = World(answers=[failed])
    process = await life(world, settle_s=0.2)
    process.state.saw_newest(3)
    world.last_id = 3

    async def appear() -> None:
        await asyncio.sleep(0.3)
        world.put(SeenPost(None, "Song 5", "Somebody", 1005))

    _, sent = await asyncio.gather(appear(), process.place(5))
    assert sent.message_id == 4
    assert world.uploads == 1


async def test_what_was_posted_after_the_decision_is_looked_at_first() -> None:
    process = await life(World())
    decided_at = datetime.now(UTC)
    process.state.reported(News(8, decided_at + timedelta(milliseconds=1)))
    with pytest.raises(Permanent) as caught:
        await process.place(1, decided_at=decided_at)
    assert caught.value.kind is FailureKind.COLLECTION_CHANGED
    await process.place(1, decided_at=decided_at + timedelta(seconds=1))


@pytest.mark.parametrize("hours", [-6, 6])
async def test_places_in_the_history_tell_what_was_known_whatever_the_clocks_say(hours: int) -> None:
    process = await life(World())
    now = datetime.now(UTC)
    process.state.reported(News(8, now + timedelta(hours=hours)))
    with pytest.raises(Permanent) as caught:
        await process.place(1, decided_at=now, known_to=7)
    assert caught.value.kind is FailureKind.COLLECTION_CHANGED
    await process.place(1, decided_at=now, known_to=8)


async def test_a_history_that_was_made_anew_holds_no_post_up() -> None:
    world = World()
    process = await life(world)
    process.state.reported(News(5000, datetime.now(UTC)))
    await process.state.save()
    again = await life(world)
    assert again.state.news.place == 0


async def test_posts_of_another_channel_are_forgotten() -> None:
    world = World()
    process = await life(world)
    process.state.saw_other(5000)
    process.state.reported(News(8, datetime.now(UTC)))
    await process.state.save()
    moved = ChannelState("main", "-1002", IdempotencyRecords(world))
    await moved.load(newest=nothing_yet)
    assert moved.newest is None
    same = ChannelState("main", "-1001", IdempotencyRecords(world))
    await same.load(newest=nothing_yet)
    assert (same.newest, same.is_settled(5000)) == (5000, True)
    assert same.news != News()


def test_memory_is_bounded_and_keeps_the_newest() -> None:
    state = ChannelState("main", "-1001", IdempotencyRecords(World()))
    for message_id in range(1, 1000):
        state.saw_other(message_id)
    assert state.newest == 999
    assert state.is_settled(999 - KEPT + 1)
    assert not state.is_settled(999 - KEPT)


def test_ids_whose_owner_is_known_are_not_looked_at() -> None:
    state = ChannelState("main", "-1001", IdempotencyRecords(World()))
    state.saw_ours(11)
    state.saw_other(12)
    assert list(candidates(10, state))[:2] == [13, 14]
    assert max(candidates(10, state)) == 12 + REACH


async def test_endless_search_ends() -> None:
    world = World(answers=[lost])
    process = await life(world)
    process.state.saw_newest(1)
    world.last_id = 1
    for number in range(MOST_LOOKS + 5):
        process.state.saw_newest(world.put(SeenPost(caption=f"Navaar #{1000 + number}")))
    world.may_edit_others = True
    process.state.newest = 1
    world.records.clear()
    note = PostNote("Navaar #5", "Song 5", "Somebody", 1005, after=1)
    process.state.saw_newest(world.last_id)
    with pytest.raises(CannotLook, match="Too much"):
        await PostFinder(Channel(world), process.state).find("main.5.telegram", note)


@pytest.mark.parametrize(
    ("post", "ours"),
    [
        (SeenPost("Navaar #5", "Song", "By", 9), True),
        (SeenPost("edited by a person", "Song", "By", 9), True),
        (SeenPost("Navaar #5", "Song cut sh", "By", 9), True),
        (SeenPost("Navaar #5", "Song", "By", 10), True),
        (SeenPost("Navaar #5", None, None, 8), False),
        (SeenPost(None, "Song", "By", 8), False),
        (SeenPost(None, None, None, 9), False),
        (SeenPost(), False),
    ],
)
def test_two_of_caption_name_and_size_make_a_post_ours(post: SeenPost, ours: bool) -> None:
    assert PostNote("Navaar #5", "Song", "By", 9, after=None).describes(post) is ours


LONG = "A title that goes on and on until a platform cuts it"


@pytest.mark.parametrize(
    ("note", "post", "ours"),
    [
        (PostNote("", "Song", "By", 9, None), SeenPost(None, "Song", "By", 9), True),
        (PostNote("", "Song", "By", 9, None), SeenPost("words of a person", "Song", "By", 9), True),
        (PostNote("", "Song", "By", 9, None), SeenPost(None, "Song", "By", 8), False),
        (PostNote("", "Song", "By", 9, None), SeenPost(None, "Song (Live)", "By", 9), False),
        (PostNote("", "Song", "By", 9, None), SeenPost(None, "So", "By", 9), False),
        (PostNote("", LONG, "By", 9, None), SeenPost(None, LONG[:40], "By", 9), True),
        (PostNote("", LONG, "By", 9, None), SeenPost(None, LONG[:39] + "…", "By", 9), True),
        (PostNote("", None, None, 9, None, file_name="a.m4a"), SeenPost(size_bytes=9, file_name="a.m4a"), True),
        (PostNote("", None, None, 9, None, file_name="a.m4a"), SeenPost(size_bytes=9, file_name="b.m4a"), False),
        (PostNote("", None, None, 9, None), SeenPost(size_bytes=9), False),
        (PostNote("", None, None, 9, None), SeenPost("", None, None, 9), False),
    ],
)
def test_a_post_without_a_caption_is_known_by_its_name_and_its_size(note: PostNote, post: SeenPost, ours: bool) -> None:
    assert note.describes(post) is ours


async def test_two_posts_that_may_be_the_one_in_doubt_are_left_to_a_person() -> None:
    """A caption, or none, is nothing that a post has alone: only forwarding tells two of them apart."""
    world = World(staging=False, answers=[lost])
    process = await life(world)
    process.state.saw_newest(1)
    world.last_id = 1
    world.put(SeenPost(None, "Of another life", "Somebody", 1900, f"{OURS}900"))
    with pytest.raises(Permanent) as caught:
        await process.place(5)
    assert caught.value.kind is FailureKind.UNKNOWN_OUTCOME
    assert "Somebody - Song 5" in caught.value.reason


async def test_line_closes_when_the_gateway_stops() -> None:
    limiter = RateLimiter(30)
    await limiter.turn()
    waiting = asyncio.create_task(limiter.turn())
    await asyncio.sleep(0)
    limiter.close()
    with pytest.raises(RateLimited):
        await waiting


async def test_a_few_posts_go_out_at_once_and_many_within_the_limit_of_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr("navaar_telegram_gateway.rate_limiter.monotonic", lambda: now)
    limiter = RateLimiter(1, most=6)
    made: list[float] = []
    while len(made) < 40:
        wait = limiter.try_turn() if len(made) % 2 else limiter.wait_s(6)
        if wait > 0:
            now += max(0.5, wait)
            continue
        if not len(made) % 2:
            await limiter.turn()
        made.append(now)
    assert made[1] - made[0] <= 1.5
    assert all(later - earlier >= 1 for earlier, later in itertools.pairwise(made))
    assert all(made[n + 6] - made[n] >= 60 for n in range(len(made) - 6))


async def test_what_may_wait_leaves_half_of_the_minute_to_songs(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("navaar_telegram_gateway.rate_limiter.monotonic", lambda: now)
    limiter = RateLimiter(0, most=4)
    assert [limiter.try_turn() == 0.0 for _ in range(3)] == [True, True, False]
    async with asyncio.timeout(1):
        await limiter.turn()
        await limiter.turn()
    assert limiter.wait_s(4) == 60
    limiter.give_back()
    assert limiter.wait_s(4) == 0


async def test_long_pause_goes_back_to_the_queue() -> None:
    limiter = RateLimiter(0)
    limiter.hold(3600)
    with pytest.raises(RateLimited) as caught:
        await limiter.turn()
    assert caught.value.retry_after_s > 3000
    assert not caught.value.by_us


async def test_a_long_wait_for_our_own_pace_is_no_pause_of_telegrams() -> None:
    limiter = RateLimiter(300)
    await limiter.turn()
    with pytest.raises(RateLimited, match="the next post in the channel is due in") as caught:
        await limiter.turn()
    assert caught.value.by_us


async def test_intent_that_an_echo_has_settled_is_not_begun_again() -> None:
    process = await life(World())
    key, note = delivery_key("main", 5), PostNote("Navaar #5", "Song 5", "Somebody", 1005, after=None)
    assert await process.records.create(key, note) is None
    assert await process.records.resolve_echo(9, SeenPost("Navaar #5", "Song 5", "Somebody", 1005))
    assert await process.records.create(key, note) == Sent(9)
    assert await process.records.get(key) == Sent(9)


async def test_search_for_one_post_does_not_hide_another_in_doubt() -> None:
    world = World()
    process = await life(world)
    process.state.saw_newest(1)
    world.last_id = 1
    for number in (4, 5):
        size = 1000 + number
        await process.records.create(
            delivery_key("main", number), PostNote("", f"Song {number}", "Somebody", size, after=1)
        )
        world.put(SeenPost(None, f"Song {number}", "Somebody", size))
    assert (await process.place(5)).message_id == 3
    assert (await process.place(4)).message_id == 2
    assert world.uploads == 0


async def test_removed_post_is_gone_and_the_next_one_is_new() -> None:
    world = World()
    process = await life(world)
    key = delivery_key("main", 5)
    first = await process.place(5)
    for _ in range(2):
        await process.placer.remove(key, first.message_id)
    assert not world.messages
    second = await process.place(5, attempt=2)
    assert second.message_id > first.message_id
    await process.placer.remove(key, first.message_id)
    assert world.ours() == [5]


async def test_post_of_somebody_else_is_not_removed() -> None:
    world = World()
    process = await life(world)
    theirs = world.put(SeenPost(caption="by hand"))
    with pytest.raises(Permanent):
        await process.placer.remove(delivery_key("main", 5), theirs)
    assert theirs in world.messages


async def test_death_at_any_step_of_a_removal_leaves_nothing() -> None:
    for kill_at in range(1, 12):
        world = World()
        process = await life(world)
        sent = await process.place(5)
        world.steps, world.kill_at = 0, kill_at
        try:
            await process.placer.remove(delivery_key("main", 5), sent.message_id)
        except Killed:
            world.kill_at = None
            process = await life(world)
            await process.placer.remove(delivery_key("main", 5), sent.message_id)
        assert not world.messages


async def test_of_two_gateways_that_both_think_it_is_their_turn_one_posts() -> None:
    world = World()
    first, second = await life(world), await life(world)
    outcomes = await asyncio.gather(first.place(1), second.place(1), return_exceptions=True)
    assert sum(isinstance(each, Sent) for each in outcomes) >= 1
    assert all(isinstance(each, Sent | Transient) for each in outcomes)
    # Whoever was refused is told the same post at its next try.
    posted = {(await process.place(1)).message_id for process in (first, second)}
    assert len(posted) == world.uploads == 1


async def test_a_post_that_another_gateway_is_making_is_not_given_up_on_by_this_one() -> None:
    world = World()
    slow, other = await life(world), await life(world)

    def taken_over(world: World, post: AudioPost) -> Sent:
        # While this upload hangs, another gateway finds it begun and does not see it.
        key = delivery_key("main", 1)
        world.records[key] = replace(world.records[key], revision=99)
        raise RateLimited(0, "a pause")

    world.answers = [taken_over]
    with pytest.raises(Overtaken):
        await slow.place(1)
    assert world.records[delivery_key("main", 1)].revision == 99
    assert (await other.place(1)).message_id
    assert world.uploads == 2


@pytest.mark.parametrize("ends", [None, lost])
async def test_a_record_of_another_song_under_the_same_number_does_not_answer_for_this_one(
    ends: Callable[[World, AudioPost], Sent] | None,
) -> None:
    world = World()
    if ends is not None:
        world.answers = [ends]
        world.staging = False
        world.may_edit_others = True
    with contextlib.suppress(Failure):
        await (await life(world)).place(1, song="Before the restore")
    world.staging = True
    sent = await (await life(world)).place(1, song="After it")
    assert world.messages[sent.message_id].title == "After it"
    assert sorted(post.title or "" for post in world.messages.values()) == ["After it", "Before the restore"]


async def test_a_record_that_does_not_say_what_it_is_about_is_believed() -> None:
    world = World()
    sent = await (await life(world)).place(1)
    key = delivery_key("main", 1)
    world.records[key] = replace(world.records[key], about=None)
    assert await (await life(world)).place(1, song="A corrected title") == sent


async def test_a_post_whose_record_is_gone_is_taken_out_if_it_bears_the_caption_of_an_earlier_version() -> None:
    world = World(caption="Navaar #1")
    sent = await (await life(world)).place(1)
    world.records.clear()
    process = await life(world)
    with pytest.raises(Permanent):
        await process.placer.remove(delivery_key("main", 1), sent.message_id, "Navaar #2")
    await process.placer.remove(delivery_key("main", 1), sent.message_id, "Navaar #1")
    assert not world.messages


KEY = "main.5-9f86d081884c7d65.telegram"
"""PlaceTrack.delivery_key of a track with an identity."""


async def test_an_echo_finds_the_record_of_a_track_with_an_identity() -> None:
    process = await life(World())
    note = PostNote("", "Song 5", "Somebody", 1005, after=None)
    assert await process.records.create(KEY, note) is None
    echo = SeenPost(None, "Song 5", "Somebody", 1005)
    assert not await process.records.resolve_echo(8, SeenPost(None, "Song 5", "Somebody", 1006))
    assert await process.records.resolve_echo(9, echo)
    assert await process.records.get(KEY) == Sent(9)
    assert await process.records.resolve_echo(9, echo)
    assert not await process.records.resolve_echo(10, echo)


async def test_a_post_of_long_ago_is_known_as_ours_when_it_is_edited() -> None:
    world = World()
    process = await life(world)
    await process.records.complete(KEY, Sent(9))
    for later in range(100, 100 + KEPT + 1):
        process.state.saw_ours(later)
    await process.state.save()
    process = await life(world)
    assert not process.state.is_ours(9)
    assert await process.records.resolve_echo(9, SeenPost("new words", "edited", "by hand", 1005))
    assert not await process.records.resolve_echo(8, SeenPost("new words", "edited", "by hand", 1005))


async def test_a_post_that_an_earlier_version_made_is_known_by_its_caption() -> None:
    world = World()
    process = await life(world)
    await process.records.complete(delivery_key("main", 5), Sent(9))
    del world.records["telegram.post.main.9"]
    process = await life(world)
    for later in range(100, 100 + KEPT + 1):
        process.state.saw_ours(later)
    assert await process.records.resolve_echo(9, SeenPost("Navaar #5", "edited", "by hand", 1005), 5)
    assert not await process.records.resolve_echo(9, SeenPost("Navaar #55", "edited", "by hand", 1005), 55)


async def test_the_record_of_a_former_track_of_that_number_answers_for_no_other() -> None:
    process = await life(World())
    await process.records.complete(KEY, Sent(9))
    assert await process.records.get("main.5-0000000000000000.telegram") is None


# Deleted by somebody, and wanted again


@pytest.mark.parametrize("identity", ["", "9f86d081884c7d65"])
async def test_a_renewal_is_a_new_post_and_is_made_once(identity: str) -> None:
    world = World()
    process = await life(world)
    first = await process.place(5, identity=identity)
    world.messages.pop(first.message_id)
    assert await process.place(5, identity=identity) == first
    second = await process.place(5, attempt=2, renewal=1, identity=identity)
    assert second.message_id != first.message_id
    again = await (await life(world)).place(5, attempt=3, renewal=1, identity=identity)
    assert (again.message_id, world.uploads) == (second.message_id, 2)
    assert world.ours() == [5]


@pytest.mark.parametrize("identity", ["", "9f86d081884c7d65"])
@pytest.mark.parametrize("ends", [None, lost])
async def test_an_echo_of_a_renewal_is_nobodys_post(
    identity: str, ends: Callable[[World, AudioPost], Sent] | None
) -> None:
    """Whether it comes after the answer, or is all that tells of the post."""
    world = World()
    process = await life(world)
    first = await process.place(5, identity=identity)
    world.messages.pop(first.message_id)
    if ends is not None:
        world.answers, world.staging, world.may_edit_others = [ends], False, True
    with contextlib.suppress(Failure):
        await process.place(5, attempt=2, renewal=1, identity=identity)
    ((number, post),) = world.messages.items()
    assert await process.records.resolve_echo(number, post)
    sent = await (await life(world)).place(5, attempt=3, renewal=1, identity=identity)
    assert (sent.message_id, world.uploads) == (number, 2)


async def test_a_renewal_of_one_song_says_nothing_of_another_that_has_its_number_now() -> None:
    world = World()
    await (await life(world)).place(1, song="Before the restore", renewal=7)
    sent = await (await life(world)).place(1, song="After it")
    assert world.messages[sent.message_id].title == "After it"
    assert world.uploads == 2


@pytest.mark.parametrize(("staging", "certain"), [(True, True), (False, False)])
async def test_which_posts_are_there_is_told_where_the_bot_can_look(staging: bool, certain: bool) -> None:
    world = World()
    world.staging = staging
    process = await life(world)
    kept, gone = await process.place(5), await process.place(6)
    world.messages.pop(gone.message_id)
    found = await process.placer.present([kept.message_id, gone.message_id])
    assert found == (frozenset({kept.message_id} if staging else ()), certain)
