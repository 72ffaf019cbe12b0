"""The words of `words.toml`: invented people, towns, readers' comments, parts of pages."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec


class Words(msgspec.Struct, frozen=True):
    """Lists to choose from; see `words.toml`."""

    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    phrase_names: tuple[str, ...]
    phrase_things: tuple[str, ...]
    phrase_colours: tuple[str, ...]
    towns: tuple[str, ...]
    openings: tuple[str, ...]
    english_openings: tuple[str, ...]
    lists: tuple[tuple[str, ...], ...]
    english_lists: tuple[tuple[str, ...], ...]
    quotes: tuple[str, ...]
    english_quotes: tuple[str, ...]
    lookalikes: tuple[str, ...]
    english_lookalikes: tuple[str, ...]
    endings: tuple[str, ...]
    captions: tuple[str, ...]
    long_comments: tuple[str, ...]
    readers: tuple[str, ...]
    comments: tuple[str, ...]
    parts: tuple[str, ...]
    sides: tuple[str, ...]
    rules: tuple[str, ...]
    breaks: tuple[str, ...]
    menu: dict[str, tuple[str, ...]]


@cache
def words() -> Words:
    """Return the lists; a text among them is a list of words."""
    data = tomllib.loads(files("workers.newsroom").joinpath("words.toml").read_text(encoding="utf-8"))
    return msgspec.convert(
        {key: value.split() if isinstance(value, str) else value for key, value in data.items()}, Words
    )
