"""Settings of the Spotify gateway. Which playlist, and whether there is one, is the link's matter."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from navaar_contracts.identifiers import Platform
from navaar_contracts.platforms.spotify import SPEC
from navaar_runtime.settings import NavaarSettings

PLATFORM = Platform(SPEC.id)

API_BASE = "https://api.spotify.com/v1/"
ACCOUNTS_BASE = "https://accounts.spotify.com"

REDIRECT_URI = "http://127.0.0.1:8888/callback"

SCOPES = (
    "playlist-modify-private",
    "playlist-modify-public",
    "playlist-read-collaborative",
    "playlist-read-private",
)


class SpotifySettings(NavaarSettings):
    """How to sign in to Spotify, and which servers stand for it."""

    spotify_client_id: str = Field(
        default="",
        description="Client id of your Spotify app; without one Spotify is off",
        examples=["0123456789abcdef0123456789abcdef"],
    )
    spotify_client_secret: SecretStr = Field(
        default=SecretStr(""),
        description="Secret of your Spotify app; set it to sign in with the secret instead of PKCE",
        examples=["fedcba9876543210fedcba9876543210"],
    )
    spotify_redirect_uri: str = Field(
        default="",
        description="Where Spotify sends the browser after signing in, as registered in your app; "
        f"empty is {REDIRECT_URI}",
        examples=[REDIRECT_URI],
    )
    spotify_cache_path: Path = Field(
        default=Path(".spotify_cache"),
        description="Your Spotify sign-in; `navaar auth spotify` writes it",
        examples=[".spotify_cache"],
    )
    spotify_api_base: str = Field(
        default=API_BASE, description="Address of Spotify's Web API; ends in /v1/", examples=[API_BASE]
    )
    spotify_accounts_base: str = Field(
        default=ACCOUNTS_BASE, description="Address of Spotify's accounts service", examples=[ACCOUNTS_BASE]
    )
    spotify_timeout_s: float = Field(
        default=20, gt=0, le=300, description="Seconds that one call to Spotify may take", examples=["20"]
    )
    spotify_requests_per_minute: float = Field(
        default=90,
        gt=0,
        le=100_000,
        description="Requests to Spotify in a minute on average, of all links together; whoever asks too much is shut "
        "out for hours",
        examples=["90"],
    )
    spotify_requests_burst: int = Field(
        default=60,
        ge=1,
        le=100_000,
        description="Requests to Spotify that may follow one another at once",
        examples=["60"],
    )
    spotify_workers: int = Field(default=4, ge=1, le=16, description="Calls to Spotify at once", examples=["4"])

    @field_validator("spotify_api_base")
    @classmethod
    def _api(cls, value: str) -> str:
        return _address(value) + "/"

    @field_validator("spotify_accounts_base")
    @classmethod
    def _accounts(cls, value: str) -> str:
        return _address(value)

    @field_validator("spotify_redirect_uri")
    @classmethod
    def _redirect(cls, value: str) -> str:
        if value and "://localhost" in value:
            raise ValueError("Spotify no longer takes localhost; write 127.0.0.1")
        return value

    @property
    def redirect_uri(self) -> str:
        return self.spotify_redirect_uri or REDIRECT_URI


def missing_app(settings: SpotifySettings) -> str | None:
    """Why Spotify is off and how to make an app; None where there is one."""
    if settings.spotify_client_id:
        return None
    return (
        "off: Spotify needs an app of your own. Make one at https://developer.spotify.com/dashboard with an account "
        f"that has Premium, give it the redirect URI {settings.redirect_uri}, and put its Client ID into "
        "NAVAAR_SPOTIFY_CLIENT_ID; then navaar auth spotify"
    )


def _address(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must be a web address that starts with http:// or https://")
    return value.rstrip("/")
