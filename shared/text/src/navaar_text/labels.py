"""What directions, states, causes and sources are called: in full on pages, in short in a chat."""

from __future__ import annotations

from typing import NamedTuple

from navaar_contracts.causes import Cause
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import DeliveryView, DirectionProblem


class Label(NamedTuple):
    """One thing in two lengths."""

    in_full: str
    in_short: str


STATES = {
    DeliveryState.PENDING: Label("Waits its turn", "waits"),
    DeliveryState.IDENTIFYING: Label("Identifying", "being identified"),
    DeliveryState.SEARCHING: Label("Searching", "being searched"),
    DeliveryState.MATCHING: Label("Comparing", "being compared"),
    DeliveryState.DOWNLOADING: Label("Downloading", "being downloaded"),
    DeliveryState.SYNCING: Label("Placing", "being placed"),
    DeliveryState.SYNCED: Label("Added", "synced"),
    DeliveryState.DUPLICATE: Label("Was there", "was there already"),
    DeliveryState.FAILED: Label("Failed", "failed"),
    DeliveryState.REVIEW: Label("Asks you", "needs your answer"),
    DeliveryState.RETRY_SCHEDULED: Label("Tries again", "will be tried again"),
    DeliveryState.LEFT_OUT: Label("Left out by your rules", "left out by your rules"),
}

WAITS_FOR_APPROVAL = Label("Waits for the plan's approval", "waits for the plan's approval")

HEALTH: dict[DirectionProblem | None, str] = {
    None: "Running",
    DirectionProblem.PAUSED: "Paused",
    DirectionProblem.SIGN_IN_REFUSED: "Sign-in refused",
    DirectionProblem.PLATFORM_PAUSED: "Waits for the platform",
    DirectionProblem.CRASHING: "Cycles fail",
    DirectionProblem.FAILING: "Deliveries fail",
    DirectionProblem.LATE: "Stands still",
}
"""How a direction is."""

CAUSES = {
    "no_match": Label("No match was found", "No match found"),
    "no_youtube_match": Label("There is no video to take the audio from", "No video to take the audio from"),
    "nothing_to_search": Label("There is nothing to search for", "Nothing to search for"),
    "search_failed": Label("The search failed", "The search did not succeed"),
    "download_failed": Label("The audio could not be downloaded", "The download did not succeed"),
    "place_failed": Label("It could not be added", "Placing did not succeed"),
    "playlist_full": Label("The playlist is full; it comes once there is room", "The playlist is full"),
    "plan": Label("Waits for the plan's approval", "Waits for the plan's approval"),
    "policy": Label("A rule of the link leaves it out", "Left out by a rule"),
    "quiet_hours": Label("Placed once the quiet hours are over", "Waits for the end of the quiet hours"),
    "daily_cap": Label("As many as you want were placed today", "Waits for the next day"),
    "remove_failed": Label("It could not be taken out", "Taking it out did not succeed"),
    "unknown_outcome": Label(
        "Unclear whether it was posted: look in the channel first",
        "Unclear whether it was posted: look in the channel before you retry",
    ),
    "identify_failed": Label("It could not be identified", "Could not be identified"),
    "youtube_failed": Label("The YouTube Music side did not succeed", "The YouTube side did not succeed"),
    "imported": Label("It had failed before the takeover", "Had failed before the takeover"),
    "rejected": Label("You said that none of the proposals is it", "Proposals turned down"),
    "never": Label("You said never to place it there", "Never to be placed there"),
    "wrong_match": Label("You said that what was placed is wrong", "Reported as wrong"),
    "review": Label("Not sure enough about the match", "Not sure enough"),
    "youtube_review": Label("Waits for your answer about YouTube Music", "Waits for an answer about YouTube Music"),
}

METHODS = {
    "id3": "the tags in the file",
    "tg_metadata": "Telegram's performer and title",
    "filename": "the file's name",
    "yt_metadata": "what YouTube Music says",
    "sp_metadata": "what Spotify says",
}
"""Where it is known from which recording an item is."""

SHORT_METHODS = METHODS | {"id3": "the file's tags"}


def standing(delivery: DeliveryView) -> Label:
    """How a delivery is: its state, unless only the plan, the hour or the day keeps it from going on."""
    if delivery.cause in (Cause.QUIET_HOURS, Cause.DAILY_CAP):
        return CAUSES[delivery.cause]
    return WAITS_FOR_APPROVAL if delivery.cause == Cause.PLAN else STATES[delivery.state]


def direction(value: Direction) -> str:
    """'YouTube Music to Spotify'."""
    return f"{value.origin.label} to {value.target.label}"


def direction_in_short(value: Direction) -> str:
    """'YT → SP', short enough for a button."""
    return f"{value.origin.short.upper()} → {value.target.short.upper()}"


def cause(value: str | None) -> Label:
    """An unknown one stays readable."""
    if not value:
        return Label("Stopped", "Other reasons")
    unknown = value.replace("_", " ").capitalize()
    return CAUSES.get(value, Label(unknown, unknown))


def count(number: int, one: str, many: str | None = None) -> str:
    """'1 song', '12,000 songs'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
