"""Inline buttons. What one does is written in the button itself: nothing is kept for it, and no secret is in it.

Telegram hands back at most 64 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup


class Show(CallbackData, prefix="s", sep="|"):
    """Put a screen in the place of the message."""

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
