"""How long browser sessions last is remembered, and told when one ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from navaar_runtime.failures import AuthRejected, RateLimited
from navaar_ytmusic_gateway import session_ages as ages
from navaar_ytmusic_gateway.keep_alive import keep_alive, rest_s
from navaar_ytmusic_gateway.session_ages import KEPT, SessionRecord, Sessions, name_of

DAY = 86_400.0
COOKIE = "SID=g.a000secret; __Secure-3PAPISID=thekeyofthesession0123456789; SAPISID=thekeyofthesession0123456789"


def lasted(*days: float) -> Sessions:
    """Sessions of so many days one after the other, all ended."""
    known: Sessions = ()
    at = 0.0
    for number, length in enumerate(days):
        known = ages.ended(ages.begun(known, f"session{number}", at), at + length * DAY)
        at += (length + 1) * DAY
    return known


@pytest.mark.parametrize(
    ("sessions", "told"),
    [
        ((), ""),
        (lasted(23), "it lasted 23 days"),
        (lasted(19, 23), "it lasted 23 days, the one before 19 days"),
        (lasted(1, 5, 19, 23), "it lasted 23 days, the ones before 19 days and 5 days"),
        (lasted(0.25, 0.01), "it lasted 14 minutes, the one before 6 hours"),
        (ages.begun(lasted(19), "now", 30 * DAY), ""),
    ],
)
def test_the_end_is_told_with_the_lengths_of_this_one_and_of_earlier_ones(sessions: Sessions, told: str) -> None:
    assert ages.told_end(sessions) == told


def test_the_age_is_told_with_the_lengths_of_earlier_ones() -> None:
    sessions = ages.begun(lasted(19, 23), "now", 100 * DAY)
    told = ages.told_age(sessions, 103 * DAY)
    assert told == "a browser session since 1970-04-11, 3 days old; those before lasted 23 days and 19 days"


def test_the_same_session_stays_as_old_as_it_is_when_it_is_signed_in_again_unless_it_had_ended() -> None:
    first = ages.begun((), "one", 10.0)
    again = ages.begun(first, "one", 500.0, "Ada")
    assert [(s.began_at, s.account) for s in again] == [(10.0, "Ada")]
    assert len(ages.begun(ages.ended(first, 400.0), "one", 500.0)) == 2


def test_a_session_that_answers_again_had_not_ended() -> None:
    ended = ages.ended(ages.begun((), "one", 10.0), 400.0)
    assert ages.lives(ended, "one", 10.0)[-1].ended_at is None
    assert [s.name for s in ages.lives(ended, "two", 600.0)] == ["one", "two"]


def test_an_end_is_noted_once_and_only_the_last_ones_are_kept() -> None:
    many = lasted(*range(1, KEPT + 5))
    assert len(many) == KEPT
    assert ages.ended(many, 10**9) == many


def test_changes_are_noted_now_and_then_and_a_refused_one_until_another_is_made() -> None:
    one = ages.wrote(ages.begun((), "one", 0.0), 100.0)
    assert ages.wrote(one, 200.0) is one
    refused = ages.wrote(one, 300.0, "no")
    assert (refused[-1].wrote_at, refused[-1].write_refused) == (100.0, "no")
    assert ages.wrote(refused, 400.0)[-1].write_refused == ""


def test_the_record_outlives_a_restart_is_private_and_holds_no_cookie(tmp_path: Path) -> None:
    file, name = tmp_path / "oauth.json", name_of(COOKIE)
    assert name is not None
    SessionRecord(file).begun(name, 0.0, "Ada")
    assert SessionRecord(file).ended(name, 23 * DAY) == "it lasted 23 days"
    kept = tmp_path / "oauth.json.sessions"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert "thekey" not in kept.read_text()
    assert "secret" not in kept.read_text()
    assert SessionRecord(file).sessions[-1].account == "Ada"


def test_what_another_process_signed_in_is_known_and_an_old_session_does_not_end_it(tmp_path: Path) -> None:
    running, terminal = SessionRecord(tmp_path / "a"), SessionRecord(tmp_path / "a")
    running.begun("old", 0.0)
    terminal.begun("new", 5 * DAY)
    running.ended("old", 6 * DAY)
    assert [(s.name, s.ended_at) for s in running.sessions] == [("old", None), ("new", None)]


def test_a_record_that_keeps_nothing_leaves_the_folder_as_it_is(tmp_path: Path) -> None:
    record = SessionRecord(tmp_path / "a", keeps=False)
    record.begun("one", 0.0)
    assert record.sessions
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", ["", "[]", '{"sessions": 5}', '{"sessions": [{"name": "a"}]}', '{"sessions": [1]}'])
def test_a_damaged_record_is_an_empty_one(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.sessions").write_text(content)
    assert SessionRecord(tmp_path / "a").sessions == ()


def test_a_cookie_without_its_key_has_no_name() -> None:
    assert name_of("SID=abc") is None
    assert name_of(COOKIE) != name_of(COOKIE.replace("thekey", "akey"))


def test_a_request_of_its_own_is_due_only_after_silence() -> None:
    assert rest_s(asked_at=100.0, now=130.0, every_s=600.0) == 570.0
    assert rest_s(asked_at=100.0, now=701.0, every_s=600.0) == 0.0
    assert rest_s(asked_at=float("-inf"), now=1.0, every_s=600.0) == 0.0


class Silent:
    """Nobody asks anything but who keeps the session alive."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.asked_at = float("-inf")
        self.greeted = 0
        self.done = asyncio.Event()
        self._outcomes = list(outcomes)

    async def greet(self) -> str:
        self.greeted += 1
        outcome = self._outcomes.pop(0)
        if not self._outcomes:
            self.done.set()
        if outcome is not None:
            raise outcome
        return "Ada"


async def test_a_refused_sign_in_is_told_and_a_pause_is_waited_for() -> None:
    youtube = Silent(RateLimited(1, "wait"), None, AuthRejected("it has ended"))
    refused: list[str] = []

    async def wait_open() -> None:
        if refused:
            await asyncio.Event().wait()

    async def close(reason: str) -> None:
        refused.append(reason)

    task = asyncio.create_task(keep_alive(youtube, 0.001, wait_open, close))
    async with asyncio.timeout(10):
        await youtube.done.wait()
        while not refused:
            await asyncio.sleep(0)
    task.cancel()
    assert refused == ["it has ended"]
    assert youtube.greeted == 3
