"""What an operator tells us about pages (`config/sites.toml`): expressions, compiled once, general and per site."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from workers.errors import Misuse
from workers.identify.address import registrable_domain
from workers.identify.site_rules import AddressRules

FILE = "sites.toml"
NAMES = ("drop", "appeal", "opening", "start", "outlets", "places", "not_places", "end", "stop", "prune", "captions",
         "suffix", "not_authors", "notice")  # fmt: skip

_NEVER = r"(?!)"


class Rules:
    """The expressions that hold for one site: the general ones and its own, each joined into one.

    `drop`, `appeal`, `opening`, `stop`, `not_authors` and `suffix` are to match a whole text, `start` its beginning,
    `end` its end (anchored here), `prune` and `captions` one class or id value (anchored at its words). `outlets`,
    `places` and `not_places` are parts of datelines. `notice` is looked for anywhere.
    """

    def __init__(self, expressions: Mapping[str, list[str]]) -> None:
        def joined(name: str) -> str:
            return "|".join(f"(?:{e})" for e in expressions.get(name, ())) or _NEVER

        flags = re.IGNORECASE | re.DOTALL
        self.drop = re.compile(rf"\W*(?:{joined('drop')})", flags)
        self.appeal = re.compile(rf"\W*(?:{joined('appeal')})", flags)
        self.opening = re.compile(rf"\W*(?:{joined('opening')})\W*", flags)
        # capitals tell a dateline from a sentence, so here they count
        self.start = re.compile(rf"(?:{joined('start')})")
        self.outlets = joined("outlets")
        self.places = joined("places")
        self.not_places = joined("not_places")
        self.end = re.compile(rf"(?:{joined('end')})\s*\Z", re.DOTALL)
        self.stop = re.compile(rf"(?:{joined('stop')})", flags)
        self.prune = re.compile(rf"(?:^|[\s])(?:{joined('prune')})(?=$|\s)", re.IGNORECASE)
        self.captions = re.compile(rf"(?:^|[\s])(?:{joined('captions')})(?=$|\s)", re.IGNORECASE)
        self.suffix = re.compile(rf"(?:{joined('suffix')})", flags)
        self.not_authors = re.compile(rf"(?:{joined('not_authors')})", flags)
        self.notice = re.compile(rf"(?:{joined('notice')})", flags)


class Sites:
    """Rules by site. Build it with `Sites.load`; `Sites()` has no rules at all."""

    def __init__(self, tables: Mapping[str, Mapping[str, list[str]]] | None = None) -> None:
        tables = tables or {}
        self._general = tables.get("general", {})
        self._own = {name: table for name, table in tables.items() if name != "general"}
        self.addresses = AddressRules()  # what it says of addresses
        self._rules = lru_cache(maxsize=512)(self._joined)

    @classmethod
    def load(cls, config_dir: Path) -> Sites:
        """Read `config_dir`/sites.toml; a missing file means no rules.

        Raises Misuse naming the file and the entry that is no TOML, no known name or no expression.
        """
        path = config_dir / FILE
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return cls()
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise Misuse(f"{path}: {error}") from error
        sites, addresses = content.pop("site", {}), content.pop("address", {})
        tables = {"general": content.pop("general", {})}
        if content or not isinstance(sites, dict):
            raise Misuse(f'{path}: only [general] and [site."…"] belong here, not {sorted(content)}')
        tables |= {name.lower(): table for name, table in sites.items()}
        for name, table in tables.items():
            _check(path, name, table)
        loaded = cls(tables)
        try:
            loaded.addresses = AddressRules(addresses)
        except Misuse as error:
            raise Misuse(f"{path}: {error}") from error
        return loaded

    def rules(self, url: str) -> Rules:
        """Return the rules for the page at `url`: general, then those of its registrable domain and host."""
        host = re.sub(r"^[a-z]+://(?:[^/@]*@)?|[/:?#].*$", "", url.lower(), flags=re.DOTALL).removeprefix("www.")
        own = tuple(n for n in dict.fromkeys((registrable_domain(url), host)) if n in self._own)
        return self._rules(own)

    def _joined(self, own: tuple[str, ...]) -> Rules:
        tables = [self._general, *(self._own[name] for name in own)]
        return Rules({name: [e for table in tables for e in table.get(name, ())] for name in NAMES})


def _check(path: Path, section: str, table: Any) -> None:
    if not isinstance(table, dict):
        raise Misuse(f"{path}: {section} is no table")
    for name, expressions in table.items():
        if name not in NAMES:
            raise Misuse(f"{path}: {section}: no such rule: {name} (there are {', '.join(NAMES)})")
        if not isinstance(expressions, list) or not all(isinstance(e, str) for e in expressions):
            raise Misuse(f"{path}: {section}.{name} must be a list of texts")
        for expression in expressions:
            try:
                matches_nothing = re.compile(expression).fullmatch("") is not None and name != "not_authors"
            except re.error as error:
                raise Misuse(f"{path}: {section}.{name}: {expression!r}: {error}") from error
            if matches_nothing:
                raise Misuse(f"{path}: {section}.{name}: {expression!r} matches the empty text")
