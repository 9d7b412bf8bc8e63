"""What the bot shows: a text that may be long, cut into pages, with buttons. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from navaar_telegram_gateway.bot.buttons import Button, Rows, Show
from navaar_telegram_gateway.bot.wording.markup import units, visible

LONGEST_TEXT = 4096
"""UTF-16 code units of what is visible; Telegram refuses more."""
LINES_A_PAGE = 30
"""As many as one reads with ease; also within the 100 links and bold words that Telegram shows in a message."""
LONGEST_MARKUP = 12_000
"""Characters with tags and addresses; far below what a server takes."""
_ROOM_FOR_NUMBERS = 40


@dataclass(frozen=True, slots=True)
class Screen:
    """Lines are HTML, each complete in itself; `head` and `foot` are on every page."""

    head: str = ""
    lines: tuple[str, ...] = ()
    foot: str = ""
    buttons: Rows = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to send, or to put in the place of another."""

    text: str
    buttons: Rows = ()


def pages(screen: Screen) -> list[str]:
    """The screen's text as messages that Telegram takes; at least one, none longer than allowed."""
    frame = units(visible(screen.head)) + units(visible(screen.foot)) + _ROOM_FOR_NUMBERS
    room = LONGEST_TEXT - frame
    found: list[list[str]] = [[]]
    used, markup = 0, 0
    for line in screen.lines:
        size = units(visible(line)) + 1
        full = len(found[-1]) >= LINES_A_PAGE or used + size > room or markup + len(line) > LONGEST_MARKUP
        if full and found[-1]:
            found.append([])
            used, markup = 0, 0
        found[-1].append(line)
        used, markup = used + size, markup + len(line)
    return [_framed(screen, lines, number, len(found)) for number, lines in enumerate(found)]


def rendered(screen: Screen, show: Show | None = None) -> Reply:
    """The page that `show` asks for, with buttons to its neighbours; a page that is no more gives the last."""
    texts = pages(screen)
    number = min(max(0, show.page if show is not None else 0), len(texts) - 1)
    turns = _turns(show, number, len(texts)) if show is not None else ()
    rows = (turns, *screen.buttons) if turns else screen.buttons
    return Reply(texts[number], rows)


def _framed(screen: Screen, lines: Sequence[str], number: int, of: int) -> str:
    parts = [screen.head, "\n".join(lines).strip("\n"), screen.foot]
    if of > 1:
        parts.append(f"<i>Page {number + 1} of {of}</i>")
    return "\n\n".join(part for part in parts if part)


def _turns(show: Show, number: int, of: int) -> tuple[Button, ...]:
    found = []
    if number > 0:
        found.append(Button("‹ Back", Show(name=show.name, argument=show.argument, page=number - 1)))
    if number < of - 1:
        found.append(Button("More ›", Show(name=show.name, argument=show.argument, page=number + 1)))
    return tuple(found)
