"""Every endpoint over HTTP, with a ledger that knows what the test told it, on a real nats-server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from navaar_contracts.commands import (
    AnswerReview,
    DeleteTrack,
    PartTrack,
    PollPlaylist,
    ReportWrongMatch,
    RetryDeliveries,
    ReviewAnswer,
    RunCycle,
    SetPause,
)
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.streams import LEDGER_RETRY
from tests.support.api_service import BEARER, Api, api_service
from tests.support.stub_ledger import StubLedger, joined_pair, proposal, track

FAILED = {Platform.SPOTIFY: DeliveryState.FAILED}
REASON = {Platform.SPOTIFY: {"reason": "nothing like it was found", "cause": "no_match"}}
REVIEW = {Platform.SPOTIFY: DeliveryState.REVIEW}
PROPOSALS = {
    Platform.SPOTIFY: {
        "reason": "two are alike",
        "alternatives": (proposal("sp1", "Amber Harbour", 0.7, "title agrees"), proposal("sp2", "Amber", 0.5)),
    }
}


def filled() -> StubLedger:
    ledger = StubLedger()
    ledger.put(*(track(n, f"Song {n}") for n in range(1, 6)))
    ledger.put(
        track(6, "Lost Song", states=FAILED, details=REASON),
        track(7, "Amber Harbour", states=REVIEW, details=PROPOSALS),
        track(8, "Waiting", states={Platform.TELEGRAM: DeliveryState.PENDING}),
    )
    for n in range(30):
        ledger.note(6, "candidates_found", f"look {n}", Direction.YT_TO_SP)
    ledger.note(None, "cycle", "a note without a track")
    return ledger


@pytest_asyncio.fixture
async def api(nats_environment: dict[str, str]) -> AsyncIterator[Api]:
    async with api_service(nats_environment, ledger=filled()) as running:
        yield running


async def get(api: Api, path: str, expect: int = 200, **params: Any) -> Any:
    answer = await api.http.get(path, params=params)
    assert answer.status_code == expect, answer.text
    return answer.json()


async def test_health_names_each_part_and_stale_directions(api: Api) -> None:
    assert await get(api, "/healthz") == {"status": "ok"}
    ready = await get(api, "/readyz")
    assert ready["status"] == "ok"
    assert ready["stale"] == []
    assert ready["services"]["ledger"]["parts"] == {"nats": None}
    mailboxes = ready["services"]["ledger"]["mailboxes"]
    assert mailboxes[LEDGER_RETRY.durable] == {"waiting": 0, "oldest_s": None}
    api.ledger.started_at = datetime.now(UTC) - timedelta(hours=1)
    api.ledger.last_cycle = {d: datetime.now(UTC) for d in Direction if d is not Direction.SP_TO_TG}
    degraded = await get(api, "/readyz", expect=503)
    assert degraded["status"] == "degraded"
    assert degraded["stale"] == ["sp_to_tg"]


async def test_what_a_person_is_to_know_is_noted_and_makes_nothing_unready(api: Api) -> None:
    api.ledger.noted = "Spotify asks for a pause until 2026-11-29 18:00 UTC"
    ready = await get(api, "/readyz")
    assert ready["status"] == "ok"
    assert ready["services"]["ledger"]["notes"] == {"pause": api.ledger.noted}


async def test_directions_of_a_platform_that_is_not_in_the_link_are_never_stale(api: Api) -> None:
    api.ledger.platforms = (Platform.TELEGRAM, Platform.YOUTUBE)
    api.ledger.started_at = datetime.now(UTC) - timedelta(hours=1)
    assert (await get(api, "/readyz", expect=503))["stale"] == ["tg_to_yt", "yt_to_tg"]


async def test_metrics_are_in_prometheus_form(api: Api) -> None:
    answer = await api.http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "# TYPE process_cpu_seconds_total counter" in answer.text


async def test_stats_counts_and_sync_state(api: Api) -> None:
    stats = await get(api, "/api/stats")
    assert (stats["total"], stats["synced"], stats["failed"], stats["tracks"]) == (16, 13, 1, 8)
    counts = await get(api, "/api/counts")
    assert counts["yt_to_sp"] == {"synced": 6, "failed": 1, "review": 1}
    assert counts["sp_to_tg"] == {}
    state = await get(api, "/api/sync-state")
    assert state["yt_playlist_track_count"] == 8
    assert {c["platform"] for c in state["collections"]} == {"telegram", "youtube", "spotify"}


async def test_tracks_are_listed_newest_first_and_paged_to_the_end(api: Api) -> None:
    seen: list[int] = []
    cursor: str | None = None
    while True:
        page = await get(api, "/api/tracks", limit=3, **({"cursor": cursor} if cursor else {}))
        seen += [t["id"] for t in page["tracks"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [8, 7, 6, 5, 4, 3, 2, 1]


async def test_as_many_tracks_as_asked_for_come_together_from_several_answers(api: Api) -> None:
    api.ledger.room = 3
    assert [t["id"] for t in (await get(api, "/api/tracks", limit=7))["tracks"]] == [8, 7, 6, 5, 4, 3, 2]
    api.ledger.room = 1
    few = await get(api, "/api/failed")
    api.ledger.room = 500
    assert few["tracks"] == (await get(api, "/api/failed"))["tracks"]


async def test_tracks_are_filtered_before_the_limit(api: Api) -> None:
    failed = await get(api, "/api/tracks", status="failed", limit=1)
    assert [(t["id"], t["status"], t["direction"]) for t in failed["tracks"]] == [(6, "failed", "yt_to_sp")]
    assert (await get(api, "/api/tracks", direction="tg_to_sp"))["tracks"] == []
    found = await get(api, "/api/tracks", query="amber har")
    assert [t["id"] for t in found["tracks"]] == [7]
    assert (await get(api, "/api/tracks", link="jazz"))["tracks"] == []


async def test_one_track_has_its_deliveries_journey_and_log(api: Api) -> None:
    one = await get(api, "/api/tracks/6")
    assert one["display"] == "Juniper Vale - Lost Song"
    assert {d["target"] for d in one["deliveries"]} == {"telegram", "spotify"}
    assert one["logs"][0]["details"] == "look 29"
    assert one["journey"][0]["details"] == "look 0"
    assert one["trace_id"] == f"{6:032x}"


async def test_failed_pending_logs_and_reviews(api: Api) -> None:
    failed = await get(api, "/api/failed")
    assert failed["count"] == 1
    assert failed["tracks"][0]["failure_reason"] == "nothing like it was found"
    assert (await get(api, "/api/failed", direction="tg_to_yt"))["count"] == 0
    pending = await get(api, "/api/pending")
    assert pending["count"] == 1
    assert [t["id"] for t in pending["yt_to_tg"]] == [8]
    assert pending["tg_to_yt"] == []
    logs = await get(api, "/api/logs", track_id=6, limit=20)
    assert len(logs["logs"]) == 20
    rest = await get(api, "/api/logs", track_id=6, limit=20, cursor=logs["next_cursor"])
    assert len(rest["logs"]) == 10
    (review,) = (await get(api, "/api/reviews"))["reviews"]
    assert (review["track"]["id"], review["target"]) == (7, "spotify")
    assert [p["candidate"]["id"] for p in review["proposals"]] == ["sp1", "sp2"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/tracks?limit=0", "limit"),
        ("/api/tracks?limit=501", "limit"),
        ("/api/tracks?limit=many", "limit"),
        ("/api/tracks?direction=sideways", "direction"),
        ("/api/tracks?status=lost", "status"),
        ("/api/tracks?link=Not%20A%20Link", "link"),
        ("/api/tracks?cursor=17", "cursor"),
        ("/api/logs?track_id=0", "track_id"),
        ("/api/failed?direction=x", "direction"),
        ("/api/reviews?limit=101", "limit"),
        ("/api/tracks/0", "track_id"),
    ],
)
async def test_a_wrong_parameter_is_named(api: Api, path: str, field: str) -> None:
    answer = await api.http.get(path)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == 400
    assert field in str(body["errors"])


@pytest.mark.parametrize("path", ["/api/tracks/999", "/api/nothing", "/api/tracks/abc"])
async def test_what_is_not_there_is_404(api: Api, path: str) -> None:
    answer = await api.http.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_wrong_method_is_405(api: Api) -> None:
    answer = await api.http.post("/api/stats")
    assert answer.status_code == 405
    assert answer.json()["status"] == 405


async def test_an_unchanged_answer_is_304_and_a_changed_one_is_not(api: Api) -> None:
    first = await api.http.get("/api/tracks?limit=2")
    tag = {"if-none-match": first.headers["etag"]}
    again = await api.http.get("/api/tracks?limit=2", headers=tag)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    api.ledger.put(track(9, "New"))
    assert (await api.http.get("/api/tracks?limit=2", headers=tag)).status_code == 200


async def test_retry_of_a_track_reaches_the_ledger(api: Api) -> None:
    answer = await api.http.post("/api/tracks/6/retry", headers=BEARER)
    assert answer.status_code == 202, answer.text
    assert answer.json() == {"accepted": True, "what": "1 delivery of track 6 is tried again"}
    (command,) = await api.ledger.told(RetryDeliveries)
    assert (command.link, command.track_id, command.target) == ("main", 6, None)


async def test_retry_makes_no_sense_where_nothing_failed(api: Api) -> None:
    assert (await api.http.post("/api/tracks/1/retry", headers=BEARER)).status_code == 409
    body = {"target": "telegram"}
    assert (await api.http.post("/api/tracks/6/retry", headers=BEARER, json=body)).status_code == 409
    assert (await api.http.post("/api/tracks/999/retry", headers=BEARER)).status_code == 404


async def test_retry_all_of_a_direction(api: Api) -> None:
    answer = await api.http.post("/api/retry", headers=BEARER, json={"direction": "yt_to_sp"})
    assert answer.status_code == 202
    (command,) = await api.ledger.told(RetryDeliveries)
    assert (command.track_id, command.origin, command.target) == (None, Platform.YOUTUBE, Platform.SPOTIFY)


async def test_sync_looks_at_the_playlist_and_runs_the_cycle(api: Api) -> None:
    answer = await api.http.post("/api/sync", headers=BEARER, json={"direction": "sp_to_tg"})
    assert answer.status_code == 202, answer.text
    (poll,) = await api.ledger.told(PollPlaylist)
    (cycle,) = await api.ledger.told(RunCycle)
    assert poll.platform is Platform.SPOTIFY
    assert (cycle.direction, cycle.forced) == (Direction.SP_TO_TG, True)


async def test_sync_without_a_body_runs_everything_twice_if_asked_twice(api: Api) -> None:
    for _ in range(2):
        assert (await api.http.post("/api/sync", headers=BEARER)).status_code == 202
    assert {c.direction for c in await api.ledger.told(RunCycle, 12)} == set(Direction)
    assert {c.platform for c in await api.ledger.told(PollPlaylist, 4)} == {Platform.YOUTUBE, Platform.SPOTIFY}


async def test_sync_of_an_unknown_link_or_direction_is_refused(api: Api) -> None:
    unknown = await api.http.post("/api/sync", headers=BEARER, json={"link": "jazz"})
    assert unknown.status_code == 404
    api.ledger.platforms = (Platform.TELEGRAM, Platform.YOUTUBE)
    refused = await api.http.post("/api/sync", headers=BEARER, json={"direction": "sp_to_tg"})
    assert refused.status_code == 409


async def test_delete_reaches_the_ledger_with_who_asked(api: Api) -> None:
    assert (await api.http.delete("/api/tracks/6", headers=BEARER)).status_code == 202
    (command,) = await api.ledger.told(DeleteTrack)
    assert (command.track_id, command.by) == (6, "api")
    assert (await api.http.delete("/api/tracks/999", headers=BEARER)).status_code == 404


async def test_a_wrong_match_is_reported_where_something_was_placed(api: Api) -> None:
    answer = await api.http.post("/api/tracks/1/wrong-match", headers=BEARER, json={"target": "spotify"})
    assert answer.status_code == 202
    (command,) = await api.ledger.told(ReportWrongMatch)
    assert (command.track_id, command.target) == (1, Platform.SPOTIFY)
    for number, target in ((6, "spotify"), (1, "youtube")):
        path = f"/api/tracks/{number}/wrong-match"
        assert (await api.http.post(path, headers=BEARER, json={"target": target})).status_code == 409


async def test_a_joined_track_is_told_of_and_parted(api: Api) -> None:
    api.ledger.put(*joined_pair(61, 62))
    song = (await api.http.get("/api/tracks/61")).json()
    assert song["posts"] == 2
    (other,) = song["joined"]
    assert (other["track_id"], other["origin"], other["said"]) == (62, "spotify", "Juniper Vale - Amber Harbour")
    assert other["why"] == "same ISRC"
    assert {t["id"]: t["posts"] for t in (await api.http.get("/api/tracks")).json()["tracks"]}[61] == 2
    closed = (await api.http.get("/api/tracks/62")).json()
    assert (closed["merged_into"], closed["joined_why"]) == (61, "same ISRC")
    answer = await api.http.post("/api/tracks/62/part", headers=BEARER)
    assert answer.status_code == 202, answer.text
    (command,) = await api.ledger.told(PartTrack)
    assert (command.track_id, command.joined_to, command.by) == (62, 61, "api")
    refused = await api.http.post("/api/tracks/61/part", headers=BEARER)
    assert refused.status_code == 409
    assert "joined to it: #62" in refused.text
    assert (await api.http.post("/api/tracks/999/part", headers=BEARER)).status_code == 404
    for number in (61, 62):
        del api.ledger.tracks[number]


async def test_a_review_is_answered(api: Api) -> None:
    body = {"answer": "pick", "external_id": "sp2"}
    answer = await api.http.post("/api/reviews/7/spotify", headers=BEARER, json=body)
    assert answer.status_code == 202, answer.text
    (command,) = await api.ledger.told(AnswerReview)
    assert (command.track_id, command.target, command.answer) == (7, Platform.SPOTIFY, ReviewAnswer.PICK)
    assert command.external_id == "sp2"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/reviews/7/spotify", {"answer": "pick"}, 409),
        ("/api/reviews/6/spotify", {"answer": "none"}, 409),
        ("/api/reviews/999/spotify", {"answer": "none"}, 404),
        ("/api/reviews/7/deezer", {"answer": "none"}, 400),
        ("/api/reviews/7/spotify", {"answer": "perhaps"}, 400),
        ("/api/reviews/7/spotify", {}, 400),
        ("/api/pause", {"paused": "what"}, 400),
        ("/api/pause", {"paused": True, "more": 1}, 400),
        ("/api/pause", {"paused": True, "link": "jazz"}, 404),
        ("/api/tracks/1/wrong-match", {}, 400),
    ],
)
async def test_a_request_that_does_not_fit_is_a_problem(api: Api, path: str, body: Any, status: int) -> None:
    answer = await api.http.post(path, headers=BEARER, json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert not api.ledger.commands


async def test_a_body_that_is_no_json_is_400_and_a_large_one_413(api: Api) -> None:
    assert (await api.http.post("/api/pause", headers=BEARER, content=b"{not json")).status_code == 400
    assert (await api.http.post("/api/pause", headers=BEARER, content=b"x" * 70_000)).status_code == 413


async def test_a_direction_is_paused_and_shown_as_paused(api: Api) -> None:
    body = {"paused": True, "direction": "yt_to_tg"}
    assert (await api.http.post("/api/pause", headers=BEARER, json=body)).status_code == 202
    (command,) = await api.ledger.told(SetPause)
    assert (command.direction, command.paused) == (Direction.YT_TO_TG, True)
    api.ledger.paused = {Direction.YT_TO_TG}
    assert await get(api, "/api/pause") == {"paused": ["yt_to_tg"]}
    assert (await get(api, "/api/stats"))["paused"] == ["yt_to_tg"]


async def test_without_the_ledger_answers_say_which_part_is_missing(nats_environment: dict[str, str]) -> None:
    async with api_service(nats_environment, with_ledger=False) as api:
        for path in ("/api/stats", "/api/tracks", "/api/tracks/1", "/api/failed", "/api/logs", "/api/reviews"):
            body = await get(api, path, expect=503)
            assert body["part"] == "ledger"
            assert "not running" in body["detail"]
        ready = await get(api, "/readyz", expect=503)
        assert ready["status"] == "error"
        assert ready["services"]["api"]["ready"] is True
        page = await api.http.get("/", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert "The ledger does not answer" in page.text


async def test_the_documents_are_served_from_here(api: Api) -> None:
    schema = await get(api, "/schema")
    assert schema["openapi"].startswith("3.1")
    assert await get(api, "/schema/openapi.json") == schema
    for path in ("/docs", "/asyncapi", "/", "/failures", "/questions", "/log", "/sign-in", "/tracks/6"):
        page = await api.http.get(path, headers={"accept": "text/html"})
        assert page.status_code == 200, path
        for mark in ('src="http', 'href="//', 'src="//', "cdn"):
            assert mark not in page.text, (path, mark)
    for path in ("/docs/files/swagger-ui-bundle.js", "/docs/files/swagger-ui.css", "/static/live.js"):
        assert (await api.http.get(path)).status_code == 200
    assert (await get(api, "/asyncapi.json"))["asyncapi"] == "3.0.0"
