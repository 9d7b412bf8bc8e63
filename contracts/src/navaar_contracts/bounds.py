"""How large anything in a message may be: what fits the schema can be stored and handled by everybody.

Words and lists that are only looked at are cut to their bound when they are read, so that neither a platform's odd
answer nor a message of yesterday becomes unreadable. What identifies something, counts or dates it is refused beyond
its bound. Depth needs no bound of ours: pydantic reads nothing that is nested deeper than 200, and no message has a
field that could be.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import core_schema

LARGEST = 2**53 - 1
"""What every store, and a program in JavaScript, counts to."""
MOST_ATTEMPTS = 10**6
MOST_ROUNDS = 1000
LONGEST_TEXT = 4096
"""Characters; a caption of a channel's post has as many at most."""
LONGEST_ID = 2048
"""The address of a local file on Spotify holds three names."""
LONGEST_FINGERPRINT = 256 * 1024
LONGEST_S = 10.0**8
"""Three years; a continuous broadcast is no recording."""
CENTURIES_S = 10.0**10
"""More than between any two moments."""
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _cut(value: Any) -> Any:
    return value[:LONGEST_TEXT] if isinstance(value, str) else value


class First:
    """Marks a list of which the first so many are read."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self._cut, handler(source))

    def __get_pydantic_json_schema__(self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler) -> Any:
        return {**handler(schema), "maxItems": self._count}

    def _cut(self, value: Any) -> Any:
        return value[: self._count] if isinstance(value, list | tuple) else value


def _within_centuries(at: datetime) -> datetime:
    if not EARLIEST <= at <= LATEST:
        raise ValueError(f"must be between {EARLIEST:%Y} and {LATEST:%Y}")
    return at


def _known_length(value: Any) -> Any:
    """What no recording can last says nothing about it."""
    return None if isinstance(value, (int, float)) and not 0 <= value <= LONGEST_S else value


Text = Annotated[str, BeforeValidator(_cut), Field(max_length=LONGEST_TEXT)]
"""Words for people, or to find something by; longer ones are cut."""
Id = Annotated[str, Field(max_length=LONGEST_ID)]
"""Names one thing; a longer one is refused."""
Fingerprint = Annotated[str, Field(max_length=LONGEST_FINGERPRINT)]
TrackNumber = Annotated[int, Field(ge=1, le=LARGEST)]
Attempt = Annotated[int, Field(ge=1, le=MOST_ATTEMPTS)]
Round = Annotated[int, Field(ge=0, le=MOST_ROUNDS)]
Count = Annotated[int, Field(ge=0, le=LARGEST)]
Seconds = Annotated[float, Field(ge=0, le=CENTURIES_S, allow_inf_nan=False)]
"""Between two moments."""
Length = Annotated[
    Annotated[float, Field(ge=0, le=LONGEST_S, allow_inf_nan=False)] | None, BeforeValidator(_known_length)
]
"""Of a recording, in seconds; None where it is not known, or makes no sense."""
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Moment = Annotated[AwareDatetime, AfterValidator(_within_centuries)]

Texts = Annotated[tuple[Text, ...], First(100)]
"""Artists, reasons, queries: the first hundred count."""
Keys = Annotated[tuple[Id, ...], First(500)]
"""What the same recording is found by."""
Ids = Annotated[tuple[Id, ...], Field(max_length=10_000)]
