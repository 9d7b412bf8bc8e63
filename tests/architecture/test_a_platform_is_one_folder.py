"""No platform is named outside its own folder, the contracts' registry, compatibility and wording data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from navaar_contracts.platforms.registry import registered
from tests.support import code_trees
from tests.support.code_trees import ROOT, walk

SPECS = tuple(registered().values())
NAMES = re.compile(
    "|".join({re.escape(name) for spec in SPECS for name in (spec.id, spec.gateway.partition("-")[0])}), re.IGNORECASE
)
FOLDERS = tuple(f"services/{spec.gateway}" for spec in SPECS)

MAY_NAME = {
    "contracts/src/navaar_contracts/platforms": "the registry's built-in specifications",
    "contracts/src/navaar_contracts/causes.py": "stored values of causes",
    "contracts/src/navaar_contracts/streams.py": "stored names of the bot's two consumers",
    "services/sandbox": "it plays the platforms",
    "services/launcher/src/navaar_launcher/legacy": "compatibility: what the first implementation stored",
    "services/api/src/navaar_api/reference_compat.py": "compatibility: the fields of the reference's API",
    "services/api/src/navaar_api/schemas.py": "examples in the API's description",
    "services/api/src/navaar_api/app.py": "wording: what Navaar is",
    "services/launcher/src/navaar_launcher/__main__.py": "wording: what Navaar is",
    "shared/text/src/navaar_text/labels.py": "wording data",
    "shared/telegram-session": "the bot's conversation is on Telegram, whatever else is synced",
    "services/bot": "the bot's conversation is on Telegram, whatever else is synced",
    "services/downloader": "yt-dlp and what it says of YouTube: how the platform that gives audio is fetched from",
    "services/ledger/src/navaar_ledger/settings.py": "a setting that the gateway's users know by this name",
    "services/ledger/src/navaar_ledger/__main__.py": "reads that setting",
}


def may_name(file: str) -> bool:
    return file.startswith(FOLDERS) or any(file == place or file.startswith(f"{place}/") for place in MAY_NAME)


def named(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, word) of each name, attribute, import and text in code that names a platform; docstrings are prose."""
    prose = {
        id(statement.value)
        for node in walk(tree)
        if isinstance(body := getattr(node, "body", None), list)
        for statement in body
        if isinstance(statement, ast.Expr)
    }
    for node in walk(tree):
        words: list[str] = []
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            words = [node.value]
        elif isinstance(node, ast.Name):
            words = [node.id]
        elif isinstance(node, ast.Attribute):
            words = [node.attr]
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            words = [node.name]
        elif isinstance(node, ast.arg):
            words = [node.arg]
        elif isinstance(node, ast.ImportFrom):
            words = [node.module or ""]
        elif isinstance(node, ast.Import):
            words = [alias.name for alias in node.names]
        yield from ((node.lineno, word) for word in words if NAMES.search(word))


def source() -> Iterator[Path]:
    for member in (ROOT / "contracts", *(ROOT / "shared").iterdir(), *(ROOT / "services").iterdir()):
        yield from sorted((member / "src").rglob("*.py"))


def test_no_platform_is_named_outside_its_folder() -> None:
    offenders = [
        f"{file.relative_to(ROOT)}:{line} names {word!r}"
        for file in source()
        if not may_name(file.relative_to(ROOT).as_posix())
        for line, word in named(code_trees.tree(file))
    ]
    assert not offenders


def test_every_exception_is_needed() -> None:
    for place in MAY_NAME:
        files = [f for f in source() if f.relative_to(ROOT).as_posix().startswith(place)]
        assert any(list(named(code_trees.tree(f))) for f in files), f"{place} names none: strike it"


def test_no_member_of_the_enumeration_is_spelled_out() -> None:
    """Not even where a platform may be named: code asks what a platform can do."""
    members = {spec.id.upper() for spec in SPECS}
    spelled = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file in source()
        for node in walk(code_trees.tree(file))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (
            (node.value.id == "Platform" and node.attr in members)
            or (node.value.id == "Direction" and re.fullmatch(r"[A-Z0-9]+_TO_[A-Z0-9]+", node.attr))
        )
    ]
    assert not spelled
