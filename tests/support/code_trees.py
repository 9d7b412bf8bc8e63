"""The project's code as syntax trees: each file is read, parsed and walked once for all tests of a worker."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@cache
def product() -> tuple[Path, ...]:
    """Every module of every member."""
    parts = ("contracts", "shared", "services")
    return tuple(sorted(file for part in parts for file in (ROOT / part).rglob("src/**/*.py")))


@cache
def text(file: Path) -> str:
    """What the file says."""
    return file.read_text(encoding="utf-8")


@cache
def tree(file: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(text(file))


@cache
def walk(root: ast.AST) -> tuple[ast.AST, ...]:
    """`root` and all below it, as `ast.walk` gives them."""
    return tuple(ast.walk(root))
