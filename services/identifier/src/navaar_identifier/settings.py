"""What the identifier can be told from outside."""

from __future__ import annotations

from typing import Any

from pydantic import Field, ValidationInfo, field_validator

from navaar_identifier.compare.thresholds import DEFAULT, Thresholds
from navaar_runtime.settings import NavaarSettings


class IdentifierSettings(NavaarSettings):
    """How sure is sure enough. All are probabilities."""

    review_threshold: float = Field(
        default=DEFAULT.review,
        ge=0,
        le=1,
        description="From this probability a person is asked about a match; below it there is none",
        examples=["0.3"],
    )
    match_threshold: float = Field(
        default=DEFAULT.match,
        ge=0,
        le=1,
        description="From this probability a match is placed without asking",
        examples=["0.75"],
    )
    different_threshold: float = Field(
        default=DEFAULT.different,
        ge=0,
        le=1,
        description="Below this probability two items are two recordings",
        examples=["0.25"],
    )
    same_threshold: float = Field(
        default=DEFAULT.same,
        ge=0,
        le=1,
        description="From this probability two items are one recording",
        examples=["0.75"],
    )

    @field_validator("match_threshold", "same_threshold")
    @classmethod
    def _not_below_its_lower_limit(cls, value: Any, info: ValidationInfo) -> Any:
        lower = "review_threshold" if info.field_name == "match_threshold" else "different_threshold"
        if value < info.data.get(lower, 0):
            raise ValueError(f"must not be below NAVAAR_{lower.upper()}")
        return value

    def thresholds(self) -> Thresholds:
        """The limits as the judging modules take them."""
        return Thresholds(
            match=self.match_threshold,
            review=self.review_threshold,
            same=self.same_threshold,
            different=self.different_threshold,
        )
