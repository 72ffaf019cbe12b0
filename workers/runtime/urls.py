"""What a URL in a setting must be."""

from __future__ import annotations

from urllib.parse import urlsplit


def checked_url(url: str, schemes: tuple[str, ...], wanted: str) -> str:
    """Return `url` when it is empty or has one of `schemes`, a host (or a path, for unix) and a possible port.

    Raises ValueError saying what is `wanted`.
    """
    if not url:
        return url
    try:
        parts = urlsplit(url)
        right = (
            parts.scheme in schemes and (parts.path if parts.scheme == "unix" else parts.hostname) and parts.port != 0
        )
    except ValueError:
        right = False
    if not right:
        raise ValueError(wanted)
    return url
