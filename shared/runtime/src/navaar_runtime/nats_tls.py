"""Encrypted connections to NATS: whom to believe, and who we are."""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

from navaar_runtime.settings import RuntimeSettings, SettingsError


def wanted(settings: RuntimeSettings) -> bool:
    """Whether the connection has to be encrypted: a certificate authority is named, or an address says tls://."""
    schemes = {urlsplit(address.strip()).scheme for address in (settings.nats_url or "").split(",")}
    return settings.nats_ca_file is not None or settings.nats_cert_file is not None or "tls" in schemes


def context(settings: RuntimeSettings) -> ssl.SSLContext | None:
    """What the server's certificate is checked by, with our own certificate where one is named; None for no encryption.

    Raises:
        SettingsError: a file cannot be read or is no certificate, or only one of certificate and key is named.
    """
    if not wanted(settings):
        return None
    if (settings.nats_cert_file is None) != (settings.nats_key_file is None):
        raise SettingsError("NAVAAR_NATS_CERT_FILE, NAVAAR_NATS_KEY_FILE: set both or neither")
    try:
        found = ssl.create_default_context(cafile=settings.nats_ca_file)
    except (OSError, ssl.SSLError) as error:
        raise SettingsError(f"NAVAAR_NATS_CA_FILE: cannot use {settings.nats_ca_file}: {_why(error)}") from None
    if settings.nats_cert_file is not None and settings.nats_key_file is not None:
        try:
            found.load_cert_chain(settings.nats_cert_file, settings.nats_key_file)
        except (OSError, ssl.SSLError) as error:
            files = f"{settings.nats_cert_file} with {settings.nats_key_file}"
            raise SettingsError(f"NAVAAR_NATS_CERT_FILE: cannot use {files}: {_why(error)}") from None
    return found


def explained(error: BaseException) -> str:
    """Why a connection could not be made, in words that lead to the setting."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted ({error.verify_message}); check NAVAAR_NATS_CA_FILE and the host name"
    if isinstance(error, ssl.SSLError):
        return f"it refuses the encrypted connection ({error.reason or error}); check NAVAAR_NATS_CERT_FILE"
    return str(error) or type(error).__name__


def _why(error: OSError) -> str:
    # An SSLError is an OSError too; its errno says nothing.
    if isinstance(error, ssl.SSLError):
        return "it is no certificate or key in PEM form, or the two do not belong together"
    return error.strerror or str(error)
