"""What an operator tells us about the addresses of a site (`[address."…"]` in `config/sites.toml`).

The general rules of `address` know what sites have in common. Here stands what only one publisher does: hosts and
paths that lead to one article, parameters that don't matter there. Rules only fold: what they make one was two before,
and the addresses as they were stay known, so that a changed rule leaves no article without its id.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

from workers.errors import Misuse, Permanent
from workers.identify.address import normalise, registrable_domain

NAMES = ("only", "noise", "rewrite")


class SiteRules(Struct, frozen=True, kw_only=True):
    """The rules of one registrable domain."""

    only: frozenset[str] | None = None  # parameters that name an article there; all others go
    noise: tuple[re.Pattern[str], ...] = ()  # of whole parameters ("name" or "name=value") that go
    rewrite: tuple[tuple[re.Pattern[str], str], ...] = ()  # of host and path, one after the other


class AddressRules:
    """Rules by registrable domain; `AddressRules()` has none."""

    def __init__(self, tables: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        """Read the tables of the file. Raises Misuse naming the rule that is none."""
        self._rules = {name.lower(): _read(name, table) for name, table in (tables or {}).items()}

    def fold(self, address: str) -> str:
        """Return the normalised `address` under its site's rules, normalised; as it is without any."""
        rules = self._rules.get(registrable_domain(address))
        if rules is None:
            return address
        parts = urlsplit(address)
        place = parts.netloc + parts.path
        for expression, replacement in rules.rewrite:
            place = expression.sub(replacement, place)
        kept = [pair for pair in parts.query.split("&") if pair and not _is_noise(pair, rules)]
        host, _, path = place.partition("/")
        try:
            return normalise(urlunsplit(("https", host, f"/{path}", "&".join(kept), parts.fragment)))
        except Permanent:  # a rule that made no address of it
            return address


def _is_noise(pair: str, rules: SiteRules) -> bool:
    name = pair.partition("=")[0]
    if rules.only is not None and name not in rules.only:
        return True
    return any(expression.fullmatch(pair) or expression.fullmatch(name) for expression in rules.noise)


def _read(site: str, table: Any) -> SiteRules:
    if not isinstance(table, dict) or set(table) - set(NAMES):
        raise Misuse(f'address."{site}": there are {", ".join(NAMES)}')
    only = table.get("only")
    pairs = table.get("rewrite", [])
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise Misuse(f'address."{site}".rewrite: must be a list of [expression, replacement]')
    texts = {"only": only or [], "noise": table.get("noise", []), "rewrite": [one for pair in pairs for one in pair]}
    for name, found in texts.items():
        if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
            raise Misuse(f'address."{site}".{name}: must be a list of texts')
    return SiteRules(
        only=None if only is None else frozenset(only),
        noise=tuple(_compiled(site, text) for text in texts["noise"]),
        rewrite=tuple(_rewrite(site, pair) for pair in pairs),
    )


def _rewrite(site: str, pair: Sequence[str]) -> tuple[re.Pattern[str], str]:
    expression = _compiled(site, pair[0])
    try:
        re.compile(f"{pair[0]}|").sub(pair[1], "")  # the empty match: is the replacement one of this expression?
    except (re.error, IndexError) as error:
        raise Misuse(f'address."{site}".rewrite: {pair[1]!r}: {error}') from error
    return expression, pair[1]


def _compiled(site: str, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        raise Misuse(f'address."{site}": {text!r}: {error}') from error
