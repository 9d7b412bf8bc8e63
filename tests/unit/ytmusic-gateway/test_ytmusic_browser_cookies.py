"""A browser's cookies become a sign-in, and what is wrong with them is said without quoting them."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from http.cookiejar import MozillaCookieJar
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from navaar_ytmusic_gateway.browser_cookies import BrowserCookie, NoCookies, from_cookies_txt, headers_of
from navaar_ytmusic_gateway.browser_profiles import cookies_of, firefox_database, firefox_folders, read_firefox

NOW, LATER = 1_800_000_000.0, 1_900_000_000
KEY = "sandboxkey0123456789"
HEADER = "# Netscape HTTP Cookie File\n# https://curl.se/docs/http-cookies.html\n\n"


def line(name: str, value: str, *, domain: str = ".youtube.com", expires: object = LATER, prefix: str = "") -> str:
    below = "TRUE" if domain.startswith(".") else "FALSE"
    return f"{prefix}{domain}\t{below}\t/\tTRUE\t{expires}\t{name}\t{value}\n"


SIGNED_IN = line("__Secure-3PAPISID", KEY, prefix="#HttpOnly_") + line("SAPISID", KEY) + line("SID", "g.a000")


def signed_in(text: str) -> dict[str, str]:
    """The cookies that are sent, as a sign-in made of this cookies.txt sends them."""
    header = headers_of(from_cookies_txt(text, "cookies.txt"), "cookies.txt", NOW)["cookie"]
    return dict(part.split("=", 1) for part in header.split("; "))


def test_it_is_read_as_pythons_own_jar_reads_it(tmp_path: Path) -> None:
    text = (
        HEADER
        + SIGNED_IN
        + line("__Secure-3PSID", "a=b=c", prefix="#HttpOnly_")
        + line("PREF", "tz=Asia.Tehran&f7=100")
        + line("YSC", "x", expires="")
        + line("OWN", "1", domain="music.youtube.com")
        + "# a comment\n$ another\n \n"
        + line("NID", "z", domain=".google.com")
    )
    path = tmp_path / "cookies.txt"
    path.write_text(text)
    jar = MozillaCookieJar()
    jar.load(str(path), ignore_discard=True, ignore_expires=True)
    theirs = {(c.domain, c.path, c.name, c.value, c.expires) for c in jar}
    ours = {(c.domain, c.path, c.name, c.value, c.expires) for c in from_cookies_txt(text, "cookies.txt")}
    assert ours == theirs


@pytest.mark.parametrize(
    "text",
    [
        HEADER + SIGNED_IN,
        SIGNED_IN,  # without the first line
        "\ufeff" + HEADER + SIGNED_IN,
        (HEADER + SIGNED_IN).replace("\n", "\r\n"),
        SIGNED_IN.replace(str(LATER), "0"),  # cookies of the browser's session
        SIGNED_IN.replace(str(LATER), f"{LATER}.5"),
        SIGNED_IN + "youtube.com\tTRUE\t/\tTRUE\t0\tEMPTY\t\n",
        SIGNED_IN.rstrip("\n"),
    ],
)
def test_what_programs_and_add_ons_write_signs_in(text: str) -> None:
    sent = signed_in(text)
    assert (sent["__Secure-3PAPISID"], sent["SAPISID"], sent["SID"]) == (KEY, KEY, "g.a000")


def test_only_what_a_browser_would_send_to_youtube_music_is_sent() -> None:
    sent = signed_in(
        SIGNED_IN
        + line("NID", "z", domain=".google.com")
        + line("WWW", "z", domain="www.youtube.com")
        + line("HOST", "z", domain="youtube.com")
        + line("EVIL", "z", domain=".notyoutube.com")
        + line("OWN", "1", domain="music.youtube.com")
        + line("OLD", "z", expires=1000)
        + line("SID", "special", domain=".music.youtube.com")
        + line("BAD", "a;b")
        + line("LIST", "a,b")
    )
    assert set(sent) == {"__Secure-3PAPISID", "SAPISID", "SID", "OWN"}
    assert sent["SID"] == "special"


def test_the_account_among_several_is_named() -> None:
    found = from_cookies_txt(SIGNED_IN, "cookies.txt")
    assert headers_of(found, "it", NOW)["x-goog-authuser"] == "0"
    assert headers_of(found, "it", NOW, 2)["x-goog-authuser"] == "2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (line("PREF", KEY), "not signed in to YouTube, it lacks the cookies SAPISID and __Secure-3PAPISID"),
        (line("SAPISID", KEY), "lacks the cookie __Secure-3PAPISID"),
        (line("SAPISID", KEY) + line("__Secure-3PAPISID", ""), "lacks the cookie __Secure-3PAPISID"),
        (SIGNED_IN.replace(str(LATER), "1700000000"), "has expired, on 2023-11-14"),
        (line("NID", KEY, domain=".google.com"), "no cookie of YouTube"),
        ("", "holds no cookie"),
        (HEADER, "holds no cookie"),
        ('[{"domain": ".youtube.com", "name": "SAPISID"}]', "line 1 has not the seven fields"),
        ("cookie: SAPISID=sandboxkey0123456789", "there is --file"),
        (SIGNED_IN.replace("\t", " "), "separated by tabs"),
        (SIGNED_IN.replace(str(LATER), "tomorrow"), "line 1"),
        (HEADER + SIGNED_IN + "what is this?\n", "line 7"),
    ],
)
def test_what_is_wrong_is_said_and_no_cookie_is_quoted(text: str, said: str) -> None:
    with pytest.raises(NoCookies, match=r"cookies\.txt") as caught:
        signed_in(text)
    assert said in str(caught.value)
    assert KEY not in str(caught.value)


def profile(
    folder: Path, *, key: str = KEY, expiry: int = LATER, attributes: str = "", host: str = ".youtube.com"
) -> Path:
    """A Firefox profile in which somebody is signed in."""
    folder.mkdir(parents=True)
    with sqlite3.connect(folder / "cookies.sqlite") as database:
        database.execute(
            "CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', name TEXT, "
            "value TEXT, host TEXT, path TEXT, expiry INTEGER, lastAccessed INTEGER, isSecure INTEGER)"
        )
        for name in ("__Secure-3PAPISID", "SAPISID", "SID"):
            row = (attributes, name, key, host, "/", expiry)
            sql = (
                "INSERT INTO moz_cookies (originAttributes, name, value, host, path, expiry) VALUES (?, ?, ?, ?, ?, ?)"
            )
            database.execute(sql, row)
    database.close()
    return folder


def cookie_of(found: list[BrowserCookie]) -> str:
    return headers_of(found, "Firefox", NOW)["cookie"]


@pytest.mark.parametrize("expiry", [LATER, LATER * 1000])
def test_firefox_cookies_are_read_whether_it_counts_seconds_or_milliseconds(tmp_path: Path, expiry: int) -> None:
    found = read_firefox(profile(tmp_path / "p", expiry=expiry) / "cookies.sqlite")
    assert f"__Secure-3PAPISID={KEY}" in cookie_of(found)
    assert {cookie.expires for cookie in found} == {float(LATER)}


def test_expired_firefox_cookies_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NoCookies, match="has expired"):
        cookie_of(read_firefox(profile(tmp_path / "p", expiry=1_700_000_000_000) / "cookies.sqlite"))


def test_a_running_firefox_is_read_with_what_it_has_not_brought_home_and_is_left_alone(tmp_path: Path) -> None:
    database = profile(tmp_path / "p") / "cookies.sqlite"
    running = sqlite3.connect(database, isolation_level=None)
    running.execute("PRAGMA journal_mode=WAL")
    running.execute("PRAGMA locking_mode=EXCLUSIVE")
    running.execute("UPDATE moz_cookies SET value = 'newer0123456789'")
    before = {path.name: path.stat().st_mtime_ns for path in database.parent.iterdir()}
    assert "newer0123456789" in cookie_of(read_firefox(database))
    assert {path.name: path.stat().st_mtime_ns for path in database.parent.iterdir()} == before
    running.close()


def test_container_tabs_are_another_browser(tmp_path: Path) -> None:
    database = profile(tmp_path / "p", attributes="^userContextId=2") / "cookies.sqlite"
    with pytest.raises(NoCookies, match="container tabs"):
        read_firefox(database)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 50])
def test_a_file_that_is_no_database_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "cookies.sqlite").write_bytes(content)
    with pytest.raises(NoCookies, match="no cookie database of Firefox"):
        read_firefox(tmp_path / "cookies.sqlite")


def test_a_profile_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = profile(tmp_path / "p") / "cookies.sqlite"

    def refuse(*arguments: object) -> None:
        # The tests may run as somebody whom no mode keeps out.
        raise PermissionError(13, "Permission denied", str(database))

    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(NoCookies, match="permission denied: run this as the user"):
        read_firefox(database)


def test_the_profile_used_last_is_taken_or_the_one_named(tmp_path: Path) -> None:
    root = tmp_path / ".mozilla/firefox"
    for number, name in enumerate(("abc.default", "def.music", "Profiles/ghi.work")):
        database = profile(root / name, key=f"{KEY}{number}") / "cookies.sqlite"
        os.utime(database, (1000 + number % 2, 1000 + number % 2))
    (root / "profiles.ini").write_text("[Profile0]\nName=For songs\nPath=abc.default\nIsRelative=1\n")
    folders = firefox_folders(tmp_path)
    assert firefox_database("", folders).parent.name == "def.music"
    for named, folder in (
        ("music", "def.music"),
        ("def.music", "def.music"),
        ("For songs", "abc.default"),
        ("work", "ghi.work"),
        (str(root / "abc.default"), "abc.default"),
        (str(root / "abc.default" / "cookies.sqlite"), "abc.default"),
    ):
        assert firefox_database(named, folders).parent.name == folder
    with pytest.raises(NoCookies, match=r"no profile nobody here, but abc.default, def.music, ghi.work"):
        firefox_database("nobody", folders)
    with pytest.raises(NoCookies, match=r"no cookies\.sqlite in"):
        firefox_database(str(tmp_path / "elsewhere"), folders)


def test_without_any_firefox_the_other_way_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoCookies, match=r"no Firefox profile .* --cookies FILE"):
        firefox_database("", firefox_folders(tmp_path))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    yield tmp_path


def test_a_browser_that_is_not_there_or_not_known_is_told(home: Path) -> None:
    with pytest.raises(NoCookies, match="there is no chromium of this user here"):
        cookies_of("chromium")
    with pytest.raises(NoCookies, match="there is no brave with the profile Second"):
        cookies_of("brave:Second")
    with pytest.raises(NoCookies, match=r"netscape is no browser that can be read; these are: .*chrome"):
        cookies_of("netscape")
    with pytest.raises(NoCookies, match="nothing is no browser"):
        cookies_of("")


def test_the_firefox_of_this_user_is_found(home: Path) -> None:
    profile(home / ".config/mozilla/firefox/xyz.default")
    found, where = cookies_of("Firefox")
    assert KEY in cookie_of(found)
    assert where == "the Firefox profile xyz.default"


def test_chromium_cookies_come_through_yt_dlp(home: Path) -> None:
    """A profile as Chromium writes it where there is no keyring: values in plain."""
    folder = home / ".config/chromium/Default"
    folder.mkdir(parents=True)
    with sqlite3.connect(folder / "Cookies") as database:
        database.execute("CREATE TABLE meta (key TEXT, value TEXT)")
        database.execute("INSERT INTO meta VALUES ('version', '24')")
        database.execute(
            "CREATE TABLE cookies (host_key TEXT, name TEXT, value TEXT, encrypted_value BLOB, path TEXT, "
            "expires_utc INTEGER, is_secure INTEGER)"
        )
        for name in ("__Secure-3PAPISID", "SAPISID", "SID"):
            # Microseconds since 1601.
            expires = (LATER + 11_644_473_600) * 1_000_000
            database.execute("INSERT INTO cookies VALUES ('.youtube.com', ?, ?, '', '/', ?, 1)", (name, KEY, expires))
    database.close()
    found, where = cookies_of("chromium")
    assert f"__Secure-3PAPISID={KEY}" in cookie_of(found)
    assert where == "the browser chromium"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied"), "permission denied: close the browser"),
        (ValueError(f"secret {KEY}"), "ValueError"),
        (None, "encrypted with a key"),
    ],
)
def test_whatever_yt_dlp_meets_is_told_without_its_words(
    monkeypatch: pytest.MonkeyPatch, error: Exception | None, said: str
) -> None:
    def extract(name: str, profile: str | None, logger: SimpleNamespace) -> list[object]:
        if error is not None:
            raise error
        logger.warning("failed to decrypt cookie (AES-GCM) because the MAC check failed")
        return []

    stub = ModuleType("yt_dlp.cookies")
    stub.__dict__.update(SUPPORTED_BROWSERS={"chrome"}, extract_cookies_from_browser=extract)
    monkeypatch.setitem(sys.modules, "yt_dlp.cookies", stub)
    with pytest.raises(NoCookies) as caught:
        cookies_of("chrome")
    assert said in str(caught.value)
    assert KEY not in str(caught.value)
