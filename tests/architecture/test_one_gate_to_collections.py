"""Whatever changes a person's collection passes the gate that a plan shuts: there is no other way.

The ledger issues such commands in one place; each gateway takes them through the gate alone; and a document is loaded
to be decided about in the one way that holds it back while a plan stands.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.code_trees import ROOT, product, tree, walk

WRITES = frozenset({"PlaceTrack", "RemoveTrack", "AddItem"})
"""Commands that change a collection."""
LEDGER = ROOT / "services/ledger/src/navaar_ledger"
ISSUED_BY = {
    "services/ledger/src/navaar_ledger/domain/effects.py": {"PlaceTrack", "RemoveTrack", "DownloadAudio"},
    "shared/client/src/navaar_client/ledger_client.py": {"AddItem"},
}
"""The only constructors: what the ledger decides, and what a person adds; the gateway's own gate stands behind both."""
LOADS = {
    "ports.py": "the one way",
    "application/queries.py": "answers only",
    "rebuild/replay.py": "evidence only",
    "rebuild/names.py": "whether it is there",
    "rebuild/reconcile.py": "whose number it is",
}
"""Where in the ledger a document may be taken from the store."""


def calls(file: Path) -> Iterator[ast.Call]:
    return (node for node in walk(tree(file)) if isinstance(node, ast.Call))


def last(node: ast.expr) -> str:
    """The last name of a dotted expression; empty where there is none."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def called(node: ast.Call) -> str:
    return last(node.func)


def named(file: Path) -> str:
    return str(file.relative_to(ROOT))


def test_commands_that_write_are_made_in_their_own_places_alone() -> None:
    made = {named(file): {called(node) for node in calls(file)} & (WRITES | {"DownloadAudio"}) for file in product()}
    assert {file: found for file, found in made.items() if found} == ISSUED_BY


def test_handlers_of_commands_that_write_stand_behind_the_gate() -> None:
    taken: set[str] = set()
    for file in product():
        for node in calls(file):
            kinds = {last(each) for each in node.args} & WRITES
            if called(node) == "on" and kinds:
                handler = next(each.value for each in node.keywords if each.arg == "handler")
                assert ast.unparse(handler).startswith("gate.before("), f"{named(file)}: {ast.unparse(node)}"
                taken |= kinds
    assert taken == WRITES


def test_the_ledger_decides_only_about_documents_that_the_plan_has_held_back() -> None:
    loading = {
        str(file.relative_to(LEDGER))
        for file in LEDGER.rglob("*.py")
        if "store" not in file.relative_to(LEDGER).parts[:1]
        for node in calls(file)
        if called(node) == "load" and ast.unparse(node.func).endswith("store.load")
    }
    assert loading == set(LOADS)
