"""The trace that a track belongs to, from first sight to last delivery."""

from __future__ import annotations

from opentelemetry import trace


def current_trace() -> str | None:
    """The running span as a W3C traceparent; None when nothing is traced."""
    context = trace.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{int(context.trace_flags):02x}"


def trace_id(traceparent: str | None) -> str | None:
    """The 32 hexadecimal digits that a tracing backend is asked with."""
    parts = (traceparent or "").split("-")
    return parts[1] if len(parts) == 4 else None
