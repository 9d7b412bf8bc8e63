"""/failed and /retry. A retry button retries exactly what its list shows: no other direction, cause, or newer one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_bot.arguments import Misunderstood, Scope, scope, track_id
from navaar_bot.context import MOST_LISTED, Context
from navaar_bot.templates import tracks
from navaar_bot.view import Act, Button, ChatMessage, Show, View, in_rows
from navaar_client.counts import deliveries
from navaar_client.errors import Refused
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.message import stamp
from navaar_contracts.queries import DeliveryView, GetCounts, TrackView
from navaar_text import labels

Failed = tuple[TrackView, DeliveryView]
_ANY = "*"


def router() -> Router:
    found = Router(name="failures")
    found.message.register(failed, Command("failed", "list_failed", ignore_case=True))
    found.message.register(retry, Command("retry", ignore_case=True))
    found.callback_query.register(retry_track, Act.filter(F.verb == "retry"))
    found.callback_query.register(retry_shown, Act.filter(F.verb == "shown"))
    return found


async def failed(message: Message, command: CommandObject, context: Context) -> None:
    await context.open(message, "failed", scope(command.args or "", context.directions).word)


async def retry(message: Message, command: CommandObject, context: Context) -> None:
    text = (command.args or "").strip()
    if not text:
        raise Misunderstood("What shall be tried again?")
    if text.lstrip("#").isdecimal():
        await context.say(message, ChatMessage(await _retry_one(context, track_id(text))))
        return
    chosen = scope(text, context.directions)
    counts = await context.ledger.ask(GetCounts())
    number = deliveries(counts, DeliveryState.FAILED, directions=chosen.directions)
    if number == 0:
        await context.say(message, ChatMessage("Nothing has failed there."))
        return
    links = context.connected(chosen.origin, chosen.target)
    await context.ledger.retry_all(links, chosen.origin, chosen.target)
    await context.say(message, ChatMessage(f"🔁 Trying again: {labels.count(number, 'delivery', 'deliveries')}."))


async def retry_track(callback: CallbackQuery, callback_data: Act, context: Context) -> None:
    await context.toast(callback, await _retry_one(context, track_id(callback_data.argument)))


async def retry_shown(callback: CallbackQuery, callback_data: Act, context: Context) -> None:
    word, cause, until, *_ = (*callback_data.argument.split("."), "", "")
    if not until.isdecimal():
        await context.toast(callback, "This button is out of date.")
        return
    shown_at = datetime.fromtimestamp(int(until) / 1000, UTC)
    chosen = scope(word, context.directions)
    wanted = [
        (track, delivery)
        for track, delivery in await _failures(context, chosen)
        if delivery.updated_at <= shown_at and cause in (_ANY, delivery.cause or "")
    ]
    await context.ledger.retry_deliveries(wanted)
    number = len(wanted)
    said = f"🔁 Trying again: {labels.count(number, 'delivery', 'deliveries')}." if number else "Nothing of it is left."
    back = Button("Failed", Show(name="failed", argument=chosen.word))
    await context.replace(callback, ChatMessage(said, ((back, Button("Status", Show(name="status"))),)), toast=said)


async def failed_view(context: Context, argument: str) -> View:
    chosen = scope(argument, context.directions)
    # Taken before the list is read: what fails from now on is not in it.
    now = context.ledger.now()
    groups = _by_cause(await _failures(context, chosen))
    total = sum(map(len, groups.values()))
    lines: list[str] = []
    buttons: list[Button] = []
    for cause, found in groups.items():
        label = labels.cause(cause).in_short
        lines.append(f"<b>{label}</b> ({len(found)})")
        lines.extend(tracks.failure(track, delivery) for track, delivery in found)
        about = f"{chosen.word}.{cause}.{stamp(now)}"
        if len(groups) > 1 and len(about.encode()) <= 50 and "|" not in about:
            buttons.append(
                Button(f"Retry {labels.cause(cause).in_short[:24]} ({len(found)})", Act(verb="shown", argument=about))
            )
    rows = in_rows(buttons, 1)
    if total:
        every = Act(verb="shown", argument=f"{chosen.word}.{_ANY}.{stamp(now)}")
        rows = ((Button(f"Retry all {total}", every),), *rows)
    return View(
        head=f"<b>Failed</b>{_about(chosen)}: {total:,}",
        lines=tuple(lines) or ("Nothing has failed.",),
        foot=f"The newest {MOST_LISTED} of each direction." if total >= MOST_LISTED else "",
        buttons=(*rows, (Button("Refresh", Show(name="failed", argument=chosen.word)),)),
    )


async def _retry_one(context: Context, number: int) -> str:
    one, _ = await context.track(number)
    try:
        await context.ledger.retry_track(one)
    except Refused:
        return f"#{one.id} has not failed."
    if one.edited is not None:
        return f"🔁 #{one.id} follows what its post says now."
    return f"🔁 Trying #{one.id} again."


async def _failures(context: Context, chosen: Scope) -> list[Failed]:
    found = await context.ledger.tracks_of_any(chosen.directions, (DeliveryState.FAILED,), MOST_LISTED)
    return [
        (track, delivery)
        for track in found
        for delivery in track.deliveries
        if delivery.state is DeliveryState.FAILED and delivery.direction in chosen.directions
    ]


def _by_cause(found: Sequence[Failed]) -> dict[str, list[Failed]]:
    """Largest group first."""
    groups: dict[str, list[Failed]] = {}
    for track, delivery in found:
        groups.setdefault(delivery.cause or "", []).append((track, delivery))
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def _about(chosen: Scope) -> str:
    if chosen.target is not None:
        return f", {labels.direction_in_short(chosen.directions[0])}"
    return f", from {chosen.origin.label}" if chosen.origin is not None else ""


VIEWS = {"failed": failed_view}
