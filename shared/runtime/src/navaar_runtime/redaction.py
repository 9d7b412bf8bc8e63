"""Keeps secrets out of whatever a person or a log collector may read."""

from __future__ import annotations

import re
from typing import Any

MASK = "***"
_SHORTEST = 6
"""Shorter values would mask ordinary words."""

_MOST = 1000
"""Rotated tokens come every hour; the oldest are worthless by the time they are dropped."""

_secrets: dict[str, None] = {}
# The Bot API carries the token in its URL, so client errors quote it even when nobody registered it.
_BOT_TOKEN = re.compile(r"\b(bot)?\d{5,15}:[A-Za-z0-9_-]{20,}")
_BEARER = re.compile(r"(?i)\b(bearer|authorization:?)\s+[A-Za-z0-9._~+/=-]{12,}")
_URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):([^/\s]+)(?=@)")
# A lone name before the host is mostly a token.
_URL_TOKEN = re.compile(r"(?<=://)[^/\s:@?#]+(?=@)")
_LONG_ENOUGH = 8
_TOO_LONG_FOR_A_WORD = 24


def register_secret(value: str) -> None:
    """From now on `redact` masks `value` wherever it appears."""
    if len(value) < _SHORTEST:
        return
    _secrets.pop(value, None)
    _secrets[value] = None
    while len(_secrets) > _MOST:
        del _secrets[next(iter(_secrets))]


def register_unless_word(value: str) -> None:
    """The same for what may be a secret or just as well an ordinary word, such as the name of an account or a tenant.

    A word would be masked in every text that has nothing to do with it, so it is left alone: what is shorter than 24
    characters and has no digit, or is shorter than 8. Never for passwords and tokens.
    """
    if len(value) >= _TOO_LONG_FOR_A_WORD or (len(value) >= _LONG_ENOUGH and re.search(r"\d", value)):
        register_secret(value)


def forget_secret(value: str) -> None:
    """`value` was replaced and opens nothing any more: it needs no mask."""
    _secrets.pop(value, None)


def redact(text: str) -> str:
    """`text` with registered secrets, bot tokens, bearer tokens and passwords in URLs masked."""
    for secret in tuple(_secrets):
        if secret in text:
            text = text.replace(secret, MASK)
    text = _BOT_TOKEN.sub(lambda m: f"{m.group(1) or ''}{MASK}", text)
    text = _BEARER.sub(lambda m: f"{m.group(1)} {MASK}", text)
    text = _URL_PASSWORD.sub(rf"\1:{MASK}", text)
    return _URL_TOKEN.sub(MASK, text)


def redact_deep(value: Any) -> Any:
    """`redact` for every string inside dicts, lists and tuples; other values as they are."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {k: redact_deep(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(redact_deep(v) for v in value)
    return value
