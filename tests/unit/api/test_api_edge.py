"""Who calls, how many connections there may be, how deep JSON may be nested, and how guessing is slowed down."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field

import pytest

from navaar_api.edge.callers import Caller, counted_as, has_no_trace_of_a_proxy, identify, networks
from navaar_api.edge.connections import BODY_S, HEAD_S, WRITE_S, Connections, Phase
from navaar_api.edge.crowd import Turns
from navaar_api.edge.entrance import DEEPEST_JSON, depth
from navaar_api.settings import ApiSettings
from navaar_api.wrong_tokens import ALLOWED, LONGEST_PAUSE_S, MOST_WAITING, WINDOW_S, WrongTokens
from navaar_runtime.settings import SettingsError, load

BROWSER = [
    (b"host", b"127.0.0.1:8080"),
    (b"user-agent", b"Mozilla/5.0"),
    (b"accept", b"text/html"),
    (b"accept-language", b"en"),
    (b"sec-fetch-site", b"none"),
    (b"sec-ch-ua", b'"Chromium"'),
    (b"upgrade-insecure-requests", b"1"),
    (b"cookie", b"a=b"),
]
PROXIES = networks(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"])


def called(peer: str | None, *headers: tuple[str, str], trusted: bool = True) -> Caller:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    return identify(peer, "http", raw, PROXIES if trusted else ())


@pytest.mark.parametrize(
    "name",
    [
        "forwarded",
        "via",
        "x-forwarded",
        "x-forwarded-for",
        "x-forwarded-by-somebody",
        "x-real-ip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-original-forwarded-for",
        "x-envoy-external-address",
        "x-azure-clientip",
        "true-client-ip",
        "cf-connecting-ip",
        "cf-ray",
        "cdn-loop",
        "fastly-client-ip",
        "fly-client-ip",
        "tailscale-user-login",
        "proxy-connection",
        "x-a-name-of-tomorrow",
    ],
)
def test_any_header_that_no_client_sends_is_a_trace_of_a_proxy(name: str) -> None:
    assert has_no_trace_of_a_proxy(BROWSER)
    assert not has_no_trace_of_a_proxy([*BROWSER, (name.encode(), b"")])
    assert identify("127.0.0.1", "http", BROWSER, ()).is_direct
    assert not identify("127.0.0.1", "http", [*BROWSER, (name.encode(), b"203.0.113.9")], ()).is_direct


def test_a_call_under_another_name_was_meant_for_a_proxy() -> None:
    for host in ("127.0.0.1:8080", "localhost", "[::1]:8080"):
        assert called("127.0.0.1", ("Host", host), trusted=False).is_direct, host
    for host in ("navaar.example.org", "127.0.0.1.example.org", "192.168.1.2:8080"):
        assert not called("127.0.0.1", ("Host", host), trusted=False).is_direct, host


@pytest.mark.parametrize("peer", ["203.0.113.9", "::ffff:203.0.113.9", "10.0.0.1", "fe80::1%eth0", "/run/socket", None])
def test_only_this_machine_calls_directly(peer: str | None) -> None:
    assert not called(peer, trusted=False).is_direct


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])
def test_every_loopback_address_is_this_machine(peer: str) -> None:
    assert called(peer, trusted=False).is_direct


def test_a_forwarding_header_counts_from_believed_proxies_only() -> None:
    forged = ("X-Forwarded-For", "203.0.113.9")
    assert called("198.51.100.7", forged).address == "198.51.100.7"
    assert called("127.0.0.1", forged, trusted=False).address == "127.0.0.1"
    assert called("127.0.0.1", forged).address == "203.0.113.9"
    assert not called("127.0.0.1").is_direct


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ([("X-Forwarded-For", "1.1.1.1, 203.0.113.9")], "203.0.113.9"),
        ([("X-Forwarded-For", "1.1.1.1, 203.0.113.9, 10.1.2.3")], "203.0.113.9"),
        ([("X-Forwarded-For", "1.1.1.1"), ("X-Forwarded-For", "203.0.113.9")], "203.0.113.9"),
        ([("X-Forwarded-For", "203.0.113.9:5000")], "203.0.113.9"),
        ([("X-Forwarded-For", "[2001:db9::5]:443")], "2001:db9::5"),
        ([("X-Forwarded-For", "10.1.2.3, 10.4.5.6")], "10.1.2.3"),
        ([("X-Forwarded-For", "203.0.113.9, nonsense")], "127.0.0.1"),
        ([("X-Forwarded-For", "")], "127.0.0.1"),
        ([("Forwarded", 'for=1.1.1.1, for="[2001:db9::5]:443";proto=https;by=10.0.0.1')], "2001:db9::5"),
        ([("Forwarded", "for=unknown")], "127.0.0.1"),
        ([("Forwarded", "proto=https")], "127.0.0.1"),
        ([("Forwarded", "for=1.1.1.1"), ("X-Forwarded-For", "203.0.113.9")], "127.0.0.1"),
        ([("Forwarded", "for=203.0.113.9"), ("X-Forwarded-For", "203.0.113.9")], "203.0.113.9"),
    ],
)
def test_the_nearest_that_is_no_proxy_of_ours_is_the_client(headers: list[tuple[str, str]], address: str) -> None:
    assert called("127.0.0.1", *headers).address == address


def test_the_scheme_comes_from_a_believed_proxy_only() -> None:
    assert called("127.0.0.1", ("X-Forwarded-Proto", "https")).scheme == "https"
    assert called("127.0.0.1", ("X-Forwarded-Proto", "gopher")).scheme == "http"
    assert called("198.51.100.7", ("X-Forwarded-Proto", "https")).scheme == "http"


def test_a_whole_ipv6_network_counts_as_one() -> None:
    assert counted_as("2001:db8:1:2:3::4") == counted_as("2001:db8:1:2:ffff::1") != counted_as("2001:db8:1:3::4")
    assert counted_as("::ffff:192.0.2.1") == counted_as("192.0.2.1") != counted_as("192.0.2.2")


def test_proxies_that_are_no_addresses_are_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="NAVAAR_TRUSTED_PROXIES"):
        load(ApiSettings, {"NAVAAR_TRUSTED_PROXIES": '["proxy.example.org"]'})


@dataclass(eq=False)
class Pretended:
    """A connection that is in a phase since a moment."""

    counted_as: str | None
    phase: Phase = Phase.WAITING
    since: float = 0.0
    ended: list[str] = field(default_factory=list)

    def end(self, reason: str) -> None:
        self.ended.append(reason)


def test_who_only_waits_gives_way_the_longest_waiting_first() -> None:
    connections = Connections(4)
    answering = Pretended("a", Phase.ANSWERING, 0)
    late, later, last = Pretended("b", since=1), Pretended("c", since=2), Pretended("d", since=3)
    for each in (answering, late, later, last):
        assert connections.enter(each)
    assert connections.enter(Pretended("e", since=4))
    assert (late.ended, later.ended, answering.ended) == (["too many connections"], [], [])
    assert len(connections) == 4


def test_a_client_with_many_connections_pays_with_its_own() -> None:
    connections = Connections(4)
    mine, other = [Pretended("a", since=n) for n in range(5)], Pretended("b", since=-1)
    assert connections.enter(other)
    assert all(connections.enter(each) for each in mine)
    assert [bool(each.ended) for each in mine] == [True, True, False, False, False]
    assert not other.ended
    # Those of a proxy that speaks for many are no client's.
    through, crowd = Connections(8), [Pretended(None) for _ in range(8)]
    assert all(through.enter(each) for each in crowd)
    assert not any(each.ended for each in crowd)


def test_answers_under_way_are_finished_before_anybody_else_is_let_in() -> None:
    connections = Connections(2)
    busy = [Pretended("a", Phase.ANSWERING), Pretended("b", Phase.ANSWERING)]
    assert all(connections.enter(each) for each in busy)
    assert not connections.enter(Pretended("c"))
    busy[0].phase = Phase.STUCK
    assert connections.enter(Pretended("c"))
    assert busy[0].ended


def test_every_phase_that_a_client_can_draw_out_has_a_deadline() -> None:
    connections = Connections()
    slow = [Pretended("a", phase) for phase in Phase]
    for each in slow:
        connections.enter(each)
    ended = []
    for now in (HEAD_S, HEAD_S + 1, BODY_S + 1, WRITE_S + 1, 1e9):
        connections.sweep(now)
        ended.append({each.phase for each in slow if each.ended})
    assert ended == [
        set(),
        {Phase.WAITING},
        {Phase.WAITING, Phase.RECEIVING},
        {Phase.WAITING, Phase.RECEIVING, Phase.STUCK},
        {Phase.WAITING, Phase.RECEIVING, Phase.STUCK},
    ]


def test_nesting_is_counted_outside_of_texts() -> None:
    assert depth(b'{"a": [1, {"b": "[[[["}]}') == 3
    assert depth(b'"\\"[[["') == 0
    assert depth(b"[" * 60_000) > DEEPEST_JSON
    assert depth(b'{"a":' * 10_000) == 10_000
    assert depth(b"") == 0
    assert depth(b'"' + b"\\" * 60_000) == 0


def test_guessing_is_slowed_down_by_client_and_by_beginning_and_forgotten_after_a_minute() -> None:
    wrong = WrongTokens()
    for n in range(ALLOWED):
        assert wrong.pause_s("a", f"{n:04}-guess", n) == 0
        wrong.failed("a", f"{n:04}-guess", n)
    assert wrong.pause_s("a", "anything", ALLOWED) > 0
    assert wrong.pause_s("b", "anything", ALLOWED) == 0
    for n in range(ALLOWED):
        wrong.failed(f"client-{n}", f"same-{n}", ALLOWED)
    assert wrong.pause_s("c", "same-x", ALLOWED) > 0
    assert wrong.pause_s("c", "same-x", ALLOWED + WINDOW_S) == 0


def test_a_pause_grows_and_is_never_a_lockout() -> None:
    wrong = WrongTokens()
    pauses = []
    for n in range(500):
        wrong.failed("a", str(n), n / 100)
        pauses.append(wrong.pause_s("a", "right", n / 100))
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE_S


def test_who_guesses_takes_no_place_from_who_knows() -> None:
    wrong = WrongTokens()
    assert all(wrong.enter("a", f"aaaa{n}") for n in range(MOST_WAITING))
    assert not wrong.enter("a", "aaaaa")
    assert wrong.enter("a", "the right one")
    assert wrong.enter("b", "aaaab")
    wrong.leave("a", "aaaa0")
    assert wrong.enter("a", "aaaac")


async def test_a_crowd_is_let_in_a_few_at_a_time_in_its_order() -> None:
    turns = Turns(2)
    entered: list[int] = []
    rounds: list[int] = []

    async def one(number: int) -> None:
        await turns.come()
        entered.append(number)

    async def watch() -> None:
        while len(entered) < 9:
            rounds.append(len(entered))
            await asyncio.sleep(0)

    await asyncio.gather(watch(), *(one(number) for number in range(9)))
    assert entered == list(range(9))
    assert max(after - before for before, after in itertools.pairwise(rounds)) == 2
    # Somebody who gave up is nobody's turn.
    gone = asyncio.create_task(turns.come())
    await asyncio.sleep(0)
    gone.cancel()
    await turns.come()
