"""Which addresses may be connected to: the public internet, and what the operator allows besides.

The tables follow the IANA special-purpose address registries (RFC 6890 and its updates) and are written out here
because `ipaddress.is_global` differs between patch releases of Python.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from workers.errors import Permanent

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_FORBIDDEN_4 = tuple(
    (ipaddress.IPv4Network(text), why)
    for text, why in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared (carrier NAT)"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's own service"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
_FORBIDDEN_6 = tuple(
    (ipaddress.IPv6Network(text), why)
    for text, why in (
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
    )
)
_GLOBAL_6 = ipaddress.IPv6Network("2000::/3")  # all that is given out as global unicast (RFC 4291)
_PROTOCOL_6 = ipaddress.IPv6Network("2001::/23")  # IETF protocol assignments; Teredo lies inside
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are the IPv4 address

# Ports of mail, shells, file servers and the like: no browser fetches from them (Fetch standard, "port blocking";
# Redis and memcached added), so that a URL cannot make us speak to such a service.
# fmt: off
BLOCKED_PORTS = frozenset({
    1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530,
    531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190,
    5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211,
})
# fmt: on


class AddressPolicy:
    """Says whether an IP address and port may be connected to. Immutable; safe for all threads."""

    def __init__(self, allow: Iterable[Network] = ()) -> None:
        """`allow`: networks that may be fetched although they are private (KABAR_ALLOW_ADDRESSES)."""
        self._allow = tuple(allow)

    def check(self, address: str, port: int, host: str) -> None:
        """Return when `address` may be connected to. Raises Permanent "forbidden_address" naming `host` and why."""
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError as error:
            raise Permanent(f"{host} resolves to {address!r}, no address", reason="forbidden_address") from error
        if self.allows(parsed):
            return
        why = forbidden(parsed)
        if why:
            raise Permanent(f"{host} is at {address}, which is {why}", reason="forbidden_address")
        if port in BLOCKED_PORTS:
            raise Permanent(f"{host}: port {port} is not for fetching from", reason="forbidden_address")

    def allows(self, address: Address) -> bool:
        """Tell whether the operator allowed `address` (or the IPv4 address that it maps) explicitly."""
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return any(address in network or (mapped is not None and mapped in network) for network in self._allow)


def forbidden(address: Address) -> str:
    """Return why `address` is not on the public internet, "" when it is."""
    if isinstance(address, ipaddress.IPv4Address):
        return next((why for network, why in _FORBIDDEN_4 if address in network), "")
    inner = tuple(_embedded(address))
    for embedded in inner:
        why = forbidden(embedded)
        if why:
            return f"{why} ({embedded} inside)"
    if inner:
        return ""
    why = next((why for network, why in _FORBIDDEN_6 if address in network), "")
    if why:
        return why
    return "reserved" if address not in _GLOBAL_6 or address in _PROTOCOL_6 else ""


def _embedded(address: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """Yield the IPv4 addresses that packets to `address` may end at: mapped, NAT64, 6to4, Teredo."""
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address in _NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
