"""The one place that knows motor, so that its successor is a change of this file."""

from __future__ import annotations

from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import ConfigurationError, InvalidURI

from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.mongo.spans import CommandSpans
from navaar_runtime.settings import SettingsError

ANSWER_MS = 5_000
CALL_MS = 20_000


def connect(settings: LedgerSettings) -> Any:
    """A client whose writes are durable on a majority before they count.

    Raises:
        SettingsError: the address cannot be read, or a certificate that it names.
    """
    if settings.mongodb_url is None:
        raise SettingsError("NAVAAR_MONGODB_URL: is required; for example NAVAAR_MONGODB_URL=mongodb://127.0.0.1:27017")
    try:
        return AsyncIOMotorClient(
            settings.mongodb_url.get_secret_value(),
            w="majority",
            journal=True,
            retryWrites=settings.mongodb_retry_writes,
            directConnection=settings.mongodb_direct,
            maxPoolSize=settings.mongodb_pool_size,
            serverSelectionTimeoutMS=ANSWER_MS,
            connectTimeoutMS=ANSWER_MS,
            socketTimeoutMS=CALL_MS,
            tz_aware=True,
            appname="navaar-ledger",
            event_listeners=[CommandSpans()],
        )
    except OSError as error:  # an SSLError is one too
        why = error.strerror if error.filename is not None else "it is no certificate or key in PEM form"
        raise SettingsError(f"NAVAAR_MONGODB_URL: a file that it names for TLS cannot be used: {why}") from None
    except (ConfigurationError, InvalidURI, ValueError):
        # The driver's own text may repeat the address with its password.
        raise SettingsError(
            "NAVAAR_MONGODB_URL: is no MongoDB address; for example NAVAAR_MONGODB_URL=mongodb://127.0.0.1:27017"
        ) from None
