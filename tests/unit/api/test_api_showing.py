"""Tracks as the API and the dashboard show them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from navaar_api import serializers
from navaar_api.pages.failure_groups import by_cause
from navaar_api.pages.form_routes import local
from navaar_api.pages.rendering import Renderer, event, seconds
from navaar_api.pages.track_row import cell, row, web_address
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import DeliveryView, TrackView
from navaar_text import labels

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def delivery(target: Platform, state: DeliveryState, **more: Any) -> DeliveryView:
    return DeliveryView(
        direction=Direction.between(Platform.YOUTUBE, target),
        target=target,
        state=state,
        attempt=1,
        retries=1,
        max_retries=3,
        updated_at=NOON,
        **more,
    )


def track(*deliveries: DeliveryView, **more: Any) -> TrackView:
    return TrackView.model_validate(
        {
            "id": 17,
            "link": "main",
            "origin": Platform.YOUTUBE,
            "origin_external_id": "abc",
            "state": "identified",
            "artist": "A",
            "title": "T",
            "display": "A - T",
            "item": ItemMetadata(title="T", url="https://music.youtube.com/watch?v=abc", set_video_id="set"),
            "items": {Platform.YOUTUBE: "abc", Platform.TELEGRAM: "55"},
            "deliveries": deliveries,
            "created_at": NOON,
            "updated_at": NOON,
            **more,
        }
    )


def test_a_track_has_every_field_of_the_reference() -> None:
    shown = serializers.track(track(delivery(Platform.TELEGRAM, DeliveryState.SYNCED, synced_at=NOON))).model_dump()
    reference = (
        "id direction status artist title identification_method tg_message_id tg_file_id tg_file_unique_id "
        "yt_video_id yt_set_video_id sp_track_id duration_seconds failure_reason retry_count max_retries "
        "created_at updated_at synced_at"
    )
    assert set(reference.split()) <= shown.keys()
    assert shown["tg_message_id"] == 55
    assert shown["yt_video_id"] == "abc"
    assert shown["sp_track_id"] is None


def test_a_track_is_described_by_the_delivery_that_the_filter_is_about() -> None:
    both = track(
        delivery(Platform.TELEGRAM, DeliveryState.SYNCED),
        delivery(Platform.SPOTIFY, DeliveryState.FAILED, reason="no match"),
    )
    assert serializers.track(both).direction == "yt_to_tg"
    assert serializers.track(both, state=DeliveryState.FAILED).direction == "yt_to_sp"
    assert serializers.track(both, state=DeliveryState.FAILED).failure_reason == "no match"
    assert serializers.track(both, direction=Direction.YT_TO_SP).status == "failed"
    assert len(serializers.track(both).deliveries) == 2


def test_a_track_without_deliveries_has_its_own_state_as_status() -> None:
    shown = serializers.track(track(state="identifying"))
    assert (shown.direction, shown.status) == (None, "identifying")


@pytest.mark.parametrize("state", list(DeliveryState))
def test_every_state_has_a_cell_with_words_and_a_tone(state: DeliveryState) -> None:
    shown = cell(track(delivery(Platform.SPOTIFY, state)), Platform.SPOTIFY)
    assert shown.label
    assert shown.tone in ("good", "moving", "waiting", "ask", "bad", "none")


def test_a_row_has_a_cell_for_each_platform_and_marks_the_origin() -> None:
    shown = row(track(delivery(Platform.SPOTIFY, DeliveryState.SEARCHING), state="identified"))
    assert [c.platform for c in shown.cells] == list(Platform)
    assert [c.tone for c in shown.cells] == ["good", "origin", "moving"]
    assert shown.is_moving


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "", None])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert web_address(url) is None


def test_what_platforms_say_is_escaped() -> None:
    hostile = track(
        delivery(Platform.SPOTIFY, DeliveryState.FAILED, reason="<img src=x onerror=alert(1)>"), title="<script>"
    )
    html = Renderer().row(hostile)
    assert "<script>" not in html
    assert "<img src=x" not in html


def test_failures_are_grouped_by_cause_and_target_largest_first() -> None:
    failed = [
        track(delivery(Platform.SPOTIFY, DeliveryState.FAILED, cause="no_match"), id=1),
        track(delivery(Platform.SPOTIFY, DeliveryState.FAILED, cause="no_match"), id=2),
        track(
            delivery(Platform.SPOTIFY, DeliveryState.SYNCED),
            delivery(Platform.TELEGRAM, DeliveryState.FAILED, cause="download_failed"),
            id=3,
        ),
    ]
    groups = by_cause(failed)
    assert [(g.target, g.cause, len(g.failures)) for g in groups] == [
        (Platform.SPOTIFY, "no_match", 2),
        (Platform.TELEGRAM, "download_failed", 1),
    ]
    assert groups[0].key == "spotify.no_match"


def test_unknown_causes_and_events_stay_readable() -> None:
    assert labels.cause("some_new_cause").in_full == "Some new cause"
    assert labels.cause(None).in_full == "Stopped"
    assert event("some_new_event") == "Some new event"


@pytest.mark.parametrize(
    ("given", "led_to"),
    [
        ("/tracks/3", "/tracks/3"),
        ("/?query=a", "/?query=a"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nset-cookie: x", "/"),
        ("", "/"),
    ],
)
def test_a_form_leads_back_to_our_own_pages_only(given: str, led_to: str) -> None:
    assert local(given) == led_to


def test_lengths_are_minutes_and_seconds() -> None:
    assert (seconds(228.4), seconds(3725), seconds(None)) == ("3:48", "1:02:05", "")
