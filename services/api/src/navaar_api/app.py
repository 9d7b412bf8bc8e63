"""The HTTP application: health, metrics and what the ledger knows. It reads no store; it asks."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import Litestar, MediaType, Request, Response, get
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.params import Parameter

from navaar_api.figures import stats
from navaar_api.ports import Asks, Examines
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import GetCounts, GetTrack, ListTracks
from navaar_shared import telemetry
from navaar_shared.failures import Transient

PROBLEM = "application/problem+json"


def build(asker: Asks, examiner: Examines, *, answer_s: float) -> Litestar:
    """The application over its ports; `answer_s` is how long it waits for an answer."""

    @get("/healthz", media_type=MediaType.JSON, summary="This process lives")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @get("/readyz", media_type=MediaType.JSON, summary="Every service and each of its parts")
    async def readyz() -> Response[dict[str, Any]]:
        services = await examiner.examine()
        ready = all(reply.is_ready for reply in services.values())
        body = {
            "status": "ok" if ready else "degraded",
            "services": {
                name: {"ready": reply.is_ready, "problem": reply.problem, "parts": reply.parts}
                for name, reply in services.items()
            },
        }
        return Response(body, status_code=200 if ready else 503)

    @get("/metrics", summary="Prometheus metrics of this process", include_in_schema=False)
    async def metrics() -> Response[bytes]:
        body, kind = telemetry.exposition()
        return Response(body, media_type=kind)

    @get("/api/stats", summary="Totals, success rate, uptime, last cycles")
    async def api_stats() -> dict[str, Any]:
        return stats(await asker.ask(GetCounts(), answer_s), datetime.now(UTC))

    @get("/api/tracks", summary="Tracks, newest first")
    async def api_tracks(
        direction: Direction | None = None,
        status: DeliveryState | None = None,
        link: str | None = None,
        limit: Annotated[int, Parameter(ge=1, le=500)] = 50,
        cursor: str | None = None,
    ) -> dict[str, Any]:
        reply = await asker.ask(
            ListTracks(link=link, direction=direction, state=status, limit=limit, cursor=cursor), answer_s
        )
        return {"tracks": [track.model_dump(mode="json") for track in reply.tracks], "next_cursor": reply.next_cursor}

    @get("/api/tracks/{track_id:int}", summary="One track with its journey and log")
    async def api_track(track_id: int) -> dict[str, Any]:
        reply = await asker.ask(GetTrack(track_id=track_id), answer_s)
        if reply.track is None:
            raise HTTPException(detail=f"there is no track {track_id}", status_code=404)
        return {**reply.track.model_dump(mode="json"), "logs": [e.model_dump(mode="json") for e in reply.log]}

    return Litestar(
        [healthz, readyz, metrics, api_stats, api_tracks, api_track],
        exception_handlers={Transient: _unavailable, HTTPException: _problem},
        openapi_config=OpenAPIConfig(title="Navaar", version="1", path="/schema", render_plugins=[]),
        logging_config=None,
    )


def _unavailable(_: Request[Any, Any, Any], error: Transient) -> Response[dict[str, Any]]:
    return _as_problem(503, "A part of Navaar does not answer", error.reason)


def _problem(_: Request[Any, Any, Any], error: HTTPException) -> Response[dict[str, Any]]:
    return _as_problem(error.status_code, type(error).__name__.removesuffix("Exception"), error.detail, error.extra)


def _as_problem(status: int, title: str, detail: str, extra: Any = None) -> Response[dict[str, Any]]:
    """RFC 9457."""
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if extra:
        body["errors"] = extra
    return Response(body, status_code=status, media_type=PROBLEM)
