"""Asks another service a question and waits for the answer, with a deadline."""

from __future__ import annotations

import asyncio
from typing import TypeVar

import nats.errors
from nats.aio.client import Client
from pydantic import ValidationError

from navaar_contracts.health import ConfigReply, HealthReply, config_subject, health_subject, standby_subject
from navaar_contracts.queries import Query, Reply
from navaar_runtime import cancelling, message_spans
from navaar_runtime.failures import Transient

R = TypeVar("R", bound=Reply)


class QueryClient:
    """Request/reply on core NATS; usable once the service has started, or once it is bound to a connection."""

    def __init__(self) -> None:
        self._client: Client | None = None

    def bind(self, client: Client) -> None:
        self._client = client

    async def ask(self, query: Query[R], timeout_s: float = 2.0) -> R:
        """The answer to `query`.

        Raises:
            Transient: nobody answers in time, or the answer is a problem.
        """
        body = query.model_dump_json(exclude_none=True).encode()
        service = query.recipient()
        reply = _read(service, query.answer, await self._request(service, query.subject(), body, timeout_s))
        if reply.problem is not None:
            raise Transient(f"the {service} service cannot answer: {reply.problem}")
        return reply  # type: ignore[return-value]

    async def health(self, service: str, timeout_s: float = 4.0) -> HealthReply:
        """How `service` (as spelled in subjects) is; the detail `standby` is what a process says that stands by for it.

        Raises:
            Transient: it does not answer.
        """
        waiting = asyncio.ensure_future(self.standby(service))
        try:
            said = _read(service, HealthReply, await self._request(service, health_subject(service), b"", timeout_s))
        except Transient:
            waiting.cancel()
            raise
        standby = await waiting
        if standby is None:
            return said
        return said.model_copy(update={"details": said.details | {"standby": standby.details.get("lease", "")}})

    async def standby(self, service: str, timeout_s: float = 1.0) -> HealthReply | None:
        """How a process is that stands by for `service`; None if none does, or none answers."""
        try:
            return _read(service, HealthReply, await self._request(service, standby_subject(service), b"", timeout_s))
        except Transient:
            return None

    async def config(self, service: str, timeout_s: float = 2.0) -> ConfigReply:
        """The settings that `service` runs with.

        Raises:
            Transient: it does not answer.
        """
        return _read(service, ConfigReply, await self._request(service, config_subject(service), b"", timeout_s))

    async def _request(self, service: str, subject: str, body: bytes, timeout_s: float) -> bytes:
        if self._client is None:
            raise RuntimeError("a question is asked before its service has started")
        headers: dict[str, str] = {}
        try:
            with cancelling.heard(), message_spans.asking(subject, body, headers):
                return (await self._client.request(subject, body, headers=headers, timeout=timeout_s)).data
        except nats.errors.NoRespondersError as error:
            raise Transient(f"the {service} service is not running") from error
        except (TimeoutError, nats.errors.Error) as error:
            raise Transient(f"the {service} service does not answer: {error or type(error).__name__}") from error


Answer = TypeVar("Answer", bound=Reply)


def _read(service: str, kind: type[Answer], body: bytes) -> Answer:
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise Transient(f"the {service} service answered something that cannot be read") from error
