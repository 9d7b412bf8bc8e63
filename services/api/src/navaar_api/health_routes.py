"""/healthz, /readyz, /metrics: open to everybody."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Literal

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from pydantic import Field

from navaar_api.health import SystemHealth
from navaar_api.problems import documented
from navaar_api.reference_compat import Schema
from navaar_contracts.identifiers import Direction
from navaar_runtime.exposition import exposition


class Alive(Schema):
    status: Literal["ok"] = "ok"


class MailboxState(Schema):
    waiting: int = Field(description="Messages that are not settled", examples=[2])
    oldest_s: float | None = Field(
        default=None, description="Seconds since the oldest that is in hand came in", examples=[0.4]
    )


class ServiceState(Schema):
    ready: bool
    problem: str | None = None
    parts: dict[str, str | None] = Field(
        description="Part -> what is wrong with it, or null", examples=[{"nats": None, "store": None}]
    )
    details: dict[str, str] = Field(
        default_factory=dict,
        description="Part -> what it is at present",
        examples=[{"yt-dlp": "version 2026.8.19, 12 days old"}],
    )
    notes: dict[str, str | None] = Field(
        default_factory=dict,
        description="What makes nothing unready and still is to be known, or null: a platform that is off or asks for "
        "a pause, a sign-in that will end",
        examples=[{"pause": None}],
    )
    mailboxes: dict[str, MailboxState] = Field(
        default_factory=dict,
        description="Consumer -> how far behind it is",
        examples=[{"ledger-events": {"waiting": 2, "oldest_s": 0.4}}],
    )


class Readiness(Schema):
    status: Literal["ok", "degraded", "error"] = Field(
        description="error: the ledger is not there; degraded: another part is not, or a direction stands still"
    )
    stale: tuple[Direction, ...] = Field(description="Directions without a cycle for too long", examples=[[]])
    services: dict[str, ServiceState]


class HealthRoutes(Controller):
    tags = ["SystemHealth"]

    @get("/healthz", summary="This process lives", responses=documented(421))
    async def healthz(self) -> Alive:
        return Alive()

    @get(
        "/readyz",
        summary="Every service and each of its parts, and directions that stand still",
        responses={
            503: ResponseSpec(Readiness, description="Something is missing", generate_examples=False),
            **documented(421),
        },
    )
    async def readyz(self, health: NamedDependency[SystemHealth]) -> Response[Readiness]:
        services, late = await asyncio.gather(health.services(), health.late())
        ready = not late and all(reply.is_ready for reply in services.values())
        now = datetime.now(UTC)
        without_ledger = "ledger" not in services or services["ledger"].problem is not None
        body = Readiness(
            status="ok" if ready else "error" if without_ledger else "degraded",
            stale=late,
            services={
                name: ServiceState(
                    ready=reply.is_ready,
                    problem=reply.problem,
                    parts=reply.parts,
                    details=reply.details,
                    notes=reply.notes,
                    mailboxes={
                        name: MailboxState(waiting=each.waiting, oldest_s=_age_s(each.oldest_at, now))
                        for name, each in reply.mailboxes.items()
                    },
                )
                for name, reply in services.items()
            },
        )
        return Response(body, status_code=200 if ready else 503)

    @get("/metrics", summary="Prometheus metrics of this process", media_type="text/plain", responses=documented(421))
    async def metrics(self) -> Response[str]:
        body, kind = await exposition()
        return Response(body.decode(), media_type=kind)


def _age_s(since: datetime | None, now: datetime) -> float | None:
    return None if since is None else round(max(0.0, (now - since).total_seconds()), 1)
