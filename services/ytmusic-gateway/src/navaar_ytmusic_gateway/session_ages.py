"""How long browser sessions last: when each began and ended, kept beside the sign-in file. YouTube ends them silently.

The record holds no cookie. Sessions are told apart by a digest of their key, from which nothing can be recovered.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from navaar_runtime.private_files import fingerprint, write_private
from navaar_ytmusic_gateway.sign_in_file import WRITE_COOKIE, cookies

KEPT = 10
"""Sessions that are remembered, the latest ones."""
TOLD = 3
"""Earlier sessions whose lengths are told."""
_WROTE_EVERY_S = 3600.0
"""A change of a playlist is noted no more often."""


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """Times are unix seconds."""

    name: str
    began_at: float
    ended_at: float | None = None
    account: str = ""
    """The name that YouTube Music greets with; empty while it was not asked."""
    wrote_at: float | None = None
    """When a playlist was last changed with it; up to an hour old."""
    write_refused: str = ""
    """Why its last change was refused although it reads; empty when it was made."""


Sessions = tuple[BrowserSession, ...]
"""In the order in which they began."""


def name_of(cookie: str) -> str | None:
    """What tells this session from others; None for a cookie header without its key."""
    key = cookies(cookie).get(WRITE_COOKIE)
    return hashlib.sha256(key.encode()).hexdigest()[:12] if key else None


def begun(sessions: Sessions, name: str, at: float, account: str = "") -> Sessions:
    """With this session as the latest; it stays as old as it is if it is known and has not ended."""
    if sessions and sessions[-1].name == name and sessions[-1].ended_at is None:
        return (*sessions[:-1], replace(sessions[-1], account=account or sessions[-1].account))
    return (*sessions, BrowserSession(name, at, account=account))[-KEPT:]


def ended(sessions: Sessions, at: float) -> Sessions:
    """With the latest as ended, if it was not."""
    if not sessions or sessions[-1].ended_at is not None:
        return sessions
    return (*sessions[:-1], replace(sessions[-1], ended_at=max(at, sessions[-1].began_at)))


def lives(sessions: Sessions, name: str, at: float) -> Sessions:
    """With this session as one that was answered: it may have been taken for ended too soon."""
    if sessions and sessions[-1].name == name:
        return (*sessions[:-1], replace(sessions[-1], ended_at=None)) if sessions[-1].ended_at is not None else sessions
    return begun(sessions, name, at)


def wrote(sessions: Sessions, at: float, refused: str = "") -> Sessions:
    """With what became of a change of a playlist."""
    if not sessions:
        return sessions
    last = sessions[-1]
    is_known = last.wrote_at is not None and at - last.wrote_at < _WROTE_EVERY_S
    if not refused and not last.write_refused and is_known:
        return sessions
    return (*sessions[:-1], replace(last, wrote_at=last.wrote_at if refused else at, write_refused=refused))


def length(seconds: float) -> str:
    """In the unit that fits: "23 days", "5 hours", "40 minutes"."""
    for unit, size in (("day", 86_400), ("hour", 3600)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}s"
    minutes = max(1, round(seconds / 60))
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def told_end(sessions: Sessions) -> str:
    """How long the one that ended lasted, and those before: "it lasted 23 days, the one before 19 days"; or empty."""
    lasted = _lengths(sessions)
    if not sessions or sessions[-1].ended_at is None or not lasted:
        return ""
    before = lasted[1:]
    earlier = "" if not before else f", the {'one' if len(before) == 1 else 'ones'} before {_listed(before)}"
    return f"it lasted {lasted[0]}{earlier}"


def told_age(sessions: Sessions, now: float) -> str:
    """How old the latest is and how long earlier ones lasted; empty while nothing is known."""
    if not sessions:
        return ""
    last, lasted = sessions[-1], _lengths(sessions)
    since = f"{datetime.fromtimestamp(last.began_at, UTC):%Y-%m-%d}"
    if last.ended_at is not None:
        return f"a browser session of {since} that has ended: {told_end(sessions)}"
    earlier = "" if not lasted else f"; {'the one' if len(lasted) == 1 else 'those'} before lasted {_listed(lasted)}"
    return f"a browser session since {since}, {length(max(0.0, now - last.began_at))} old{earlier}"


def _lengths(sessions: Sessions) -> list[str]:
    """Of those that have ended, the latest first."""
    over = [one for one in reversed(sessions) if one.ended_at is not None]
    return [length(one.ended_at - one.began_at) for one in over[:TOLD] if one.ended_at is not None]


def _listed(lengths: Sequence[str]) -> str:
    return lengths[0] if len(lengths) == 1 else f"{', '.join(lengths[:-1])} and {lengths[-1]}"


class SessionRecord:
    """The sessions of one sign-in file, in `<file>.sessions`. What cannot be read or written lives in memory."""

    def __init__(self, sign_in: Path, *, keeps: bool = True) -> None:
        """`keeps`: whether what is learnt is written down."""
        self._path = sign_in.with_name(f"{sign_in.name}.sessions")
        self._keeps = keeps
        self._lock = threading.Lock()
        self._sessions: Sessions = ()
        self._seen: tuple[int, int, int] | None = None

    @property
    def sessions(self) -> Sessions:
        """As they are known now, also to a sign-in that was made by another process."""
        if (now := fingerprint(self._path)) != self._seen:
            self._seen, self._sessions = now, _read(self._path)
        return self._sessions

    def begun(self, name: str, at: float, account: str = "") -> None:
        with self._lock:
            self._take(begun(self.sessions, name, at, account))

    def answered(self, name: str, began_at: float, *, account: str = "") -> None:
        """A request with this session was answered as one of somebody who is signed in."""
        with self._lock:
            known = lives(self.sessions, name, began_at)
            self._take(begun(known, name, began_at, account) if account else known)

    def wrote(self, at: float, refused: str = "") -> None:
        with self._lock:
            self._take(wrote(self.sessions, at, refused))

    def ended(self, name: str, at: float) -> str:
        """This session has ended; for people, how long it lasted."""
        with self._lock:
            if self.sessions and self.sessions[-1].name == name:
                self._take(ended(self.sessions, at))
            return told_end(self.sessions)

    def _take(self, sessions: Sessions) -> None:
        if sessions == self.sessions:
            return
        self._sessions = sessions
        if self._keeps:
            with contextlib.suppress(OSError):
                write_private(self._path, json.dumps({"sessions": [asdict(one) for one in sessions]}, indent=1))
                self._seen = fingerprint(self._path)


def _read(path: Path) -> Sessions:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["sessions"]
        return tuple(_one_of(row) for row in rows)[-KEPT:]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return ()


def _one_of(row: dict[str, Any]) -> BrowserSession:
    optional = {name: float(row[name]) for name in ("ended_at", "wrote_at") if row.get(name) is not None}
    words = {name: str(row.get(name) or "") for name in ("account", "write_refused")}
    return BrowserSession(str(row["name"]), float(row["began_at"]), **optional, **words)  # type: ignore[arg-type]
