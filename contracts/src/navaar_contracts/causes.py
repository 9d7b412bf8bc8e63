"""Why a delivery does not go on by itself, as a word that programs group by and people get a sentence for."""

from __future__ import annotations

from enum import StrEnum


class CauseCategory(StrEnum):
    """Whose matter a cause is."""

    SONG = "song"
    """It lies in one song and says nothing about its direction."""
    PLATFORM = "platform"
    """A platform, or the way to it, failed."""
    PERSON = "person"
    """A person decided it; no error."""
    OURS = "ours"
    """A fault of Navaar's."""


class Cause(StrEnum):
    """The values are stored and travel; those that speak of YouTube mean the platform that the audio comes from."""

    NO_MATCH = "no_match"
    NO_SOURCE_MATCH = "no_youtube_match"
    """Nothing was found to take the audio from."""
    NOTHING_TO_SEARCH = "nothing_to_search"
    REVIEW = "review"
    """A person has to choose."""
    SOURCE_REVIEW = "youtube_review"
    """A person has to choose what the audio is taken from."""
    SOURCE_FAILED = "youtube_failed"
    """The delivery that would have given the audio did not succeed."""
    NEVER = "never"
    """A person said: never there."""
    REJECTED = "rejected"
    """A person said: none of these."""
    WRONG_MATCH = "wrong_match"
    """A person said: what was placed is another recording."""
    IDENTIFY_FAILED = "identify_failed"
    SEARCH_FAILED = "search_failed"
    DOWNLOAD_FAILED = "download_failed"
    PLACE_FAILED = "place_failed"
    REMOVE_FAILED = "remove_failed"
    UNKNOWN_OUTCOME = "unknown_outcome"
    """It may have been placed; a person looks."""
    IMPORTED = "imported"
    """It had failed under an earlier program."""
    PLAYLIST_FULL = "playlist_full"
    """The target takes no more items until a person makes room; then it goes on by itself."""
    PLAN = "plan"
    """Nothing is written before a person approves the plan; then it goes on by itself."""
    POLICY = "policy"
    """A rule of the link's owner leaves it out."""
    QUIET_HOURS = "quiet_hours"
    """It is placed once the quiet hours are over."""
    DAILY_CAP = "daily_cap"
    """As many were placed today as the owner wants; it comes on the next day."""
    INTERNAL = "internal"
    """An error that nobody expected."""

    @property
    def category(self) -> CauseCategory:
        return _CATEGORIES[self]


_CATEGORIES = {
    **dict.fromkeys(
        (Cause.NO_MATCH, Cause.NO_SOURCE_MATCH, Cause.NOTHING_TO_SEARCH, Cause.REVIEW, Cause.SOURCE_REVIEW),
        CauseCategory.SONG,
    ),
    **dict.fromkeys(
        (
            Cause.NEVER,
            Cause.REJECTED,
            Cause.WRONG_MATCH,
            Cause.PLAYLIST_FULL,
            Cause.PLAN,
            Cause.POLICY,
            Cause.QUIET_HOURS,
            Cause.DAILY_CAP,
        ),
        CauseCategory.PERSON,
    ),
    **dict.fromkeys(
        (
            Cause.SOURCE_FAILED,
            Cause.IDENTIFY_FAILED,
            Cause.SEARCH_FAILED,
            Cause.DOWNLOAD_FAILED,
            Cause.PLACE_FAILED,
            Cause.REMOVE_FAILED,
            Cause.UNKNOWN_OUTCOME,
            Cause.IMPORTED,
        ),
        CauseCategory.PLATFORM,
    ),
    Cause.INTERNAL: CauseCategory.OURS,
}
