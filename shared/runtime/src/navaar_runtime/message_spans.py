"""Spans of messages, named and described as OpenTelemetry's messaging conventions want them (1.37).

A message carries the context of the span that sent it. Whoever takes it up goes on below that, so that a message that
is delivered again is a further span beside the first, in the same trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from opentelemetry import trace
from opentelemetry.trace import Link, Span, SpanKind
from opentelemetry.util.types import AttributeValue

from navaar_contracts.commands import CheckAudio, DownloadAudio
from navaar_contracts.events import AudioChecked, AudioReady
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_runtime import tracing

_WITH_AUDIO = (DownloadAudio, AudioReady, CheckAudio, AudioChecked)
"""Where they name no target, they are from a time when one platform alone needed audio."""

_BY_THE_CLOCK = ("navaar.cmd.ledger.run-cycle.", "navaar.evt.cycle.completed.")
"""Sent every few minutes, mostly with nothing to do: they begin no trace, but belong to one that asks for them."""


class Received(Protocol):
    """What is needed of a message as nats-py gives it."""

    subject: str
    data: bytes
    headers: Any
    metadata: Any


def about(message: Message) -> dict[str, str | int]:
    """By which names a message is found in logs and traces: its link and, where it has them, track and delivery."""
    names: dict[str, str | int] = {"link": message.link}
    track = getattr(message, "track_id", None)
    if track is not None:
        names["track"] = track
        direction = getattr(message, "direction", None)
        target = getattr(message, "target", None) or getattr(direction, "target", None)
        if target is None and isinstance(message, _WITH_AUDIO):
            target = next(platform for platform in Platform if platform.spec.needs_audio)
        if target is not None:
            names["delivery"] = f"{message.link}.{track}.{target}"
    return names


def describe(opened: Span, message: Message) -> None:
    """Name what the message is about, and which attempt of the ledger's it belongs to."""
    for name, value in about(message).items():
        opened.set_attribute(f"navaar.{name}", value)
    if (attempt := getattr(message, "attempt", None)) is not None:
        opened.set_attribute("navaar.attempt", attempt)


@contextmanager
def sending(
    subject: str, body: bytes, headers: dict[str, str], message_id: str, belongs_to: str | None = None
) -> Iterator[Span]:
    """Around a publication; writes the span into `headers`.

    Args:
        belongs_to: the traceparent of the trace that the message belongs to. In another trace than that the span goes
            on below `belongs_to`, and the two are linked.
    """
    parent, links = None, []
    here = tracing.current()
    if here is None and subject.startswith(_BY_THE_CLOCK):
        yield trace.INVALID_SPAN
        return
    if belongs_to is not None:
        home = tracing.extract({"traceparent": belongs_to})
        there = trace.get_current_span(home).get_span_context()
        if there.is_valid and (here is None or here.trace_id != there.trace_id):
            parent = home
            if here is not None:
                links = [Link(here)]
                trace.get_current_span().add_link(there)
    attributes = {**_common(subject, "send", "send", body), "messaging.message.id": message_id}
    with tracing.span(f"send {template(subject)}", SpanKind.PRODUCER, attributes, parent=parent, links=links) as opened:
        tracing.inject(headers)
        yield opened


@contextmanager
def processing(raw: Received, message_id: str, durable: str, tries: int) -> Iterator[Span]:
    """Around everything that is done with one delivery of a message.

    Args:
        tries: how many tries count against the step's budget, this one included.
    """
    parent = tracing.extract(raw.headers or {})
    if not trace.get_current_span(parent).get_span_context().is_valid and raw.subject.startswith(_BY_THE_CLOCK):
        yield trace.INVALID_SPAN
        return
    attributes: dict[str, AttributeValue] = {
        **_common(raw.subject, "process", "process", raw.data),
        "messaging.consumer.group.name": durable,
        "messaging.message.id": message_id,
        "navaar.stream": raw.metadata.stream,
        "navaar.sequence": raw.metadata.sequence.stream,
        "navaar.delivered": raw.metadata.num_delivered,
        "navaar.try": tries,
    }
    name = f"process {template(raw.subject)}"
    with tracing.span(name, SpanKind.CONSUMER, attributes, parent=parent) as opened:
        yield opened


@contextmanager
def asking(query: str, body: bytes, headers: dict[str, str]) -> Iterator[Span]:
    """Around a question, inside a trace only."""
    with tracing.inner_span(f"request {query}", SpanKind.CLIENT, _common(query, "request", "send", body)) as opened:
        tracing.inject(headers)
        yield opened


@contextmanager
def answering(subject: str, body: bytes, headers: Mapping[str, str]) -> Iterator[Span]:
    """Around an answer, if whoever asks is inside a trace."""
    parent = tracing.extract(headers)
    if not trace.get_current_span(parent).get_span_context().is_valid:
        yield trace.INVALID_SPAN
        return
    attributes = _common(subject, "respond", "process", body)
    with tracing.span(f"respond {subject}", SpanKind.SERVER, attributes, parent=parent) as opened:
        yield opened


def template(subject: str) -> str:
    """The subject without its link, so that there are few names: navaar.evt.item.sighted.{link}."""
    tokens = subject.split(".")
    return ".".join([*tokens[:-1], "{link}"]) if tokens[1:2] in (["evt"], ["cmd"], ["dead"]) else subject


def _common(subject: str, name: str, kind: str, body: bytes) -> dict[str, AttributeValue]:
    return {
        "messaging.system": "nats",
        "messaging.operation.name": name,
        "messaging.operation.type": kind,
        "messaging.destination.name": subject,
        "messaging.destination.template": template(subject),
        "messaging.message.body.size": len(body),
    }
