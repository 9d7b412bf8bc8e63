"""Services reach each other by messages alone; contracts and the shared packages know their place."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.code_trees import ROOT, tree, walk

SERVICES = sorted(p.name for p in (ROOT / "services").iterdir() if (p / "pyproject.toml").is_file())
SHARED = sorted(p.name for p in (ROOT / "shared").iterdir() if (p / "pyproject.toml").is_file())
MEMBERS = (
    {"contracts": ROOT / "contracts"}
    | {name: ROOT / "shared" / name for name in SHARED}
    | {name: ROOT / "services" / name for name in SERVICES}
)

# Import name -> distribution, where they differ.
DISTRIBUTIONS = {
    "yt_dlp": "yt-dlp",
    "PIL": "pillow",
    "nats": "nats-py",
    "dotenv": "python-dotenv",
    "pydantic_settings": "pydantic-settings",
    "pydantic_core": "pydantic",
    "prometheus_client": "prometheus-client",
    "imageio_ffmpeg": "imageio-ffmpeg",
    "bson": "pymongo",
}


def package(member: str) -> str:
    return f"navaar_{member.replace('-', '_')}"


def imports(member: str) -> Iterator[tuple[Path, str]]:
    """(file, dotted module) of every absolute import."""
    for file in sorted((MEMBERS[member] / "src").rglob("*.py")):
        for node in walk(tree(file)):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    yield file, alias.name
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                yield file, node.module


def allowed_siblings(member: str) -> set[str]:
    match member:
        case "contracts" | "sandbox":
            return {package(member)}
        case "runtime" | "text":
            return {package(member), "navaar_contracts"}
        case "client" | "playlist-gateway" | "telegram-session":
            return {package(member), "navaar_contracts", "navaar_runtime"}
        case "launcher":
            return {package(name) for name in MEMBERS}
        case _:
            return {package(member), "navaar_contracts", *(package(name) for name in SHARED)}


@pytest.mark.parametrize("member", MEMBERS)
def test_no_member_imports_a_sibling_it_must_not_know(member: str) -> None:
    siblings = {package(name) for name in MEMBERS}
    wrong = [
        f"{file.relative_to(ROOT)} imports {module}"
        for file, module in imports(member)
        if (top := module.partition(".")[0]) in siblings and top not in allowed_siblings(member)
    ]
    assert not wrong


def declared(member: str) -> set[str]:
    project = tomllib.loads((MEMBERS[member] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = set()
    extras = project.get("optional-dependencies", {}).values()
    for requirement in (*project["dependencies"], *(each for extra in extras for each in extra)):
        name = requirement
        for mark in "[<>=!~; ":
            name = name.partition(mark)[0]
        names.add(name.lower().replace("_", "-"))
    return names


@pytest.mark.parametrize("member", MEMBERS)
def test_every_import_is_a_declared_dependency(member: str) -> None:
    known = declared(member)
    # The runtime brings these along as part of its own interface.
    through_runtime = declared("runtime") if "navaar-runtime" in known else set()
    missing = set()
    for file, module in imports(member):
        top = module.partition(".")[0]
        if top in sys.stdlib_module_names or top == package(member):
            continue
        name = DISTRIBUTIONS.get(top, top.lower().replace("_", "-"))
        if top == "opentelemetry":
            name = "opentelemetry-api"
        if top.startswith("navaar_"):
            name = top.replace("_", "-")
        if name in {"python-dotenv"}:
            name = "pydantic-settings"
        if name not in known | through_runtime:
            missing.add(f"{file.relative_to(ROOT)}: {top}")
    assert not missing


def test_contracts_depend_on_pydantic_only() -> None:
    assert declared("contracts") == {"pydantic"}


@pytest.mark.parametrize("member", [n for n in SERVICES if n not in ("sandbox", "launcher")])
def test_every_service_has_the_same_inner_shape(member: str) -> None:
    inside = MEMBERS[member] / "src" / package(member)
    expected = {"settings.py"}
    if member != "bot":  # the Telegram gateway's process hosts it
        expected |= {"__main__.py"}
    if "navaar-playlist-gateway" in declared(member):
        expected |= {"translate.py", "error_mapping.py", "doctor.py"}
    else:
        expected |= {"handlers.py", "subscribers.py"} if member != "api" else set()
    assert expected <= {p.name for p in inside.iterdir()}
    assert (MEMBERS[member] / "README.md").is_file()


@pytest.mark.parametrize("member", [m for m in MEMBERS if m != "runtime"])
def test_only_the_runtime_speaks_faststream(member: str) -> None:
    assert not [str(file) for file, module in imports(member) if module.partition(".")[0] == "faststream"]
