"""The questions people and programs ask of a ledger, and the looks it takes itself with every message."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from statistics import median

from benchmarks.lists.filling import NOW, a_track
from navaar_contracts import queries as q
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.links import Link
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.queue import DeliveryQueue
from navaar_ledger.store.port import Store

LINK = Link(name="main", telegram_channel_id="@c", ytmusic_playlist_id="y", spotify_playlist_id="s")
LONGEST_S = 5.0
"""For one question; enough rounds for a median, however slow it is."""
LEAST = 15


def questions(store: Store, size: int) -> dict[str, Callable[[], Awaitable[object]]]:
    """Each under the name it has in the table."""
    asked = LedgerQueries(store, Policy(links={"main": LINK}), NOW)
    now = datetime.now(UTC)
    middle = str(size // 2)
    rare = a_track(size // 3, size).display
    thousand = tuple(str(number) for number in range(size - 500, size + 500))
    return {
        "tracks, newest 50": lambda: asked.list_tracks(q.ListTracks()),
        "tracks, 50 from the middle": lambda: asked.list_tracks(q.ListTracks(cursor=middle)),
        "tracks of a direction": lambda: asked.list_tracks(q.ListTracks(link="main", direction=Direction.TG_TO_SP)),
        "failed tracks": lambda: asked.list_tracks(q.ListTracks(state=DeliveryState.FAILED)),
        "failed tracks of a direction": lambda: asked.list_tracks(
            q.ListTracks(link="main", direction=Direction.SP_TO_YT, state=DeliveryState.FAILED)
        ),
        "search, a whole name": lambda: asked.list_tracks(q.ListTracks(text=rare)),
        "search, one letter": lambda: asked.list_tracks(q.ListTracks(text="k")),
        "search, two common words": lambda: asked.list_tracks(q.ListTracks(text="love the")),
        "search, common among failed": lambda: asked.list_tracks(
            q.ListTracks(text="love", state=DeliveryState.FAILED, direction=Direction.YT_TO_TG)
        ),
        "search, words that never meet": lambda: asked.list_tracks(q.ListTracks(text="love the song night عشق")),
        "one track with its log": lambda: asked.get_track(q.GetTrack(track_id=size // 2)),
        "log, newest 50": lambda: asked.list_log(q.ListLog()),
        "log of a link": lambda: asked.list_log(q.ListLog(link="main")),
        "open questions": lambda: asked.list_reviews(q.ListReviews()),
        "counts": lambda: asked.get_counts(q.GetCounts()),
        "sync state": lambda: asked.get_sync_state(q.GetSyncState()),
        "plan": lambda: asked.get_plan(q.GetPlan()),
        "1,000 unknown items": lambda: asked.unknown_items(
            q.UnknownItems(link="main", platform=Platform.TELEGRAM, external_ids=thousand)
        ),
        "a lane": lambda: store.queue(DeliveryQueue("main", Direction.TG_TO_SP, True), 48),
        "due retries": lambda: store.due(now, 200),
        "lost steps": lambda: store.waiting(now - timedelta(minutes=3), 200),
        "unknown newcomers": lambda: store.unsettled("main", Platform.YOUTUBE, now - timedelta(minutes=1), 50),
        "who shares a key": lambda: store.sharing("main", ("s:7", "t:none"), 32),
    }


async def times_of(asked: dict[int, Callable[[], Awaitable[object]]], rounds: int) -> dict[int, float]:
    """The medians in milliseconds, after one round that does not count."""
    taken: dict[int, list[float]] = {size: [] for size in asked}
    end = 0.0
    for number in range(rounds + 1):
        if number > LEAST and time.perf_counter() > end:
            break
        for size, question in asked.items():
            begun = time.perf_counter()
            await question()
            taken[size].append((time.perf_counter() - begun) * 1000)
        end = end or time.perf_counter() + LONGEST_S
    return {size: median(times[1:]) for size, times in taken.items()}
