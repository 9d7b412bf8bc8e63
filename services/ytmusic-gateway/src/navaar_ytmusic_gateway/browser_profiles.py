"""Cookies out of a browser's profile: Firefox keeps them in plain, of others yt-dlp knows how they are encrypted."""

from __future__ import annotations

import configparser
import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from navaar_ytmusic_gateway.browser_cookies import BrowserCookie, NoCookies

FIREFOX = "firefox"
_DATABASE = "cookies.sqlite"
_BESIDE = ("-wal", "-journal")
"""What SQLite keeps beside a database that is in use; without it the newest cookies would be missing."""
_MILLISECONDS = 100_000_000_000
"""Firefox 142 and later count an expiry in milliseconds; no second is that far away."""
_INSTEAD = "or export a cookies.txt and say --cookies FILE"


def cookies_of(browser: str) -> tuple[list[BrowserCookie], str]:
    """The cookies of `BROWSER[:PROFILE]`, and what to call where they are from.

    The profile is a folder, or its name; without it, the one that was used last.

    Raises:
        NoCookies: there is no such browser or profile, or it cannot be read.
    """
    name, _, profile = browser.partition(":")
    name = name.strip().lower()
    if name == FIREFOX:
        database = firefox_database(profile, firefox_folders(Path.home()))
        return read_firefox(database), f"the Firefox profile {database.parent.name}"
    return _through_yt_dlp(name, profile or None), f"the browser {name}"


def firefox_folders(home: Path) -> list[Path]:
    """Where Firefox may keep its profiles for this user (Firefox 147 follows the XDG folders)."""
    if sys.platform == "darwin":
        return [home / "Library/Application Support/Firefox"]
    if sys.platform == "win32":
        return [Path(os.environ.get("APPDATA") or home) / "Mozilla/Firefox"]
    configuration = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    flatpak = home / ".var/app/org.mozilla.firefox"
    return [
        configuration / "mozilla/firefox",
        home / ".mozilla/firefox",
        flatpak / "config/mozilla/firefox",
        flatpak / ".mozilla/firefox",
        home / "snap/firefox/common/.mozilla/firefox",
    ]


def firefox_database(profile: str, folders: Iterable[Path]) -> Path:
    """The cookie database of a profile, the one used last where none is named. Raises NoCookies."""
    named = Path(profile).expanduser()
    if profile and (named.is_absolute() or os.sep in profile):
        database = named if named.name == _DATABASE else named / _DATABASE
        with _readable(named):
            if database.is_file():
                return database
        raise NoCookies(f"there is no {_DATABASE} in {named}: name a profile's folder, as about:profiles shows it")
    found = [(database, names) for folder in folders for database, names in _databases(folder)]
    matching = [database for database, names in found if not profile or profile in names]
    if matching:
        return max(matching, key=_used_at)
    if profile and found:
        known = sorted({database.parent.name for database, _ in found})
        raise NoCookies(f"Firefox has no profile {profile} here, but {', '.join(known)}")
    raise NoCookies(f"there is no Firefox profile of this user here: name its folder (firefox:/path), {_INSTEAD}")


def read_firefox(database: Path) -> list[BrowserCookie]:
    """YouTube's cookies in the database, outside of container tabs; a running Firefox is not disturbed.

    Raises:
        NoCookies: it cannot be read, or is none.
    """
    with tempfile.TemporaryDirectory(prefix="navaar-") as folder, _readable(database):
        # Firefox holds the database locked, and SQLite writes even where it only reads.
        copy = Path(folder) / _DATABASE
        shutil.copyfile(database, copy)
        for ending in _BESIDE:
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(f"{database}{ending}", f"{copy}{ending}")
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            rows = connection.execute(
                "SELECT host, name, value, path, expiry, originAttributes FROM moz_cookies "
                "WHERE host LIKE '%youtube.com'"
            ).fetchall()
    inside = [_firefox_cookie(row) for row in rows if not row[5]]
    if rows and not inside:
        raise NoCookies(f"{database.parent} knows YouTube only in container tabs: sign in outside of them, {_INSTEAD}")
    return inside


