"""Extractor arguments as yt-dlp's command line takes them. Pure."""

from __future__ import annotations

import re
import shlex

ExtractorArgs = dict[str, dict[str, list[str]]]
"""Extractor -> argument -> values, as yt-dlp's `extractor_args` option wants them."""

_OPTION = "--extractor-args"
_EXTRACTOR = re.compile(r"(?s)([\w-]+):(.+)")
_ARGUMENT = re.compile(r"(?s)\s*([\w-]+)\s*=(.*)")
_SEPARATOR = re.compile(r"(?<!\\),")
_SECRET = re.compile(r"token|visitor_data|data_sync_id|password|secret|api_?key")


class WrongExtractorArgs(ValueError):
    """The text is not in yt-dlp's syntax. Its message is for a person and quotes no value."""


def parse_extractor_args(text: str) -> ExtractorArgs:
    """`youtube:player_client=tv,web;lang=en otherextractor:name=value`: one word for each extractor.

    The words may be quoted as in a shell, and each may have `--extractor-args` before it; `\\,` is a comma in a value.
    As on yt-dlp's command line, the last word for an extractor counts.

    Raises:
        WrongExtractorArgs: it is not like that.
    """
    found: ExtractorArgs = {}
    for number, word in enumerate(_words(text), 1):
        match = _EXTRACTOR.fullmatch(word)
        if match is None:
            raise WrongExtractorArgs(f"part {number} must be EXTRACTOR:NAME=VALUE, with ';' between several NAME=VALUE")
        extractor = match.group(1).lower()
        found[extractor] = dict(_argument(each, extractor) for each in match.group(2).split(";"))
    if not found:
        raise WrongExtractorArgs("must name an extractor: EXTRACTOR:NAME=VALUE")
    return found


def secrets_in(args: ExtractorArgs) -> list[str]:
    """Values that nobody should see, such as PO tokens."""
    found = []
    for arguments in args.values():
        for name, values in arguments.items():
            if _SECRET.search(name):
                found += [part for value in values for part in (value, value.rpartition("+")[2])]
    return found


def _words(text: str) -> list[str]:
    try:
        # A backslash stays: before a comma it has a meaning of its own.
        lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
        lexer.whitespace_split, lexer.commenters, lexer.escape = True, "", ""
        words = list(lexer)
    except ValueError:
        raise WrongExtractorArgs("a quotation mark is open") from None
    return [word.removeprefix(f"{_OPTION}=") for word in words if word != _OPTION]


def _argument(text: str, extractor: str) -> tuple[str, list[str]]:
    match = _ARGUMENT.fullmatch(text)
    if match is None:
        raise WrongExtractorArgs(f"an argument of {extractor} is not NAME=VALUE")
    name = match.group(1).lower().replace("-", "_")
    return name, [value.replace("\\,", ",").strip() for value in _SEPARATOR.split(match.group(2))]
