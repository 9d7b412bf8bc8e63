"""Sends messages of the streams again, under ids of their own so that no duplicate window swallows them.

Nothing happens twice because of it: the ledger recognises a fact that it knows, a gateway an intent that it has carried
out. A copy says in a header what it is a copy of, and copies are not copied again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from nats.aio.client import Client
from nats.js.api import Header

from navaar_contracts.streams import COMMANDS, CONSUMERS, DEAD, EVENTS
from navaar_launcher.connection import publisher
from navaar_launcher.dead_letters import DeadLetter
from navaar_runtime.history import Stored, stored

ID_HEADER = Header.MSG_ID.value
COPY_HEADER = "Navaar-Copy-Of"
_STREAMS = {"evt": EVENTS.name, "cmd": COMMANDS.name}
_NOT_COPIED = frozenset({ID_HEADER, "Navaar-Reason", "Navaar-Subject", "Navaar-Sequence"})


class NotSendable(Exception):
    """The message does not say where it belongs."""


@dataclass(frozen=True, slots=True)
class Copy:
    """A message to be stored once more."""

    stream: str
    subject: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Range:
    """Which part of NAVAAR_EVENTS, and of it which subjects."""

    subjects: tuple[str, ...]
    first: int | None = None
    since: datetime | None = None
    last: int | None = None


def reads(service: str) -> tuple[str, ...]:
    """The events that a service (as spelled in subjects) takes."""
    boxes = [m for m in CONSUMERS if m.stream == EVENTS.name and m.durable.partition("-")[0] == service]
    return tuple(subject for box in boxes for subject in box.subjects)


TAKERS = tuple(dict.fromkeys(c.durable.partition("-")[0] for c in CONSUMERS if c.stream == EVENTS.name))
"""The services that take events."""


def narrowed(subjects: tuple[str, ...], link: str | None) -> tuple[str, ...]:
    """The same subjects for one link, which is their last token."""
    if link is None:
        return subjects
    return tuple(f"{subject.rpartition('.')[0]}.{link}" for subject in subjects)


async def events(client: Client, asked: Range) -> AsyncIterator[Stored]:
    """The originals in that range, oldest first. Raises Transient."""
    async for message in stored(
        client, EVENTS.name, asked.subjects, first=asked.first, since=asked.since, last=asked.last
    ):
        if COPY_HEADER not in message.headers:
            yield message


def copy_of_event(message: Stored, run: str) -> Copy:
    """`run` names this going-through: within it an event is stored once, however often it is tried."""
    return _copy(EVENTS.name, message.subject, message.body, message.headers, f"{EVENTS.name}:{message.sequence}", run)


def copy_of_letter(letter: DeadLetter) -> Copy:
    """The message as it was before it was given up on.

    Its id follows from the letter's number: trying again after a crash between sending and removing is harmless.

    Raises:
        NotSendable: the letter names no subject of a stream.
    """
    tokens = letter.subject.split(".")
    stream = _STREAMS.get(tokens[1]) if len(tokens) > 2 and tokens[0] == "navaar" else None
    if stream is None:
        raise NotSendable(f"letter {letter.number} does not say where it came from")
    return _copy(stream, letter.subject, letter.body, letter.headers, f"{DEAD.name}:{letter.number}", "")


async def send(client: Client, copy: Copy) -> None:
    """Store it and wait until it is stored. Raises Transient, or Permanent where NATS forbids it."""
    await publisher(client).store(copy.subject, copy.body, dict(copy.headers), copy.stream)


def _copy(stream: str, subject: str, body: bytes, headers: Mapping[str, str], origin: str, run: str) -> Copy:
    kept = {name: value for name, value in headers.items() if name not in _NOT_COPIED}
    kept[COPY_HEADER] = origin
    kept[ID_HEADER] = f"copy:{origin}:{run}" if run else f"copy:{origin}"
    return Copy(stream, subject, body, kept)
