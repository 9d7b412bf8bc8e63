"""A link's policy: what an owner may write, in which forms, and what is refused with what is allowed."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from navaar_contracts.directions_in_words import direction_named, directions_named, written
from navaar_contracts.identifiers import Direction, FirstSync, Platform
from navaar_contracts.music import Kind
from navaar_contracts.policies import KEYS, VERSIONS, LinkPolicy, PolicyError, policy_of, written_out
from navaar_identifier.names.version_words import VersionKind


def test_nothing_written_is_the_policy_that_changes_nothing() -> None:
    policy = policy_of({})
    assert policy == LinkPolicy()
    assert (policy.directions, policy.caption, policy.cards, policy.first_sync) == (None, "", "off", FirstSync.SYNC)


@pytest.mark.parametrize(
    "form",
    ["spotify->telegram", "sp->tg", "sp_to_tg", "Spotify → Telegram", "spotify > channel", "sp-tg", " spotify to tg "],
)
def test_a_direction_may_be_written_in_many_forms(form: str) -> None:
    assert direction_named(form) is Direction("sp_to_tg")
    assert policy_of({"directions": [form]}).directions == (Direction("sp_to_tg"),)


def test_a_star_means_any_platform() -> None:
    assert {each.value for each in directions_named("*->telegram")} == {"yt_to_tg", "sp_to_tg"}
    assert len(directions_named("*->*")) == len(Direction)
    assert direction_named("*->telegram") is None


@pytest.mark.parametrize("form", ["", "spotify", "spotify->", "spotify->spotify", "spotify->tape", "a b c"])
def test_what_is_no_direction_names_none(form: str) -> None:
    assert directions_named(form) == ()


def test_directions_may_be_one_line_as_in_a_variable() -> None:
    policy = policy_of({"directions": "spotify->telegram, ytmusic->tg"})
    assert policy.directions is not None
    assert [written(each) for each in policy.directions] == ["youtube->telegram", "spotify->telegram"]


def test_everything_that_may_be_written_is_understood() -> None:
    policy = policy_of(
        {
            "first_sync": "baseline",
            "intervals": {"*->telegram": 90, "spotify": 300, "sp->tg": 120},
            "min_length": "0:45",
            "max_length": "1:02:03",
            "explicit": "no",
            "leave_out_versions": ["Live", "sped_up"],
            "kinds": "song, audio",
            "quiet_hours": "23-7:30",
            "time_zone": "Europe/Berlin",
            "daily_caps": {"telegram": 20, "ytmusic": 3},
            "caption": "{artist} – {title}",
            "cards": -1001234567890,
        }
    )
    assert policy.first_sync is FirstSync.BASELINE
    assert {each.value: seconds for each, seconds in policy.intervals.items()} == {
        "yt_to_tg": 90,
        "sp_to_tg": 120,
        "sp_to_yt": 300,
    }
    assert (policy.min_length, policy.max_length, policy.explicit) == (45, 3723, False)
    assert (policy.leave_out_versions, policy.kinds) == (("live", "sped up"), (Kind.SONG, Kind.AUDIO))
    assert policy.quiet_hours is not None
    assert (policy.quiet_hours.begin, policy.quiet_hours.end) == (time(23), time(7, 30))
    assert policy.daily_caps == {Platform("telegram"): 20, Platform("youtube"): 3}
    assert policy.cards == "-1001234567890"
    assert LinkPolicy.model_validate_json(policy.model_dump_json()) == policy


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"first_snyc": "plan"}, "first_snyc: is no key of a link; did you mean first_sync?"),
        ({"direction": ["sp->tg"]}, "direction: is no key of a link; did you mean directions?"),
        ({"colour": "red"}, "colour: is no key of a link"),
        ({"first_sync": "sometimes"}, "'sync', 'baseline' or 'plan'"),
        ({"directions": ["spotify->tape"]}, "'spotify->tape' is no direction"),
        ({"directions": []}, "at least"),
        ({"directions": 3}, "must be a list"),
        ({"intervals": {"spotify": 0}}, "greater than or equal to 1"),
        ({"intervals": {"tape": 60}}, "'tape' is neither a direction nor a platform"),
        ({"intervals": 60}, "must be a table"),
        ({"min_length": "soon"}, "'soon' is not allowed"),
        ({"min_length": 90, "max_length": 60}, "nothing would be let through"),
        ({"explicit": "perhaps"}, "explicit: 'perhaps' is not allowed"),
        ({"leave_out_versions": ["karoake"]}, "did you mean 'karaoke'?"),
        ({"kinds": ["tape"]}, "'song', 'video', 'upload' or 'audio'"),
        ({"quiet_hours": "at night"}, "such as 23:00-07:00"),
        ({"quiet_hours": "25:00-07:00"}, "such as 23:00-07:00"),
        ({"quiet_hours": "07:00-07:00"}, "such as 23:00-07:00"),
        ({"time_zone": "Mars/Olympus"}, "no time zone"),
        ({"daily_caps": {"tape": 1}}, "'tape' is no platform"),
        ({"daily_caps": {"telegram": 0}}, "greater than or equal to 1"),
        ({"caption": "{artits}"}, "did you mean {artist}?"),
        ({"caption": "{artist"}, "brace"),
        ({"caption": "{title.upper}"}, "no field of a caption"),
        ({"caption": "{title!r}"}, "no field of a caption"),
        ({"caption": "x" * 2000}, "at most"),
        ({"cards": "everywhere"}, "off, admins, or the log channel"),
    ],
)
def test_what_cannot_be_is_refused_with_what_is_allowed(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(PolicyError) as refused:
        policy_of(wrong)
    assert told in str(refused.value)


def test_all_that_is_wrong_is_told_together() -> None:
    with pytest.raises(PolicyError) as refused:
        policy_of({"first_snyc": "plan", "cards": "everywhere", "kinds": ["tape"]})
    assert {key for key, _ in refused.value.problems} == {"first_snyc", "cards", "kinds.0"}


def test_a_stored_policy_of_a_newer_version_is_read() -> None:
    assert LinkPolicy.model_validate({"cards": "admins", "something_new": 1}).cards == "admins"


def test_the_versions_are_those_that_the_identifier_tells_apart() -> None:
    no_matter = {VersionKind.CLEAN, VersionKind.EXPLICIT, VersionKind.PLAIN, VersionKind.SPECIAL}
    assert set(VERSIONS) == {kind.value.lower() for kind in VersionKind if kind not in no_matter}


def test_every_key_says_what_it_does() -> None:
    for key in KEYS:
        field = LinkPolicy.model_fields[key]
        assert field.description, key
        assert field.examples, key


def test_a_policy_is_told_as_it_may_be_written() -> None:
    given = {"directions": "*->tg", "intervals": {"sp->tg": 90}, "explicit": False, "quiet_hours": "23-7"}
    policy = policy_of(given | {"daily_caps": {"telegram": 5}, "leave_out_versions": ["live", "demo"]})
    told = written_out(policy)
    assert told == {
        "directions": "youtube->telegram, spotify->telegram",
        "intervals": "spotify->telegram = 90",
        "explicit": "false",
        "leave_out_versions": "live, demo",
        "quiet_hours": "23:00-07:00",
        "daily_caps": "telegram = 5",
    }
    assert policy_of({key: told[key] for key in told if key not in ("intervals", "daily_caps")}).quiet_hours
    assert written_out(LinkPolicy()) == {}
