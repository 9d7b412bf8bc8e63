"""Commands print at one edge, and children get their environment from one place."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.code_trees import ROOT, product, text, tree, walk

COMMANDS = sorted((ROOT / "services" / "launcher" / "src" / "navaar_launcher" / "commands").glob("*.py"))
STARTING = {
    *(f"subprocess.{name}" for name in ("Popen", "run", "call", "check_call", "check_output", "getoutput")),
    *("asyncio.create_subprocess_exec", "asyncio.create_subprocess_shell"),
}
FORBIDDEN = {"system", "popen", "spawnv", "spawnl", "posix_spawn", "fork"}


def calls(file: Path) -> Iterator[tuple[ast.Call, str, str]]:
    """(call, what its function is an attribute of, the function's name)."""
    for node in walk(tree(file)):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                yield node, ast.unparse(called.value), called.attr
            elif isinstance(called, ast.Name):
                yield node, "", called.id


@pytest.mark.parametrize("file", COMMANDS, ids=lambda file: file.stem)
def test_commands_print_through_the_one_edge(file: Path) -> None:
    wrong = [
        f"{file.name}:{call.lineno} {owner}.{name}"
        for call, owner, name in calls(file)
        if owner in ("sys.stdout", "sys.stderr")
        or (not owner and name in ("print", "Console"))
        or name in ("add_row", "echo", "secho")
    ]
    assert not wrong, "use navaar_launcher.terminal: say, complain, say_json, row, display"


def test_every_child_is_given_its_environment() -> None:
    """By hand it inherits all of ours, secrets included."""
    wrong = []
    # The sandbox stands for other people's servers, and knows nothing of the rest.
    ours = [file for file in product() if "navaar_sandbox" not in file.parts]
    for file in (file for file in ours if any(word in text(file) for word in ("subprocess", "os."))):
        for call, owner, name in calls(file):
            starts = f"{owner}.{name}" in STARTING
            given = next((ast.unparse(each.value) for each in call.keywords if each.arg == "env"), "")
            if starts and "environment" not in given:
                wrong.append(f"{file.relative_to(ROOT)}:{call.lineno}")
            if owner == "os" and name in FORBIDDEN:
                wrong.append(f"{file.relative_to(ROOT)}:{call.lineno}")
    assert not wrong, "use navaar_runtime.child_process.child_environment"
