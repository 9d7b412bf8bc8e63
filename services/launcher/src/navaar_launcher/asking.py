"""Questions from the command line to a running Navaar."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import TypeVar

import nats.errors
from nats.aio.client import Client

from navaar_contracts.message import Command
from navaar_contracts.queries import Query, Reply
from navaar_contracts.streams import COMMANDS
from navaar_runtime.connection import connect
from navaar_runtime.failures import Transient
from navaar_runtime.settings import RuntimeSettings, load

R = TypeVar("R", bound=Reply)

DEADLINE_S = 5.0


class Unanswered(Exception):
    """Navaar is not running here, or does not answer; the text says what to do."""


class Desk:
    """Asks over one plain connection."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def ask(self, query: Query[R], timeout_s: float = DEADLINE_S) -> R:
        """Raises Unanswered."""
        try:
            message = await self._client.request(
                query.subject(), query.model_dump_json(exclude_none=True).encode(), timeout=timeout_s
            )
        except nats.errors.NoRespondersError:
            raise Unanswered(f"the {query.service} service is not running") from None
        except (TimeoutError, nats.errors.Error) as error:
            raise Unanswered(f"the {query.service} service does not answer: {error or type(error).__name__}") from None
        reply = query.answer.model_validate_json(message.data)
        if reply.problem is not None:
            raise Unanswered(reply.problem)
        return reply  # type: ignore[return-value]

    async def tell(self, command: Command) -> None:
        """Put a command on the work queue. Raises Unanswered."""
        try:
            await self._client.jetstream(timeout=DEADLINE_S).publish(
                command.subject(),
                command.model_dump_json(exclude_none=True).encode(),
                stream=COMMANDS.name,
                headers={"Nats-Msg-Id": command.message_id(), "Navaar-Type": type(command).__name__},
            )
        except (TimeoutError, nats.errors.Error) as error:
            raise Unanswered(f"NATS did not take the command: {error or type(error).__name__}") from None


@contextlib.asynccontextmanager
async def desk(environment: Mapping[str, str]) -> AsyncIterator[Desk]:
    """Connected to NAVAAR_NATS_URL, or to the embedded server of NAVAAR_DATA_DIR. Raises Unanswered."""
    async with connected(environment) as client:
        yield Desk(client)


@contextlib.asynccontextmanager
async def connected(environment: Mapping[str, str]) -> AsyncIterator[Client]:
    """The connection beneath a desk, for what concerns the streams themselves. Raises Unanswered."""
    runtime = load(RuntimeSettings, environment)
    if runtime.nats_url is None:
        found = _embedded_url(runtime.data_dir)
        if found is None:
            raise Unanswered(
                f"no Navaar runs on {runtime.data_dir}: start `navaar up`, or set NAVAAR_DATA_DIR or NAVAAR_NATS_URL"
            )
        runtime = load(RuntimeSettings, {**environment, "NAVAAR_NATS_URL": found})
    try:
        client = await connect(runtime, "cli", deadline_s=DEADLINE_S)
    except Transient as error:
        raise Unanswered(error.reason) from None
    try:
        yield client
    except Transient as error:
        raise Unanswered(error.reason) from None
    finally:
        await client.close()


def address_file(data_dir: Path) -> Path:
    """Where the embedded server's address is written for other commands."""
    return data_dir.expanduser().resolve() / "nats" / "url"


def _embedded_url(data_dir: Path) -> str | None:
    try:
        return address_file(data_dir).read_text(encoding="ascii").strip() or None
    except OSError:
        return None
