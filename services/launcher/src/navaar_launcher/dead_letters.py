"""What services gave up on: the letters of NAVAAR_DEAD. A letter's number is its sequence in that stream."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError, NotFoundError

from navaar_contracts.streams import DEAD
from navaar_runtime.failures import Transient
from navaar_runtime.history import Stored, stored
from navaar_runtime.publisher import TYPE_HEADER
from navaar_runtime.redaction import redact

DEADLINE_S = 5.0


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message that a service gave up on."""

    number: int
    at: datetime
    service: str
    """Who gave up, as spelled in subjects."""
    subject: str
    """Where the message came from, and where it goes when it is sent again; empty when that is not known."""
    link: str
    kind: str
    """The message's type, where its sender said so."""
    track: int | None
    reason: str
    body: bytes
    headers: Mapping[str, str]

    def summary(self) -> dict[str, Any]:
        """What a list shows, as JSON values."""
        return {
            "number": self.number,
            "at": self.at.isoformat(timespec="seconds"),
            "service": self.service,
            "subject": self.subject,
            "kind": self.kind,
            "link": self.link,
            "track": self.track,
            "reason": self.reason,
        }

    def text(self) -> str:
        """The body for a person: indented where it is JSON."""
        plain = redact(self.body.decode("utf-8", "replace"))
        try:
            return json.dumps(json.loads(plain), ensure_ascii=False, indent=2)
        except ValueError:
            return plain


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which letters; empty fields mean all."""

    service: str | None = None
    link: str | None = None
    subject: str | None = None
    """A part of the subject the message came from."""
    track: int | None = None
    reason: str | None = None
    """A part of the reason, in any case."""
    since: datetime | None = None

    def fits(self, letter: DeadLetter) -> bool:
        """Whether it is one of them; service and link are looked at by the server."""
        return (
            (self.subject is None or self.subject in letter.subject)
            and (self.track is None or self.track == letter.track)
            and (self.reason is None or self.reason.lower() in letter.reason.lower())
            and (self.since is None or letter.at >= self.since)
        )

    def filter(self) -> str:
        """The subject under which they lie in the stream. What stands between is one token; see `dead_subject`."""
        return f"navaar.dead.{self.service or '*'}.*.{self.link or '*'}"


async def letters(client: Client, wanted: Wanted, *, after: int = 0) -> AsyncIterator[DeadLetter]:
    """Oldest first, above number `after`. Raises Transient."""
    async for message in stored(client, DEAD.name, (wanted.filter(),), first=after + 1):
        letter = read(message)
        if wanted.fits(letter):
            yield letter


async def letter_of(client: Client, number: int) -> DeadLetter | None:
    """The letter of that number; None when there is none, or no longer. Raises Transient."""
    try:
        raw = await client.jetstream(timeout=DEADLINE_S).get_msg(DEAD.name, number)
    except NotFoundError:
        return None
    except (TimeoutError, nats.errors.Error, APIError) as error:
        raise Transient(f"the dead letters cannot be read: {error or type(error).__name__}") from error
    at = raw.time or datetime.fromtimestamp(0).astimezone()
    return read(Stored(number, at, raw.subject or "", raw.data or b"", raw.headers or {}))


async def remove(client: Client, number: int) -> None:
    """Take a letter out of the stream; one that is gone already is fine. Raises Transient."""
    try:
        await client.jetstream(timeout=DEADLINE_S).delete_msg(DEAD.name, number)
    except NotFoundError:
        return
    except (TimeoutError, nats.errors.Error, APIError) as error:
        if isinstance(error, APIError) and error.err_code == _NO_SUCH_MESSAGE:
            return
        raise Transient(f"letter {number} cannot be taken out: {error or type(error).__name__}") from error


_NO_SUCH_MESSAGE = 10043


def read(message: Stored) -> DeadLetter:
    """The letter that a stored message is. Pure."""
    tokens = message.subject.split(".")
    headers = message.headers
    return DeadLetter(
        number=message.sequence,
        at=message.at,
        service=tokens[2] if len(tokens) > 2 else "",
        subject=headers.get("Navaar-Subject", ""),
        link=tokens[-1],
        kind=headers.get(TYPE_HEADER, ""),
        track=_track(message.body),
        reason=redact(headers.get("Navaar-Reason", "")),
        body=message.body,
        headers=headers,
    )


def _track(body: bytes) -> int | None:
    try:
        number = json.loads(body).get("track_id")
    except (ValueError, AttributeError):
        return None
    return number if isinstance(number, int) and not isinstance(number, bool) else None
