"""The text of .env.example, made from the settings classes so that it cannot go out of date."""

from __future__ import annotations

import json
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from navaar_contracts.identifiers import Platform
from navaar_launcher.registry import GATEWAYS
from navaar_runtime.settings import LinkSettings, NavaarSettings, variable_of

_MODULES = (
    ("The collections, and this machine", "navaar_runtime.settings"),
    ("The first start", "navaar_runtime.first_sync"),
    ("How often each direction has its cycle", "navaar_runtime.intervals"),
    ("What the bot says unasked", "navaar_bot.settings"),
    *((platform.label, f"{entry.module}.settings") for platform, entry in GATEWAYS.items()),
    ("Placing into playlists", "navaar_playlist_gateway.settings"),
    ("Identification and matching", "navaar_identifier.settings"),
    ("Downloads", "navaar_downloader.settings"),
    ("The ledger", "navaar_ledger.settings"),
    ("The HTTP API", "navaar_api.settings"),
    ("The launcher", "navaar_launcher.settings"),
)

_HEAD = """\
# Navaar's settings: copy this file to .env and fill in what you need.
# Lines without a leading # are required; the others show the default, or an example where there is none.
# A secret may be put into a file instead: NAVAAR_X_FILE=/path/to/file stands for NAVAAR_X.
# Made by `navaar settings`; do not edit by hand.
"""


def classes() -> list[tuple[str, list[type[NavaarSettings]]]]:
    """(heading, settings classes) in the order of the page; each class is listed where it is defined."""
    found = []
    for heading, name in _MODULES:
        try:
            module = import_module(name)
        except ModuleNotFoundError as error:
            if error.name and name.startswith(error.name):
                continue
            raise
        own = [
            value
            for value in vars(module).values()
            if isinstance(value, type)
            and issubclass(value, NavaarSettings)
            and value is not NavaarSettings
            and value.__module__ == name
        ]
        if own:
            # The collections come first: without them nothing starts.
            found.append((heading, sorted(own, key=lambda cls: cls is not LinkSettings)))
    return found


def variable_names() -> list[str]:
    """Every variable of the services that are installed here, each once."""
    found = {variable_of(name) for _, settings in classes() for cls in settings for name in cls.model_fields}
    return sorted(found)


def render_names() -> str:
    """The list that every service carries, so that it can tell a misspelt variable from another's."""
    return "\n".join(("# Made by `navaar settings --names`; do not edit by hand.", *variable_names())) + "\n"


def render() -> str:
    """The whole page; a variable that several classes read appears once."""
    lines = [_HEAD]
    seen: set[str] = set()
    for heading, settings in classes():
        body = []
        for cls in settings:
            for name, field in cls.model_fields.items():
                if variable_of(name) in seen:
                    continue
                seen.add(variable_of(name))
                body.append(_entry(variable_of(name), field))
        if body:
            lines.append(f"\n# --- {heading} ---\n")
            lines.extend(body)
    return "\n".join(lines).rstrip() + "\n"


def _entry(variable: str, field: FieldInfo) -> str:
    about = "\n".join(f"# {line}" for line in (field.description or "").splitlines())
    default = _text(field.get_default(call_default_factory=True)) if not field.is_required() else ""
    example = str(field.examples[0]) if field.examples else ""
    required = field.is_required() or variable in _REQUIRED_BY_THE_MAIN_LINK
    mark = "" if required else "# "
    return f"{about}\n{mark}{variable}={default or example}\n"


# Optional only for those who describe their links in a file.
_REQUIRED_BY_THE_MAIN_LINK = tuple(
    variable_of(platform.spec.collection_setting) for platform in Platform if platform.spec.is_required
)


def _text(value: Any) -> str:
    if value is None or value is PydanticUndefined:
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return json.dumps(list(value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Path):
        return str(value)
    return str(value)
