"""Structured logs: JSON on standard error, readable on a terminal, secrets masked."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from opentelemetry import trace

from navaar_runtime.redaction import redact, redact_deep
from navaar_runtime.terminal import harmless, json_text

# These print credentials or whole bodies when they are talkative.
_QUIET = ("spotipy", "urllib3", "aiohttp", "aiogram", "httpx", "faststream", "nats", "asyncio", "pymongo")
_OF_LINES = ("exception", "stack")
"""What consists of lines; whatever else a log line holds is one value."""


def configure_logs(level: str = "INFO", *, json: bool | None = None) -> None:
    """Send every log line of this process to standard error. `json` None decides by whether that is a terminal."""
    as_json = not sys.stderr.isatty() if json is None else json
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        # Plain, also on a terminal: the values of local variables are tokens and whole messages.
        structlog.processors.format_exc_info,
        _mask,
    ]
    renderer = (
        structlog.processors.JSONRenderer(serializer=json_text)
        if as_json
        else structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    )
    if not as_json:
        shared.append(_show)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose lines carry `name` and the bound context (link, track, message)."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def traceback_of(error: BaseException) -> str:
    """How `error` came about, for a person at a terminal: no values of variables, secrets or control characters."""
    return harmless(redact("".join(traceback.format_exception(error))), lines=True)


def _show(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For a terminal: what messages and platforms said is shown and not obeyed."""
    return {k: harmless(v, lines=k in _OF_LINES) if isinstance(v, str) else v for k, v in event.items()}


def _mask(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {k: redact_deep(v) for k, v in event.items()}


def _add_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
        event["span_id"] = trace.format_span_id(context.span_id)
    return event
