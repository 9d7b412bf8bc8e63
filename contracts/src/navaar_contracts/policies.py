"""What the owner of a link decided: which ways are open, what is let through, when, and what others see of it.

One model for all who write a policy: the links file, the environment, and whoever edits a link while Navaar runs.
What a person wrote is read by `policy_of`, which refuses what it does not know; a stored policy is read leniently, so
that a newer Navaar may add something.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationError

from navaar_contracts import captions
from navaar_contracts.directions_in_words import PLATFORMS, directions_named, written
from navaar_contracts.identifiers import Direction, FirstSync, Platform
from navaar_contracts.music import Kind, Value

ADMINS, NOWHERE = "admins", "off"
VERSIONS = (
    "live", "remix", "cover", "karaoke", "instrumental", "acoustic", "a cappella", "orchestral", "demo",
    "alternate take", "re-recorded", "extended", "edit", "remaster", "mashup", "nightcore", "sped up", "slowed", "8d",
    "bass boosted", "another language", "somebody playing along", "not the song itself",
)  # fmt: skip
"""How a recording may differ from the plain studio one, as the identifier tells it."""
_ORDER = [platform.value for platform in Platform]
_FROM, _TO = _ORDER[-1], _ORDER[0]
"""For examples, so that they name platforms that there are."""
_WAY = f"{_FROM}->{_TO}"
_LENGTH = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):([0-5]\d)")
_HOURS = re.compile(r"(\d{1,2}(?::\d\d)?)\s*(?:-|–|to)\s*(\d{1,2}(?::\d\d)?)")


class PolicyError(ValueError):
    """What somebody wrote is no policy. Each problem is a key and what is wrong with it, with what is allowed."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{key}: {what}" if key else what for key, what in self.problems))


def _split(value: Any) -> Any:
    """A list may be written in one line, as in a variable."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _directions(value: Any) -> Any:
    if value is None:
        return None
    found: dict[Direction, None] = {}
    given = _split(value)
    if not isinstance(given, list | tuple):
        raise ValueError(f'must be a list such as ["{_WAY}"]')  # noqa: TRY004 - pydantic tells these
    for text in given:
        named = (text,) if isinstance(text, Direction) else directions_named(str(text))
        if not named:
            raise ValueError(
                f"{str(text)!r} is no direction: write <platform>-><platform>, with {_platforms()} or * for any"
            )
        found |= dict.fromkeys(named)
    if not found:
        raise ValueError("must name one direction at least; to stop a link altogether, pause it")
    return tuple(each for each in Direction if each in found)


def _by_direction(value: Any) -> Any:
    """A number for each of the directions that a key names, the ones named exactly before those with a star."""
    if not isinstance(value, Mapping):
        raise ValueError(f'must be a table such as {{ "{_WAY}" = 300 }}')  # noqa: TRY004 - pydantic tells these
    found: dict[Direction, Any] = {}
    for exactly in (False, True):
        for key, number in value.items():
            word = str(key).strip().lower()
            text = f"{word}->*" if word in PLATFORMS else word
            named = (key,) if isinstance(key, Direction) else directions_named(text)
            if not named:
                raise ValueError(f"{key!r} is neither a direction nor a platform ({_platforms()})")
            if (len(named) == 1) is exactly:
                found |= dict.fromkeys(named, number)
    return found


def _by_platform(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise ValueError(f"must be a table such as {{ {_TO} = 20 }}")  # noqa: TRY004 - pydantic tells these
    for key in value:
        if str(key).lower() not in PLATFORMS:
            raise ValueError(f"{key!r} is no platform: {_platforms()}")
    return {PLATFORMS[str(key).lower()]: number for key, number in value.items()}


def _seconds(value: Any) -> Any:
    found = _LENGTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return value
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _version(value: str) -> str:
    word = value.strip().lower().replace("_", " ")
    if word not in VERSIONS:
        near = difflib.get_close_matches(word, VERSIONS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{value!r} is no version{hint or '.'} There are {', '.join(VERSIONS)}")
    return word


def _cards(value: Any) -> Any:
    if value is False:
        return NOWHERE
    word = str(value).strip().lower()
    if word in (ADMINS, NOWHERE) or re.fullmatch(r"-?\d{1,20}|@[a-z][a-z0-9_]{3,31}", word):
        return str(value).strip() if word.startswith("@") else word
    raise ValueError(
        f"{str(value)!r} is not allowed: off, admins, or the log channel to write them to (@name or -100...)"
    )


class QuietHours(Value):
    """A part of each day, by the clock of the link's time zone; over midnight where it ends before it begins."""

    begin: time
    end: time


def _hours(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    found = _HOURS.fullmatch(value.strip())
    try:
        begin, end = (_clock(part) for part in found.groups()) if found is not None else (None, None)
    except ValueError:
        begin = end = None
    if begin is None or end is None or begin == end:
        raise ValueError(f"{value!r} is not allowed: two times of day, such as 23:00-07:00")
    return QuietHours(begin=begin, end=end)


def _clock(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute or 0))


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{value!r} is no time zone: write one such as Europe/Berlin") from None
    return value


def _platforms() -> str:
    return ", ".join(platform.value for platform in Platform)


Length = Annotated[float, BeforeValidator(_seconds), Field(gt=0, le=86_400, allow_inf_nan=False)]
Interval = Annotated[float, Field(ge=1, le=86_400, allow_inf_nan=False)]
ByDirection = Annotated[dict[Direction, Interval], BeforeValidator(_by_direction)]


