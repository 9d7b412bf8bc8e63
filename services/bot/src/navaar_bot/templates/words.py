"""The words for services, directions and moments, and the signs of states. Labels stand in `navaar_text`."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.identifiers import DeliveryState, Direction, Platform

DONE = tuple(state for state in DeliveryState if state.is_done)
ON_THE_WAY = (
    DeliveryState.PENDING,
    *(state for state in DeliveryState if state.is_moving),
    DeliveryState.RETRY_SCHEDULED,
)

SIGNS = {
    DeliveryState.SYNCED: "✅",
    DeliveryState.DUPLICATE: "☑️",
    DeliveryState.FAILED: "❌",
    DeliveryState.REVIEW: "❓",
    DeliveryState.RETRY_SCHEDULED: "🔁",
    DeliveryState.LEFT_OUT: "➖",
}

SERVICES = {platform.value: f"{platform.label} gateway" for platform in Platform} | {
    "identifier": "Identifier",
    "downloader": "Downloader",
    "ledger": "Ledger",
    "api": "HTTP API",
}


def direction_at_length(value: Direction) -> str:
    return f"{value.origin.label} → {value.target.label}"


def sign(state: DeliveryState) -> str:
    return SIGNS.get(state, "⏳")


def moment(at: datetime | None) -> str:
    """'22 Nov 14:03', in UTC."""
    return f"{at:%d %b %H:%M}" if at is not None else "never"


def since(seconds: float) -> str:
    """'2 d 3 h', '4 min', '12 s'."""
    whole = max(0, int(seconds))
    days, hours, minutes = whole // 86_400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min" if minutes else f"{whole} s"


def length(seconds: float | None) -> str:
    """'3:45'; nothing when it is not known."""
    if not seconds:
        return ""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"
