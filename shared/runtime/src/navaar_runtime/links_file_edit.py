"""Changes one key of one link in the text of a links file, and leaves all else as its owner wrote it. Pure."""

from __future__ import annotations

import json
import re
import tomllib

from navaar_contracts.links import table_keys
from navaar_contracts.policies import did_you_mean
from navaar_runtime.links_file import LinksFileError

_HEADER = re.compile(r"\s*\[")


def with_key(text: str, link: str, key: str, value: str | None) -> str:
    """`text` with `key` set in the table of `link`, or without it where `value` is None.

    Args:
        value: as a person writes it; what is no TOML by itself is a text: 23:00-07:00.

    Raises:
        LinksFileError: there is no such table or key, or it is written over several lines.
    """
    if key not in table_keys():
        raise LinksFileError(f"{key} is no key of a link{did_you_mean(key, table_keys())}")
    # As TOML counts them: other characters that end lines elsewhere are parts of texts.
    lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    header = _header(lines, link)
    end = next((n for n in range(header + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
    places = [n for n in range(header + 1, end) if re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", lines[n])]
    if places and not _is_whole(lines[places[0]]):
        raise LinksFileError(f"{key} of {link} is written over several lines: change it by hand")
    if not places and key in tomllib.loads(text)["links"][link]:
        raise LinksFileError(f"{key} of {link} is a table of its own: change it by hand")
    if value is None:
        if not places:
            raise LinksFileError(f"{link} has no {key}")
        del lines[places[0]]
    else:
        written = f"{key} = {_toml(value)}"
        if places:
            lines[places[0]] = written
        else:
            last = max(n for n in range(header, end) if lines[n].strip())
            lines.insert(last + 1, written)
    return "\n".join(lines) + "\n"


def _header(lines: list[str], link: str) -> int:
    wanted: dict[str, dict[str, dict[str, str]]] = {"links": {link: {}}}
    for number, line in enumerate(lines):
        if _HEADER.match(line):
            try:
                found = tomllib.loads(line)
            except tomllib.TOMLDecodeError:
                continue
            if found == wanted:
                return number
    raise LinksFileError(f"the file has no table [links.{link}]")


def _is_whole(line: str) -> bool:
    try:
        tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _toml(value: str) -> str:
    """A text in quotation marks, unless it is a number, a truth, a list, a table or a text in them already."""
    try:
        parsed = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return _quoted(value)
    is_plain = list(parsed) == ["value"] and isinstance(parsed["value"], str | int | float | bool | list | dict)
    return value if is_plain else _quoted(value)


def _quoted(value: str) -> str:
    # JSON's escapes are TOML's; this one character needs none there.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
