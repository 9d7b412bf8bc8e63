"""Alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from navaar_bot.alerts.alerts import DueAlerts
from navaar_bot.templates import words
from navaar_bot.templates.markup import LONGEST_REASON, plain
from navaar_bot.view import View
from navaar_contracts.identifiers import Direction, Platform
from navaar_text import labels


def message(told: DueAlerts) -> View:
    """All there is to say, in one message."""
    lines = []
    for headline, details in told.new:
        lines.append(f"⚠️ <b>{plain(headline)}</b>")
        if details:
            lines.append(plain(details, LONGEST_REASON))
    for headline, details in told.lasting:
        lines.append(f"⚠️ <b>Still: {plain(headline)}</b>")
        if details:
            lines.append(plain(details, LONGEST_REASON))
    lines.extend(f"✅ Over: {plain(headline)}" for headline in told.over)
    return View(lines=tuple(lines))


def paused(platform: Platform, *, asked: bool) -> str:
    return f"{platform.label} asks for a pause" if asked else f"{platform.label} does not answer"


def pause(reason: str, until: datetime | None) -> str:
    """What it said, what Navaar does meanwhile, and that nobody need do anything."""
    when = f"until {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if until is not None else "until it answers"
    return (
        f"{reason}. It is asked nothing {when}; the others go on, and what waits for it arrives afterwards by itself."
    )


def refused(platform: Platform) -> str:
    return f"{platform.label} refuses the sign-in"


def closed(platform: Platform, link: str, *, several: bool) -> str:
    where = f" ({link})" if several else ""
    return f"{platform.label} closes the {platform.spec.collection_noun} to Navaar{where}"


def down(service: str) -> str:
    return f"{words.SERVICES.get(service, service)} is down"


def part_ill(service: str, part: str) -> str:
    return f"{words.SERVICES.get(service, service)}: {part} is not well"


def ageing(service: str) -> str:
    return f"{words.SERVICES.get(service, service)}: something needs you soon"


def failing(link: str, direction: Direction, *, several: bool) -> str:
    where = f" ({link})" if several else ""
    return f"Nothing gets through {words.direction_at_length(direction)}{where}"


def late(link: str, direction: Direction, *, several: bool) -> str:
    where = f" ({link})" if several else ""
    return f"No cycle ends {words.direction_at_length(direction)}{where}"


def late_details(seconds: float, *, ever: bool) -> str:
    """`ever`: whether one has ended since the bot watches; else it counts from then on."""
    if ever:
        return f"The last one ended {words.since(seconds)} ago."
    return f"None has ended for {words.since(seconds)}, since I have been watching."


def causes(counted: Sequence[tuple[str, int]], reason: str) -> str:
    """'Placing did not succeed (4), the download did not succeed (1). Latest: …'"""
    grouped = ", ".join(f"{labels.cause(cause).in_short} ({number})" for cause, number in counted[:4])
    return f"{grouped}. Latest: {reason}"
