"""Who calls: the peer of the connection, or, through a proxy that is believed, the client that it names.

Anybody can write a forwarding header, so it counts only from an address of NAVAAR_TRUSTED_PROXIES.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Header = tuple[bytes, bytes]
Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

UNKNOWN = "unknown"
_COUNTED_TOGETHER = 64
"""Whoever has one IPv6 address has a whole /64 of them (RFC 6177)."""
_MOST_HOPS = 32

_OF_CLIENTS = frozenset(
    b"accept authorization baggage cache-control connection cookie date dnt expect from host if-match "
    b"if-modified-since if-none-match if-range if-unmodified-since keep-alive last-event-id origin pragma priority "
    b"purpose range referer save-data te traceparent tracestate transfer-encoding upgrade upgrade-insecure-requests "
    b"user-agent x-csrf-token x-requested-with".split()
)
_OF_CLIENTS_BEGIN = (b"accept-", b"access-control-request-", b"content-", b"sec-")
_FORWARDED_FOR = re.compile(r"(?:^|;)\s*for\s*=\s*(\"[^\"]*\"|[^;\s]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a request comes from."""

    peer: str
    """The address at the other end of the connection."""
    address: str
    """The client's: the peer's, or what a believed proxy says."""
    scheme: str
    is_direct: bool
    """The peer is this machine, and nothing shows that it passes the request on for somebody else."""

    @property
    def counted_as(self) -> str:
        """What attempts and connections are counted by."""
        return counted_as(self.address)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks as they are written in settings. Raises ValueError, naming the first that is neither."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts)


def identify(peer: str | None, scheme: str, headers: Sequence[Header], trusted: Sequence[Network]) -> Caller:
    """Who calls, by the connection's peer and the request's headers (names in lower case)."""
    at = _address(peer or "")
    if at is None:
        return Caller(peer or UNKNOWN, peer or UNKNOWN, scheme, is_direct=False)
    if not _is_in(at, trusted):
        return Caller(str(at), str(at), scheme, is_direct=at.is_loopback and _is_for_us(headers))
    proto = _last(headers, b"x-forwarded-proto").lower()
    return Caller(
        str(at),
        str(_forwarded_for(at, headers, trusted)),
        proto if proto in ("http", "https") else scheme,
        is_direct=False,
    )


def is_believed(peer: str, trusted: Sequence[Network]) -> bool:
    """Whether a peer's forwarding headers count."""
    at = _address(peer)
    return at is not None and _is_in(at, trusted)


def has_no_trace_of_a_proxy(headers: Iterable[Header]) -> bool:
    """Whether every header is one that browsers and programs send of themselves.

    Proxies have invented too many names (X-Forwarded-For, Via, CF-Connecting-IP, True-Client-IP, ...) to list them:
    what is not known to come from a client counts as theirs.
    """
    return all(name in _OF_CLIENTS or name.startswith(_OF_CLIENTS_BEGIN) for name, _ in headers)


def _is_for_us(headers: Sequence[Header]) -> bool:
    host = _without_port(_last(headers, b"host")).lower()
    at = _address(host)
    is_our_name = host in ("", "localhost") or (at is not None and at.is_loopback)
    return is_our_name and has_no_trace_of_a_proxy(headers)


def counted_as(address: str) -> str:
    """An IPv4 address as it is, an IPv6 address as its network, anything else as one."""
    at = _address(address)
    if at is None:
        return UNKNOWN
    return str(at) if isinstance(at, IPv4Address) else str(ip_network((at, _COUNTED_TOGETHER), strict=False))


def _forwarded_for(peer: Address, headers: Sequence[Header], trusted: Sequence[Network]) -> Address:
    """The last address on the way that is no believed proxy's; the peer's where the headers do not make sense.

    Each proxy adds to the end what it saw itself (RFC 7239, section 5.2); what stands before the last that is believed
    may have been made up by the client. So may a whole header that the proxy does not know and passes on: if both
    kinds are there and differ, neither counts.
    """
    told = [
        _nearest_stranger(hops, trusted)
        for hops in (_hops(headers, b"x-forwarded-for"), _hops(headers, b"forwarded"))
        if hops
    ]
    if not told or None in told or len(set(told)) != 1:
        return peer
    return told[0] or peer


def _nearest_stranger(hops: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """None where the nearest that is not believed is no address."""
    at = None
    for hop in list(reversed(hops))[:_MOST_HOPS]:
        at = _address(_without_port(hop))
        if at is None or not _is_in(at, trusted):
            return at
    return at


def _hops(headers: Sequence[Header], name: bytes) -> list[str]:
    text = ",".join(value.decode("latin-1") for key, value in headers if key == name)
    hops = [part.strip() for part in text.split(",") if part.strip()]
    if name != b"forwarded":
        return hops
    named = [_FORWARDED_FOR.search(hop) for hop in hops]
    return [found[1].strip('"') if found else "" for found in named]


def _last(headers: Sequence[Header], name: bytes) -> str:
    values = [value.decode("latin-1") for key, value in headers if key == name]
    return values[-1].rpartition(",")[2].strip() if values else ""


def _without_port(text: str) -> str:
    """'[2001:db8::1]:443' -> '2001:db8::1', '192.0.2.1:443' -> '192.0.2.1'."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text


def _address(text: str) -> Address | None:
    try:
        at = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = at.ipv4_mapped if isinstance(at, IPv6Address) else None
    return mapped or at


def _is_in(at: Address, trusted: Sequence[Network]) -> bool:
    return any(at.version == network.version and at in network for network in trusted)
