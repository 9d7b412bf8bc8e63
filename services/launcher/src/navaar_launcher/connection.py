"""A command's own connection to a running Navaar, for as long as the command needs it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from nats.aio.client import Client

from navaar_client.ledger_client import LedgerClient
from navaar_contracts.permissions import OPERATOR
from navaar_runtime.connection import connect
from navaar_runtime.failures import Transient
from navaar_runtime.publisher import Publisher
from navaar_runtime.query_client import QueryClient
from navaar_runtime.settings import RuntimeSettings, load

DEADLINE_S = 5.0


class Unanswered(Exception):
    """Navaar is not running here, or does not answer; the text says what to do."""


@contextlib.asynccontextmanager
async def connected(environment: Mapping[str, str]) -> AsyncIterator[Client]:
    """Connected to NAVAAR_NATS_URL, or as the operator to the embedded server of NAVAAR_DATA_DIR.

    Raises:
        Unanswered: nobody is there, it is another user's, or what is done with the connection is Transient.
    """
    runtime = load(RuntimeSettings, environment)
    if runtime.nats_url is None:
        found = _embedded(runtime.data_dir)
        if found is None:
            raise Unanswered(
                f"no Navaar runs on {runtime.data_dir}: start `navaar up`, or set NAVAAR_DATA_DIR or NAVAAR_NATS_URL"
            )
        runtime = load(RuntimeSettings, {**environment, **found})
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


@contextlib.asynccontextmanager
async def ledger_client(environment: Mapping[str, str]) -> AsyncIterator[LedgerClient]:
    """A client of the ledger over such a connection. Raises Unanswered."""
    async with connected(environment) as client:
        yield client_over(client)


def client_over(client: Client) -> LedgerClient:
    """The same for a connection that is open already."""
    queries = QueryClient()
    queries.bind(client)
    return LedgerClient(queries, publisher(client), answer_s=DEADLINE_S)


def publisher(client: Client) -> Publisher:
    bound = Publisher()
    bound.bind(client)
    return bound


def address_file(data_dir: Path) -> Path:
    """Where the embedded server's address is written for other commands."""
    return data_dir.expanduser().resolve() / "nats" / "url"


def signing_in(keys: Path, user: str) -> dict[str, str]:
    """The settings with which a user of the embedded server signs in, whatever is configured for another server."""
    return {"NAVAAR_NATS_NKEY_SEED_FILE": str(keys / f"{user}.nk"), "NAVAAR_NATS_CREDENTIALS_FILE": ""}


def _embedded(data_dir: Path) -> dict[str, str] | None:
    """The settings that lead to the embedded server of a data folder as its operator; None when none runs there."""
    file = address_file(data_dir)
    try:
        url = file.read_text(encoding="ascii").strip()
    except PermissionError:
        raise Unanswered(
            f"{data_dir} is another user's: run this as the user that `navaar up` runs as, or set NAVAAR_DATA_DIR"
        ) from None
    except OSError:
        return None
    keys = file.parent / "keys"
    # A Navaar of a version before, which still runs, asks for no key.
    return {"NAVAAR_NATS_URL": url} | (signing_in(keys, OPERATOR) if keys.is_dir() else {}) if url else None
