"""The address of an Elasticsearch node as the operator writes it."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from workers.errors import Misuse


def node_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Misuse(f"KABAR_SEARCH_URL: {error}") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query or parts.fragment:
        raise Misuse("KABAR_SEARCH_URL: must be http(s)://HOST[:PORT][/PATH], user and password set apart")
    if port is None:
        parts = parts._replace(netloc=f"{parts.netloc.rstrip(':')}:{443 if parts.scheme == 'https' else 80}")
    return urlunsplit(parts)
