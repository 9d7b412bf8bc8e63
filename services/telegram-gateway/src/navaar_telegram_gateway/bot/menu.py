"""The command menu, set for each administrator and for nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_runtime.failures import Failure
from navaar_runtime.logs import get_logger
from navaar_telegram_gateway.bot.voice import Voice
from navaar_telegram_gateway.bot.wording.help import commands

log = get_logger(__name__)


async def set_menus(voice: Voice, admins: Iterable[int], links: Iterable[Link]) -> None:
    """Offer the commands in every administrator's chat; one who has not opened it yet is passed over."""
    spotify = any(Platform.SPOTIFY in link.platforms() for link in links)
    for admin in admins:
        try:
            await voice.offer_commands(admin, commands(spotify=spotify))
        except Failure as failure:
            log.info("menu_not_set", user=admin, reason=failure.reason)
