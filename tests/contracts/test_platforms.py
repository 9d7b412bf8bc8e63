"""A specification says how a platform's links look and refuses what cannot be; the registry refuses clashes."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.platforms import registry
from navaar_contracts.platforms.registry import PlatformsConflict
from navaar_contracts.platforms.spec import PlatformSpec

BY_ID = {platform.value: platform.spec for platform in Platform}


@pytest.mark.parametrize(
    ("platform", "pasted", "found"),
    [
        ("youtube", "https://music.youtube.com/watch?v=dQw4w9WgXcQ&si=abc", "dQw4w9WgXcQ"),
        ("youtube", "https://www.youtube.com/watch?list=PLx&v=dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("youtube", "youtu.be/dQw4w9WgXcQ?t=3", "dQw4w9WgXcQ"),
        ("youtube", "https://www.youtube.com/shorts/dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("youtube", "dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("youtube", "https://open.spotify.com/track/4cOdK2wGLETKBW3PvgPWqT", None),
        ("spotify", "https://open.spotify.com/intl-de/track/4cOdK2wGLETKBW3PvgPWqT?si=1", "4cOdK2wGLETKBW3PvgPWqT"),
        ("spotify", "spotify:track:4cOdK2wGLETKBW3PvgPWqT", "4cOdK2wGLETKBW3PvgPWqT"),
        ("spotify", "https://open.spotify.com/album/4cOdK2wGLETKBW3PvgPWqT", None),
        ("spotify", "dQw4w9WgXcQ", None),
        ("telegram", "17", "17"),
        ("telegram", "hello", None),
    ],
)
def test_the_id_is_found_in_what_a_person_pastes(platform: str, pasted: str, found: str | None) -> None:
    assert BY_ID[platform].id_in(pasted) == found


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "Two Words"},
        {"short": "toolong"},
        {"needs_audio": True, "has_catalogue": True},
        {"gives_audio": True, "has_catalogue": False},
    ],
)
def test_a_specification_that_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="platform"):
        replace(BY_ID["spotify"], **wrong)


def test_platforms_that_share_a_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def points(group: str) -> list[SimpleNamespace]:
        specs = (*BY_ID.values(), replace(BY_ID["spotify"], id="another"))
        return [SimpleNamespace(name=s.id, value=f"m:{s.id}", load=lambda s=s: s) for s in specs]

    monkeypatch.setattr(registry, "entry_points", points)
    with pytest.raises(PlatformsConflict, match="share the short 'sp'"):
        registry.registered.__wrapped__()


def test_an_entry_point_that_is_no_specification_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def points(group: str) -> list[SimpleNamespace]:
        return [SimpleNamespace(name="odd", value="odd:SPEC", load=lambda: "no specification")]

    monkeypatch.setattr(registry, "entry_points", points)
    with pytest.raises(PlatformsConflict, match="odd"):
        registry.registered.__wrapped__()


def test_directions_are_the_pairs_of_what_is_registered() -> None:
    pairs = {(one, other) for one in Platform for other in Platform if one is not other}
    assert {(direction.origin, direction.target) for direction in Direction} == pairs
    assert all(isinstance(platform.spec, PlatformSpec) for platform in Platform)
