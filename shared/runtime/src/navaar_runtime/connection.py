"""How a service reaches NATS: options shared by the plain client and by FastStream."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any

import nats
from faststream.nats.security import NatsCredentials, NatsNKey, NatsSecurity
from nats.aio.client import Client

from navaar_runtime import certificates, forbidden, metrics, nats_tls
from navaar_runtime.failures import Transient
from navaar_runtime.logs import get_logger
from navaar_runtime.redaction import redact
from navaar_runtime.settings import RuntimeSettings, SettingsError

log = get_logger(__name__)

CONNECT_DEADLINE_S = 30.0

_ERRORS = metrics.counter(
    "navaar_nats_errors_total",
    "Errors that the NATS server reported to a service, refused subjects among them",
    "service",
)
_RECONNECTS = metrics.counter(
    "navaar_nats_reconnects_total", "Lost connections of a service to NATS that were made again", "service"
)


def inbox_of(name: str) -> str:
    """Where answers to a service arrive: a place of its own, so that a restricted user hears its own answers only."""
    return f"_INBOX_{name}"


def client_name(service: str) -> str:
    """What a service's connection is called."""
    return f"navaar-{service}"


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


def options(name: str) -> dict[str, Any]:
    """Keyword arguments that `nats.connect` and `NatsBroker` both take; who we are comes beside them."""

    async def on_error(error: Exception) -> None:
        # Permission violations show up here only; the call itself just times out.
        _ERRORS.add(service=name)
        forbidden.hear(client_name(name), error)
        log.warning("nats_error", service=name, error=str(error))

    async def on_disconnect() -> None:
        # Also called on an orderly close; what matters while running is seen in readiness.
        log.info("nats_disconnected", service=name)

    async def on_reconnect() -> None:
        _RECONNECTS.add(service=name)
        log.info("nats_reconnected", service=name)

    _ERRORS.add(0, service=name)
    _RECONNECTS.add(0, service=name)
    return {
        "name": client_name(name),
        "inbox_prefix": inbox_of(name),
        "max_reconnect_attempts": -1,
        "reconnect_time_wait": 0.5,
        "ping_interval": 20,
        "error_cb": on_error,
        "disconnected_cb": on_disconnect,
        "reconnected_cb": on_reconnect,
    }


def security(settings: RuntimeSettings) -> NatsSecurity | None:
    """Who we are and whom we believe, as FastStream takes it; None for a server that asks nothing.

    Raises:
        SettingsError: a certificate cannot be used.
    """
    tls = nats_tls.context(settings)
    first = settings.nats_tls_first and tls is not None
    if settings.nats_credentials_file:
        return NatsCredentials.from_file(settings.nats_credentials_file, ssl_context=tls, tls_handshake_first=first)
    if settings.nats_nkey_seed_file:
        return NatsNKey.from_file(settings.nats_nkey_seed_file, ssl_context=tls, tls_handshake_first=first)
    return NatsSecurity(ssl_context=tls, tls_handshake_first=first) if tls is not None else None


def _plainly_secured(settings: RuntimeSettings) -> dict[str, Any]:
    """The same for the plain client."""
    chosen: dict[str, Any] = {}
    if settings.nats_credentials_file:
        chosen["user_credentials"] = str(settings.nats_credentials_file)
    elif settings.nats_nkey_seed_file:
        chosen["nkeys_seed"] = str(settings.nats_nkey_seed_file)
    tls = nats_tls.context(settings)
    if tls is not None:
        chosen |= {"tls": tls, "tls_handshake_first": settings.nats_tls_first}
    return chosen


async def connect(settings: RuntimeSettings, name: str, *, deadline_s: float = CONNECT_DEADLINE_S) -> Client:
    """A connected plain client.

    Raises:
        Transient: no server answered within `deadline_s`, or none that may be trusted.
        SettingsError: a certificate cannot be used.
    """
    chosen = {**options(name), **_plainly_secured(settings)}
    certificates.watch("NAVAAR_NATS_CA_FILE", settings.nats_ca_file)
    certificates.watch("NAVAAR_NATS_CERT_FILE", settings.nats_cert_file)
    report = chosen["error_cb"]
    seen: list[Exception] = []

    async def remember(error: Exception) -> None:
        # Behind a refused certificate come broken pipes, which say nothing.
        if not seen or isinstance(error, ssl.SSLError) or not isinstance(seen[0], ssl.SSLError):
            seen[:] = [error]
        await report(error)

    chosen["error_cb"] = remember
    address = redact(settings.nats_url or "")
    try:
        async with asyncio.timeout(deadline_s):
            client = await nats.connect(servers(settings), **chosen)
    except (TimeoutError, OSError, nats.errors.Error) as error:
        # The client keeps trying, so that the deadline ends it; what went wrong was told on the way.
        cause = seen[0] if seen and isinstance(error, TimeoutError) else error
        if "authorization" in str(cause).lower():
            raise Transient(
                f"NATS at {address} does not let us in; name this user's key in NAVAAR_NATS_NKEY_SEED_FILE"
            ) from error
        raise Transient(f"NATS does not answer at {address}: {nats_tls.explained(cause)}") from error
    if "tls" in chosen and not _is_encrypted(client):
        # The client goes on in plain text with a server that does not ask for encryption.
        await client.close()
        raise Transient(f"NATS at {address} does not encrypt, but this Navaar is set up for TLS")
    return client


def _is_encrypted(client: Client) -> bool:
    info = client._server_info
    return bool(info.get("tls_required"))
