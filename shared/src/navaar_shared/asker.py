"""Asks another service a question and waits for the answer, with a deadline."""

from __future__ import annotations

from typing import TypeVar

import nats.errors
from faststream.nats import NatsBroker
from navaar_contracts.queries import Query, Reply
from pydantic import ValidationError

from navaar_shared.failures import Transient

R = TypeVar("R", bound=Reply)


class Asker:
    """Request/reply on core NATS; usable once the service has started."""

    def __init__(self) -> None:
        self._broker: NatsBroker | None = None

    def bind(self, broker: NatsBroker) -> None:
        self._broker = broker

    async def ask(self, query: Query[R], timeout_s: float = 2.0) -> R:
        """The answer to `query`.

        Raises:
            Transient: nobody answers in time, or the answer is a problem.
        """
        if self._broker is None:
            raise RuntimeError("a question is asked before its service has started")
        try:
            message = await self._broker.request(
                query.model_dump_json(exclude_none=True).encode(), query.subject(), timeout=timeout_s
            )
        except (TimeoutError, nats.errors.Error) as error:
            raise Transient(f"the {query.service} does not answer: {error or type(error).__name__}") from error
        try:
            reply = query.answer.model_validate_json(message.body)
        except ValidationError as error:
            raise Transient(f"the {query.service} answered something that cannot be read") from error
        if reply.problem is not None:
            raise Transient(f"the {query.service} cannot answer: {reply.problem}")
        return reply  # type: ignore[return-value]
