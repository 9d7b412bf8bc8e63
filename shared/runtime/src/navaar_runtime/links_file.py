"""Reads a file of links: what is written there is understood, or refused with the file, the table and the key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link, collection_keys
from navaar_contracts.policies import PolicyError, did_you_mean, policy_of

TABLES = "links"


class LinksFileError(Exception):
    """The file cannot be used; the text says where and why, for a person."""


def read(path: Path, defaults: Mapping[str, Any]) -> tuple[Link, ...]:
    """The links of a file, one table each: `[links.jazz]`.

    Args:
        defaults: the policy's keys for a link that does not say otherwise.

    Raises:
        LinksFileError: it cannot be read, is no TOML, or says something that no link can be.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LinksFileError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise LinksFileError(f"{path} is no TOML: it is not written in UTF-8") from None
    return parse(text, defaults, str(path))


def parse(text: str, defaults: Mapping[str, Any], name: str) -> tuple[Link, ...]:
    """As `read`, for the text of a file called `name`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LinksFileError(f"{name} is no TOML: {error}") from None
    strangers = [key for key in document if key != TABLES]
    tables = document.get(TABLES)
    if not isinstance(tables, dict) or not tables:
        raise LinksFileError(f"{name} has no [links.<name>] table{_hint(strangers)}")
    problems = [f"{name}: [{key}] is no table of links{_hint([key])}" for key in strangers]
    links: list[Link] = []
    for link, table in tables.items():
        try:
            links.append(_link(link, table, defaults))
        except PolicyError as error:
            problems += [f"{name}: [links.{link}] {f'{key}: ' if key else ''}{what}" for key, what in error.problems]
    if problems:
        raise LinksFileError("\n".join(problems))
    return tuple(links)


def _link(name: str, table: Any, defaults: Mapping[str, Any]) -> Link:
    if not isinstance(table, dict):
        raise PolicyError([("", "must be a table")])
    places = collection_keys()
    policy = policy_of(table, places)
    wrong = [
        (key, f"{table[key]!r} is not allowed: the collection's id or @name")
        for key in places
        if key in table and (isinstance(table[key], bool) or not isinstance(table[key], str | int))
    ]
    if wrong:
        raise PolicyError(wrong)
    try:
        link = Link.model_validate({"name": name, **{key: str(table[key]) for key in places if key in table}})
    except ValidationError as error:
        raise PolicyError([_problem(each) for each in error.errors(include_url=False)]) from None
    possible = link.possible_directions()
    written = policy.directions if "directions" in table else None
    # A star means those directions that there are.
    absent = [] if "*" in str(table.get("directions")) else [each for each in written or () if each not in possible]
    if absent:
        raise PolicyError([("directions", _no_place(absent[0].origin, absent[0].target, link))])
    merged = policy_of({**defaults, **{key: value for key, value in table.items() if key not in places}})
    link = link.model_copy(update={"policy": merged})
    if not link.directions():
        raise PolicyError([("directions", "none of them is between the collections of this link")])
    return link


def _no_place(origin: Platform, target: Platform, link: Link) -> str:
    missing = next(each for each in (origin, target) if each not in link.collections)
    return f"{origin.value}->{target.value} needs a {missing.label} {missing.spec.collection_noun}: " + (
        f"{missing.spec.collection_setting} is missing"
    )


def _problem(error: Any) -> tuple[str, str]:
    return ".".join(str(part) for part in error["loc"]), error["msg"].removeprefix("Value error, ")


def _hint(strangers: list[str]) -> str:
    return did_you_mean(strangers[0], [TABLES]) if strangers else ""
