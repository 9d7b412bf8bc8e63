"""Who may take a lease, what goes with a write, and whether two records are about one thing."""

from __future__ import annotations

import os
import signal
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from navaar_runtime.fences import Fence
from navaar_runtime.idempotency import About
from navaar_runtime.lease import FREE_S, GOOD_S, RENEW_S, Held, may_take
from navaar_runtime.processes import Process, has_ended, this_process

ME = this_process()
ELSEWHERE = Process("another-machine", "another-kernel", ME.pid, ME.started)


def held(by: Process = ELSEWHERE, holder: str = "someone") -> Held:
    return Held("epoch", holder, by, revision=7)


def test_a_lease_that_nobody_ever_took_or_that_was_given_back_is_free() -> None:
    assert may_take(None, 0, ME, set())
    assert may_take(held(holder=""), 0, ME, set())


def test_one_held_elsewhere_is_free_only_after_its_holder_has_stopped_by_itself() -> None:
    assert not may_take(held(), 0, ME, set())
    assert not may_take(held(), FREE_S - 0.1, ME, set())
    assert may_take(held(), FREE_S, ME, set())
    # Two renewals may fail before anybody stops, and nobody takes over before that.
    assert 2 * RENEW_S < GOOD_S < FREE_S <= 15


def test_one_that_looks_as_if_held_in_this_very_process_may_be_held_in_another_container() -> None:
    unknown = replace(ME, kernel="", pid=1, started="")
    assert not may_take(held(unknown), FREE_S - 0.1, unknown, set())
    assert not may_take(held(ME), FREE_S - 0.1, ME, set())


def test_a_process_that_was_killed_has_ended_and_one_that_is_stopped_has_not() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        started = _process(child.pid)
        assert not has_ended(started, ME)
        os.kill(child.pid, signal.SIGSTOP)
        assert not has_ended(started, ME)
        assert not may_take(held(started), FREE_S - 0.1, ME, set())
        child.kill()
        # Dead, and nobody has waited for it yet.
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert has_ended(started, ME)
        assert may_take(held(started), 0, ME, set())
    assert has_ended(started, ME)


@pytest.mark.parametrize(
    "other",
    [
        replace(ME, host="another-machine", started="1"),
        replace(ME, kernel="another-container", started="1"),
        replace(ME, kernel="", started="1"),
        replace(ME, started=""),
    ],
)
def test_nothing_is_said_of_processes_that_cannot_be_seen_from_here(other: Process) -> None:
    assert not has_ended(other, ME)


def test_a_later_process_with_the_same_number_is_another_one() -> None:
    assert has_ended(replace(ME, started="1"), ME)


def test_a_fence_is_older_only_within_one_life_of_the_lease() -> None:
    assert Fence("a", 3).is_older_than(Fence("a", 4))
    assert not Fence("a", 4).is_older_than(Fence("a", 4))
    # A server that was set up anew counts from 1 again.
    assert not Fence("b", 1).is_older_than(Fence("a", 4))


def test_two_are_about_the_same_if_they_mean_one_place_and_share_a_mark() -> None:
    one = About("spotify:p", ("title:1", "isrc:2"))
    assert one.is_same(About("spotify:p", ("title:9", "isrc:2")))
    assert not one.is_same(About("spotify:p", ("title:9",)))
    assert not one.is_same(About("spotify:q", ("title:1",)))
    assert one.is_same(About("spotify:q", ("title:1",)), places=("spotify:q",))


def _process(pid: int) -> Process:
    line = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    return replace(ME, pid=pid, started=line.rpartition(")")[2].split()[19])
