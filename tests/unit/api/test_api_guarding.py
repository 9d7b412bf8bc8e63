"""Tokens, sessions, attempts, names, cursors, entity tags."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from litestar.exceptions import ValidationException
from pydantic import SecretStr

from navaar_api.credentials import LINK_LIFE, SESSION_LIFE, Credentials, obtain_token
from navaar_api.cursors import unwrap, wrap
from navaar_api.etag import matches
from navaar_api.security_middleware import SecurityMiddleware
from navaar_api.settings import ApiSettings
from navaar_runtime.redaction import redact
from navaar_runtime.settings import SettingsError, load

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_session_lasts_its_life_and_no_longer() -> None:
    credentials = Credentials("a-token")
    cookie = credentials.open_session(NOW)
    assert credentials.is_session(cookie, NOW)
    assert credentials.is_session(cookie, NOW + SESSION_LIFE - timedelta(seconds=2))
    assert not credentials.is_session(cookie, NOW + SESSION_LIFE)


def test_an_altered_session_is_refused() -> None:
    credentials = Credentials("a-token")
    expires, nonce, signature = credentials.open_session(NOW).split(".")
    assert not credentials.is_session(f"{int(expires) + 1}.{nonce}.{signature}", NOW)
    assert not credentials.is_session(f"{expires}.{nonce}x.{signature}", NOW)
    assert not credentials.is_session("é.ü.ß", NOW)
    assert not credentials.is_session("", NOW)


def test_another_token_ends_all_sessions() -> None:
    cookie = Credentials("a-token").open_session(NOW)
    assert not Credentials("another-token").is_session(cookie, NOW)


def test_a_form_mark_belongs_to_one_session() -> None:
    credentials = Credentials("a-token")
    mine, other = credentials.open_session(NOW), credentials.open_session(NOW)
    assert credentials.is_form_mark(mine, credentials.form_mark(mine))
    assert not credentials.is_form_mark(other, credentials.form_mark(mine))
    assert not credentials.is_form_mark(mine, "")


def test_the_token_itself_is_no_session_and_a_session_no_token() -> None:
    credentials = Credentials("a-token")
    assert credentials.is_token("a-token")
    assert not credentials.is_token(credentials.open_session(NOW))
    assert not credentials.is_session("a-token", NOW)


def test_a_token_is_made_once_kept_private_and_masked(tmp_path: Path) -> None:
    token = obtain_token(None, tmp_path / "data")
    file = tmp_path / "data" / "api-token"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(token) >= 32
    assert obtain_token(None, tmp_path / "data") == token
    assert token not in redact(f"said {token}")


def test_a_kept_token_that_others_may_read_is_made_private(tmp_path: Path) -> None:
    token = obtain_token(None, tmp_path)
    (tmp_path / "api-token").chmod(0o644)
    assert obtain_token(None, tmp_path) == token
    assert stat.S_IMODE((tmp_path / "api-token").stat().st_mode) == 0o600


def test_a_configured_token_touches_no_file(tmp_path: Path) -> None:
    assert obtain_token(SecretStr("configured"), tmp_path / "data") == "configured"
    assert not (tmp_path / "data").exists()


def test_a_data_directory_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="NAVAAR_API_TOKEN"):
        obtain_token(None, tmp_path / "file")


def test_a_short_token_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"NAVAAR_API_TOKEN.*16"):
        load(ApiSettings, {"NAVAAR_API_TOKEN": "short"})


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("192.168.1.2", False),
        ("box", False),
    ],
)
def test_only_loopback_addresses_are_loopback(host: str, is_loopback: bool) -> None:
    assert load(ApiSettings, {"NAVAAR_API_HOST": host}).is_loopback is is_loopback


def test_a_link_is_ours_fresh_and_no_session() -> None:
    credentials = Credentials("a-token")
    code = credentials.open_link(NOW)
    assert credentials.link_ends(code, NOW) == NOW + LINK_LIFE
    assert credentials.link_ends(code, NOW + LINK_LIFE) is None
    assert Credentials("another-token").link_ends(code, NOW) is None
    assert not credentials.is_session(code, NOW)
    assert not credentials.is_token(code)
    for other in (credentials.open_session(NOW), "", "x.y", f"9{code}", "\udcff.x.y", "é"):
        assert credentials.link_ends(other, NOW) is None


def test_on_loopback_only_our_own_names_are_admitted() -> None:
    door = SecurityMiddleware(host="127.0.0.1", is_loopback=True, allowed_hosts=("Navaar.Example.org",))
    for name in ("127.0.0.1:8080", "localhost:8080", "[::1]:8080", "LOCALHOST", "navaar.example.org"):
        assert door.admits(name), name
    for name in ("evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:8080", "[::2]"):
        assert not door.admits(name), name


def test_beyond_loopback_a_list_of_names_is_kept() -> None:
    open_door = SecurityMiddleware(host="0.0.0.0", is_loopback=False, allowed_hosts=())
    assert open_door.admits("anything")
    listed = SecurityMiddleware(host="0.0.0.0", is_loopback=False, allowed_hosts=("navaar.example.org",))
    assert listed.admits("navaar.example.org:443")
    assert not listed.admits("127.0.0.1")


def test_a_cursor_comes_back_as_it_was() -> None:
    for text in ("17", "1763831290270-00000017-000006-00", "main|4"):
        assert unwrap("tracks", wrap("tracks", text)) == text
    assert wrap("tracks", None) is None
    assert unwrap("tracks", None) is None


@pytest.mark.parametrize("given", ["17", "", "!!!", "AAAA", "é", "a" * 299])
def test_a_cursor_that_is_not_ours_is_refused(given: str) -> None:
    with pytest.raises(ValidationException):
        unwrap("tracks", given)


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(ValidationException):
        unwrap("logs", wrap("tracks", "17"))


def test_entity_tags_compare_weakly_and_in_lists() -> None:
    assert matches('"a"', '"a"')
    assert matches('"x", W/"a"', '"a"')
    assert matches("*", '"a"')
    assert not matches('"b"', '"a"')
    assert not matches(None, '"a"')
