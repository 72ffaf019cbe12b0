"""Values that are made once and kept: what a word alone decides, for words come again and again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

LIMIT = 10_000  # of the values kept in one place
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(dict[Key, Value]):
    """Looks values up, and makes those it has not; when there are too many it forgets all of them.

    Results do not depend on what was asked before, so threads may share one.
    """

    def __init__(self, make: Callable[[Key], Value]) -> None:
        """`make`: a pure function of the key."""
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> Value:
        if len(self) >= LIMIT:
            self.clear()
        value = self[key] = self._make(key)
        return value
