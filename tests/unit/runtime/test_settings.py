"""Settings: a wrong value stops the start with the variable's name, what was wrong and an example."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field, SecretStr

from navaar_runtime.redaction import redact
from navaar_runtime.settings import NavaarSettings, RuntimeSettings, SettingsError, load, load_links


class Example(NavaarSettings):
    token: SecretStr = Field(description="The token", examples=["123:abc"])
    interval: float = Field(default=60, ge=1, description="Seconds between cycles", examples=["60"])
    ids: list[int] = Field(default=[], description="Who may", examples=["[1, 2]"])


def test_missing_required_variable_is_named_with_an_example() -> None:
    with pytest.raises(
        SettingsError, match=r"NAVAAR_TOKEN: is required \(The token\); for example NAVAAR_TOKEN=123:abc"
    ):
        load(Example, {})


def test_every_wrong_variable_is_named() -> None:
    with pytest.raises(SettingsError) as caught:
        load(Example, {"NAVAAR_TOKEN": "x", "NAVAAR_INTERVAL": "soon", "NAVAAR_IDS": "[1, me]"})
    assert "NAVAAR_INTERVAL:" in str(caught.value)
    assert "NAVAAR_IDS:" in str(caught.value)


def test_a_wrong_value_is_told_without_the_secret() -> None:
    with pytest.raises(SettingsError) as caught:
        load(Example, {"NAVAAR_TOKEN": "super-secret-value", "NAVAAR_INTERVAL": "0"})
    assert "super-secret-value" not in str(caught.value)


def test_an_empty_line_of_a_copied_file_means_not_set() -> None:
    assert load(Example, {"NAVAAR_TOKEN": "x", "NAVAAR_INTERVAL": ""}).interval == 60


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-the-file\n")
    settings = load(Example, {"NAVAAR_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.token.get_secret_value() == "from-the-file"
    with pytest.raises(SettingsError, match="NAVAAR_TOKEN_FILE: cannot read"):
        load(Example, {"NAVAAR_TOKEN_FILE": str(tmp_path / "nothing")})


def test_loaded_secrets_are_masked_from_then_on() -> None:
    load(Example, {"NAVAAR_TOKEN": "quite-a-secret-77"})
    assert redact("failed with quite-a-secret-77!") == "failed with ***!"


def test_a_given_environment_replaces_the_process_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAVAAR_NATS_URL", "nats://elsewhere:4222")
    assert load(RuntimeSettings, {}).nats_url is None


def test_log_level_in_any_case() -> None:
    assert load(RuntimeSettings, {"NAVAAR_LOG_LEVEL": "debug"}).log_level == "DEBUG"
    with pytest.raises(SettingsError, match="NAVAAR_LOG_LEVEL"):
        load(RuntimeSettings, {"NAVAAR_LOG_LEVEL": "LOUD"})


MAIN = {"NAVAAR_TELEGRAM_CHANNEL_ID": "-1001", "NAVAAR_YTMUSIC_PLAYLIST_ID": "PLx"}


def test_without_a_spotify_playlist_only_two_platforms_are_linked() -> None:
    (link,) = load_links(MAIN)
    assert link.name == "main"
    assert len(link.platforms()) == 2
    assert {d.value for d in link.directions()} == {"tg_to_yt", "yt_to_tg"}


def test_with_all_three_there_are_six_directions() -> None:
    (link,) = load_links(MAIN | {"NAVAAR_SPOTIFY_PLAYLIST_ID": "sp"})
    assert len(link.directions()) == 6


def test_a_second_playlist_belongs_to_a_link_in_either_way(tmp_path: Path) -> None:
    (link,) = load_links(MAIN | {"NAVAAR_YTMUSIC_OVERFLOW_PLAYLIST_ID": "PLy"})
    assert {platform.value: each for platform, each in link.overflow.items()} == {"youtube": "PLy"}
    file = tmp_path / "links.toml"
    file.write_text(
        '[links.a]\ntelegram_channel_id = "1"\nytmusic_playlist_id = "2"\n'
        'spotify_playlist_id = "3"\nspotify_overflow_playlist_id = "4"\n'
    )
    (described,) = load_links({"NAVAAR_LINKS_FILE": str(file)})
    assert {platform.value: each for platform, each in described.overflow.items()} == {"spotify": "4"}


@pytest.mark.parametrize(
    "wrong", [{"NAVAAR_YTMUSIC_OVERFLOW_PLAYLIST_ID": "PLx"}, {"NAVAAR_SPOTIFY_OVERFLOW_PLAYLIST_ID": "sp"}]
)
def test_a_second_playlist_needs_a_first_and_is_another_one(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="needs a first playlist, and another one"):
        load_links(MAIN | wrong)


def test_missing_collections_are_named_together() -> None:
    with pytest.raises(SettingsError) as caught:
        load_links({})
    assert "NAVAAR_TELEGRAM_CHANNEL_ID" in str(caught.value)
    assert "NAVAAR_YTMUSIC_PLAYLIST_ID" in str(caught.value)


def test_a_file_describes_several_links(tmp_path: Path) -> None:
    file = tmp_path / "links.toml"
    file.write_text(
        '[links.jazz]\ntelegram_channel_id = -1001\nytmusic_playlist_id = "PLj"\n'
        '[links.pop]\ntelegram_channel_id = "@pop"\nytmusic_playlist_id = "PLp"\nspotify_playlist_id = "sp"\n'
    )
    jazz, pop = load_links({"NAVAAR_LINKS_FILE": str(file)})
    assert (jazz.name, jazz.collections.get("telegram"), jazz.collections.get("spotify")) == ("jazz", "-1001", None)
    assert pop.collections["spotify"] == "sp"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nonsense", "is no TOML"),
        ("a = 1", r"has no \[links"),
        ('[links."Bad Name"]\ntelegram_channel_id="1"\nytmusic_playlist_id="2"', "no link name"),
        ("[links.jazz]\ntelegram_channel_id = 1", "ytmusic_playlist_id"),
        (
            '[links.a]\ntelegram_channel_id="1"\nytmusic_playlist_id="2"\n'
            '[links.b]\ntelegram_channel_id="1"\nytmusic_playlist_id="3"',
            "share telegram_channel_id",
        ),
        (
            '[links.a]\ntelegram_channel_id="1"\nytmusic_playlist_id="2"\nytmusic_overflow_playlist_id="3"\n'
            '[links.b]\ntelegram_channel_id="4"\nytmusic_playlist_id="3"',
            "share ytmusic_playlist_id",
        ),
    ],
)
def test_a_links_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "links.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=complaint):
        load_links({"NAVAAR_LINKS_FILE": str(file)})
