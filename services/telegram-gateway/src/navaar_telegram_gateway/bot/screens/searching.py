"""/search and /search_sp: five results with links, and a button each that adds it to the playlist."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_contracts.commands import AddItem
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Candidate
from navaar_contracts.queries import SearchCatalogue
from navaar_telegram_gateway.bot.arguments import Misunderstood
from navaar_telegram_gateway.bot.buttons import Act, Button, in_rows
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.host import Host, argument_of
from navaar_telegram_gateway.bot.screen import Screen, rendered
from navaar_telegram_gateway.bot.wording import searching as text
from navaar_telegram_gateway.bot.wording import words

RESULTS = 5
LONGEST_SEARCH = 300
PATIENCE_S = 20.0
_BY_SHORT = {platform.short: platform for platform in (Platform.YOUTUBE, Platform.SPOTIFY)}


def router() -> Router:
    found = Router(name="searching")
    found.message.register(search_youtube, Command("search", ignore_case=True))
    found.message.register(search_spotify, Command("search_sp", ignore_case=True))
    found.callback_query.register(add, Act.filter(F.verb == "add"))
    return found


async def search_youtube(message: Message, command: CommandObject, host: Host) -> None:
    words_ = _words(command)
    query = SearchCatalogue(platform=Platform.YOUTUBE, text=words_, limit=RESULTS)
    found = (await host.desk.ask(query, PATIENCE_S)).candidates
    await host.say(message, rendered(results(host.desk, Platform.YOUTUBE, words_, found[:RESULTS])))


async def search_spotify(message: Message, command: CommandObject, host: Host) -> None:
    words_ = _words(command)
    if not _links_with(host.desk, Platform.SPOTIFY):
        raise Misunderstood("Spotify is not connected: set NAVAAR_SPOTIFY_PLAYLIST_ID.")
    query = SearchCatalogue(platform=Platform.SPOTIFY, text=words_, limit=RESULTS)
    found = (await host.desk.ask(query, PATIENCE_S)).candidates
    await host.say(message, rendered(results(host.desk, Platform.SPOTIFY, words_, found[:RESULTS])))


async def add(callback: CallbackQuery, host: Host) -> None:
    short, _, rest = argument_of(callback).partition(".")
    external_id, _, link = rest.partition(".")
    platform = _BY_SHORT.get(short)
    if platform is None or not external_id or link not in _links_with(host.desk, platform):
        await host.toast(callback, "This button is out of date.")
        return
    order = AddItem(link=link, platform=platform, external_id=external_id, asked_at=host.desk.now())
    await host.desk.tell([order])
    await host.toast(callback, f"Being added to {words.NAMES[platform]}; it then goes to the others.")


def results(desk: Desk, platform: Platform, words_: str, found: tuple[Candidate, ...]) -> Screen:
    """The results with a button for each, and for each link where there are several."""
    links = _links_with(desk, platform)
    buttons = [
        Button(
            f"Add {number}" + (f" to {link}" if len(links) > 1 else ""),
            Act(verb="add", argument=f"{platform.short}.{one.id}.{link}"),
        )
        for number, one in enumerate(found, start=1)
        for link in links
        if _is_an_id(one.id)
    ]
    return Screen(
        head=text.head(platform, words_),
        lines=tuple(text.result(number, one, platform) for number, one in enumerate(found, start=1)) or (text.NOTHING,),
        buttons=in_rows(buttons, RESULTS if len(links) == 1 else 2),
    )


def _words(command: CommandObject) -> str:
    found = " ".join((command.args or "").split())[:LONGEST_SEARCH]
    if not found:
        raise Misunderstood("What shall I search for?")
    return found


def _links_with(desk: Desk, platform: Platform) -> list[str]:
    return [name for name, link in desk.links.items() if platform in link.platforms()]


def _is_an_id(external_id: str) -> bool:
    return external_id.isascii() and len(external_id) <= 24 and not set(external_id) & {".", "|"}
