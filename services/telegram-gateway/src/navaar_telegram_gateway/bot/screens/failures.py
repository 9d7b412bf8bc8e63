"""/failed and /retry. A retry button retries exactly what its list shows: no other direction, cause, or newer one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_contracts.commands import RetryDeliveries
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.message import Message as Command_
from navaar_contracts.message import stamp
from navaar_contracts.queries import DeliveryView, GetCounts, TrackView
from navaar_telegram_gateway.bot.arguments import Misunderstood, Scope, scope, track_id
from navaar_telegram_gateway.bot.buttons import Act, Button, Show, in_rows
from navaar_telegram_gateway.bot.desk import MOST_LISTED, Desk
from navaar_telegram_gateway.bot.host import Host, argument_of
from navaar_telegram_gateway.bot.screen import Reply, Screen
from navaar_telegram_gateway.bot.wording import tracks, words

Failed = tuple[TrackView, DeliveryView]
_ANY = "*"


def router() -> Router:
    found = Router(name="failures")
    found.message.register(failed, Command("failed", "list_failed", ignore_case=True))
    found.message.register(retry, Command("retry", ignore_case=True))
    found.callback_query.register(retry_track, Act.filter(F.verb == "retry"))
    found.callback_query.register(retry_shown, Act.filter(F.verb == "shown"))
    return found


async def failed(message: Message, command: CommandObject, host: Host) -> None:
    await host.open(message, "failed", scope(command.args or "", host.desk.directions).word)


async def retry(message: Message, command: CommandObject, host: Host) -> None:
    text = (command.args or "").strip()
    if not text:
        raise Misunderstood("What shall be tried again?")
    if text.lstrip("#").isdecimal():
        await host.say(message, Reply(await _retry_one(host, track_id(text))))
        return
    chosen = scope(text, host.desk.directions)
    counts = await host.desk.ask(GetCounts())
    number = sum(counts.counts.get(one, {}).get(DeliveryState.FAILED, 0) for one in chosen.directions)
    if number == 0:
        await host.say(message, Reply("Nothing has failed there."))
        return
    await host.desk.tell(host.desk.retries(chosen.origin, chosen.target))
    await host.say(message, Reply(f"🔁 Trying again: {words.count(number, 'delivery', 'deliveries')}."))


async def retry_track(callback: CallbackQuery, host: Host) -> None:
    await host.toast(callback, await _retry_one(host, track_id(argument_of(callback))))


async def retry_shown(callback: CallbackQuery, host: Host) -> None:
    word, cause, until, *_ = (*argument_of(callback).split("."), "", "")
    if not until.isdecimal():
        await host.toast(callback, "This button is out of date.")
        return
    shown_at = datetime.fromtimestamp(int(until) / 1000, UTC)
    chosen = scope(word, host.desk.directions)
    wanted = [
        (track, delivery)
        for track, delivery in await _failures(host.desk, chosen)
        if delivery.updated_at <= shown_at and cause in (_ANY, delivery.cause or "")
    ]
    number = await host.desk.tell(_orders(wanted, host.desk.now()))
    said = f"🔁 Trying again: {words.count(number, 'delivery', 'deliveries')}." if number else "Nothing of it is left."
    back = Button("Failed", Show(name="failed", argument=chosen.word))
    await host.replace(callback, Reply(said, ((back, Button("Status", Show(name="status"))),)), toast=said)


async def failed_screen(desk: Desk, argument: str) -> Screen:
    chosen = scope(argument, desk.directions)
    # Taken before the list is read: what fails from now on is not in it.
    now = desk.now()
    groups = _by_cause(await _failures(desk, chosen))
    total = sum(map(len, groups.values()))
    lines: list[str] = []
    buttons: list[Button] = []
    for cause, found in groups.items():
        lines.append(f"<b>{words.cause(cause)}</b> ({len(found)})")
        lines.extend(tracks.failure(track, delivery) for track, delivery in found)
        about = f"{chosen.word}.{cause}.{stamp(now)}"
        if len(groups) > 1 and len(about.encode()) <= 50 and "|" not in about:
            buttons.append(Button(f"Retry {words.cause(cause)[:24]} ({len(found)})", Act(verb="shown", argument=about)))
    rows = in_rows(buttons, 1)
    if total:
        every = Act(verb="shown", argument=f"{chosen.word}.{_ANY}.{stamp(now)}")
        rows = ((Button(f"Retry all {total}", every),), *rows)
    return Screen(
        head=f"<b>Failed</b>{_about(chosen)}: {total:,}",
        lines=tuple(lines) or ("Nothing has failed.",),
        foot=f"The newest {MOST_LISTED} of each direction." if total >= MOST_LISTED else "",
        buttons=(*rows, (Button("Refresh", Show(name="failed", argument=chosen.word)),)),
    )


async def _retry_one(host: Host, number: int) -> str:
    one, _ = await host.desk.track(number)
    if all(delivery.state is not DeliveryState.FAILED for delivery in one.deliveries):
        return f"#{one.id} has not failed."
    await host.desk.tell([RetryDeliveries(link=one.link, track_id=one.id, asked_at=host.desk.now())])
    return f"🔁 Trying #{one.id} again."


async def _failures(desk: Desk, chosen: Scope) -> list[Failed]:
    found = await desk.tracks(chosen.directions, (DeliveryState.FAILED,), MOST_LISTED)
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


def _orders(wanted: Sequence[Failed], now: datetime) -> Iterator[Command_]:
    for track, delivery in wanted:
        direction: Direction = delivery.direction
        yield RetryDeliveries(
            link=track.link, track_id=track.id, origin=direction.origin, target=direction.target, asked_at=now
        )


def _about(chosen: Scope) -> str:
    if chosen.target is not None:
        return f", {words.direction(chosen.directions[0])}"
    return f", from {words.NAMES[chosen.origin]}" if chosen.origin is not None else ""


SCREENS = {"failed": failed_screen}
