"""What `navaar doctor` asks about Telegram. Writes nothing anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from navaar_contracts.links import Link
from navaar_runtime.diagnostics import Diagnostic, Level
from navaar_runtime.failures import Failure
from navaar_runtime.settings import load, load_links
from navaar_telegram_gateway.channel import TelegramChannel
from navaar_telegram_gateway.settings import TelegramSettings
from navaar_telegram_gateway.telegram import TelegramBot
from navaar_telegram_session.session import PLATFORM

BOT = "Telegram bot"
STAGING = "Telegram staging chat"
ADMINS = "Telegram administrators"


async def check_write_access(environment: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """The bot's token, whether its updates can be read, its right to post in each link's channel, the staging chat, and
    whether anybody would be told of trouble.

    Raises:
        SettingsError: the configuration is wrong.
    """
    settings = load(TelegramSettings, environment)
    links = load_links(environment)
    telegram = TelegramBot(settings)
    try:
        found = [await _bot(telegram)]
        if found[0].level is not Level.PROBLEM:
            found.extend([await _channel(telegram, link) for link in links])
            found.append(await _staging(telegram))
    finally:
        await telegram.close()
    return (*found, _admins(settings))


async def _bot(telegram: TelegramBot) -> Diagnostic:
    try:
        name = await telegram.check()
        webhook = await telegram.has_webhook()
    except Failure as failure:
        return Diagnostic(
            BOT, Level.PROBLEM, failure.reason, "check NAVAAR_TELEGRAM_BOT_TOKEN and NAVAAR_TELEGRAM_API_BASE"
        )
    if webhook:
        return Diagnostic(
            BOT,
            Level.WARNING,
            f"{name} has a webhook, which another program may have set; Navaar ends it",
            "use a bot of its own for Navaar",
        )
    where = urlsplit(telegram.settings.telegram_api_base).hostname
    said = f"{name} is signed in to the Bot API at {where}; its token lasts until it is renewed at @BotFather"
    return Diagnostic(BOT, Level.OK, said)


async def _channel(telegram: TelegramBot, link: Link) -> Diagnostic:
    subject, address = f"Telegram channel of {link.name}", link.collections[PLATFORM]
    try:
        problem = await TelegramChannel(telegram, address).access_problem()
        title = (await telegram.find_chat(address)).title if problem is None else None
    except Failure as failure:
        return Diagnostic(subject, Level.PROBLEM, failure.reason)
    if problem is not None:
        return Diagnostic(subject, Level.PROBLEM, problem, "make the bot an administrator that may post messages")
    most = telegram.settings.telegram_posts_per_minute
    return Diagnostic(
        subject,
        Level.OK,
        f"'{title or address}' ({address}): the bot may post, and posts at most {most} times a minute",
    )


def _admins(settings: TelegramSettings) -> Diagnostic:
    """Who would be told of trouble, asked when in doubt, and obeyed."""
    if settings.telegram_admin_user_ids:
        people = ", ".join(map(str, settings.telegram_admin_user_ids))
        return Diagnostic(ADMINS, Level.OK, f"the bot tells and obeys {people}")
    return Diagnostic(
        ADMINS,
        Level.WARNING,
        "nobody would be told of trouble, nobody is asked when in doubt, and the bot answers nobody",
        "put your own user id into NAVAAR_TELEGRAM_ADMIN_USER_IDS, and press Start in the chat with the bot",
    )


async def _staging(telegram: TelegramBot) -> Diagnostic:
    chat = telegram.settings.staging_chat
    remedy = "set NAVAAR_TELEGRAM_ADMIN_USER_IDS, and press Start in the chat with the bot"
    if chat is None:
        return Diagnostic(
            STAGING, Level.WARNING, "after a broken upload the bot has nowhere to look at the channel's posts", remedy
        )
    try:
        await telegram.find_chat(chat)
    except Failure:
        return Diagnostic(STAGING, Level.WARNING, f"the bot cannot write to {chat}", remedy)
    return Diagnostic(STAGING, Level.OK, f"after a broken upload posts are looked at in {chat}")
