"""The message contracts as an AsyncAPI 3 document, and as chapters for a page, straight from the contracts package."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from navaar_contracts import streams
from navaar_contracts.commands import COMMANDS
from navaar_contracts.events import EVENTS
from navaar_contracts.message import Command, Event, Message
from navaar_contracts.queries import QUERIES, Query

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """One message, as a person reads about it."""

    name: str
    about: str
    subjects: tuple[str, ...]
    readers: tuple[str, ...]
    """Durable consumers that take it."""
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    about: str
    entries: tuple[MessageEntry, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """Events, commands and questions, in the order of the contracts."""
    questions = tuple(
        MessageEntry(q.__name__, _about(q), tuple(q.subject_at(s) for s in q.services()), q.services(), _fields(q))
        for q in QUERIES
    )
    return (
        Chapter("Events", f"{streams.EVENTS.name}: {streams.EVENTS.description}", tuple(_entry(e) for e in EVENTS)),
        Chapter(
            "Commands", f"{streams.COMMANDS.name}: {streams.COMMANDS.description}", tuple(_entry(c) for c in COMMANDS)
        ),
        Chapter("Questions", "Request and reply on core NATS, outside every stream.", questions),
    )


def _questions() -> Iterator[tuple[str, type[Query[Any]]]]:
    """Each question with each subject on which it is asked."""
    for query in QUERIES:
        for service in query.services():
            yield query.subject_at(service), query


@cache
def document() -> Json:
    """AsyncAPI 3.0.0, as JSON values."""
    replies = {q.answer.__name__: q.answer for q in QUERIES}
    models: list[type[BaseModel]] = [*EVENTS, *COMMANDS, *QUERIES, *replies.values()]
    _, schemas = models_json_schema(
        [(model, "serialization") for model in models], ref_template="#/components/schemas/{model}"
    )
    channels: Json = {}
    operations: Json = {}
    for kind in (*EVENTS, *COMMANDS):
        for subject in _subjects(kind):
            channels[_channel_id(subject)] = _channel(subject.replace("*", "{link}"), kind)
    for consumer in streams.CONSUMERS:
        taken = [(s, k) for s in consumer.subjects for k in (*EVENTS, *COMMANDS) if s in _subjects(k)]
        for subject, kind in taken:
            name = f"{consumer.durable}.{kind.__name__}" if len(taken) > 1 else consumer.durable
            operations[name] = {
                "action": "receive",
                "channel": {"$ref": f"#/channels/{_channel_id(subject)}"},
                "summary": f"Durable consumer {consumer.durable} on {consumer.stream}",
            }
    for asked, query in _questions():
        answered = f"{asked}.reply"
        channels[asked] = {"address": asked, "messages": {query.__name__: _message_ref(query)}}
        channels[answered] = {"address": None, "messages": {query.answer.__name__: _message_ref(query.answer)}}
        operations[asked] = {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{asked}"},
            "summary": _about(query),
            "reply": {"channel": {"$ref": f"#/channels/{answered}"}},
        }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Navaar's messages",
            "version": "1",
            "description": "What Navaar's services exchange over NATS. Headers: Nats-Msg-Id, Navaar-Type, "
            "Navaar-Version, traceparent.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {
                model.__name__: {
                    "name": model.__name__,
                    "summary": _about(model),
                    "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
                }
                for model in models
            },
            "schemas": schemas["$defs"],
        },
    }


def _entry(kind: type[Message]) -> MessageEntry:
    subjects = _subjects(kind)
    readers = tuple(m.durable for m in streams.CONSUMERS if set(subjects) & set(m.subjects))
    return MessageEntry(
        kind.__name__, _about(kind), tuple(s.replace("*", "<link>") for s in subjects), readers, _fields(kind)
    )


def _subjects(kind: type[Message]) -> tuple[str, ...]:
    """With * for the link. A command that several platforms take has a subject for each that has a consumer."""
    if issubclass(kind, Event):
        return (f"navaar.evt.{kind.topic}.*",)
    imperative = kind.imperative if issubclass(kind, Command) else ""
    return tuple(s for m in streams.CONSUMERS for s in m.subjects if s.split(".")[3:4] == [imperative])


def _channel_id(subject: str) -> str:
    return subject.removesuffix(".*")


def _channel(address: str, kind: type[BaseModel]) -> Json:
    return {
        "address": address,
        "description": _about(kind),
        "messages": {kind.__name__: _message_ref(kind)},
        "parameters": {"link": {"description": "The link's name", "examples": ["main"]}},
    }


def _message_ref(kind: type[BaseModel]) -> Json:
    return {"$ref": f"#/components/messages/{kind.__name__}"}


def _about(kind: type[BaseModel]) -> str:
    return inspect.getdoc(kind) or ""


def _fields(kind: type[BaseModel]) -> tuple[Field, ...]:
    return tuple(Field(name, _type(field.annotation), field.is_required()) for name, field in kind.model_fields.items())


def _type(annotation: Any) -> str:
    text = (
        annotation.__name__ if isinstance(annotation, type) and not hasattr(annotation, "__args__") else str(annotation)
    )
    for module in ("navaar_contracts.music.", "navaar_contracts.identifiers.", "navaar_contracts.commands.",
                   "navaar_contracts.events.", "navaar_contracts.queries.", "datetime.", "typing."):  # fmt: skip
        text = text.replace(module, "")
    return text.replace("NoneType", "None")
