"""Commands that a page shows with what they print, and whether that is what they print now. Pure.

A block begins with ```console; in it `$ ` begins a command and what follows is its output. A line `…` stands for any
lines, an … within a line for anything. Words with a digit in them, such as times, sizes and numbers, are not compared,
nor how wide a table is, nor what an object of JSON in a line of its own says, nor a consumer that somebody who only
looks has for a moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

ANY = "…"
_NUMBER = re.compile(r"\S*\d\S*(?: (?:B|KiB|MiB|GiB|UTC|ago)\b)*")
_SEVERAL = re.compile(r"#(?:[ /]+#)+")
_RULES = re.compile(r"[─━╌┄╭╮╰╯├┤┬┴┼┏┓┗┛┣┫┳┻╋┡┩╇]+")
_BARS = re.compile(r"[│┃|]")
_STREAM = "| NAVAAR_"
_PASSING = re.compile(r"\| # \| \|.*")
"""In a table of consumers: a name made up by the server, and no description."""


@dataclass(frozen=True, slots=True)
class Shown:
    line: int
    """Of the command in the page."""
    command: str
    output: tuple[str, ...]


def shown(page: str) -> list[Shown]:
    """Every command of the page in order."""
    found: list[Shown] = []
    inside = False
    for number, text in enumerate(page.splitlines(), start=1):
        if text.startswith("```"):
            inside = text == "```console"
        elif inside and text.startswith("$ "):
            found.append(Shown(number, text[2:], ()))
        elif inside and found:
            last = found[-1]
            found[-1] = Shown(last.line, last.command, (*last.output, text))
    return found


def agrees(expected: tuple[str, ...], printed: str) -> bool:
    """Whether the printed text is what the page shows, as far as it is stable."""
    lines = in_order(kept for line in printed.splitlines() if (kept := plain(line)))
    pattern = ""
    for kept in in_order(map(plain, expected)):
        if kept == ANY:
            pattern += r"(?:.*\n)*?"
        elif kept:
            pattern += ".*".join(re.escape(part) for part in kept.split(ANY)) + r"\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines)) is not None


def in_order(lines: Iterable[str]) -> list[str]:
    """The same lines; rows about streams that follow each other by name: the NATS CLI puts the smallest first."""
    found: list[str] = []
    for are_streams, rows in groupby(lines, key=lambda line: line.startswith(_STREAM)):
        run = list(rows)
        found += sorted(run) if are_streams else run
    return found


def plain(line: str) -> str:
    """The line without what changes from run to run."""
    if line.startswith('{"'):
        return "{}"
    text = _BARS.sub("|", _RULES.sub(" ", line))
    kept = _SEVERAL.sub("#", " ".join(_NUMBER.sub("#", text).split()))
    return "" if _PASSING.fullmatch(kept) else kept
