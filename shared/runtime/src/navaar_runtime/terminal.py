"""What came from outside, as a terminal may be shown it.

A tag, a file name, a title or a platform's error text may hold what a terminal obeys: sequences that move the cursor,
write over lines, set the window's title or fill the clipboard (ECMA-48, "ANSI escapes"), and marks that turn the order
of what is read (https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing). They are shown, as Python would
write them, and not obeyed.
"""

from __future__ import annotations

import json
import re
from typing import Any

_OBEYED = (
    "\x00-\x1f"  # C0, escape among them
    "\x7f-\x9f"  # DEL, and C1: one character that begins a sequence
    "\u2028\u2029"  # line and paragraph separators
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides and isolates
    "\ud800-\udfff"  # half a character: bytes of a file name that are no text
)
_IN_A_LINE = re.compile(f"[{_OBEYED}]")
_IN_LINES = re.compile(rf"(?![\n\t])[{_OBEYED}]")
_IN_JSON = re.compile(f"(?![\\n\\t\\r])[{_OBEYED}]")


def harmless(text: str, *, lines: bool = False) -> str:
    """`text` with what a terminal would obey written out, e.g. an escape as `\\x1b`.

    Args:
        lines: it consists of several lines that are meant; otherwise a line break is written out, too.
    """
    return (_IN_LINES if lines else _IN_A_LINE).sub(_written_out, text)


def json_text(value: Any, **options: Any) -> str:
    """`value` as JSON whose letters stay readable, and whose control characters, some of which JSON itself allows, do
    not reach a terminal. `options` are those of `json.dumps`.
    """
    return _IN_JSON.sub(_as_json, json.dumps(value, **{"ensure_ascii": False, **options}))


def _written_out(found: re.Match[str]) -> str:
    code = ord(found[0])
    if found[0] in "\n\r\t":
        return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}[found[0]]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _as_json(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
