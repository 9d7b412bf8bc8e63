"""Messages are published by the one helper: into a stream, acknowledged, with an id.

A bare publish is core NATS: no acknowledgement, silently lost when nobody listens. The check goes by what a thing is
and by what is taken from it, not by what its variable is called: whatever is not known to be the helper is refused.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.support import code_trees
from tests.support.code_trees import ROOT, walk

ASKS = frozenset({"request", "respond"})
"""What clients and received messages send with too; data is called so as well, so it counts where it is called."""
SENDS = ASKS | {"publish", "publish_async", "publish_msg", "publish_batch"}
"""What clients, brokers, stream contexts and received messages send with."""
OPENS = frozenset({"key_value", "create_key_value", "object_store", "create_object_store", "publisher"})
"""What gives a bucket, whose writes are published messages, or a publisher of FastStream; only where it is called."""
LIBRARIES = ("nats", "faststream")

ALLOWED = {
    "shared/runtime/src/navaar_runtime/publisher.py": "the one helper",
    "shared/runtime/src/navaar_runtime/query_client.py": "questions are asked and answered, never stored",
    "shared/runtime/src/navaar_runtime/idempotency.py": "the bucket of idempotency records; each write is acknowledged",
    "shared/runtime/src/navaar_runtime/lease.py": "the bucket of leases; each write is acknowledged",
    "shared/runtime/src/navaar_runtime/turn_taking.py": "a question to those who stand by is answered, never stored",
    "services/launcher/src/navaar_launcher/backup/records.py": "puts records back where they are missing, acknowledged",
    "shared/runtime/src/navaar_runtime/attempts.py": "the bucket of attempts; each write is acknowledged",
    "shared/runtime/src/navaar_runtime/object_store.py": "the bucket of audio; each write is acknowledged",
}
"""The only files that speak to NATS by themselves, and why."""


@dataclass
class Known:
    """What the product says of its names: annotations, and what is built and kept."""

    attributes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Of any class, by name."""
    senders: set[str] = field(default_factory=set)
    """Our own classes that define `publish` and the like."""


def named(annotation: ast.expr | None) -> set[str]:
    """The types that an annotation speaks of, None left out."""
    if annotation is None:
        return set()
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    if isinstance(annotation, ast.BinOp):
        return named(annotation.left) | named(annotation.right)
    if isinstance(annotation, ast.Constant):
        return set()
    return {ast.unparse(annotation).rpartition(".")[2]}


def names_in(tree: ast.AST) -> dict[str, set[str]]:
    """Types by the name of a parameter, an attribute or a property."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in walk(tree):
        if isinstance(node, ast.arg):
            found[node.arg] |= named(node.annotation)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name | ast.Attribute):
            found[last(node.target)] |= named(node.annotation)
        elif isinstance(node, ast.FunctionDef) and any(last(d) == "property" for d in node.decorator_list):
            found[node.name] |= named(node.returns)
    for node in walk(tree):
        if isinstance(node, ast.Assign):
            for target, value in pairs(node):
                if isinstance(target, ast.Name | ast.Attribute):
                    found[last(target)] |= given(value, found)
    return found


def pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each target with its value, tuples taken apart."""
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def given(value: ast.expr, names: dict[str, set[str]]) -> set[str]:
    """The types of an assigned value: a known name's, or the class that is called. Anything else is unknown."""
    if isinstance(value, ast.Name | ast.Attribute):
        return names.get(last(value), {"?"})
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name | ast.Attribute):
        return {last(value.func)}
    return {"?"}


def last(node: ast.expr) -> str:
    """The last name of a dotted expression."""
    return (
        node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ast.unparse(node)
    )


def known(trees: dict[str, ast.Module]) -> Known:
    found = Known()
    for tree in trees.values():
        for name, types in names_in(tree).items():
            found.attributes[name] |= types
        origin = origins(tree)
        for node in walk(tree):
            if isinstance(node, ast.ClassDef) and not is_theirs(node, origin):
                methods = {n.name for n in node.body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)}
                if methods & SENDS:
                    found.senders.add(node.name)
    return found


