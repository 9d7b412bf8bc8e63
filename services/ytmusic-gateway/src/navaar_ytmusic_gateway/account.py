"""The account of a sign-in file with browser headers: clients made from it, and its cookies kept fresh.

The file is looked at before every call, so a new `navaar auth ytmusic` works without a restart.
"""

from __future__ import annotations

import contextlib
import json
import locale
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_runtime.private_files import exclusive, fingerprint, write_private
from navaar_runtime.redaction import forget_secret, register_secret
from navaar_ytmusic_gateway.client import PagesClient
from navaar_ytmusic_gateway.session import MusicSession
from navaar_ytmusic_gateway.session_ages import SessionRecord, name_of, told_age
from navaar_ytmusic_gateway.settings import YTMusicSettings
from navaar_ytmusic_gateway.sign_in_file import (
    SIGN_IN,
    WRITE_COOKIE,
    SignInKind,
    cookies,
    kind_of,
    merged,
    read_sign_in,
)

_COOKIES_KEPT_EVERY_S = 60
"""Some cookies change with every answer; the file need not."""


@dataclass(frozen=True, slots=True)
class SignedInClient:
    """A ytmusicapi instance for one thread, and the generation of the sign-in it was made from."""

    api: PagesClient
    generation: int


class Account:
    """The account of one sign-in file; shared by all worker threads."""

    pause_name = "pause"
    """What the pauses imposed on it are kept as, beside the file."""

    def __init__(self, settings: YTMusicSettings, *, keeps: bool = True) -> None:
        """`keeps`: whether what changes by use is written into the file. Cookies that YouTube has replaced always are:
        with the former ones the session would end."""
        self._settings = settings
        self.keeps = keeps
        self.path = settings.ytmusic_auth_file
        self.sessions = SessionRecord(self.path, keeps=keeps)
        self._in_use: tuple[str, float] | None = None
        self._lock = threading.Lock()
        self._seen = fingerprint(self.path)
        self._generation = 0
        self._cookie: str | None = None
        self._cookies_kept_at = float("-inf")

    def generation(self) -> int:
        """Grows whenever somebody else replaces the file."""
        now = fingerprint(self.path)
        with self._lock:
            if now != self._seen:
                self._seen = now
                self._generation += 1
            return self._generation

    def stale(self, client: SignedInClient) -> bool:
        return client.generation != self.generation()

    def build(self) -> SignedInClient:
        """A client of the sign-in as it is now. One network call with browser headers (the visitor id).

        Raises:
            NotSignedIn: no file, an unreadable one, or one that cannot work.
        """
        generation = self.generation()
        document = read_sign_in(self.path)
        with self._lock:
            self._cookie = document.get("cookie")
            name = name_of(self._cookie) if self._cookie else None
            # Nobody tells when a file that a person put there was signed in: hardly before it was written.
            written = self._seen[0] / 1e9 if self._seen is not None else time.time()
            self._in_use = (name, written) if name else None
        return self.client_of(document, generation, self._renewed)

    def answered(self) -> None:
        """YouTube Music took the asker for who the sign-in says."""
        if self._in_use is not None:
            self.sessions.answered(*self._in_use)

    def ended(self) -> str:
        """YouTube Music takes the asker for a stranger; for people, how long the session lasted, or nothing."""
        if self._in_use is None:
            return ""
        name, since = self._in_use
        if not any(one.name == name for one in self.sessions.sessions):
            self.sessions.begun(name, since)
        return self.sessions.ended(name, time.time())

    def wrote(self, refused: str = "") -> None:
        """A playlist was changed, or a change of it `refused` although the session reads."""
        self.sessions.wrote(time.time(), refused)

    def wrote_at(self) -> float | None:
        """When a playlist was last changed with the session, in unix seconds; None if that is not known."""
        return self.sessions.sessions[-1].wrote_at if self.sessions.sessions else None

    def write_refused(self) -> str:
        """Why the session's last change of a playlist was refused; empty when it was made."""
        return self.sessions.sessions[-1].write_refused if self.is_session else ""

    def age(self) -> str:
        """For people: with what session, and how old it is; empty while none is in use."""
        return told_age(self.sessions.sessions, time.time()) if self.is_session else ""

    @property
    def is_session(self) -> bool:
        """Whether a browser's session is in use, as far as that is known."""
        return self._in_use is not None

    def client_of(
        self,
        document: dict[str, Any],
        generation: int = -1,
        renewed: Callable[[dict[str, str]], None] = lambda cookies: None,
    ) -> SignedInClient:
        """A client of a sign-in that need not be in the file yet; `renewed` is told the cookies that answers renew."""
        if kind_of(document) is SignInKind.OAUTH:
            raise NotSignedIn(f"YouTube Music's pages take no Google token: {SIGN_IN}")
        session = MusicSession(self._settings.ytmusic_api_base, self._settings.ytmusic_timeout_s, renewed)
        arguments: dict[str, Any] = {
            "requests_session": session,
            "user": self._settings.ytmusic_brand_account or None,
        }
        # The library sets the locale of the whole process.
        before = locale.setlocale(locale.LC_ALL)
        try:
            api = PagesClient(auth=document, **arguments)
        finally:
            locale.setlocale(locale.LC_ALL, before)
        return SignedInClient(api, generation)

    def freshen(self, client: SignedInClient) -> None:
        """Let the client send the newest cookies of its session, whichever client they were given to."""
        with self._lock:
            if self._cookie and client.generation == self._generation:
                client.api._auth_headers["cookie"] = self._cookie  # the library has no public way to change it

    def _renewed(self, renewed: dict[str, str]) -> None:
        """Take over what an answer renewed: for the next requests at once, into the file now and then."""
        with self._lock:
            if self._cookie is None:
                return
            before = cookies(self._cookie)
            changed = {name for name, value in renewed.items() if before.get(name) != value}
            for name in changed:
                # Renewed with every answer, they would push all other secrets out of what is masked.
                forget_secret(before.get(name, ""))
                register_secret(renewed[name])
            self._cookie = merged(self._cookie, renewed)
            lasting = any(name.endswith("SIDTS") for name in changed)
            due = self.keeps and bool(changed) and time.monotonic() - self._cookies_kept_at > _COOKIES_KEPT_EVERY_S
            if not lasting and not due:
                return
            self._cookies_kept_at = time.monotonic()
            cookie = self._cookie
        self._keep_cookies(cookie)

    def _keep_cookies(self, cookie: str) -> None:
        """Write them into the file, unless it holds another session by now. What cannot be written lives in memory."""
        with contextlib.suppress(OSError, ValueError, AttributeError), exclusive(self.path):
            document = json.loads(self.path.read_text(encoding="utf-8"))
            name = next((key for key in document if key.lower() == "cookie"), None)
            if name is None or cookies(document[name]).get(WRITE_COOKIE) != cookies(cookie).get(WRITE_COOKIE):
                return
            self.save(document | {name: cookie})

    def save(self, document: dict[str, Any]) -> None:
        """Write renewed cookies; our own writing is no new sign-in."""
        with self._lock:
            write_private(self.path, json.dumps(document, indent=1))
            self._seen = fingerprint(self.path)
