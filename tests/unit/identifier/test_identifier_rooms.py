"""The identifier's rooms use each other in one direction."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import navaar_identifier

ROOT = Path(navaar_identifier.__file__).parent
# Each with the rooms that it may use.
ROOMS = {
    "data": set[str](),
    "text": {"data"},
    "names": {"data", "text"},
    "audio": {"text", "ports"},
    "compare": {"data", "text", "names", "audio"},
}


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_reaches_upward(room: str) -> None:
    used = {
        f"{file.name}: {node.module}"
        for file in (ROOT / room).glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("navaar_identifier.")
        if node.module.split(".")[1] not in ROOMS[room] | {room}
    }
    assert not used


def test_every_folder_is_a_room() -> None:
    assert {folder.name for folder in ROOT.iterdir() if (folder / "__init__.py").is_file()} == set(ROOMS)


@pytest.mark.parametrize("file", sorted(f.name for f in (ROOT / "data").iterdir() if f.suffix in (".txt", ".toml")))
def test_every_word_list_says_where_it_comes_from(file: str) -> None:
    head = (ROOT / "data" / file).read_text(encoding="utf-8").split("\n\n")[0]
    assert head.startswith("#")
    assert "Compiled by" in head
