"""Settings of the YouTube Music gateway."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, field_validator

from navaar_contracts.identifiers import Platform
from navaar_contracts.platforms.youtube import SPEC
from navaar_runtime.settings import NavaarSettings

PLATFORM = Platform(SPEC.id)

MUSIC_BASE = "https://music.youtube.com"
OAUTH_BASE = "https://oauth2.googleapis.com"
DATA_API_BASE = "https://www.googleapis.com"


class YTMusicSettings(NavaarSettings):
    """How to sign in to YouTube Music, and which servers stand for it."""

    ytmusic_auth_file: Path = Field(
        default=Path("oauth.json"),
        description="Your YouTube Music sign-in; `navaar auth ytmusic` writes it. With browser headers the playlist is "
        "reached as a browser does, with a Google token (`--oauth`) by the YouTube Data API",
        examples=["oauth.json"],
    )
    ytmusic_client_id: str = Field(
        default="",
        description="Google OAuth client id (TVs and limited input devices); only for the way by the YouTube Data API",
        examples=["1234-abc.apps.googleusercontent.com"],
    )
    ytmusic_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Secret of that OAuth client", examples=["GOCSPX-0123456789"]
    )
    ytmusic_brand_account: str = Field(
        default="",
        description="Id of the brand account that owns the playlist; empty for your own account",
        examples=["101234567890123456789"],
    )
    ytmusic_api_base: str = Field(
        default=MUSIC_BASE, description="Address of YouTube Music's web site", examples=[MUSIC_BASE]
    )
    google_oauth_base: str = Field(
        default=OAUTH_BASE,
        description="Google's OAuth server; its token endpoint is /token, its device endpoint /device/code",
        examples=[OAUTH_BASE],
    )
    youtube_data_api_base: str = Field(
        default=DATA_API_BASE,
        description="Server of the YouTube Data API; its paths begin with /youtube/v3",
        examples=[DATA_API_BASE],
    )
    youtube_units_a_day: int = Field(
        default=10_000,
        ge=100,
        le=100_000_000,
        description="Units that your Google project may use of the YouTube Data API in a day; an addition costs 52",
        examples=["10000"],
    )
    ytmusic_timeout_s: float = Field(
        default=30, gt=0, le=300, description="Seconds that one call to YouTube Music may take", examples=["30"]
    )
    ytmusic_workers: int = Field(default=4, ge=1, le=16, description="Calls to YouTube Music at once", examples=["4"])
    ytmusic_keep_alive_s: float = Field(
        default=600,
        ge=0,
        le=86_400,
        description="Seconds without a request after which one is made to keep a browser session alive; 0: never",
        examples=["600"],
    )
    ytmusic_write_interval_s: float = Field(
        default=3,
        ge=0,
        le=600,
        description="Seconds between two changes of playlists, on average; accounts that are quicker get blocked",
        examples=["3"],
    )
    ytmusic_write_burst: int = Field(
        default=5, ge=1, le=100, description="Changes of playlists that may follow one another at once", examples=["5"]
    )
    ytmusic_refused_pause_s: float = Field(
        default=60,
        gt=0,
        le=86_400,
        description="Pause after a change that is refused for now; the second in a row brings four times as much",
        examples=["60"],
    )
    ytmusic_long_pause_s: float = Field(
        default=7200,
        gt=0,
        le=604_800,
        description="Pause once three changes in a row were refused for now",
        examples=["7200"],
    )

    @field_validator("ytmusic_api_base", "google_oauth_base", "youtube_data_api_base")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must be a web address that starts with http:// or https://")
        return value.rstrip("/").removesuffix("/youtube/v3")