def origins(tree: ast.Module) -> dict[str, str]:
    """The library that each imported name comes from."""
    return {
        alias.asname or alias.name: (node.module or "").partition(".")[0]
        for node in walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def is_theirs(node: ast.ClassDef, origin: dict[str, str]) -> bool:
    """Whether a class inherits from one that speaks to NATS."""
    return any(origin.get(ast.unparse(b).partition(".")[0].partition("[")[0]) in LIBRARIES for b in node.bases)


def bypasses(tree: ast.Module, all_names: Known) -> Iterator[tuple[int, str]]:
    """(line, expression) of everything in a module that may send past the helper."""
    own, origin = names_in(tree), origins(tree)
    heirs = [n for n in walk(tree) if isinstance(n, ast.ClassDef) and is_theirs(n, origin)]
    inherited = {id(inner) for heir in heirs for inner in walk(heir)}
    speaks_nats = not set(LIBRARIES).isdisjoint(origin.values())
    called = {id(node.func) for node in walk(tree) if isinstance(node, ast.Call)}
    for node in walk(tree):
        if isinstance(node, ast.Attribute) and (
            node.attr in SENDS - ASKS or (node.attr in ASKS and id(node) in called)
        ):
            receiver = node.value
            if isinstance(receiver, ast.Call) and ast.unparse(receiver.func) == "super":
                if id(node) in inherited:
                    yield node.lineno, ast.unparse(node)
                continue
            types = own.get(last(receiver)) or all_names.attributes.get(last(receiver)) or {"?"}
            if not types <= all_names.senders:
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in OPENS:
            yield node.lineno, ast.unparse(node.func)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name | ast.Attribute)
            and last(node.func) in ("getattr", "methodcaller", "attrgetter")
        ):
            said = [a.value for a in node.args if isinstance(a, ast.Constant)]
            if SENDS.union(OPENS).intersection(said) or (speaks_nats and not said):
                yield node.lineno, ast.unparse(node)


@pytest.fixture(scope="module")
def trees() -> dict[str, ast.Module]:
    return {str(file.relative_to(ROOT)): code_trees.tree(file) for file in code_trees.product()}


def test_publishing_goes_through_the_one_helper(trees: dict[str, ast.Module]) -> None:
    names = known(trees)
    found = {file: list(bypasses(tree, names)) for file, tree in trees.items()}
    assert {file: where for file, where in found.items() if where and file not in ALLOWED} == {}
    assert {file for file in ALLOWED if not found.get(file)} == set(), "these send no more by themselves"


PREAMBLE = """
from nats.aio.client import Client
from nats.js.kv import KeyValue

class Publisher:
    async def publish(self, message): ...
"""


@pytest.mark.parametrize(
    "code",
    [
        "async def send(anything: Client): await anything.publish('s', b'')",
        "async def send(publisher: Client): await publisher.publish('s', b'')",
        "async def send(publisher): await publisher.publish('s', b'')",
        "async def send(c: Client): await c.jetstream().publish('s', b'')",
        "async def send(c: Client):\n    context = c.jetstream()\n    await context.publish('s', b'')",
        "async def send(c: Client):\n    tell = c.publish\n    await tell('s', b'')",
        "async def send(c: Client): await c.request('s', b'')",
        "async def send(c: Client): await getattr(c, 'publish')('s', b'')",
        "async def send(c: Client, how: str): await getattr(c, how)('s', b'')",
        "async def send(c: Client): await (await c.jetstream().key_value('b')).put('k', b'')",
        "async def send(c: Client): await (await c.jetstream().create_object_store('b')).put('k', b'')",
        "class Kept:\n    def __init__(self, c: Client): self._p = c\n    async def go(self): await self._p.publish()",
        "class Own(Client):\n    async def go(self): await super().publish('s', b'')",
        "async def send(broker):\n    @broker.publisher('s')\n    async def out(): ...",
        "async def send(either: Client | Publisher): await either.publish('s', b'')",
    ],
)
def test_no_way_past_it_is_overlooked(code: str) -> None:
    tree = ast.parse(PREAMBLE + code)
    assert list(bypasses(tree, known({"it": tree})))


@pytest.mark.parametrize(
    "code",
    [
        "async def send(anything: Publisher): await anything.publish(1)",
        "class Kept:\n    def __init__(self, p: Publisher): self._p = p\n    def go(self): return self._p.publish(1)",
        "class Asked:\n    request: str\ndef told(asked: Asked): return asked.request",
        "async def send(perhaps: Publisher | None): await perhaps.publish(1)",
        "from requests import Session\nclass Own(Session):\n    def request(self): return super().request('GET')",
    ],
)
def test_the_helper_and_other_things_pass(code: str) -> None:
    tree = ast.parse(PREAMBLE + code)
    assert not list(bypasses(tree, known({"it": tree})))
