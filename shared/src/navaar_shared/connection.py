"""How a service reaches NATS: options shared by the plain client and by FastStream."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import nats
from nats.aio.client import Client

from navaar_shared.failures import Transient
from navaar_shared.logs import get_logger
from navaar_shared.settings import RuntimeSettings, SettingsError

log = get_logger(__name__)

CONNECT_DEADLINE_S = 30.0


def inbox_of(name: str) -> str:
    """Where answers to a service arrive: a place of its own, so that a restricted user hears its own answers only."""
    return f"_INBOX_{name}"


def servers(settings: RuntimeSettings) -> list[str]:
    """The configured server addresses.

    Raises:
        SettingsError: no address is configured.
    """
    if not settings.nats_url:
        raise SettingsError(
            "NAVAAR_NATS_URL: is required to run a single service (only `navaar up` brings its own NATS server); "
            "for example NAVAAR_NATS_URL=nats://127.0.0.1:4222"
        )
    return [server.strip() for server in settings.nats_url.split(",") if server.strip()]


def options(settings: RuntimeSettings, name: str) -> dict[str, Any]:
    """Keyword arguments that `nats.connect` and `NatsBroker` both take."""

    async def on_error(error: Exception) -> None:
        # Permission violations show up here only; the call itself just times out.
        log.warning("nats_error", service=name, error=str(error))

    async def on_disconnect() -> None:
        # Also called on an orderly close; what matters while running is seen in readiness.
        log.info("nats_disconnected", service=name)

    async def on_reconnect() -> None:
        log.info("nats_reconnected", service=name)

    chosen: dict[str, Any] = {
        "name": f"navaar-{name}",
        "inbox_prefix": inbox_of(name),
        "max_reconnect_attempts": -1,
        "reconnect_time_wait": 0.5,
        "ping_interval": 20,
        "error_cb": on_error,
        "disconnected_cb": on_disconnect,
        "reconnected_cb": on_reconnect,
    }
    if settings.nats_credentials_file:
        chosen["user_credentials"] = str(settings.nats_credentials_file)
    if settings.nats_nkey_seed_file:
        chosen["nkeys_seed"] = str(settings.nats_nkey_seed_file)
    if settings.nats_ca_file:
        chosen["tls"] = ssl.create_default_context(cafile=str(settings.nats_ca_file))
    return chosen


async def connect(settings: RuntimeSettings, name: str, *, deadline_s: float = CONNECT_DEADLINE_S) -> Client:
    """A connected plain client.

    Raises:
        Transient: no server answered within `deadline_s`.
    """
    try:
        async with asyncio.timeout(deadline_s):
            return await nats.connect(servers(settings), **options(settings, name))
    except (TimeoutError, OSError, nats.errors.Error) as error:
        raise Transient(f"NATS does not answer at {settings.nats_url}: {error or type(error).__name__}") from error
