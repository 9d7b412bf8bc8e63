"""What states, causes and events are called on the pages; pure."""

from __future__ import annotations

from navaar_contracts.identifiers import DeliveryState, Direction, Platform

PLATFORMS = {Platform.TELEGRAM: "Telegram", Platform.YOUTUBE: "YouTube Music", Platform.SPOTIFY: "Spotify"}

STATES = {
    DeliveryState.PENDING: "Waits its turn",
    DeliveryState.IDENTIFYING: "Identifying",
    DeliveryState.SEARCHING: "Searching",
    DeliveryState.MATCHING: "Comparing",
    DeliveryState.DOWNLOADING: "Downloading",
    DeliveryState.SYNCING: "Placing",
    DeliveryState.SYNCED: "Added",
    DeliveryState.DUPLICATE: "Was there",
    DeliveryState.FAILED: "Failed",
    DeliveryState.REVIEW: "Asks you",
    DeliveryState.RETRY_SCHEDULED: "Tries again",
}

CAUSES = {
    "no_match": "No match was found",
    "no_youtube_match": "There is no video to take the audio from",
    "nothing_to_search": "There is nothing to search for",
    "search_failed": "The search failed",
    "download_failed": "The audio could not be downloaded",
    "place_failed": "It could not be added",
    "remove_failed": "It could not be taken out",
    "unknown_outcome": "Unclear whether it was posted: look in the channel first",
    "identify_failed": "It could not be identified",
    "youtube_failed": "The YouTube Music side did not succeed",
    "imported": "It had failed before the takeover",
    "rejected": "You said that none of the proposals is it",
    "never": "You said never to place it there",
    "wrong_match": "You said that what was placed is wrong",
    "review": "Not sure enough about the match",
    "youtube_review": "Waits for your answer about YouTube Music",
}

METHODS = {
    "id3": "the tags in the file",
    "tg_metadata": "Telegram's performer and title",
    "filename": "the file's name",
    "yt_metadata": "what YouTube Music says",
    "sp_metadata": "what Spotify says",
}

EVENTS = {
    "track_discovered": "Found",
    "identified": "Identified",
    "joined": "Recognised as a known recording",
    "candidates_found": "Searched",
    "match_chosen": "Match chosen",
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
    "plan_applied": "Plan carried out",
}


def direction(value: Direction) -> str:
    """'YouTube Music to Spotify'."""
    return f"{PLATFORMS[value.origin]} to {PLATFORMS[value.target]}"


def cause(value: str | None) -> str:
    """A word of the ledger's as a sentence; unknown words stay readable."""
    if not value:
        return "Stopped"
    return CAUSES.get(value, value.replace("_", " ").capitalize())


def method(value: str) -> str:
    return METHODS.get(value, value)


def event(value: str) -> str:
    return EVENTS.get(value, value.replace("_", " ").capitalize())


def event_tone(value: str) -> str:
    """good, bad, ask or note: how an entry is coloured."""
    if value in ("track_synced", "duplicate_skipped"):
        return "good"
    if value == "review":
        return "ask"
    return "bad" if value.endswith("failed") or value.startswith("no_") else "note"


def count(number: int, one: str, many: str) -> str:
    """'1 song', '12,000 songs'."""
    return f"{number:,} {one if number == 1 else many}"
