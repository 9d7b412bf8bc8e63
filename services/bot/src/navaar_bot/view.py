"""What the bot shows: a text that may be long, cut into pages, with buttons. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from navaar_bot.templates.markup import units, visible

LONGEST_TEXT = 4096
"""UTF-16 code units of what is visible; Telegram refuses more."""
LINES_A_PAGE = 30
"""As many as one reads with ease; also within the 100 links and bold words that Telegram shows in a message."""
LONGEST_MARKUP = 12_000
"""Characters with tags and addresses; far below what a server takes."""
_ROOM_FOR_NUMBERS = 40


# Buttons. What one does is written in the button itself: nothing is kept for it, and no secret is in it.
# Telegram hands back at most 64 bytes.


class Show(CallbackData, prefix="s", sep="|"):
    """Put a view in the place of the message."""

    name: str
    argument: str = ""
    page: int = 0


class Act(CallbackData, prefix="a", sep="|"):
    """Do something."""

    verb: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """`leads_to` is a Show, an Act, or a web address."""

    text: str
    leads_to: Show | Act | str


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class View:
    """Lines are HTML, each complete in itself; `head` and `foot` are on every page."""

    head: str = ""
    lines: tuple[str, ...] = ()
    foot: str = ""
    buttons: Rows = ()


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One message to send, or to put in the place of another."""

    text: str
    buttons: Rows = ()


def pages(view: View) -> list[str]:
    """The view's text as messages that Telegram takes; at least one, none longer than allowed."""
    frame = units(visible(view.head)) + units(visible(view.foot)) + _ROOM_FOR_NUMBERS
    room = LONGEST_TEXT - frame
    found: list[list[str]] = [[]]
    used, markup = 0, 0
    for line in view.lines:
        size = units(visible(line)) + 1
        full = len(found[-1]) >= LINES_A_PAGE or used + size > room or markup + len(line) > LONGEST_MARKUP
        if full and found[-1]:
            found.append([])
            used, markup = 0, 0
        found[-1].append(line)
        used, markup = used + size, markup + len(line)
    return [_framed(view, lines, number, len(found)) for number, lines in enumerate(found)]


def rendered(view: View, show: Show | None = None) -> ChatMessage:
    """The page that `show` asks for, with buttons to its neighbours; a page that is no more gives the last."""
    texts = pages(view)
    number = min(max(0, show.page if show is not None else 0), len(texts) - 1)
    turns = _turns(show, number, len(texts)) if show is not None else ()
    rows = (turns, *view.buttons) if turns else view.buttons
    return ChatMessage(texts[number], rows)


def _framed(view: View, lines: Sequence[str], number: int, of: int) -> str:
    parts = [view.head, "\n".join(lines).strip("\n"), view.foot]
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


def to_track(track_id: int) -> Button:
    return Button(f"#{track_id}", Show(name="track", argument=str(track_id)))


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """The rows as Telegram takes them; None when there is no button."""
    made = [[_button(one) for one in row] for row in rows if row]
    return InlineKeyboardMarkup(inline_keyboard=made) if made else None


def in_rows(buttons: list[Button], width: int) -> Rows:
    return tuple(tuple(buttons[start : start + width]) for start in range(0, len(buttons), width))


def _button(button: Button) -> InlineKeyboardButton:
    if isinstance(button.leads_to, str):
        return InlineKeyboardButton(text=button.text, url=button.leads_to)
    return InlineKeyboardButton(text=button.text, callback_data=button.leads_to.pack())
