""".env.example is what the settings classes say, and a copy of it is understood."""

from __future__ import annotations

from pathlib import Path

from dotenv import dotenv_values

from navaar_launcher.settings_page import classes, render
from navaar_runtime.settings import load, variable_of

ROOT = Path(__file__).parents[2]

# The reference page's variables; its database URL became NAVAAR_MONGODB_URL.
REFERENCE = [
    "TELEGRAM_BOT_TOKEN",
    "TELEGRAM_CHANNEL_ID",
    "TELEGRAM_ADMIN_USER_IDS",
    "YTMUSIC_AUTH_FILE",
    "YTMUSIC_PLAYLIST_ID",
    "YTMUSIC_CLIENT_ID",
    "YTMUSIC_CLIENT_SECRET",
    "YTDLP_COOKIES_FILE",
    "SPOTIFY_CLIENT_ID",
    "SPOTIFY_CLIENT_SECRET",
    "SPOTIFY_REDIRECT_URI",
    "SPOTIFY_CACHE_PATH",
    "SPOTIFY_PLAYLIST_ID",
    "SYNC_INTERVAL_TG_TO_YT",
    "SYNC_INTERVAL_YT_TO_TG",
    "SYNC_INTERVAL_TG_TO_SP",
    "SYNC_INTERVAL_SP_TO_TG",
    "SYNC_INTERVAL_YT_TO_SP",
    "SYNC_INTERVAL_SP_TO_YT",
    "MAX_RETRIES",
    "API_PORT",
    "LOG_LEVEL",
    "MONGODB_URL",
    "NATS_URL",
    "DATA_DIR",
    "FIRST_SYNC",
    "LINKS_FILE",
    "TELEGRAM_API_BASE",
    "SPOTIFY_API_BASE",
    "SPOTIFY_ACCOUNTS_BASE",
    "YTMUSIC_API_BASE",
    "GOOGLE_OAUTH_BASE",
    "YTDLP_URL_TEMPLATE",
    "TELEGRAM_MAX_UPLOAD_MB",
    "BACKOFF_MAX_SECONDS",
]


def test_the_committed_example_is_up_to_date() -> None:
    committed = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert committed == render(), "run `uv run navaar settings > .env.example`"


def test_every_variable_of_the_reference_is_there() -> None:
    text = render()
    missing = [name for name in REFERENCE if f"NAVAAR_{name}=" not in text]
    assert not missing


def test_every_setting_is_explained_with_an_example() -> None:
    bare = [
        variable_of(name)
        for _, found in classes()
        for cls in found
        for name, field in cls.model_fields.items()
        if not field.description or not field.examples
    ]
    assert not bare


def test_a_copy_of_the_example_can_be_loaded(tmp_path: Path) -> None:
    copy = tmp_path / ".env"
    copy.write_text(render())
    variables = {k: v for k, v in dotenv_values(copy).items() if v is not None}
    for _, found in classes():
        for cls in found:
            load(cls, variables)


def test_defaults_are_the_references(tmp_path: Path) -> None:
    text = render()
    for line in (
        "NAVAAR_YTMUSIC_AUTH_FILE=oauth.json",
        "NAVAAR_SPOTIFY_CACHE_PATH=.spotify_cache",
        "NAVAAR_SYNC_INTERVAL_TG_TO_YT=60",
        "NAVAAR_SYNC_INTERVAL_TG_TO_SP=60",
        "NAVAAR_SYNC_INTERVAL_YT_TO_TG=120",
        "NAVAAR_SYNC_INTERVAL_SP_TO_YT=120",
        "NAVAAR_MAX_RETRIES=3",
        "NAVAAR_API_PORT=8080",
        "NAVAAR_LOG_LEVEL=INFO",
    ):
        assert f"# {line}\n" in text
