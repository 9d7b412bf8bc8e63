"""Measures how a tree of this project is built: size, import graph, names, repetition.

    uv run python -m benchmarks.architecture [ROOT] [--names] [--repeats]

A *room* is a module with code in it. An *arrow* is an import of one room by another of the same package. *Floors* are
the rooms on the longest chain of imports, cycles counted as one. A name has *two meanings* if several modules define
a public class of that name and these are not just ports (protocols) and one class that fits them; the sandbox, which
imitates other programs, is counted apart, and a module of compatibility, which has another program's words, not at
all. *Repeated lines* stand in a run of at least six lines that also stands somewhere else, token for token; imports,
docstrings, comments, and lines without a name (brackets, lists of words) do not count.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

RUN = 6
"""Lines that must agree before they count as repeated."""
LEDGER = "navaar_ledger"
SANDBOX = "navaar_sandbox"

_SOURCES = ("contracts/src", "shared/src", "shared/*/src", "services/*/src")
_PLATFORM = re.compile(r"\b(Platform|Direction)\.[A-Z]{2,}")
_KEEPS_PLATFORMS = re.compile(r"navaar_(?!playlist)\w+_gateway\b|navaar_sandbox\b|navaar_contracts\.platforms\b")
_SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


@dataclass(frozen=True)
class Module:
    file: Path
    name: str
    """Dotted, as it is imported."""

    @cached_property
    def text(self) -> str:
        return self.file.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]

    @property
    def has_code(self) -> bool:
        return any(not (_is_docstring(node) or _is_import(node) or _is_export(node)) for node in self.tree.body)

    def imported(self) -> Iterator[str]:
        """Every name that an import could mean, as a dotted path: `from a.b import c` gives a.b.c and a.b."""
        here = self.name if self.file.name == "__init__.py" else self.name.rpartition(".")[0]
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                parts = here.split(".")[: len(here.split(".")) - node.level + 1] if node.level else []
                base = ".".join([*parts, *([node.module] if node.module else [])])
                for alias in node.names:
                    yield f"{base}.{alias.name}"


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_export(node: ast.AST) -> bool:
    """`__all__ = ...`: a module of nothing else only hands on."""
    return isinstance(node, ast.Assign) and [ast.unparse(each) for each in node.targets] == ["__all__"]


def _is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def modules(root: Path) -> list[Module]:
    """The product's modules: no tests, no benchmarks, no deployment scripts."""
    found = []
    for source in sorted(folder for pattern in _SOURCES for folder in root.glob(pattern)):
        for file in sorted(source.rglob("*.py")):
            parts = file.relative_to(source).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Module(file, name))
    return found


@dataclass(frozen=True, slots=True)
class Graph:
    rooms: int
    floors: int
    arrows: int


def graph(inside: Iterable[Module]) -> Graph:
    """The import graph among `inside`; imports of anything else are left out."""
    rooms = {module.name: module for module in inside if module.has_code}
    arrows: dict[str, set[str]] = {name: set() for name in rooms}
    for name, module in rooms.items():
        for path in module.imported():
            target = path if path in rooms else path.rpartition(".")[0]
            if target in rooms and target != name:
                arrows[name].add(target)
    return Graph(len(rooms), _longest_chain(arrows), sum(map(len, arrows.values())))


def _longest_chain(arrows: dict[str, set[str]]) -> int:
    group = _cycles(arrows)
    below: dict[int, set[int]] = defaultdict(set)
    for name, targets in arrows.items():
        below[group[name]] |= {group[target] for target in targets} - {group[name]}
    floors: dict[int, int] = {}
    for number in range(len(set(group.values()))):  # a group's number is above those of all it imports
        floors[number] = 1 + max((floors[lower] for lower in below[number]), default=0)
    return max(floors.values(), default=0)


def _cycles(arrows: dict[str, set[str]]) -> dict[str, int]:
    """Tarjan's algorithm: each name with the number of its cycle, imported groups first."""
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    group: dict[str, int] = {}
    stack: list[str] = []

    def visit(name: str) -> None:
        order[name] = low[name] = len(order)
        stack.append(name)
        for target in sorted(arrows[name]):
            if target not in order:
                visit(target)
            if target not in group:
                low[name] = min(low[name], low[target])
        if low[name] == order[name]:
            number = len(set(group.values()))
            while name not in group:
                group[stack.pop()] = number

    for each in sorted(arrows):
        if each not in order:
            visit(each)
    return group


def defined_more_than_once(inside: Iterable[Module]) -> dict[str, list[tuple[str, ast.ClassDef]]]:
    """Public classes by name, with the modules that define them, where these are several."""
    where: dict[str, list[tuple[str, ast.ClassDef]]] = defaultdict(list)
    for module in inside:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and not module.name.endswith("_compat"):
                where[node.name].append((module.name, node))
    return {name: places for name, places in sorted(where.items()) if len(places) > 1}


def names_with_two_meanings(inside: Iterable[Module]) -> dict[str, list[str]]:
    """Of these names, those whose classes are not just ports and one class that fits them, with the modules."""
    found = {}
    for name, places in defined_more_than_once(inside).items():
        ports = [_members(node) for _, node in places if _is_port(node)]
        classes = [_members(node) for _, node in places if not _is_port(node)]
        widest = classes[0] if classes else max(ports, key=len)
        if len(classes) > 1 or not all(port <= widest for port in ports):
            found[name] = [module for module, _ in places]
    return found


