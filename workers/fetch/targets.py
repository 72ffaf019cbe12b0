"""URLs as they go on the wire: parsed, checked and written in ASCII (RFC 3986; the lenient parts as browsers do)."""

from __future__ import annotations

import contextlib
import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from workers.errors import Permanent

PORTS = {"http": 80, "https": 443}
MAX_URL = 8_192  # characters; RFC 9110 asks for at least 8,000

_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BLANKS = " \t\r\n\f\v\xa0\u200b\ufeff"
# What stays as it is; the rest is percent-encoded as UTF-8. "%" stays: most of it is encoding already.
_PATH_SAFE = "/%:@!$&'()*+,;=~-._[]|^"
_QUERY_SAFE = _PATH_SAFE + "?\\`{}"


class Target(NamedTuple):
    """Where one request goes. `host` is lower case ASCII (IDNA), IPv6 without brackets; `path` includes the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """The Host header's value: the port only when it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


def parse(url: str) -> Target:
    """Return the target of `url`, its user name, password and fragment left out. Raises Permanent "bad_url"."""
    text = url.strip(_BLANKS)
    if len(text) > MAX_URL:
        raise _bad(text, f"longer than {MAX_URL} characters")
    try:
        parts = urlsplit(text)
        port = parts.port
        path = quote(parts.path.replace("\\", "/") or "/", safe=_PATH_SAFE)
        query = quote(parts.query, safe=_QUERY_SAFE)
    except ValueError as error:  # brackets, port, lone surrogates
        raise _bad(text, str(error)) from error
    if parts.scheme not in PORTS:
        raise _bad(text, "not an absolute http or https address")
    if _CONTROL.search(parts.path) or _CONTROL.search(parts.query):
        raise _bad(text, "control character")
    if port == 0 or "\\" in parts.netloc:  # browsers end the host at a backslash, urlsplit does not
        raise _bad(text, "bad host or port")
    if not path.startswith("/"):
        raise _bad(text, "path without a slash")
    host = _host(parts.netloc, parts.hostname or "", text)
    return Target(parts.scheme, host, port or PORTS[parts.scheme], f"{path}?{query}" if query else path)


def follow(target: Target, location: str) -> Target:
    """Return where a redirect from `target` leads. Raises Permanent "bad_url"."""
    if len(location) > MAX_URL:
        raise _bad(location, f"redirect of {target.url} is longer than {MAX_URL} characters")
    # http.client reads headers as Latin-1, many servers send raw UTF-8 in Location; what is real Latin-1 stays.
    with contextlib.suppress(UnicodeError):
        location = location.encode("latin-1").decode("utf-8")
    try:
        joined = urljoin(target.url, location.strip(_BLANKS))
    except ValueError as error:
        raise _bad(location, str(error)) from error
    return parse(joined)


def _host(netloc: str, host: str, text: str) -> str:
    if netloc.rpartition("@")[2].startswith("["):
        try:
            return str(ipaddress.IPv6Address(host)) if "%" not in host else _fail(text, "address with a zone")
        except ValueError as error:
            raise _bad(text, "bad IPv6 address") from error
    if not host.isascii():
        if len(host) > 253:
            raise _bad(text, "host name too long")
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError as error:
            raise _bad(text, "host name is not valid") from error
    host = host.removesuffix(".")
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise _bad(text, "host name is not valid" if host else "no host name")
    return host


def _fail(text: str, why: str) -> str:
    raise _bad(text, why)


def _bad(text: str, why: str) -> Permanent:
    shown = re.sub(r"//[^/@]*@", "//", text[:200])  # never a password in a message
    return Permanent(f"bad URL {shown!r}: {why}", reason="bad_url")
