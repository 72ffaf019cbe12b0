"""workers/fetch/politeness.py: whom to wait for, and how long."""

from __future__ import annotations

import ipaddress

import pytest

from workers.fetch.politeness import gap, host_of, is_private

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
PLACES = {
    "*.newsroom.test": "127.0.0.1:8080",
    "*.six.test": "[::1]:80",
    "*.lokal.test": "localhost:80",
    "*.jauh.test": "8.8.8.8:80",
}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Riau24.com/feed", "riau24.com"),
        ("https://www.riau24.com:443/", "www.riau24.com"),
        ("http://riau24.com:8080/", "riau24.com:8080"),
        ("http://riau24.com:443/", "riau24.com:443"),
        ("https://user:pw@riau24.com./x", "riau24.com"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("http://[::1]:80/", "[::1]"),
        ("http://[::1]:81/", "[::1]:81"),
        ("bukan url", ""),
        ("", ""),
        ("ftp://a.example/", ""),
    ],
)
def test_hosts(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1:8080", True),
        ("127.0.0.1", True),
        ("[::1]:81", True),
        ("localhost:80", True),
        ("10.0.0.1", False),
        ("kota.newsroom.test", True),
        ("kota.newsroom.test:81", True),
        ("a.six.test", True),
        ("a.lokal.test", True),
        ("a.jauh.test", False),
        ("riau24.com", False),
        ("8.8.8.8", False),
        ("", False),
        ("::", False),
        ("[", False),
    ],
)
def test_private_hosts(host: str, private: bool) -> None:
    assert is_private(host, resolve=PLACES, allow_addresses=LOOPBACK) is private
    assert not is_private(host, resolve=PLACES, allow_addresses=())


@pytest.mark.parametrize(
    ("host", "private", "seconds"),
    [
        ("riau24.com", False, 1.0),
        ("127.0.0.1:8080", True, 0.25),
        ("", False, 0.0),
        ("", True, 0.0),
    ],
)
def test_gaps(host: str, private: bool, seconds: float) -> None:
    assert gap(host, private, host_gap=1.0, host_gap_private=0.25) == seconds
