"""The ledger's rooms: who may import whom, no circles, and no room higher than five floors."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.support.code_trees import tree, walk

PACKAGE = "navaar_ledger"
INSIDE = Path(__file__).parents[2] / "services" / "ledger" / "src" / PACKAGE
MODULES = {
    ".".join(path.relative_to(INSIDE).with_suffix("").parts): path
    for path in sorted(INSIDE.rglob("*.py"))
    if path.name != "__init__.py"
}

MAY_IMPORT = {
    "domain": {"domain"},
    "store": {"domain", "store", "settings"},
    "telemetry": {"domain", "store.port", "telemetry"},
    "ports": {"domain", "store.port", "telemetry"},
    "application": {"domain", "store.port", "telemetry", "ports", "application"},
    "rebuild": {"domain", "store", "application", "handlers", "subscribers", "ports", "settings", "rebuild"},
}
"""From the bottom up; what is not listed here stands at the top and may import all of it."""

OUTSIDE = {"domain": ("navaar_contracts", "navaar_text")}
"""Packages of ours that a pure room may know."""

MOST_FLOORS = 5


def room(module: str) -> str:
    return module.partition(".")[0]


@cache
def imported(module: str) -> frozenset[str]:
    """Modules of the ledger that `module` imports, as names inside the package."""
    found = set()
    for node in walk(tree(MODULES[module])):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == PACKAGE:
            inside = node.module.partition(".")[2]
            for alias in node.names:
                named = f"{inside}.{alias.name}".lstrip(".")
                found.add(named if named in MODULES else _file_of(inside))
    return frozenset(found - {module, ""})


def _file_of(package: str) -> str:
    """What a package's own file hands on, e.g. store.sqlite: the module that it imports it from."""
    return package if package in MODULES else f"{package}.store"


@cache
def floor(module: str, within: str | None = None) -> int:
    """1 for a module that imports nothing of ours; `within` counts the steps inside one room only."""
    below = [each for each in imported(module) if within is None or room(each) == within]
    return 1 + max((floor(each, within) for each in below), default=0)


@pytest.mark.parametrize("module", [each for each in MODULES if room(each) in MAY_IMPORT])
def test_no_module_imports_upward(module: str) -> None:
    allowed = MAY_IMPORT[room(module)]
    assert not [each for each in imported(module) if room(each) not in allowed and each not in allowed]


@pytest.mark.parametrize("name", list(MAY_IMPORT))
def test_no_room_has_more_than_five_floors(name: str) -> None:
    assert max(floor(each, name) for each in MODULES if room(each) == name) <= MOST_FLOORS


@pytest.mark.parametrize("module", [each for each in MODULES if room(each) in OUTSIDE])
def test_the_rules_know_no_machinery(module: str) -> None:
    wrong = set()
    for node in walk(tree(MODULES[module])):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("navaar_"):
            package = (node.module or "").partition(".")[0]
            if package not in (PACKAGE, *OUTSIDE[room(module)]):
                wrong.add(package)
    assert not wrong
