"""The message contracts as a document."""

from __future__ import annotations

import json
from typing import Any

from navaar_api import asyncapi
from navaar_contracts.commands import COMMANDS
from navaar_contracts.events import EVENTS
from navaar_contracts.queries import QUERIES


def references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [r for v in value.values() for r in references(v)]
    return [r for v in value for r in references(v)] if isinstance(value, list) else []


def test_every_message_is_in_the_document_on_a_channel() -> None:
    document = asyncapi.document()
    assert document["asyncapi"] == "3.0.0"
    said = {name for channel in document["channels"].values() for name in channel["messages"]}
    assert {m.__name__ for m in (*EVENTS, *COMMANDS, *QUERIES)} <= said


def test_every_reference_in_the_document_leads_somewhere() -> None:
    document = json.loads(json.dumps(asyncapi.document()))
    for reference in references(document):
        found = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_the_page_names_every_message_with_its_subjects() -> None:
    entries = [entry for chapter in asyncapi.chapters() for entry in chapter.entries]
    assert {e.name for e in entries} == {m.__name__ for m in (*EVENTS, *COMMANDS, *QUERIES)}
    for entry in entries:
        assert entry.about
        assert entry.subjects, entry.name
