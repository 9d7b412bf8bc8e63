"""YouTube Music as it answers everybody: searches, and playlists that are public or unlisted. Needs no sign-in."""

from __future__ import annotations

import locale
import threading

from navaar_ytmusic_gateway.account import SignedInClient
from navaar_ytmusic_gateway.client import PagesClient
from navaar_ytmusic_gateway.session import MusicSession
from navaar_ytmusic_gateway.settings import YTMusicSettings

_building = threading.Lock()


class Nobody:
    """Takes an account's place where nobody is signed in: clients without credentials, which never grow old."""

    pause_name = "public.pause"

    def __init__(self, settings: YTMusicSettings, *, keeps: bool = True) -> None:
        self._settings = settings
        self.keeps = keeps

    def generation(self) -> int:
        return 0

    def stale(self, client: SignedInClient) -> bool:
        return False

    def build(self) -> SignedInClient:
        """A client; one network call, for the visitor id."""
        session = MusicSession(self._settings.ytmusic_api_base, self._settings.ytmusic_timeout_s, signed_in=False)
        # The library sets the locale of the whole process.
        with _building:
            before = locale.setlocale(locale.LC_ALL)
            try:
                api = PagesClient(requests_session=session)
            finally:
                locale.setlocale(locale.LC_ALL, before)
        return SignedInClient(api, 0)

    def freshen(self, client: SignedInClient) -> None:
        """Nothing is renewed."""

    def answered(self) -> None:
        """No session grows older."""

    def wrote(self, refused: str = "") -> None:
        """A stranger changes nothing."""

    def ended(self) -> str:
        return ""

    def wrote_at(self) -> None:
        return None

    def write_refused(self) -> str:
        return ""

    def age(self) -> str:
        return ""