def _is_port(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base).partition("[")[0].rpartition(".")[2] == "Protocol" for base in node.bases)


def _members(node: ast.ClassDef) -> set[str]:
    """Public methods, properties and declared attributes."""
    names = {each.name for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)}
    names |= {
        each.target.id for each in node.body if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }
    return {name for name in names if not name.startswith("_")}


def repeated_lines(inside: Iterable[Module]) -> dict[str, list[int]]:
    """Line numbers for each module that has lines standing elsewhere too."""
    places: dict[tuple[str, ...], list[tuple[str, tuple[int, ...]]]] = defaultdict(list)
    for module in inside:
        lines = _logic(module)
        for at in range(len(lines) - RUN + 1):
            window = lines[at : at + RUN]
            places[tuple(text for _, text in window)].append((module.name, tuple(number for number, _ in window)))
    found: dict[str, set[int]] = defaultdict(set)
    for where in places.values():
        if len(where) > 1:
            for name, numbers in where:
                found[name].update(numbers)
    return {name: sorted(numbers) for name, numbers in found.items()}


def _logic(module: Module) -> list[tuple[int, str]]:
    """Numbers and tokens of the lines that say what is done."""
    left_out: set[int] = set()
    for node in ast.walk(module.tree):
        if _is_docstring(node) or _is_import(node):
            assert isinstance(node, ast.stmt)
            left_out.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    tokens: dict[int, list[str]] = defaultdict(list)
    named: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        line = token.start[0]
        if token.type in _SKIPPED or line in left_out:
            continue
        tokens[line].append(token.string)
        if token.type == tokenize.NAME:
            named.add(line)
    return [(line, " ".join(tokens[line])) for line in sorted(named)]


def platform_literals(inside: Iterable[Module]) -> tuple[int, int]:
    """Lines, and files with such lines, that name a platform or a direction where none should be named."""
    counts = [
        sum(bool(_PLATFORM.search(line)) for line in module.text.splitlines())
        for module in inside
        if not _KEEPS_PLATFORMS.match(module.name)
    ]
    return sum(counts), sum(count > 0 for count in counts)


def _row(name: str, inside: list[Module], repeats: dict[str, list[int]]) -> str:
    shape = graph(inside)
    figures = (
        len(inside),
        sum(len(module.text.splitlines()) for module in inside),
        shape.rooms,
        shape.floors,
        shape.arrows,
        sum(len(repeats.get(module.name, ())) for module in inside),
    )
    return f"| {name} | " + " | ".join(f"{figure:,}" for figure in figures) + " |"


def _folder(module: Module) -> str:
    parts = module.name.split(".")
    inner = parts[1] if len(parts) > 2 or (len(parts) == 2 and module.file.name == "__init__.py") else ""
    return f"{LEDGER}/{inner}" if inner else f"{LEDGER}, beside its folders"


def report(root: Path, *, names: bool = False, repeats: bool = False) -> Iterator[str]:
    """Lines of Markdown."""
    everything = modules(root)
    again = repeated_lines(everything)
    by_package: dict[str, list[Module]] = defaultdict(list)
    for module in everything:
        by_package[module.package].append(module)
    yield "| package | files | lines | rooms | floors | arrows | repeated lines |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    for name, inside in sorted(by_package.items()):
        yield _row(name, inside, again)
    folders: dict[str, list[Module]] = defaultdict(list)
    for module in by_package.get(LEDGER, ()):
        folders[_folder(module)].append(module)
    if len(folders) > 1:
        for name, inside in sorted(folders.items()):
            yield _row(name, inside, again)
    files, lines = len(everything), sum(len(module.text.splitlines()) for module in everything)
    product = [module for module in everything if module.package != SANDBOX]
    twice = names_with_two_meanings(product)
    twice_sandbox = names_with_two_meanings(by_package.get(SANDBOX, ()))
    literals = platform_literals(everything)
    yield ""
    yield "| all together | |"
    yield "|---|--:|"
    yield f"| files | {files:,} |"
    yield f"| lines | {lines:,} |"
    yield f"| repeated lines | {sum(map(len, again.values())):,} |"
    yield f"| public class names defined in several modules | {len(defined_more_than_once(product))} |"
    yield f"| public class names with two meanings | {len(twice)} |"
    yield f"| names with two meanings in the sandbox | {len(twice_sandbox)} |"
    yield f"| lines with `Platform.X` or `Direction.X` outside gateways and sandbox | {literals[0]} |"
    yield f"| files with such lines | {literals[1]} |"
    if names:
        yield ""
        yield from (f"- {name}: {', '.join(where)}" for name, where in (*twice.items(), *twice_sandbox.items()))
    if repeats:
        yield ""
        yield from (f"- {name}: {', '.join(map(str, numbers))}" for name, numbers in sorted(again.items()))


def main() -> None:
    assert __doc__
    parser = argparse.ArgumentParser(prog="benchmarks.architecture", description=__doc__.partition("\n")[0])
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).parents[1])
    parser.add_argument("--names", action="store_true", help="list the names with two meanings and where they are")
    parser.add_argument("--repeats", action="store_true", help="list the repeated lines of each module")
    arguments = parser.parse_args()
    print("\n".join(report(arguments.root, names=arguments.names, repeats=arguments.repeats)))


if __name__ == "__main__":
    main()