class LinkPolicy(Value):
    """Each field is a key of the link's table in a links file; most are variables, too, for every link that is silent.

    Nothing written changes nothing: all directions are open, every song goes through at any time, and a post is the
    song alone.
    """

    directions: Annotated[tuple[Direction, ...] | None, BeforeValidator(_directions)] = Field(
        default=None,
        description="Which ways are open, of all that the link has; the others deliver nothing. * stands for any "
        "platform; unset opens all",
        examples=[f"*->{_TO}"],
    )
    first_sync: FirstSync = Field(
        default=FirstSync.SYNC,
        description="What the first sight of a playlist means: sync (everything in it is new), baseline (recorded, "
        "only later additions are synced) or plan (report what would happen; nothing is written on any platform until "
        "you start with another value)",
        examples=["baseline"],
    )
    intervals: ByDirection = Field(
        default_factory=dict,
        description="Seconds between two cycles, for a direction or for all from a platform",
        examples=[f'{{ "{_WAY}" = 300 }}'],
    )
    min_length: Length | None = Field(
        default=None, description="Shorter songs are left out: seconds, or m:ss", examples=["0:45"]
    )
    max_length: Length | None = Field(
        default=None, description="Longer songs are left out: seconds, or m:ss", examples=["15:00"]
    )
    explicit: bool = Field(
        default=True, description="Whether songs that a platform marks as explicit are let through", examples=["false"]
    )
    leave_out_versions: Annotated[tuple[Annotated[str, AfterValidator(_version)], ...], BeforeValidator(_split)] = (
        Field(
            default=(),
            description=f"Versions that are left out: {', '.join(VERSIONS)}",
            examples=["live, karaoke, sped up"],
        )
    )
    kinds: Annotated[tuple[Kind, ...] | None, BeforeValidator(_split)] = Field(
        default=None,
        description="Only these kinds are let through: song (delivered by a label), video (an artist's official one), "
        "upload (anybody's), audio (a file in a channel)",
        examples=["song, video, audio"],
    )
    quiet_hours: Annotated[
        QuietHours | None,
        BeforeValidator(_hours),
        PlainSerializer(lambda hours: None if hours is None else f"{hours.begin:%H:%M}-{hours.end:%H:%M}"),
    ] = Field(
        default=None,
        description="Nothing is placed between these times of day; it waits until they are over",
        examples=["23:00-07:00"],
    )
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(
        default="UTC", description="By whose clock quiet hours and days go", examples=["Europe/Berlin"]
    )
    daily_caps: Annotated[dict[Platform, Annotated[int, Field(ge=1, le=100_000)]], BeforeValidator(_by_platform)] = (
        Field(
            default_factory=dict,
            description="How many songs Navaar places on a platform in a day at most; the others wait for the next day",
            examples=[f'{{"{_TO}": 20}}'],
        )
    )
    caption: Annotated[str, AfterValidator(captions.checked)] = Field(
        default="",
        description="What stands below a song in a channel; unset posts the song alone. Fields: "
        + ", ".join(f"{{{field}}}" for field in captions.CaptionField),
        examples=["{artist} – {title} {hashtag_artist}"],
    )
    buttons: bool = Field(
        default=False,
        description="Whether a post in a channel has buttons that lead to where else the song is",
        examples=["true"],
    )
    cards: Annotated[str, BeforeValidator(_cards)] = Field(
        default=NOWHERE,
        description="Where a card shows how far each song has come: off, admins (their chats with the bot) or a log "
        "channel; never the public one",
        examples=["admins"],
    )


KEYS = tuple(LinkPolicy.model_fields)


def policy_of(given: Mapping[str, Any], also: Iterable[str] = ()) -> LinkPolicy:
    """The policy that a person wrote.

    Args:
        given: key -> value, as a links file or a variable has it.
        also: other keys that may stand beside them; they are not looked at here.

    Raises:
        PolicyError: a key is unknown, or a value not allowed.
    """
    others = set(also)
    problems = [
        (key, f"is no key of a link{did_you_mean(key, (*KEYS, *others))}")
        for key in given
        if key not in KEYS and key not in others
    ]
    policy = None
    try:
        policy = LinkPolicy.model_validate({key: value for key, value in given.items() if key in KEYS})
    except ValidationError as error:
        problems += [_problem(each) for each in error.errors(include_url=False)]
    if policy is not None and policy.min_length and policy.max_length and policy.min_length > policy.max_length:
        problems.append(("min_length", "is more than max_length: nothing would be let through"))
    if problems or policy is None:
        raise PolicyError(problems)
    return policy


def written_out(policy: LinkPolicy) -> dict[str, str]:
    """What differs from a policy that nobody wrote, by key, as a person may write it."""
    document = policy.model_dump(mode="json")
    plain = LinkPolicy().model_dump(mode="json")
    found = {key: value for key, value in document.items() if value != plain[key]}
    if policy.directions is not None:
        found["directions"] = [written(each) for each in policy.directions]
    if policy.intervals:
        found["intervals"] = {written(each): seconds for each, seconds in policy.intervals.items()}
    return {key: _in_words(value) for key, value in found.items()}


def _in_words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {_in_words(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """'; did you mean first_sync?', or nothing where no known word is near."""
    near = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def _problem(error: Any) -> tuple[str, str]:
    location = ".".join(str(part) for part in error["loc"] if not str(part).startswith("function-"))
    what = error["msg"].removeprefix("Value error, ")
    if error["type"] != "value_error":
        what = f"{error['input']!r} is not allowed: {what[:1].lower()}{what[1:]}"
    return location, what