def _firefox_cookie(row: tuple[str, str, str, str, int | None, str]) -> BrowserCookie:
    host, name, value, path, expiry, _ = row
    seconds = None if not expiry else expiry / 1000 if expiry > _MILLISECONDS else float(expiry)
    return BrowserCookie(str(host), str(name), str(value), str(path), seconds)


def _databases(folder: Path) -> Iterator[tuple[Path, set[str]]]:
    """Each profile's database below a folder of Firefox, and what the profile is called."""
    written: dict[str, str] = {}
    with contextlib.suppress(OSError, configparser.Error, UnicodeDecodeError):
        profiles = configparser.ConfigParser(interpolation=None)
        profiles.read(folder / "profiles.ini", encoding="utf-8")
        written = {Path(one["Path"]).name: one.get("Name", "") for one in profiles.values() if "Path" in one}
    with contextlib.suppress(OSError):
        for database in (*folder.glob(f"*/{_DATABASE}"), *folder.glob(f"Profiles/*/{_DATABASE}")):
            name = database.parent.name
            yield database, {name, name.partition(".")[2], written.get(name, "")} - {""}


def _used_at(database: Path) -> float:
    beside = Path(f"{database}{_BESIDE[0]}")
    return max(path.stat().st_mtime for path in (database, beside) if path.exists())


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turns whatever goes wrong with a browser's files into NoCookies."""
    try:
        yield
    except PermissionError:
        raise NoCookies(
            f"{path} cannot be read, permission denied: run this as the user whose browser it is, {_INSTEAD}"
        ) from None
    except OSError as error:
        raise NoCookies(f"{path} cannot be read: {error.strerror or type(error).__name__}") from None
    except sqlite3.OperationalError as error:
        locked = "locked" in str(error) or "busy" in str(error)
        reason = "it is locked: close the browser and try again" if locked else "it is no cookie database of Firefox"
        raise NoCookies(f"{path} cannot be read, {reason}") from None
    except sqlite3.Error:
        raise NoCookies(f"{path} is no cookie database of Firefox, or is damaged") from None


class _Heard:
    """What yt-dlp says while it looks for cookies; none of it is passed on."""

    def __init__(self) -> None:
        self.is_encrypted = False

    def debug(self, message: str) -> None: ...

    def info(self, message: str) -> None: ...

    def warning(self, message: str, only_once: bool = False) -> None:
        self.is_encrypted = self.is_encrypted or "decrypt" in message

    error = warning

    def progress_bar(self) -> None: ...


def _through_yt_dlp(name: str, profile: str | None) -> list[BrowserCookie]:
    try:
        # Late: it takes a second, and only a person at a terminal needs it.
        from yt_dlp.cookies import SUPPORTED_BROWSERS, extract_cookies_from_browser
    except ImportError:
        raise NoCookies(f"only Firefox can be read here, for want of yt-dlp: name that, {_INSTEAD}") from None
    if name not in SUPPORTED_BROWSERS:
        raise NoCookies(
            f"{name or 'nothing'} is no browser that can be read; these are: {', '.join(sorted(SUPPORTED_BROWSERS))}"
        )
    heard = _Heard()
    try:
        jar = list(extract_cookies_from_browser(name, profile, heard))
    except FileNotFoundError:
        where = f" with the profile {profile}" if profile else ""
        raise NoCookies(f"there is no {name}{where} of this user here: name its profile's folder, {_INSTEAD}") from None
    except PermissionError:
        raise NoCookies(
            f"the cookies of {name} cannot be read, permission denied: close the browser, {_INSTEAD}"
        ) from None
    except Exception as error:  # noqa: BLE001 - whatever yt-dlp meets in a foreign browser's files
        raise NoCookies(
            f"the cookies of {name} cannot be read ({type(error).__name__}): close it, {_INSTEAD}"
        ) from None
    found = [
        BrowserCookie(cookie.domain, cookie.name, cookie.value or "", cookie.path, cookie.expires or None)
        for cookie in jar
        if cookie.domain.endswith("youtube.com")
    ]
    if heard.is_encrypted and not any(cookie.value for cookie in found):
        raise NoCookies(
            f"the cookies of {name} are encrypted with a key that is not to be had here: use Firefox, {_INSTEAD}"
        )
    return found
