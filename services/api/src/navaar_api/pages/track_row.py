"""A track as a row with a cell for each platform; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from navaar_api.serializers import cover_of
from navaar_client.ledger_client import delivery_to
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.queries import DeliveryView, TrackView
from navaar_text import labels


@dataclass(frozen=True, slots=True)
class Cell:
    platform: Platform
    tone: str
    """origin, good, moving, waiting, ask, bad or none: how it is coloured."""
    label: str
    why: str = ""
    url: str | None = None
    due_at: datetime | None = None
    review: bool = False


@dataclass(frozen=True, slots=True)
class TrackRow:
    id: int
    title: str
    artist: str
    link: str
    cover_url: str | None
    created_at: datetime
    origin: str
    posts: int
    cells: tuple[Cell, ...]
    is_moving: bool


_TONES = {
    DeliveryState.PENDING: "waiting",
    DeliveryState.RETRY_SCHEDULED: "waiting",
    DeliveryState.SYNCED: "good",
    DeliveryState.DUPLICATE: "good",
    DeliveryState.FAILED: "bad",
    DeliveryState.REVIEW: "ask",
    DeliveryState.LEFT_OUT: "none",
}


def row(track: TrackView) -> TrackRow:
    cells = tuple(cell(track, platform) for platform in Platform)
    return TrackRow(
        id=track.id,
        title=track.title or track.item.file_name or "(no title)",
        artist=track.artist or "",
        link=track.link,
        cover_url=web_address(cover_of(track)),
        created_at=track.created_at,
        origin=track.origin.label,
        posts=track.posts,
        cells=cells,
        is_moving=any(c.tone == "moving" for c in cells),
    )


def cell(track: TrackView, platform: Platform) -> Cell:
    if platform == track.origin:
        return Cell(platform, "origin", "Came from here", url=web_address(track.item.url))
    delivery = delivery_to(track, platform)
    if delivery is not None:
        return of_delivery(delivery)
    if platform in track.items:
        return Cell(platform, "good", "Is there")
    if track.state == "identifying":
        return Cell(platform, "moving", "Identifying")
    if track.state == "baseline":
        return Cell(platform, "none", "Left as it was", "It was there before the first start.")
    return Cell(platform, "none", "Not synced")


def of_delivery(delivery: DeliveryView) -> Cell:
    tone = _TONES.get(delivery.state, "moving")
    label = labels.standing(delivery).in_full
    why = ""
    if delivery.state is DeliveryState.PENDING and delivery.ready and delivery.cause is None:
        label = "Ready, waits its turn"
    if delivery.state is DeliveryState.LEFT_OUT:
        why = delivery.reason or ""
    elif delivery.state in (DeliveryState.FAILED, DeliveryState.REVIEW, DeliveryState.RETRY_SCHEDULED):
        why = labels.cause(delivery.cause).in_full if delivery.cause else (delivery.reason or "")
    return Cell(
        delivery.target,
        tone,
        label,
        why,
        web_address(delivery.url),
        delivery.due_at if delivery.state is DeliveryState.RETRY_SCHEDULED else None,
        delivery.state is DeliveryState.REVIEW,
    )


def web_address(url: str | None) -> str | None:
    """Only what a link or picture may point to; platforms' answers are not ours."""
    return url if url is not None and url.startswith(("https://", "http://")) else None
