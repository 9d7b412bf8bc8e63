"""Secrets never reach what a person or a collector may read."""

from __future__ import annotations

import io
import json
import logging
import sys

import pytest

from navaar_runtime.failures import Permanent, Transient
from navaar_runtime.logs import configure_logs, get_logger
from navaar_runtime.redaction import redact, register_secret, register_unless_word

TOKEN = "7123456789:AAHk5yL0X-wqzN1bVcD2eF3gH4iJ5kL6mN7"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot***/getMe"),
        (f"token {TOKEN} is wrong", "token *** is wrong"),
        ("Authorization: Bearer BQDx-abcdefghijklmnop", "Authorization: Bearer ***"),
        ("mongodb://navaar:pass-word@db:27017/x", "mongodb://navaar:***@db:27017/x"),
        ("mongodb://navaar:p@ss@db:27017/x", "mongodb://navaar:***@db:27017/x"),
        ("nats://s3crettoken@nats-1:4222", "nats://***@nats-1:4222"),
        ("http://10.0.0.1:1080/?mail=me@example.org", "http://10.0.0.1:1080/?mail=me@example.org"),
        ("https://example.org and me@example.org", "https://example.org and me@example.org"),
        ("nats://127.0.0.1:4222", "nats://127.0.0.1:4222"),
        ("at 12:30:45, 10:00", "at 12:30:45, 10:00"),
    ],
)
def test_known_shapes_are_masked_and_ordinary_text_is_not(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_a_failure_never_carries_a_secret() -> None:
    register_secret("client-secret-value")
    assert "client-secret-value" not in Transient("refused client-secret-value").reason
    assert TOKEN not in str(Permanent(f"GET /bot{TOKEN}/x failed"))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("channel", True),
        ("playlists", True),
        ("radio1", True),
        ("customer-zone-res-48213", False),
        ("brd0user7", False),
        ("averylongnamewithoutanumber", False),
    ],
)
def test_a_name_that_may_be_an_ordinary_word_stays_readable_everywhere_else(name: str, shown: bool) -> None:
    register_unless_word(name)
    text = f"the {name} of the day"
    assert redact(text) == (text if shown else "the *** of the day")
    assert redact(f"socks5h://{name}:hunter222@proxy.example:1080").endswith(":***@proxy.example:1080")


def test_a_year_of_rotated_tokens_is_not_kept() -> None:
    for n in range(1500):
        register_secret(f"rotated-token-{n:05}")
    assert redact("rotated-token-01499") == "***"
    assert redact("rotated-token-00001") == "rotated-token-00001"


def test_logs_are_json_lines_with_context_and_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "stderr", out)
    configure_logs("INFO", json=True)
    try:
        try:
            raise ValueError(f"bad answer from /bot{TOKEN}/sendAudio")
        except ValueError:
            get_logger("test").exception("it_failed", link="main", nested={"url": f"/bot{TOKEN}/"})
        logging.getLogger("somebody.else").warning("their line %s", TOKEN)
    finally:
        logging.getLogger().handlers.clear()
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert TOKEN not in out.getvalue()
    assert (first["event"], first["link"], first["level"], first["logger"]) == ("it_failed", "main", "error", "test")
    assert "ValueError" in first["exception"]
    assert second["event"] == "their line ***"
