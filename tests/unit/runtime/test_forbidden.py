"""What NATS says beside a request that it forbids."""

from __future__ import annotations

from time import monotonic

from navaar_runtime import forbidden


def test_a_forbidden_subject_is_that_client_s_alone_and_from_then_on() -> None:
    begun = monotonic()
    forbidden.hear("navaar-a", RuntimeError('nats: permissions violation for publish to "navaar.evt.x.main"'))
    assert forbidden.is_since("navaar-a", "navaar.evt.x.Main", begun)
    assert not forbidden.is_since("navaar-a", "navaar.evt.x.main", monotonic() + 1)
    assert not forbidden.is_since("navaar-b", "navaar.evt.x.main", begun)
    assert not forbidden.is_since("navaar-a", "navaar.evt.x", begun)


def test_other_errors_forbid_nothing() -> None:
    forbidden.hear("navaar-c", RuntimeError('nats: permissions violation for subscription to "navaar.evt.y"'))
    forbidden.hear("navaar-c", RuntimeError("nats: maximum connections exceeded"))
    assert not forbidden.is_since("navaar-c", "navaar.evt.y", 0)


def test_what_is_remembered_is_bounded() -> None:
    begun = monotonic()
    for number in range(forbidden.MOST + 1):
        forbidden.hear("navaar-d", RuntimeError(f'nats: permissions violation for publish to "s.{number}"'))
    assert not forbidden.is_since("navaar-d", "s.0", begun)
    assert forbidden.is_since("navaar-d", f"s.{forbidden.MOST}", begun)
