"""The words for platforms, directions, states, causes and moments."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.identifiers import DeliveryState, Direction, Platform

NAMES = {Platform.TELEGRAM: "Telegram", Platform.YOUTUBE: "YouTube Music", Platform.SPOTIFY: "Spotify"}

STATES = {
    DeliveryState.PENDING: "waits",
    DeliveryState.IDENTIFYING: "being identified",
    DeliveryState.SEARCHING: "being searched",
    DeliveryState.MATCHING: "being compared",
    DeliveryState.DOWNLOADING: "being downloaded",
    DeliveryState.SYNCING: "being placed",
    DeliveryState.SYNCED: "synced",
    DeliveryState.DUPLICATE: "was there already",
    DeliveryState.FAILED: "failed",
    DeliveryState.REVIEW: "needs your answer",
    DeliveryState.RETRY_SCHEDULED: "will be tried again",
}

SIGNS = {
    DeliveryState.SYNCED: "✅",
    DeliveryState.DUPLICATE: "☑️",
    DeliveryState.FAILED: "❌",
    DeliveryState.REVIEW: "❓",
    DeliveryState.RETRY_SCHEDULED: "🔁",
}

CAUSES = {
    "no_match": "No match found",
    "no_youtube_match": "No video to take the audio from",
    "nothing_to_search": "Nothing to search for",
    "youtube_failed": "The YouTube side did not succeed",
    "search_failed": "The search did not succeed",
    "download_failed": "The download did not succeed",
    "place_failed": "Placing did not succeed",
    "identify_failed": "Could not be identified",
    "unknown_outcome": "Unclear whether it was posted: look in the channel before you retry",
    "review": "Not sure enough",
    "youtube_review": "Waits for an answer about YouTube Music",
    "wrong_match": "Reported as wrong",
    "never": "Never to be placed there",
    "rejected": "Proposals turned down",
    "remove_failed": "Taking it out did not succeed",
    "imported": "Had failed before the takeover",
}

METHODS = {
    "id3": "the file's tags",
    "tg_metadata": "Telegram's performer and title",
    "filename": "the file's name",
    "yt_metadata": "what YouTube Music says",
    "sp_metadata": "what Spotify says",
}

SERVICES = {
    "telegram": "Telegram gateway",
    "youtube": "YouTube Music gateway",
    "spotify": "Spotify gateway",
    "identifier": "Identifier",
    "downloader": "Downloader",
    "ledger": "Ledger",
    "api": "HTTP API",
}


def direction(value: Direction) -> str:
    """'TG → YT', short enough for a button."""
    return f"{value.origin.short.upper()} → {value.target.short.upper()}"


def direction_at_length(value: Direction) -> str:
    return f"{NAMES[value.origin]} → {NAMES[value.target]}"


def sign(state: DeliveryState) -> str:
    return SIGNS.get(state, "⏳")


def cause(word: str | None) -> str:
    """A cause in words; an unknown one as it is called."""
    if not word:
        return "Other reasons"
    return CAUSES.get(word, word.replace("_", " ").capitalize())


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


def count(number: int, one: str, many: str | None = None) -> str:
    """'1 track', '3 tracks'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
