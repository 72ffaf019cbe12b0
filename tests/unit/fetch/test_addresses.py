"""workers/fetch/addresses.py: what is on the public internet and what is not (IANA special-purpose registries)."""

from __future__ import annotations

import ipaddress

import pytest

from workers.errors import Permanent
from workers.fetch.addresses import AddressPolicy, forbidden


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "103.10.61.1",
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "198.17.255.255",
        "223.255.255.255",
        "2606:4700::1111",
        "2001:4860:4860::8888",
        "2a00:1450::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",  # NAT64 of 8.8.8.8
        "2002:808:808::1",  # 6to4 of 8.8.8.8
    ],
)
def test_public_addresses(address: str) -> None:
    assert forbidden(ipaddress.ip_address(address)) == ""
    AddressPolicy().check(address, 443, "berita.example")


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("127.0.0.1", "loopback"),
        ("127.255.255.255", "loopback"),
        ("10.1.2.3", "private"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.0.1", "private"),
        ("169.254.169.254", "link-local"),
        ("100.64.0.1", "shared"),
        ("100.127.255.255", "shared"),
        ("100.100.100.200", "shared"),
        ("0.0.0.0", "unspecified"),
        ("0.1.2.3", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("192.0.0.8", "reserved"),
        ("192.0.2.1", "documentation"),
        ("198.18.0.1", "benchmarking"),
        ("198.51.100.1", "documentation"),
        ("203.0.113.1", "documentation"),
        ("168.63.129.16", "cloud"),
        ("::", "unspecified"),
        ("::1", "loopback"),
        ("fe80::1", "link-local"),
        ("fe80::1%1", "link-local"),
        ("fc00::1", "private"),
        ("fd00:ec2::254", "private"),
        ("fec0::1", "private"),
        ("ff02::1", "multicast"),
        ("2001:db8::1", "documentation"),
        ("3fff::1", "documentation"),
        ("100::1", "reserved"),
        ("2001:2::1", "reserved"),
        ("4000::1", "reserved"),
        ("64:ff9b:1::1", "reserved"),
        ("::7f00:1", "reserved"),
        ("5f00::1", "reserved"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::ffff:10.0.0.1", "private"),
        ("64:ff9b::7f00:1", "loopback"),
        ("64:ff9b::a9fe:a9fe", "link-local"),
        ("2002:7f00:1::1", "loopback"),
        ("2002:c0a8:101::1", "private"),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", "private"),  # Teredo: client 10.0.0.1 (its bits turned over)
        ("2001:0:7f00:1:8000:63bf:3fff:fdd2", "loopback"),  # Teredo: server 127.0.0.1
        ("::ffff:0:127.0.0.1", "reserved"),  # IPv4-translated
    ],
)
def test_inside_addresses(address: str, why: str) -> None:
    assert why in forbidden(ipaddress.ip_address(address))
    with pytest.raises(Permanent, match=r"berita\.example") as caught:
        AddressPolicy().check(address, 443, "berita.example")
    assert caught.value.reason == "forbidden_address"


@pytest.mark.parametrize(
    ("allow", "address", "allowed"),
    [
        ("127.0.0.0/8", "127.0.0.1", True),
        ("127.0.0.0/8", "::ffff:127.0.0.1", True),
        ("127.0.0.0/8", "::1", False),
        ("127.0.0.0/8", "10.0.0.1", False),
        ("127.0.0.0/8", "64:ff9b::7f00:1", False),
        ("::1/128", "::1", True),
        ("10.0.0.0/8", "2002:a00:1::1", False),
        ("fd00::/8", "fd12::1", True),
    ],
)
def test_allowed_networks(allow: str, address: str, allowed: bool) -> None:
    policy = AddressPolicy([ipaddress.ip_network(allow)])
    assert policy.allows(ipaddress.ip_address(address)) is allowed
    if allowed:
        policy.check(address, 22, "newsroom.test")
    else:
        with pytest.raises(Permanent):
            policy.check(address, 80, "newsroom.test")


@pytest.mark.parametrize("port", [22, 25, 6379, 11211])
def test_ports_of_other_services(port: int) -> None:
    with pytest.raises(Permanent) as caught:
        AddressPolicy().check("8.8.8.8", port, "berita.example")
    assert caught.value.reason == "forbidden_address"


@pytest.mark.parametrize("address", ["", "berita.example", "1.2.3", "12345", "::g"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(Permanent):
        AddressPolicy().check(address, 80, "berita.example")
