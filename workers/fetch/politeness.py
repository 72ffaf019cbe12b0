"""How long a host is left alone between two requests: plain arithmetic, no waiting (the frontier waits)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase

from workers.errors import Permanent
from workers.fetch.addresses import AddressPolicy, Network
from workers.fetch.targets import parse


def host_of(url: str) -> str:
    """Return the politeness key of `url`: its host, lower case ASCII, with the port where it is not the scheme's own.

    "" for a URL that can't be fetched: it waits for nobody, and the fetch refuses it.
    """
    try:
        return parse(url).authority
    except Permanent:
        return ""


def is_private(host: str, *, resolve: Mapping[str, str], allow_addresses: Iterable[Network]) -> bool:
    """Tell, without a name look-up, whether `host` (as `host_of` gives it) lies in the networks the operator allowed.

    True for an address inside `allow_addresses`, and for a name that `resolve` sends to one (or to "localhost").
    """
    name = _without_port(host)
    place = next((place for pattern, place in resolve.items() if fnmatchcase(name, pattern)), "")
    if place:
        name = _without_port(place)
    if name == "localhost":
        name = "127.0.0.1"
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False  # a name: it may be private all the same, and is then treated as politely as a public one
    return AddressPolicy(allow_addresses).allows(address)


def gap(host: str, private: bool, *, host_gap: float, host_gap_private: float) -> float:
    """Return the least seconds between the starts of two requests to `host`; none where there is no host."""
    if not host:
        return 0.0
    return host_gap_private if private else host_gap


def _without_port(authority: str) -> str:
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]
