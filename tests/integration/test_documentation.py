"""What the documentation names exists: pages, commands, options, variables, and the messages it explains."""

from __future__ import annotations

import ast
import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer

from navaar_contracts.streams import STREAMS
from navaar_launcher.__main__ import app
from navaar_launcher.commands import import_export, import_legacy
from navaar_launcher.commands.sign_in import register_all
from navaar_launcher.legacy.settings import known as legacy_variables
from navaar_launcher.settings_page import classes
from navaar_runtime.settings import variable_of

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        ROOT / "contracts" / "README.md",
        *(ROOT / "shared").glob("*/README.md"),
        *(ROOT / "services").glob("*/README.md"),
        *(ROOT / "changes").glob("*.md"),
    ]
)
MIGRATION = ROOT / "docs" / "operations" / "migration.md"
TROUBLES = ROOT / "docs" / "operations" / "troubleshooting.md"

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_INDENTED = re.compile(r"^ {4,}[^\n]+$", re.MULTILINE)
_COMMAND = re.compile(r"(?:^`?|uv run (?:--\S+ )*|&& |; )navaar ([^`|;)\n]*)", re.MULTILINE)
_VARIABLE = re.compile(r"NAVAAR_[A-Z0-9_]+")


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


each_page = pytest.mark.parametrize("page", PAGES, ids=name)


def anchor(heading: str) -> str:
    """As GitHub makes it."""
    plain = re.sub(r"[^\w\- ]", "", heading.replace("`", "").strip().lower())
    return plain.replace(" ", "-")


def anchors(page: Path) -> set[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return {anchor(found) for found in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    text = _CODE.sub("", page.read_text(encoding="utf-8"))
    for target in _LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (fragment and there.suffix == ".md" and fragment not in anchors(there)):
            lost.append(target)
    assert not lost


@each_page
def test_every_command_and_option_named_exists(page: Path) -> None:
    wrong = []
    text = page.read_text(encoding="utf-8")
    for code in (*_CODE.findall(text), *(line.strip() for line in _INDENTED.findall(text))):
        for said in _COMMAND.findall(code):
            problem = _problem_with(said)
            if problem:
                wrong.append(f"navaar {said.strip()}: {problem}")
    assert not wrong


@cache
def _commands() -> Any:
    register_all()
    import_export.register_all(import_legacy.app)
    return typer.main.get_command(app)


def _problem_with(said: str) -> str | None:
    try:
        words = shlex.split(said, comments=True)
    except ValueError:
        words = said.split()
    command: Any = _commands()
    while hasattr(command, "commands") and words and not words[0].startswith(("-", "<", "…")):
        if words[0] not in command.commands:
            return f"there is no {words[0]!r}"
        command, words = command.commands[words[0]], words[1:]
    options = {flag for parameter in command.params for flag in (*parameter.opts, *parameter.secondary_opts)}
    unknown = [word for word in words if word.startswith("--") and word.partition("=")[0] not in {*options, "--help"}]
    return f"it has no {', '.join(unknown)}" if unknown else None


def test_every_test_that_a_page_points_to_exists() -> None:
    tests = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").glob("*/**/test_*.py"))
    named = {found for page in PAGES for found in re.findall(r"`(test_\w+)`", page.read_text(encoding="utf-8"))}
    assert named
    assert {name for name in named if f"def {name}(" not in tests} == set()


@each_page
def test_every_variable_named_is_a_setting(page: Path) -> None:
    allowed = _settings() | {stream.name for stream in STREAMS}
    if page == MIGRATION:
        allowed |= set(legacy_variables())
    places = [ROOT / "compose.yaml", ROOT / ".ci" / "run", *(ROOT / "tests").glob("*/*.py")]
    elsewhere = "".join(place.read_text(encoding="utf-8") for place in places if place != Path(__file__))
    unknown = {
        found
        for found in _VARIABLE.findall(page.read_text(encoding="utf-8"))
        if found not in allowed
        and found not in elsewhere
        and not (found.endswith("_") and any(each.startswith(found) for each in allowed))
    }
    assert not unknown


@cache
def _settings() -> frozenset[str]:
    names = {"NAVAAR_X", "NAVAAR_X_FILE"}
    for _, group in classes():
        for cls in group:
            for field_name, field in cls.model_fields.items():
                names.add(variable_of(field_name))
                if "SecretStr" in str(field.annotation):
                    names.add(f"{variable_of(field_name)}_FILE")
    return frozenset(names)


@pytest.mark.parametrize("page", [page for page in PAGES if page.name == "README.md" and page.parent != ROOT], ids=name)
def test_every_file_that_a_member_s_page_names_exists(page: Path) -> None:
    named = re.findall(r"`([\w/-]+(?:\.py|/))`", page.read_text(encoding="utf-8"))
    there = {
        path.relative_to(page.parent).as_posix() for path in page.parent.rglob("*") if "__pycache__" not in path.parts
    }
    ends = {f"/{path}" for path in there}

    def exists(file: str) -> bool:
        return (ROOT / file).exists() or any(end.endswith(f"/{file.rstrip('/')}") for end in ends)

    assert [file for file in named if not exists(file)] == []


def test_every_test_that_the_threat_model_names_exists() -> None:
    """Who may do what is shown by tests, so they must be there."""
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    sources = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", text))
    assert len(named) >= 40
    assert sorted(each for each in named if f"def {each}(" not in sources) == []
    assert [path for path in re.findall(r"`(tests/[\w/.-]+)`", text) if not (ROOT / path).exists()] == []


def test_every_setting_of_the_first_implementation_is_in_the_page_about_migration() -> None:
    text = MIGRATION.read_text(encoding="utf-8")
    by_direction = "NAVAAR_SYNC_INTERVAL_"
    assert [each for each in legacy_variables() if each not in text and not each.startswith(by_direction)] == []


# Troubleshooting


def explained() -> list[str]:
    """The messages in the first column of the tables; … stands for what differs."""
    found = []
    for line in TROUBLES.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            found.append(line.split("`")[1])
    return found


@cache
def messages() -> tuple[str, ...]:
    """Every text in the code, with \0 where something is filled in."""
    found = []
    for folder in (ROOT / "contracts", *(ROOT / "shared").iterdir(), *(ROOT / "services").iterdir()):
        for file in (folder / "src").rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = (part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)
                    found.append("".join(str(part) for part in parts))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.append(node.value)
    return tuple(found)


def test_the_page_about_troubles_explains_some() -> None:
    assert len(explained()) >= 40


@pytest.mark.parametrize("message", explained())
def test_an_explained_message_is_one_that_the_code_says(message: str) -> None:
    parts = [part.strip() for part in message.split("…") if part.strip()]
    assert parts, "nothing but what differs"

    def says(text: str) -> bool:
        at = 0
        for part in parts:
            at = text.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return True

    assert any(says(text) for text in messages()), "no text in the code has these words in this order"
