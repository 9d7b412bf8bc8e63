"""The API token, and what is derived from it: browser sessions and their form marks."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from navaar_runtime.logs import get_logger
from navaar_runtime.redaction import register_secret
from navaar_runtime.settings import SettingsError

log = get_logger(__name__)

FILE_NAME = "api-token"
SESSION_LIFE = timedelta(days=30)
LINK_LIFE = timedelta(hours=1)


class Credentials:
    """Checks tokens and sessions. Sessions are signed with the token, so a new token ends all of them."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._key = hmac.digest(self._token, b"navaar browser sessions", "sha256")

    def is_token(self, given: str) -> bool:
        """In constant time."""
        return hmac.compare_digest(hashlib.sha256(given.encode()).digest(), hashlib.sha256(self._token).digest())

    def open_session(self, now: datetime) -> str:
        """The value of a fresh session cookie."""
        body = f"{int((now + SESSION_LIFE).timestamp())}.{secrets.token_urlsafe(16)}"
        return f"{body}.{self._sign('session', body)}"

    def is_session(self, cookie: str, now: datetime) -> bool:
        """Ours, unaltered, and not over."""
        body, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("session", body).encode()):
            return False
        expires = body.partition(".")[0]
        return expires.isdecimal() and int(expires) > now.timestamp()

    def open_link(self, now: datetime) -> str:
        """A code that signs one browser in, once, while it is fresh; see `dashboard_links.link`."""
        body = f"{int((now + LINK_LIFE).timestamp())}.{secrets.token_urlsafe(16)}"
        return f"{body}.{self._sign('link', body)}"

    def link_ends(self, code: str, now: datetime) -> datetime | None:
        """When this code is over; None where it is none of ours, was altered, or is over already."""
        body, _, signature = code.rpartition(".")
        if not hmac.compare_digest(signature.encode(errors="replace"), self._sign("link", body).encode()):
            return None
        ends = datetime.fromtimestamp(int(body.partition(".")[0]), tz=UTC)
        return ends if ends > now else None

    def form_mark(self, cookie: str) -> str:
        """What every form of this session carries; another site cannot know it."""
        return self._sign("form", cookie)

    def is_form_mark(self, cookie: str, given: str) -> bool:
        return hmac.compare_digest(self.form_mark(cookie).encode(), given.encode())

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self._key, f"{purpose}:{text}".encode(errors="replace"), hashlib.sha256).hexdigest()


def obtain_token(configured: SecretStr | None, data_dir: Path) -> str:
    """The configured token, else the one in `data_dir`, else a new one that is kept there for this user only.

    Raises:
        SettingsError: the data directory cannot be used.
    """
    if configured is not None:
        return configured.get_secret_value()
    path = data_dir / FILE_NAME
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        token = _kept(path)
        if not token:
            token = secrets.token_urlsafe(32)
            _keep(path, token)
            _show_once(token, path)
    except OSError as error:
        raise SettingsError(
            f"NAVAAR_DATA_DIR: cannot keep the API's token in {path}: {error.strerror}; "
            "set NAVAAR_API_TOKEN=<a long random text> instead"
        ) from None
    register_secret(token)
    return token


def _show_once(token: str, path: Path) -> None:
    # To a person at a terminal only: logs are kept, collected and read by others.
    log.warning("api_token_made", kept_in=str(path))
    if sys.stderr.isatty():
        sys.stderr.write(f"The API's token, shown this once: {token}\n")


def _kept(path: Path) -> str:
    if not path.is_file():
        return ""
    # A copied folder may have lost the mode.
    path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


def _keep(path: Path, token: str) -> None:
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token)
    temporary.replace(path)
