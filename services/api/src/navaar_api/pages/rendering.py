"""Templates to HTML. Everything that is filled in is escaped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from markupsafe import Markup

from navaar_api.pages import track_row
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.queries import TrackView
from navaar_text import labels

EVENTS = {
    "track_discovered": "Found",
    "identified": "Identified",
    "joined": "Recognised as a known recording",
    "parted": "Parted: another song",
    "part_refused": "Nothing to part",
    "candidates_found": "Searched",
    "match_chosen": "Match chosen",
    "item_contested": "Chosen by two songs",
    "match_withdrawn": "Left to the better match",
    "track_synced": "Placed",
    "duplicate_skipped": "Was there already",
    "review": "Question to you",
    "retry_scheduled": "Will be tried again",
    "retry_asked": "Tried again on request",
    "audio_ready": "Audio ready",
    "audio_checked": "Audio listened to",
    "audio_missing": "Audio has to be fetched again",
    "collection_changed": "Waits for newer items first",
    "asked_again": "Asked again after silence",
    "item_returned": "Added again",
    "placed_again": "Placed again",
    "presence_unknown": "Unclear whether it is still there",
    "plan_waits": "Waits for the plan's approval",
    "plan_applied": "Plan carried out",
}
"""Entries of a track's log."""


class Renderer:
    """Our templates, each read once."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=PackageLoader("navaar_api.pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "moment": moment,
            "seconds": seconds,
            "direction": labels.direction,
            "cause": lambda value: labels.cause(value).in_full,
            "event": event,
            "method": lambda value: labels.METHODS.get(value, value),
            "event_tone": event_tone,
            "platform": lambda value: Platform(value).label,
            "state": lambda value: labels.STATES[value].in_full,
            "thousands": lambda value: f"{value:,}",
            "web": track_row.web_address,
        }
        self._environment.globals |= {"Platform": Platform, "Direction": Direction, "count": labels.count}

    def text(self, template: str, **context: Any) -> str:
        return self._environment.get_template(template).render(**context)

    def html(self, template: str, status_code: int = 200, **context: Any) -> Response[str]:
        return Response(self.text(template, **context), status_code=status_code, media_type="text/html")

    def row(self, track: TrackView) -> str:
        """One table row, the same for everybody."""
        return self.text("row.html", row=track_row.row(track))


def moment(value: datetime | None) -> Markup:
    """A <time>; the pages' script turns its text into '3 min ago'."""
    if value is None:
        return Markup("")
    at = value.astimezone(UTC)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        at.isoformat(timespec="milliseconds"), at.strftime("%Y-%m-%d %H:%M:%S UTC"), at.strftime("%d %b %H:%M UTC")
    )


def seconds(value: float | None) -> str:
    """'3:48'."""
    if value is None:
        return ""
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def event(value: str) -> str:
    return EVENTS.get(value, value.replace("_", " ").capitalize())


def event_tone(value: str) -> str:
    """good, bad, ask or note: how an entry is coloured."""
    if value in ("track_synced", "duplicate_skipped"):
        return "good"
    if value == "review":
        return "ask"
    return "bad" if value.endswith("failed") or value.startswith("no_") else "note"
