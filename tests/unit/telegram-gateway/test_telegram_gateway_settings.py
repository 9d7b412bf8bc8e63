"""Configuration: what is refused, and how it is told."""

from __future__ import annotations

import pytest

from navaar_runtime.settings import SettingsError, load
from navaar_telegram_gateway.__main__ import create
from navaar_telegram_gateway.settings import TelegramSettings

TOKEN = "123456789:AAExampleExampleExampleExampleExample"


def settings(**more: str) -> TelegramSettings:
    return load(
        TelegramSettings, {"NAVAAR_TELEGRAM_BOT_TOKEN": TOKEN} | {f"NAVAAR_TELEGRAM_{k}": v for k, v in more.items()}
    )


def test_token_is_required() -> None:
    with pytest.raises(SettingsError, match=r"NAVAAR_TELEGRAM_BOT_TOKEN: is required.*for example"):
        load(TelegramSettings, {})


@pytest.mark.parametrize("token", ["secret-words", "abc:def", "123:", "12 3:abc", "123:ab cd"])
def test_token_of_another_form_is_refused_without_being_quoted(token: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(TelegramSettings, {"NAVAAR_TELEGRAM_BOT_TOKEN": token})
    assert "NAVAAR_TELEGRAM_BOT_TOKEN" in str(caught.value)
    assert token not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMIN_USER_IDS", "me"),
        ("API_BASE", "api.telegram.org"),
        ("MAX_UPLOAD_MB", "0"),
        ("POST_INTERVAL_S", "-1"),
        ("POLL_SECONDS", "90"),
        ("SETTLE_S", "soon"),
    ],
)
def test_wrong_value_is_named_with_an_example(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"NAVAAR_TELEGRAM_{name}: .*for example NAVAAR_TELEGRAM_{name}="):
        settings(**{name: value})


def test_staging_chat_is_the_first_administrators_unless_named() -> None:
    assert settings().staging_chat is None
    assert settings(ADMIN_USER_IDS="[5, 6]").staging_chat == "5"
    assert settings(ADMIN_USER_IDS="[5]", STAGING_CHAT_ID="-100").staging_chat == "-100"


def test_local_server_lifts_the_download_limit() -> None:
    assert settings().max_download_bytes == 20 * 1024 * 1024
    assert settings(API_LOCAL="true").max_download_bytes is None


def test_service_without_a_channel_does_not_start() -> None:
    with pytest.raises(SettingsError, match="NAVAAR_TELEGRAM_CHANNEL_ID"):
        create({"NAVAAR_TELEGRAM_BOT_TOKEN": TOKEN, "NAVAAR_YTMUSIC_PLAYLIST_ID": "PLx"})
