"""What fits a schema can be read, named in a header and stored; what does not fit is refused at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from navaar_contracts.bounds import LARGEST, LONGEST_TEXT
from navaar_contracts.commands import COMMANDS, FindCandidates
from navaar_contracts.events import EVENTS, CandidatesFound, ItemSighted, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_contracts.music import ItemMetadata, Recording
from navaar_runtime.acknowledgement import MessageUnreadable, decoder
from navaar_runtime.publisher import LONGEST_ID, header_safe
from tests.support.fitting import fitting

MESSAGES = (*COMMANDS, *EVENTS)
PLACED = {"link": "main", "track_id": 1, "target": "spotify", "external_id": "x"}
SIGHTED = {"link": "main", "platform": "youtube", "external_id": "x", "item": {}, "sighted_at": "2026-11-29T12:00:00Z"}


@pytest.mark.parametrize("cls", MESSAGES, ids=lambda cls: cls.__name__)
def test_what_fits_the_schema_can_be_read_named_and_sent(cls: type[Message]) -> None:
    random = Random(f"fitting {cls.__name__}")
    for _ in range(20):
        body = json.dumps(fitting(cls, random))
        message = cls.model_validate_json(body)
        assert cls.model_validate_json(message.model_dump_json(exclude_none=True)) == message
        header = header_safe(message.message_id())
        assert len(header) <= LONGEST_ID
        assert header.isascii()
        assert header.isprintable()


@pytest.mark.parametrize("cls", MESSAGES, ids=lambda cls: cls.__name__)
def test_every_number_and_text_of_a_message_has_a_bound(cls: type[Message]) -> None:
    unbounded: list[str] = []

    def look(schema: dict[str, Any], where: str) -> None:
        kind = schema.get("type")
        if kind in ("integer", "number") and not {"maximum", "minimum"} <= schema.keys():
            unbounded.append(where)
        if kind == "string" and not {"maxLength", "enum", "format", "const"} & schema.keys() and "link" not in where:
            unbounded.append(where)
        if kind == "array" and "maxItems" not in schema:
            unbounded.append(where)
        for name, each in schema.get("properties", {}).items():
            look(each, f"{where}.{name}")
        for name, each in schema.get("$defs", {}).items():
            look(each, name)
        for each in (*schema.get("anyOf", ()), schema.get("items"), schema.get("additionalProperties")):
            if isinstance(each, dict):
                look(each, where)

    look(cls.model_json_schema(mode="validation"), cls.__name__)
    assert not unbounded


@pytest.mark.parametrize(
    ("cls", "body"),
    [
        (TrackPlaced, {**PLACED, "track_id": 10**40}),
        (TrackPlaced, {**PLACED, "track_id": LARGEST + 1}),
        (TrackPlaced, {**PLACED, "track_id": 0}),
        (TrackPlaced, {**PLACED, "attempt": 2**63}),
        (TrackPlaced, {**PLACED, "external_id": "x" * 3000}),
        (ItemSighted, {**SIGHTED, "sighted_at": "0001-01-01T00:00:00+14:00"}),
        (ItemSighted, {**SIGHTED, "sighted_at": "9999-12-31T23:59:59-12:00"}),
        (ItemSighted, {**SIGHTED, "item": {"size_bytes": 10**40}}),
    ],
)
def test_what_nobody_can_store_is_unreadable(cls: type[Message], body: dict[str, Any]) -> None:
    subject = cls.model_construct(**{**body, "target": Platform.SPOTIFY}).subject()
    with pytest.raises(MessageUnreadable):
        decoder((cls,))(subject, json.dumps(body).encode())


def test_what_is_nested_too_deep_is_unreadable_wherever_it_stands() -> None:
    deep = b'{"more":' * 5000 + b"1" + b"}" * 5000
    body = json.dumps(PLACED).encode()[:-1] + b', "unknown": ' + deep + b"}"
    with pytest.raises(MessageUnreadable):
        decoder((TrackPlaced,))("navaar.evt.track.placed.main", body)


def test_words_and_lists_are_cut_and_never_make_a_message_unreadable() -> None:
    item = ItemMetadata(title="x" * 100_000, artists=("y" * 100_000,) * 300)
    assert len(item.title) == len(item.artists[0]) == LONGEST_TEXT
    assert len(item.artists) == 100
    candidate = {"id": "c", "title": "t"}
    found = CandidatesFound.model_validate(
        {"link": "main", "track_id": 1, "target": "spotify", "query": "q" * 9000, "candidates": [candidate] * 1000}
    )
    assert (len(found.query), len(found.candidates)) == (LONGEST_TEXT, 100)


@pytest.mark.parametrize("length", [float("inf"), float("nan"), -1, 10**40, 1e300])
def test_a_length_that_makes_no_sense_is_not_known(length: float) -> None:
    assert Recording(title="t", duration_s=length).duration_s is None
    assert Recording(title="t", duration_s=240).duration_s == 240


def test_an_id_that_no_header_can_carry_travels_as_its_digest() -> None:
    def name(external_id: str) -> str:
        moment = datetime(2026, 11, 29, tzinfo=UTC)
        item = ItemMetadata(title="t")
        sighted = ItemSighted(
            link="main", platform=Platform.YOUTUBE, external_id=external_id, item=item, sighted_at=moment
        )
        return header_safe(sighted.message_id())

    assert name("abc") == "sighted:main:youtube:abc"
    assert "\r" not in name("a\r\nNats-Rollup: all")
    assert name("a\r\nb") != name("a\r\nc")
    assert name("é") == name("é")


@pytest.mark.parametrize("cls", [FindCandidates, TrackPlaced])
def test_bounds_hold_for_who_makes_a_message_too(cls: type[BaseModel]) -> None:
    with pytest.raises(ValidationError):
        cls.model_validate({**PLACED, "query": "q", "track_id": 10**40})
