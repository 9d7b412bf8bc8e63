"""Traces of this process: who makes spans, how one is opened, and how its context is written down.

Every service in a process has a provider of its own, so that it keeps its name in a trace. Which service is running is
a context variable: it follows tasks and `copy_context`, so that an adapter opens a span without being told whose it is.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from opentelemetry import trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from navaar_runtime.redaction import redact
from navaar_runtime.trace_export import processor

FLUSH_S = 3.0

_service: ContextVar[str] = ContextVar("navaar_service", default="process")
_propagator = TraceContextTextMapPropagator()

Attributes = Mapping[str, AttributeValue]


@cache
def tracer_provider(service: str) -> TracerProvider:
    """One provider a service. Without an exporter its spans have ids all the same, for logs and the audit log.

    Sampling follows OTEL_TRACES_SAMPLER, further resource attributes OTEL_RESOURCE_ATTRIBUTES.
    """
    described = {"service.namespace": "navaar", "service.name": f"navaar-{service}", "service.version": _version()}
    # Not at exit: the library would wait half a minute there for a collector that does not answer.
    provider = TracerProvider(resource=Resource.create(described), shutdown_on_exit=False)
    if (export := processor()) is not None:
        provider.add_span_processor(export)
    return provider


def enter(service: str) -> None:
    """From here on this task, and the tasks and threads it starts, make spans as `service`."""
    _service.set(service)


def tracer() -> Tracer:
    """The running service's."""
    return tracer_provider(_service.get()).get_tracer("navaar")


@contextmanager
def span(
    name: str,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Attributes | None = None,
    *,
    parent: Context | None = None,
    links: Sequence[Link] = (),
    quoting: bool = True,
) -> Iterator[Span]:
    """A span around a block; `parent` None continues the current one, or begins a trace.

    What the block raises ends it as failed: by its class and, if `quoting`, its text masked of secrets. Never with a
    traceback, whose lines may quote anything.
    """
    with tracer().start_as_current_span(
        name,
        context=parent,
        kind=kind,
        attributes=attributes,
        links=links,
        record_exception=False,
        set_status_on_exception=False,
    ) as opened:
        try:
            yield opened
        except BaseException as error:
            failed(opened, error, quoting=quoting)
            raise


@contextmanager
def inner_span(
    name: str, kind: SpanKind = SpanKind.INTERNAL, attributes: Attributes | None = None, *, quoting: bool = True
) -> Iterator[Span]:
    """Like `span`, inside a trace only: what is done again and again for no track in particular leaves no spans."""
    if not trace.get_current_span().get_span_context().is_valid:
        yield trace.INVALID_SPAN
        return
    with span(name, kind, attributes, quoting=quoting) as opened:
        yield opened


def failed(opened: Span, error: BaseException, *, quoting: bool = True) -> None:
    """Mark a span as failed."""
    opened.set_attribute("error.type", type(error).__qualname__)
    opened.set_status(Status(StatusCode.ERROR, redact(str(error))[:500] if quoting else None))


def current() -> SpanContext | None:
    """The running span's context, if there is one."""
    context = trace.get_current_span().get_span_context()
    return context if context.is_valid else None


def traceparent() -> str | None:
    """The running span as W3C Trace Context writes it; None outside any."""
    headers: dict[str, str] = {}
    inject(headers)
    return headers.get("traceparent")


def inject(headers: dict[str, str]) -> None:
    """Write the running span into the headers of a message; outside any span they stay as they are."""
    _propagator.inject(headers)


def extract(headers: Mapping[str, str]) -> Context:
    """The context that headers carry; an empty one, which begins a trace, where they carry none that can be read."""
    return _propagator.extract(headers, Context())


@contextmanager
def within(headers: Mapping[str, str]) -> Iterator[None]:
    """Inside the trace that a kept message belongs to, without a span: for what is only gone through again."""
    token = attach(extract(headers))
    try:
        yield
    finally:
        detach(token)


async def flush() -> None:
    """Send what is buffered, for at most three seconds; called after the broker has stopped."""
    export = processor()
    if export is not None:
        # A thread that ends with the process: the library's own flush has no deadline.
        sender = threading.Thread(target=export.force_flush, name="trace-flush", daemon=True)
        sender.start()
        await asyncio.to_thread(sender.join, FLUSH_S)


def _version() -> str:
    try:
        return version("navaar-runtime")
    except PackageNotFoundError:
        return ""
