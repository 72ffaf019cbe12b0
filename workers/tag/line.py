"""A sentence of an article with what was found in it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from workers.tag.endings import is_numeral
from workers.tag.features import View
from workers.tag.resolve import Span
from workers.tag.spans import TokenSpan
from workers.tag.tokens import Token


class Line(Struct):
    """A sentence: which text it is from, its tokens and what was found in it."""

    field: int
    tokens: list[Token]
    words: list[str]
    view: View
    title: bool = False  # of an article whose body is there too
    spans: list[TokenSpan] = []

    @property
    def capitals(self) -> bool:
        """Whether capitals tell little here: a title, or running text that looks like one."""
        return self.title or self.view.headline

    @property
    def loose(self) -> bool:
        """Whether it is a title or like one: a sentence of many names that ends in a full stop is not."""
        return self.capitals and (self.title or self.words[-1] != ".")

    def free(self, start: int, end: int) -> bool:
        """Tell whether no mention covers a token from `start` to `end` (exclusive)."""
        return not any(span.start < end and start < span.end for span in self.spans)

    def mentions(self, text: str, number: int) -> Iterator[Span]:
        """Yield the mentions as spans of `text`, the text the sentence is from; `number` is that of the sentence."""
        for span in self.spans:
            start, end = self.tokens[span.start].start, self.tokens[span.end - 1].end
            if span.type == "PERSON" and text[end - 1] == "." and is_numeral(self.words[span.end - 1]):
                end -= 1  # the stop of the sentence, not of an initial
            yield Span(self.field, start, end, text[start:end], span.type, span.score, number)
