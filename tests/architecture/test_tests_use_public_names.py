"""Tests hold what a package promises, not how it does it: they use no private name of the product."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.support import code_trees
from tests.support.code_trees import ROOT, walk

OURS = "navaar_"

STILL_USED = frozenset(
    {
        "_hooks",
        "_looked_up_at",
    }
)
"""Private names that tests still use. The list only shrinks: a name that is used no more is taken out."""


def trees(files: Iterable[Path]) -> list[tuple[Path, ast.Module]]:
    return [(file, code_trees.tree(file)) for file in sorted(files)]


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def is_own(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def defined(parts: list[tuple[Path, ast.Module]]) -> set[str]:
    """Private names of modules, classes and instances that these files define."""
    found = set()
    for _, tree in parts:
        for node in walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_own(node.value):
                found.add(node.attr)
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found.add(node.id)
    return {name for name in found if is_private(name)}


def used(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, private name) that is imported from the product, taken from another object, or replaced by its name."""
    for node in walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(OURS):
            parts = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            yield from ((node.lineno, part) for part in parts if is_private(part))
        elif isinstance(node, ast.Import):
            parts = [part for alias in node.names if alias.name.startswith(OURS) for part in alias.name.split(".")]
            yield from ((node.lineno, part) for part in parts if is_private(part))
        elif isinstance(node, ast.Attribute) and is_private(node.attr):
            if not is_own(node.value):
                yield node.lineno, node.attr
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name | ast.Attribute)
            and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) == "setattr"
        ):
            # monkeypatch.setattr(module, "_name", ...) and monkeypatch.setattr("navaar_x.module._name", ...)
            for argument in node.args[:2]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield from ((node.lineno, part) for part in argument.value.split(".") if is_private(part))


@functools.cache
def offences() -> dict[str, list[str]]:
    """Where tests use each private name of the product; names that tests define themselves may be their own."""
    tests = trees((ROOT / "tests").rglob("*.py"))
    product = trees(code_trees.product())
    theirs = defined(product) - defined(tests)
    found: dict[str, list[str]] = {}
    for file, tree in tests:
        for line, name in used(tree):
            if name in theirs:
                found.setdefault(name, []).append(f"{file.relative_to(ROOT)}:{line}")
    return found


def test_no_test_uses_a_private_name_of_the_product() -> None:
    found = offences()
    assert {name: where for name, where in found.items() if name not in STILL_USED} == {}


def test_the_list_of_names_still_used_shrinks() -> None:
    assert STILL_USED - set(offences()) == set()
