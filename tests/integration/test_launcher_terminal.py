"""What files and names from outside do to the terminal of a person who runs a command: nothing."""

from __future__ import annotations

import json
import os
import wave
from pathlib import Path

import mutagen.wave
import pytest
from mutagen.id3 import TALB, TIT2, TPE1

from tests.support import forked
from tests.support.forked import plain_environment

HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202eevil\u2066 [red]x[/nothing]"
OBEYED = {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)} - {0x0A}


async def navaar(*arguments: str, folder: Path, **environment: str) -> tuple[int, str, str]:
    variables = {**plain_environment(), **environment}
    return await forked.run("navaar_launcher", *arguments, environment=variables, folder=folder)


def obeyed(text: str) -> list[str]:
    return sorted({hex(ord(character)) for character in text} & {hex(code) for code in OBEYED})


def song(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(16000))
    tagged = mutagen.wave.WAVE(path)
    tagged.add_tags()
    assert tagged.tags is not None
    for kind, text in ((TIT2, f"Title {HOSTILE}"), (TPE1, f"Artist {HOSTILE}"), (TALB, HOSTILE)):
        tagged.tags.add(kind(encoding=3, text=text))
    tagged.save()


@pytest.mark.parametrize("options", [(), ("--json",)], ids=["table", "json"])
async def test_identify_shows_what_tags_and_names_say_and_obeys_nothing(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    name = f"song {HOSTILE.replace('/', '')}.wav"
    song(tmp_path / name)
    # Its last letter is no text.
    file = os.fsdecode(os.fsencode(name) + b"\xff.wav")
    (tmp_path / name).rename(tmp_path / file)
    code, out, err = await navaar("identify", *options, file, folder=tmp_path, COLUMNS="200")
    assert code == 0, err
    assert "Artist" in out
    assert obeyed(out + err) == []
    if options:
        assert json.loads(out)["file"] == file


async def test_a_name_that_is_no_file_is_quoted_and_not_obeyed(tmp_path: Path) -> None:
    code, out, err = await navaar("identify", f"none{HOSTILE}.mp3", folder=tmp_path, COLUMNS="200")
    assert code == 2
    assert "does not exist" in err
    assert obeyed(out + err) == []


async def test_what_a_setting_says_is_quoted_and_not_obeyed(tmp_path: Path) -> None:
    code, _, err = await navaar("up", folder=tmp_path, NAVAAR_LINKS_FILE=f"/none/{HOSTILE}")
    assert code == 2
    assert "cannot read /none/" in err
    assert obeyed(err) == []


async def test_an_error_of_ours_ends_with_one_and_shows_no_values(tmp_path: Path) -> None:
    token = "1234567890:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    (tmp_path / "data").write_text("a file where the folder should be")
    code, _, err = await navaar(
        "doctor", folder=tmp_path, NAVAAR_TELEGRAM_BOT_TOKEN=token, NAVAAR_DATA_DIR=str(tmp_path / "data" / HOSTILE)
    )
    assert code == 1
    assert token not in err
    assert obeyed(err) == []
