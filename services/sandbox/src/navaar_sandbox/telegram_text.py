"""Telegram's formatted text: from a parse mode to plain text with entities, refusing what Telegram refuses. Pure.

Offsets and lengths are in UTF-16 code units, as the Bot API counts.
"""

import re
from html.parser import HTMLParser
from typing import Any

_HTML_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "code": "code", "pre": "pre",
    "a": "text_link", "tg-spoiler": "spoiler", "span": "spoiler", "blockquote": "blockquote",
}  # fmt: skip
_MARKDOWN_RESERVED = "_*[]()~`>#+-=|{}.!"
_AUTOMATIC = (
    ("bot_command", re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?")),
    ("url", re.compile(r"https?://[^\s<>]+")),
    ("mention", re.compile(r"(?<!\w)@\w{4,32}")),
    ("hashtag", re.compile(r"(?<!\w)#\w+")),
)


class BadMarkup(ValueError):
    """Text that Telegram would refuse; the message is the rest of its description."""


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def parse(text: str, parse_mode: str | None) -> tuple[str, list[dict[str, Any]]]:
    """The plain text and its entities; raises BadMarkup."""
    mode = (parse_mode or "").lower()
    if mode == "html":
        parser = _Html()
        parser.feed(text)
        parser.close()
        plain, entities = parser.finish()
    elif mode in ("markdownv2", "markdown"):
        plain, entities = _markdown(text, strict=mode == "markdownv2"), []
    elif mode:
        raise BadMarkup("unsupported parse_mode")
    else:
        plain, entities = text, []
    return plain, sorted([*entities, *_automatic(plain)], key=lambda entity: entity["offset"])


def _automatic(text: str) -> list[dict[str, Any]]:
    return [
        {"type": kind, "offset": utf16_length(text[: hit.start()]), "length": utf16_length(hit.group())}
        for kind, pattern in _AUTOMATIC
        for hit in pattern.finditer(text)
    ]


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._text: list[str] = []
        self._length = 0
        self._open: list[tuple[str, int, dict[str, str | None]]] = []
        self._entities: list[dict[str, Any]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HTML_TAGS:
            raise BadMarkup(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self.getpos()[1]}')
        self._open.append((tag, self._length, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            raise BadMarkup(f"can't parse entities: Unexpected end tag at byte offset {self.getpos()[1]}")
        opened, start, attributes = self._open.pop()
        if opened != tag:
            raise BadMarkup(
                f"can't parse entities: Unmatched end tag at byte offset {self.getpos()[1]}, "
                f'expected "</{opened}>", found "</{tag}>"'
            )
        if self._length > start:
            entity: dict[str, Any] = {"type": _HTML_TAGS[tag], "offset": start, "length": self._length - start}
            if tag == "a":
                entity["url"] = attributes.get("href") or ""
            self._entities.append(entity)

    def handle_data(self, data: str) -> None:
        self._text.append(data)
        self._length += utf16_length(data)

    def finish(self) -> tuple[str, list[dict[str, Any]]]:
        if self._open:
            raise BadMarkup(
                f"can't parse entities: Can't find end tag corresponding to start tag \"{self._open[-1][0]}\""
            )
        return "".join(self._text), self._entities


def _markdown(text: str, *, strict: bool) -> str:
    """Only what matters to a sender: unescaped reserved characters are an error; marks vanish from the text."""
    plain: list[str] = []
    escaped = False
    for offset, character in enumerate(text):
        if escaped:
            plain.append(character)
            escaped = False
        elif character == "\\":
            escaped = True
        elif strict and character in "#+-=|{}.!":
            raise BadMarkup(
                f"can't parse entities: Character '{character}' is reserved and must be escaped "
                f"with the preceding '\\' (byte offset {len(text[:offset].encode())})"
            )
        elif character not in _MARKDOWN_RESERVED or character in "#+-=|{}.!()[]>":
            plain.append(character)
    return "".join(plain)
