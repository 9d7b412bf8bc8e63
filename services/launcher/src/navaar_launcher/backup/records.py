"""The idempotency records, out of their bucket and back into one; what is there already is newer and stays."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError

from navaar_contracts.streams import IDEMPOTENCY
from navaar_runtime.failures import Permanent, Transient
from navaar_runtime.history import stored

BUCKET = f"KV_{IDEMPOTENCY.name}"
_PREFIX = f"$KV.{IDEMPOTENCY.name}."
_GONE = "KV-Operation"
_NOT_NEW = 10071
"""JetStream's error code for a subject that has a message already."""


async def kept(client: Client) -> list[bytes]:
    """A line for each record; raises Transient."""
    found: dict[str, bytes] = {}
    async for message in stored(client, BUCKET, (f"{_PREFIX}>",)):
        key = message.subject.removeprefix(_PREFIX)
        if _GONE in message.headers:
            found.pop(key, None)
        else:
            found[key] = message.body
    return [
        json.dumps({"key": key, "value": base64.b64encode(body).decode()}).encode() + b"\n"
        for key, body in found.items()
    ]


async def put_back(client: Client, lines: Iterable[bytes]) -> tuple[int, int]:
    """(records that were missing and are there now, those that were there and stay).

    Raises:
        Permanent: a line is no record.
        Transient: NATS does not answer; those that are there by then stay.
    """
    context = client.jetstream(timeout=5)
    written = stayed = 0
    for line in lines:
        try:
            record = json.loads(line)
            subject, body = f"{_PREFIX}{record['key']}", base64.b64decode(record["value"], validate=True)
        except (ValueError, KeyError, TypeError):
            raise Permanent("the backup holds a line that is no record: it is damaged") from None
        try:
            headers = {"Nats-Expected-Last-Subject-Sequence": "0"}
            await context.publish(subject, body, stream=BUCKET, headers=headers)
        except APIError as error:
            if error.err_code != _NOT_NEW:
                raise Transient(f"the records cannot be written: {error}") from error
            stayed += 1
        except (TimeoutError, nats.errors.Error) as error:
            raise Transient(f"the records cannot be written: {error or type(error).__name__}") from error
        else:
            written += 1
    return written, stayed
