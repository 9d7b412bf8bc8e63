"""/search and its like: five results of a catalogue with links, and a button each that adds it to the playlist."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_bot.arguments import Misunderstood
from navaar_bot.context import Context
from navaar_bot.templates import help as help_
from navaar_bot.templates import words
from navaar_bot.templates.markup import code, linked, plain
from navaar_bot.view import Act, Button, View, in_rows, rendered
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Candidate, Kind
from navaar_contracts.queries import SearchCatalogue
from navaar_runtime.first_sync import WAITS
from navaar_runtime.settings import variable_of

RESULTS = 5
LONGEST_SEARCH = 300
DEADLINE_S = 20.0
NOTHING = "Nothing was found."
_KINDS = {Kind.VIDEO: "video", Kind.UPLOAD: "somebody's upload"}
_BY_COMMAND = {help_.search_command(platform): platform for platform in help_.CATALOGUES}


def router() -> Router:
    found = Router(name="searching")
    found.message.register(search, Command(*_BY_COMMAND, ignore_case=True))
    found.callback_query.register(add, Act.filter(F.verb == "add"))
    return found


async def search(message: Message, command: CommandObject, context: Context) -> None:
    words_ = _words(command)
    platform = _BY_COMMAND[command.command.lower()]
    if not context.connected(platform):
        variable = variable_of(platform.spec.collection_setting)
        raise Misunderstood(f"{platform.label} is not connected: set {variable}.")
    query = SearchCatalogue(platform=platform, text=words_, limit=RESULTS)
    found = (await context.ledger.ask(query, DEADLINE_S)).candidates
    await context.say(message, rendered(results(context, platform, words_, found[:RESULTS])))


async def add(callback: CallbackQuery, callback_data: Act, context: Context) -> None:
    short, _, rest = callback_data.argument.partition(".")
    external_id, _, link = rest.partition(".")
    platform = next((one for one in help_.CATALOGUES if one.short == short), None)
    if platform is None or not external_id or link not in context.connected(platform):
        await context.toast(callback, "This button is out of date.")
        return
    await context.ledger.add_item(link, platform, external_id)
    if link in context.plans:
        await context.toast(callback, WAITS)
        return
    await context.toast(callback, f"Being added to {platform.label}; it then goes to the others.")


def results(context: Context, platform: Platform, words_: str, found: tuple[Candidate, ...]) -> View:
    """The results with a button for each, and for each link where there are several."""
    links = context.connected(platform)
    buttons = [
        Button(
            f"Add {number}" + (f" to {link}" if len(links) > 1 else ""),
            Act(verb="add", argument=f"{platform.short}.{one.id}.{link}"),
        )
        for number, one in enumerate(found, start=1)
        for link in links
        if _is_an_id(one.id)
    ]
    return View(
        head=head(platform, words_),
        lines=tuple(result(number, one, platform) for number, one in enumerate(found, start=1)) or (NOTHING,),
        buttons=in_rows(buttons, RESULTS if len(links) == 1 else 2),
    )


def _words(command: CommandObject) -> str:
    found = " ".join((command.args or "").split())[:LONGEST_SEARCH]
    if not found:
        raise Misunderstood("What shall I search for?")
    return found


def _is_an_id(external_id: str) -> bool:
    return external_id.isascii() and len(external_id) <= 24 and not set(external_id) & {".", "|"}


def head(platform: Platform, words_: str) -> str:
    return f"<b>{platform.label}</b>: {plain(words_)}"


def result(number: int, found: Candidate, platform: Platform) -> str:
    """'1 Googoosh - Pol · 3:45 · Pol (album) · video · dQw4w9WgXcQ'"""
    artists = ", ".join(found.artists)
    where = found.url or platform.spec.item_url(found.id, None)
    called = linked(f"{artists} - {found.title}" if artists else found.title, where)
    facts = [words.length(found.duration_s), plain(found.album or "", 60), _KINDS.get(found.kind, "")]
    if found.isrc:
        facts.append(f"ISRC {plain(found.isrc, 20)}")
    facts.append(code(found.id, 24))
    return f"<b>{number}</b> {called} · " + " · ".join(fact for fact in facts if fact)
