"""Spans of what a download process does, stage by stage, made from its signs of life.

The process itself makes none: it would need an exporter and a connection of its own, and its last spans would be lost
whenever it is killed.
"""

from __future__ import annotations

from types import TracebackType

from opentelemetry.trace import Span, Status, StatusCode

from navaar_downloader.jobs import Answer, DownloadProgress, Trouble
from navaar_runtime import tracing


class StageSpans:
    """One span for each stage, below the running one; none outside a trace."""

    def __init__(self) -> None:
        self._stage: str | None = None
        self._span: Span | None = None

    def __enter__(self) -> StageSpans:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._fails(kind.__qualname__)
        self._end()

    def record(self, answer: Answer) -> None:
        """Take note of what the process says."""
        if isinstance(answer, DownloadProgress) and answer.stage != self._stage and tracing.current() is not None:
            self._end()
            self._stage = answer.stage
            self._span = tracing.tracer().start_span(f"download {answer.stage}")
        elif isinstance(answer, Trouble):
            self._fails(answer.kinds[0] if answer.kinds else "unknown")

    def _fails(self, kind: str) -> None:
        if self._span is not None:
            self._span.set_attribute("error.type", kind)
            self._span.set_status(Status(StatusCode.ERROR))

    def _end(self) -> None:
        if self._span is not None:
            self._span.end()
        self._span = None
