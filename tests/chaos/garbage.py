"""Messages that nobody should send, from a seed: noise, JSON of wrong shapes, and what fits and is about nothing. Pure.

What fits its schema names tracks and items that no song of a story has. What concerns a whole platform or link rather
than a song is said of a link that is not set up: said of the one that is, a pause would rightly hold everybody back. So
no kind of message has to be left out.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from navaar_contracts import commands as c
from navaar_contracts import events as e
from navaar_contracts.bounds import LARGEST
from navaar_contracts.message import Message
from navaar_contracts.records import RequestTaken, TrackDiscovered
from navaar_contracts.streams import CONSUMERS
from navaar_runtime.publisher import ID_HEADER, TYPE_HEADER, VERSION_HEADER, header_safe
from tests.support.fitting import fitting

LINK, NOWHERE = "main", "nowhere"
"""The link that is set up, and one that is not."""
KINDS: tuple[type[Message], ...] = (*e.EVENTS, *c.COMMANDS)
UNKNOWN_FROM = 2**52
"""Numbers from here on are of no song, also when the ledger goes on above those of HEARD_OF."""
HEARD_OF = (10**9, 2 * 10**9)
"""What TrackDiscovered calls tracks: a ledger that starts gives no number that it has heard of, nor one below."""
MOST_BYTES = 64 * 1024
_OF_EVERYTHING = (
    e.CollectionOpened,
    e.CredentialsRejected,
    e.CredentialsAccepted,
    e.PlatformPaused,
    e.PlatformAvailable,
    e.CycleCompleted,
    RequestTaken,
    c.SetPause,
)
_NUMBERS = ("track_id", "joined_to", "same_as")
_SUBJECTS = sorted({subject for consumer in CONSUMERS for subject in consumer.subjects})
# No truth: to some it is the number 1, and that is a song's.
_WRONG: tuple[Any, ...] = (None, [], {}, [[[]]], -1, 0.5, 10**40, "", "x" * 5000, "\0", {"$ne": None})
_ROOTS = ("null", "[]", "{}", '"x"', "1e999", "NaN", "[" * 5000 + "]" * 5000, '{"a":' * 500 + "1" + "}" * 500, "{", "")


@dataclass(frozen=True, slots=True)
class Garbage:
    """One message."""

    what: str
    """noise | shape | fits"""
    subject: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def flood(seed: int, count: int) -> Iterator[Garbage]:
    """So many messages, a third of each sort; those that fit take turns among all kinds there are."""
    dice = random.Random(f"garbage|{seed}")
    first = dice.randrange(len(KINDS))
    for number in range(count):
        turn, sort = divmod(number, 3)
        cls = KINDS[(first + turn) % len(KINDS)]
        yield (_fits, _shape, _noise)[sort](dice, cls)


def _fits(dice: random.Random, cls: type[Message]) -> Garbage:
    message, body = _message(dice, cls)
    headers = {TYPE_HEADER: cls.__name__, VERSION_HEADER: str(cls.schema_version)}
    if dice.random() < 0.8:
        headers[ID_HEADER] = header_safe(message.message_id())
    return Garbage("fits", message.subject(), body, headers)


def _shape(dice: random.Random, cls: type[Message]) -> Garbage:
    message, body = _message(dice, cls)
    while True:
        if dice.random() < 0.2:
            broken = dice.choice(_ROOTS).encode()
        else:
            document = json.loads(body)
            for name in dice.sample(sorted(document), min(len(document), dice.randint(1, 3))):
                if dice.random() < 0.3:
                    del document[name]
                else:
                    document[name] = dice.choice(_WRONG)
            broken = json.dumps(document).encode()
        try:
            cls.model_validate_json(broken)
        except ValidationError:
            return Garbage("shape", message.subject(), broken, _said(dice, cls))


def _noise(dice: random.Random, cls: type[Message]) -> Garbage:
    subject = dice.choice(_SUBJECTS).replace("*", dice.choice((LINK, NOWHERE)))
    return Garbage("noise", subject, dice.randbytes(dice.randrange(2000)), _said(dice, cls))


def _said(dice: random.Random, cls: type[Message]) -> dict[str, str]:
    """What a message that is none says it is."""
    name, version = dice.choice((cls.__name__, cls.__name__, "Unheard", "")), dice.choice(("1", "1", "99", "x", ""))
    return {TYPE_HEADER: name, VERSION_HEADER: version} if dice.random() < 0.8 else {}


def _message(dice: random.Random, cls: type[Message]) -> tuple[Message, bytes]:
    """One that fits, as an object and as it is sent."""
    while True:
        link = NOWHERE if cls in _OF_EVERYTHING else dice.choice((LINK, LINK, NOWHERE))
        document = {**fitting(cls, dice), "link": link}
        if "track_id" in cls.model_fields:
            # Where it may be left out, that would mean all of them.
            document["track_id"] = 0
        body = json.dumps(_about_nothing(document, dice, link, cls)).encode()
        if len(body) > MOST_BYTES:
            continue
        try:
            return cls.model_validate_json(body), body
        except ValidationError:
            # A rule that no schema can tell.
            continue


def _about_nothing(value: Any, dice: random.Random, link: str, cls: type[Message]) -> Any:
    if isinstance(value, list):
        return [_about_nothing(each, dice, link, cls) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: _renamed(name, each, dice, link, cls) for name, each in value.items()}


def _renamed(name: str, value: Any, dice: random.Random, link: str, cls: type[Message]) -> Any:
    if name in _NUMBERS and value is not None:
        if cls is TrackDiscovered:
            return dice.randint(*HEARD_OF)
        return dice.choice((UNKNOWN_FROM, LARGEST, dice.randint(UNKNOWN_FROM, LARGEST)))
    return link if name == "link" else _about_nothing(value, dice, link, cls)
