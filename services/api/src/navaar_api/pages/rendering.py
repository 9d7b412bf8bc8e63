"""Templates to HTML. Everything that is filled in is escaped."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response
from markupsafe import Markup

from navaar_api.pages import cells, wording
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.queries import TrackView


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
            "direction": wording.direction,
            "cause": wording.cause,
            "event": wording.event,
            "method": wording.method,
            "event_tone": wording.event_tone,
            "platform": lambda value: wording.PLATFORMS[Platform(value)],
            "state": lambda value: wording.STATES[value],
            "thousands": lambda value: f"{value:,}",
            "web": cells.web_address,
        }
        self._environment.globals |= {"Platform": Platform, "Direction": Direction, "count": wording.count}

    def text(self, template: str, **context: Any) -> str:
        return self._environment.get_template(template).render(**context)

    def html(self, template: str, status_code: int = 200, **context: Any) -> Response[str]:
        return Response(self.text(template, **context), status_code=status_code, media_type="text/html")

    def row(self, track: TrackView) -> str:
        """One table row, the same for everybody."""
        return self.text("row.html", row=cells.row(track))


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
