"""A JSON document of any size, read from its beginning in pieces: an export of a whole account has gigabytes.

Stricter than people and kinder than json: Telegram Desktop writes control characters as `\\x1F`, which is no JSON
(SerializeString in export_output_json.cpp), and a file may come through an editor that put a byte order mark first.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

PIECE = 256 * 1024
"""Bytes."""
LONGEST = 4 * 1024 * 1024
"""Characters of a value that is taken as a whole, and of a text that is passed over: a message has some thousands."""
DEEPEST = 100
"""Objects and lists within each other. A message has four."""
LONGEST_NUMBER = 20

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLANK = re.compile(r"[ \t\r\n]*")
_NEXT = re.compile(r'["{}\[\]]')
_STRING = re.compile(r'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_PLAIN = re.compile(r"[-+.0-9A-Za-z]+")
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|.)", re.DOTALL)


class Broken(Exception):
    """The document ends early, or is no JSON from some place on."""

    def __init__(self, what: str, line: int, *, ended: bool = False) -> None:
        super().__init__(f"line {line}: {what}")
        self.line = line
        self.ended = ended
        """It is right as far as it goes."""


class JsonText:
    """A place in a document; every method begins there and moves on. All raise Broken, and OSError of the file.

    Args:
        source: open for reading bytes.
        tell: told how many bytes were read.
    """

    def __init__(self, source: BinaryIO, tell: Callable[[int], None] = lambda read: None) -> None:
        self._source, self._tell = source, tell
        head = source.read(4)
        name = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
        self._decoder = codecs.getincrementaldecoder(name)("replace")
        self._text, self._at = self._decoder.decode(head), 0
        self._read = len(head)
        self._line = 1
        self._ended = False
        self._kept: int | None = None
        """Where the value begins that is being taken as a whole."""

    @property
    def line(self) -> int:
        """Where in the document this is, from 1."""
        return self._line + self._text.count("\n", 0, self._at)

    def peek(self) -> str:
        """The next character that is not blank; '' at the end."""
        while True:
            found = _BLANK.match(self._text, self._at)
            self._at = found.end() if found is not None else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def keys(self) -> Iterator[str]:
        """Each key of the object that begins here. Whoever takes one takes or passes its value before the next."""
        self._take("{")
        while self.peek() != "}":
            key = self.value()
            if not isinstance(key, str):
                raise self._broken("an object has a key that is no text")
            self._take(":")
            yield key
            if not self._another("}"):
                break
        self._take("}")

    def elements(self) -> Iterator[None]:
        """As often as the list that begins here has elements; each is taken or passed before the next."""
        self._take("[")
        while self.peek() != "]":
            yield
            if not self._another("]"):
                break
        self._take("]")

    def value(self) -> Any:
        """The value that begins here, as json gives it; a number of absurd length is None."""
        self.peek()
        line, self._kept = self.line, self._at
        try:
            self._pass()
            return _parsed(self._text[self._kept : self._at])
        except Broken as error:
            # A quote that is missing is noticed where the last one ends: far behind.
            raise _first_fault(self._text[self._kept :], line) or error from None
        except (ValueError, RecursionError) as error:
            raise _fault(error, line) from None
        finally:
            self._kept = None

    def skip(self) -> None:
        """Pass the value that begins here, whatever its size."""
        self.peek()
        self._pass()

    def _pass(self) -> None:
        """Move behind the value that begins here."""
        begins = self.peek()
        if begins == '"':
            self._pass_string()
        elif begins and begins in "{[":
            self._pass_nested()
        else:
            self._pass_plain()

    def _pass_nested(self) -> None:
        depth = 0
        while True:
            found = _NEXT.search(self._text, self._at)
            if found is None:
                self._at = len(self._text)
                self._need_more()
            elif found.group() == '"':
                self._at = found.start()
                self._pass_string()
            else:
                self._at = found.end()
                depth += 1 if found.group() in "{[" else -1
                if depth == 0:
                    return
                if depth > DEEPEST:
                    raise self._broken(f"more than {DEEPEST} objects and lists within each other")

    def _pass_string(self) -> None:
        while (found := _STRING.match(self._text, self._at)) is None:
            if len(self._text) - self._at > LONGEST:
                raise self._broken(f"one text has more than {LONGEST} characters")
            self._need_more()
        self._at = found.end()

    def _pass_plain(self) -> None:
        """A number, true, false or null."""
        found = _PLAIN.match(self._text, self._at)
        if found is None:
            raise self._broken("a value is missing", ended=self._at >= len(self._text))
        while found is not None:
            self._at = found.end()
            if self._at < len(self._text) or not self._more():
                return
            found = _PLAIN.match(self._text, self._at)

    def _need_more(self) -> None:
        if self._kept is not None and self._at - self._kept > LONGEST:
            raise self._broken(f"one value has more than {LONGEST} characters")
        if not self._more():
            raise self._broken("it ends in the middle", ended=True)

    def _more(self) -> bool:
        """Read on, and forget what was passed, but for a value that is being taken; False at the end."""
        if self._ended:
            return False
        gone = self._at if self._kept is None else self._kept
        # What is long gets longer in ever larger steps, so that it is looked through a few times only.
        piece = self._source.read(max(PIECE, len(self._text) - gone))
        self._ended = not piece
        self._read += len(piece)
        self._tell(self._read)
        self._line += self._text.count("\n", 0, gone)
        self._text = self._text[gone:] + self._decoder.decode(piece, final=self._ended)
        self._at -= gone
        self._kept = None if self._kept is None else 0
        return not self._ended

    def _another(self, closing: str) -> bool:
        """Whether a comma follows; else it must be the end."""
        found = self.peek()
        if found == ",":
            self._at += 1
            if self.peek() == closing:
                raise self._broken("there is a comma before the end of a list")
            return True
        return False

    def _take(self, what: str) -> None:
        found = self.peek()
        if found != what:
            raise self._broken(f"{what!r} is missing", ended=not found)
        self._at += 1

    def _broken(self, what: str, *, ended: bool = False) -> Broken:
        return Broken("it ends in the middle" if ended else what, self.line, ended=ended)


def _first_fault(text: str, line: int) -> Broken | None:
    """Where the text, which begins in that line, is no JSON; None where it merely ends."""
    try:
        _parsed(text)
    except json.JSONDecodeError as error:
        ends = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated string")
        return None if ends else _fault(error, line)
    except (ValueError, RecursionError):
        return None
    return None


def _fault(error: Exception, line: int) -> Broken:
    if isinstance(error, json.JSONDecodeError):
        return Broken(f"this is no JSON: {error.msg}", line + error.lineno - 1)
    return Broken(f"this cannot be read: {type(error).__name__}", line)


def _parsed(text: str) -> Any:
    if "\\x" in text:
        text = _ESCAPE.sub(_as_json, text)
    return json.loads(text, strict=False, parse_int=_whole)


def _as_json(found: re.Match[str]) -> str:
    what = found.group(1)
    return f"\\u00{what[1:]}" if len(what) == 3 else found.group()


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_NUMBER else None
