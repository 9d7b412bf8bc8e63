"""Request headers as people paste them: copied from the browser, as a cURL command, or as JSON. Pure."""

from __future__ import annotations

import itertools
import json
import re
import shlex

KEPT = (
    "accept",
    "accept-language",
    "cookie",
    "origin",
    "user-agent",
    "x-goog-authuser",
    "x-goog-pageid",
    "x-goog-visitor-id",
    "x-origin",
)
"""The rest of a browser's headers belongs to one request or says nothing about who is signed in."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_ORIGIN = "https://music.youtube.com"


class NoHeaders(Exception):
    """What was pasted cannot be used; the text says why, without quoting it."""


def headers_from(text: str) -> dict[str, str]:
    """The headers that make a sign-in, names in lower case.

    Raises:
        NoHeaders: it is nothing of what is expected, or it comes from a browser that is not signed in.
    """
    text = text.strip()
    if text.startswith("{"):
        found = _from_json(text)
    elif text.lower().startswith("curl"):
        found = _from_curl(text)
    else:
        found = _from_lines(text.splitlines())
    if "cookie" not in found:
        raise NoHeaders(
            "there is no cookie in it: copy the request headers of a request to music.youtube.com (a POST to 'browse') "
            "while you are signed in"
        )
    kept = {name: found[name] for name in KEPT if name in found}
    kept.setdefault("x-goog-authuser", "0")
    kept.setdefault("origin", kept.get("x-origin", _ORIGIN))
    kept["content-type"] = "application/json"
    return kept


def _from_json(text: str) -> dict[str, str]:
    try:
        document = json.loads(text)
    except ValueError:
        raise NoHeaders("it begins like JSON but is none") from None
    return {str(k).lower(): str(v) for k, v in document.items() if isinstance(v, str | int)}


def _from_curl(text: str) -> dict[str, str]:
    try:
        # Chrome on Windows continues lines with ^, everything else with a backslash.
        words = shlex.split(re.sub(r"[\\^]\r?\n", " ", text))
    except ValueError:
        raise NoHeaders("the cURL command is not complete") from None
    found: dict[str, str] = {}
    for flag, value in itertools.pairwise(words):
        if flag in ("-H", "--header"):
            name, _, rest = value.partition(":")
            found[name.strip().lower()] = rest.strip()
        elif flag in ("-b", "--cookie"):
            found["cookie"] = value
        elif flag in ("-A", "--user-agent"):
            found["user-agent"] = value
    return found


def _from_lines(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    waiting: str | None = None
    for line in (raw.strip() for raw in lines):
        if not line or line.startswith(":"):
            waiting = None
            continue
        if waiting is not None:
            # Chrome copies a name and its value as two lines.
            found[waiting], waiting = line, None
            continue
        name, colon, value = line.partition(":")
        if not _NAME.fullmatch(name):
            continue
        if value.strip():
            found[name.lower()] = value.strip()
        elif colon or name.lower() in KEPT:
            waiting = name.lower()
    return found
