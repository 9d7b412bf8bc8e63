"""Variables that begin as ours do and that nothing reads: most are misspelt, and would be missed in silence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from navaar_contracts.policies import did_you_mean
from navaar_runtime.logs import get_logger
from navaar_runtime.settings import PREFIX

log = get_logger(__name__)

_OF_OTHERS = re.compile(r"NAVAAR_(?:TAG|NKEY_[A-Z0-9_]+|TEST_[A-Z0-9_]+)")
"""Read by Compose files, by NATS and by the tests, out of the same .env."""
_FILE = "_FILE"
_FORMER = {"NAVAAR_TRACK_CARDS_ENABLED": "NAVAAR_CARDS"}
"""What earlier versions read, and what says it now."""


@dataclass(frozen=True, slots=True)
class UnknownVariable:
    name: str
    hint: str
    """'; did you mean NAVAAR_LOG_LEVEL?', or nothing."""

    def told(self) -> str:
        return f"{self.name} is read by nothing{self.hint}"


@lru_cache(maxsize=1)
def known_variables() -> frozenset[str]:
    """Every variable of every service, also of those that are not installed here."""
    text = resources.files("navaar_runtime").joinpath("variables.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def unknown_variables(environment: Mapping[str, str], also: Iterable[str] = ()) -> list[UnknownVariable]:
    """Those of `environment` that nothing of Navaar reads, with what was probably meant.

    Args:
        also: further names that are read, those of a platform that was added.
    """
    known = known_variables() | set(also)
    found = []
    for name in sorted(environment):
        is_known = name in known or (name.endswith(_FILE) and name.removesuffix(_FILE) in known)
        if name.startswith(PREFIX) and not is_known and not _OF_OTHERS.fullmatch(name):
            found.append(UnknownVariable(name, _hint(name, known)))
    return found


def tell_unknown(environment: Mapping[str, str], also: Iterable[str] = ()) -> None:
    """Warn of each of them in the log. Values are not told: one may be a secret."""
    for variable in unknown_variables(environment, also):
        log.warning("unknown_variable", variable=variable.name, told=variable.told())


def _hint(name: str, known: Iterable[str]) -> str:
    if name in _FORMER:
        return f": {_FORMER[name]} takes its place"
    # The common beginning would make everything look alike.
    hint = did_you_mean(name.removeprefix(PREFIX), (each.removeprefix(PREFIX).lower() for each in known))
    word = hint.removeprefix("; did you mean ").removesuffix("?")
    return f"; did you mean {PREFIX}{word.upper()}?" if hint else ""
