"""Which directions of which links a command line means."""

from __future__ import annotations

import pytest
import typer

from navaar_contracts.links import Link
from navaar_contracts.policies import policy_of
from navaar_launcher.commands.steering import meant

JAZZ = Link.model_validate(
    {"name": "jazz", "telegram_channel_id": "1", "ytmusic_playlist_id": "2", "spotify_playlist_id": "3"}
)
POP = Link.model_validate({"name": "pop", "telegram_channel_id": "4", "ytmusic_playlist_id": "5"}).model_copy(
    update={"policy": policy_of({"directions": "*->telegram"})}
)


@pytest.mark.parametrize(
    ("direction", "link", "found"),
    [
        (None, "pop", {"pop": ["yt_to_tg"]}),
        ("sp->tg", None, {"jazz": ["sp_to_tg"]}),
        ("*->tg", None, {"jazz": ["yt_to_tg", "sp_to_tg"], "pop": ["yt_to_tg"]}),
    ],
)
def test_a_link_and_a_direction_are_meant(direction: str | None, link: str | None, found: dict[str, list[str]]) -> None:
    wanted = meant([JAZZ, POP], direction, link)
    assert {name: sorted(one.value for one in directions) for name, directions in wanted.items()} == {
        name: sorted(each) for name, each in found.items()
    }


@pytest.mark.parametrize(
    ("direction", "link", "told"),
    [
        (None, "jaz", "did you mean jazz"),
        ("tape", None, "'tape' is no direction that is open"),
        ("tg->yt", "pop", "there are youtube->telegram"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(direction: str | None, link: str | None, told: str) -> None:
    with pytest.raises(typer.BadParameter, match=told):
        meant([JAZZ, POP], direction, link)
