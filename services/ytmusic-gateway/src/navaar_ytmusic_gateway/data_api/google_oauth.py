"""Google's OAuth server: the device flow and fresh access tokens. Blocking.

Source: https://developers.google.com/identity/protocols/oauth2/limited-input-device
"""

from __future__ import annotations

from typing import Any

from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_ytmusic_gateway.session import OAuthSession
from navaar_ytmusic_gateway.settings import OAUTH_BASE, YTMusicSettings

SCOPE = "https://www.googleapis.com/auth/youtube"
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


class OAuthRefused(Exception):
    """The server refuses, for a reason of RFC 6749, section 5.2, or RFC 8628, section 3.5, such as invalid_grant."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class GoogleOAuth:
    """The OAuth client of the settings. Methods raise OAuthRefused, RequestRefused and what `requests` raises."""

    def __init__(self, settings: YTMusicSettings) -> None:
        """Raises NotSignedIn where no client is configured."""
        need_client(settings)
        self._client_id = settings.ytmusic_client_id
        self._secret = settings.ytmusic_client_secret.get_secret_value()
        self._http = OAuthSession(settings.google_oauth_base, settings.ytmusic_timeout_s)

    def device_code(self) -> dict[str, Any]:
        """{"device_code", "user_code", "verification_url", "expires_in", "interval"}, times in seconds."""
        return self._ask("/device/code", {"client_id": self._client_id, "scope": SCOPE})

    def token_of_device(self, device_code: str) -> dict[str, Any]:
        """{"access_token", "refresh_token", "expires_in", "scope", "token_type"}; OAuthRefused while nobody agreed."""
        return self._token({"grant_type": _DEVICE_GRANT, "device_code": device_code})

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        """{"access_token", "expires_in", ...}; OAuthRefused with invalid_grant once the sign-in has ended."""
        return self._token({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _token(self, form: dict[str, str]) -> dict[str, Any]:
        answer = self._ask("/token", {**form, "client_id": self._client_id, "client_secret": self._secret})
        if not isinstance(answer.get("access_token"), str) or not str(answer.get("expires_in", "")).isdecimal():
            raise OAuthRefused("no token in the answer")
        return answer

    def _ask(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        response = self._http.post(OAUTH_BASE + path, data=form)
        try:
            answer = response.json()
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise OAuthRefused(f"no JSON came (HTTP {response.status_code})")
        if response.status_code >= 400 or "error" in answer:
            raise OAuthRefused(str(answer.get("error") or f"HTTP {response.status_code}")[:80])
        return answer


def need_client(settings: YTMusicSettings) -> None:
    """Raise NotSignedIn where no OAuth client is configured."""
    if not settings.ytmusic_client_id or not settings.ytmusic_client_secret.get_secret_value():
        raise NotSignedIn(
            "a Google sign-in needs the OAuth client it was made with: set NAVAAR_YTMUSIC_CLIENT_ID and "
            "NAVAAR_YTMUSIC_CLIENT_SECRET, or sign in with browser headers: navaar auth ytmusic"
        )
