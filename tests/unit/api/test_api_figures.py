"""The reference's figures, from the ledger's counters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from navaar_api import reference_compat
from navaar_api.live.throughput import HOURS, Throughput
from navaar_api.pages.direction_cards import bars
from navaar_contracts.events import DeliverySynced
from navaar_contracts.identifiers import DeliveryState, Direction, FirstSync, Platform
from navaar_contracts.queries import CollectionView, CountsReply, SyncStateReply

NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


def counts(**more: object) -> CountsReply:
    return CountsReply.model_validate(
        {
            "tracks": 4,
            "counts": {
                "tg_to_yt": {"synced": 3, "failed": 1},
                "yt_to_sp": {"duplicate": 2, "pending": 4, "review": 1},
            },
            "started_at": NOW - timedelta(seconds=90),
            "last_cycle": {"tg_to_yt": NOW - timedelta(seconds=20)},
            **more,
        }
    )


def test_stats_have_the_references_fields() -> None:
    stats = reference_compat.stats(counts(), NOW).model_dump()
    for direction in Direction:
        assert f"{direction.value}_synced" in stats
        assert f"last_{direction.value}_sync" in stats
    assert {"total", "synced", "failed", "duplicates", "pending", "success_rate", "uptime_seconds"} <= stats.keys()


def test_stats_add_up() -> None:
    stats = reference_compat.stats(counts(), NOW)
    assert stats.total == 11
    assert stats.synced + stats.duplicates + stats.failed + stats.pending == stats.total
    assert (stats.synced, stats.duplicates, stats.failed, stats.pending, stats.in_review) == (3, 2, 1, 5, 1)
    assert stats.tg_to_yt_synced == 3
    assert stats.yt_to_sp_synced == 0
    assert stats.uptime_seconds == 90


def test_success_rate_is_per_cent_of_what_is_settled() -> None:
    assert reference_compat.stats(counts(), NOW).success_rate == 83.3
    assert reference_compat.stats(CountsReply(), NOW).success_rate is None


def test_last_syncs_are_seconds_since_1970() -> None:
    stats = reference_compat.stats(counts(), NOW)
    assert stats.last_tg_to_yt_sync == NOW.timestamp() - 20
    assert stats.last_sp_to_yt_sync is None


def test_sync_state_counts_both_playlists_over_all_links() -> None:
    def collection(link: str, platform: Platform, items: int) -> CollectionView:
        return CollectionView(link=link, platform=platform, policy=FirstSync.SYNC, items=items)

    state = reference_compat.sync_state(
        SyncStateReply(
            collections=(
                collection("main", Platform.YOUTUBE, 3),
                collection("jazz", Platform.YOUTUBE, 4),
                collection("main", Platform.SPOTIFY, 5),
                collection("main", Platform.TELEGRAM, 9),
            )
        )
    )
    assert state.yt_playlist_track_count == 7
    assert state.sp_playlist_track_count == 5


def synced(track_id: int) -> DeliverySynced:
    return DeliverySynced(
        link="main",
        track_id=track_id,
        direction=Direction.YT_TO_SP,
        state=DeliveryState.SYNCED,
        display="a - b",
        seconds=1,
    )


def test_throughput_counts_a_delivery_once_however_often_it_is_heard() -> None:
    throughput = Throughput()
    for _ in range(3):
        throughput.add(synced(1), NOW)
    throughput.add(synced(2), NOW - timedelta(hours=2))
    hours = throughput.of(Direction.YT_TO_SP, NOW)
    assert len(hours) == HOURS
    assert hours[-1] == 1
    assert hours[-3] == 1
    assert sum(throughput.of(Direction.SP_TO_YT, NOW)) == 0


def test_throughput_forgets_after_a_day() -> None:
    throughput = Throughput()
    throughput.add(synced(1), NOW)
    assert sum(throughput.of(Direction.YT_TO_SP, NOW + timedelta(hours=23))) == 1
    assert sum(throughput.of(Direction.YT_TO_SP, NOW + timedelta(hours=24))) == 0


def test_a_chart_says_in_words_what_it_shows() -> None:
    drawn = bars([0, 3, 1], 'a "label" & <more>')
    assert drawn.count("<rect") == 3
    assert 'aria-label="a &quot;label&quot; &amp; &lt;more&gt;"' in drawn
    assert "style=" not in drawn, "the content security policy forbids style attributes"
