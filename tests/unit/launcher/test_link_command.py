"""`navaar link`: a key is changed in the links file only if the file can still be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from navaar_launcher.__main__ import app
from navaar_runtime.settings import SettingsError

TEXT = '[links.jazz]\ntelegram_channel_id = "@jazz"\nytmusic_playlist_id = "PLj"\n'


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "links.toml"
    path.write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NAVAAR_LINKS_FILE", str(path))
    return path


def test_a_key_is_set_and_taken_out_again(file: Path) -> None:
    run = CliRunner().invoke(app, ["link", "set", "jazz", "directions", "*->telegram"])
    assert run.exit_code == 0, run.output
    assert 'directions = "*->telegram"' in file.read_text(encoding="utf-8")
    assert "youtube->telegram" in CliRunner().invoke(app, ["link", "list"]).output
    assert CliRunner().invoke(app, ["link", "unset", "jazz", "directions"]).exit_code == 0
    assert file.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["jazz", "quiet_hours", "at night"], "such as 23:00-07:00"),
        (["jazz", "captoin", "x"], "did you mean caption"),
        (["rock", "cards", "off"], "no table"),
        (["jazz", "directions", "sp->tg"], "needs a Spotify playlist"),
    ],
)
def test_what_cannot_be_is_refused_and_the_file_stays(file: Path, words: list[str], told: str) -> None:
    run = CliRunner().invoke(app, ["link", "set", *words])
    assert isinstance(run.exception, SettingsError)
    assert told in str(run.exception)
    assert "trial" not in str(run.exception)
    assert file.read_text(encoding="utf-8") == TEXT
    assert [each.name for each in file.parent.iterdir()] == ["links.toml"]


def test_a_file_is_checked_before_it_is_used(file: Path) -> None:
    wrong = file.with_name("wrong.toml")
    wrong.write_text(f"{TEXT}colour = 1\n", encoding="utf-8")
    run = CliRunner().invoke(app, ["link", "check", str(wrong)])
    assert isinstance(run.exception, SettingsError)
    assert "colour: is no key of a link" in str(run.exception)
    assert CliRunner().invoke(app, ["link", "check", str(file), "--json"]).exit_code == 0
