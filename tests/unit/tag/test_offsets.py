"""Whatever the text, a mention is its slice; and many texts take no more memory than few."""

import io
import tracemalloc
from pathlib import Path
from typing import IO, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import shipped_tagger
from workers.cli.batch import answer_lines
from workers.cli.tag import Request, answer
from workers.tag import kept

CONFIG = Path(__file__).parents[3] / "config"
TAGGER = shipped_tagger()
# fmt: off
NAMES = [
    "Presiden Joko Widodo", "KPK", "Kim Jong-un", "İstanbul", "Jakarta", "PT Ñandú", "Bapak 李明", "Zoë", "S.H.",
    "ﬁrman", "\ud800Budi", "kata \udfff .",
]
MARKS = [" ", ", ", ". ", "\n", "\u2028", "\u00a0", "\U0001f600", "e\u0301"]
# fmt: on
PIECES = st.one_of(st.text(max_size=12), st.sampled_from(NAMES), st.sampled_from(MARKS))


@given(st.lists(PIECES, max_size=25).map("".join))
def test_every_mention_is_its_slice(text: str) -> None:
    at = 0
    for entity in TAGGER.tag(text):
        assert text[entity.start : entity.end] == entity.text
        assert entity.text.strip() == entity.text != ""
        assert at <= entity.start
        at = entity.end


@given(st.lists(PIECES, max_size=12).map("".join), st.lists(PIECES, max_size=12).map("".join))
def test_title_and_body_have_offsets_of_their_own(title: str, body: str) -> None:
    for text, entities in zip((title, body), TAGGER.tag_fields((title, body)), strict=True):
        for entity in entities:
            assert text[entity.start : entity.end] == entity.text


class Lines(io.RawIOBase):
    """Reads as `count` lines, each made when it is asked for."""

    def __init__(self, count: int) -> None:
        self.left = count

    def readline(self, size: int | None = -1, /) -> bytes:  # what the batch asks for
        if not self.left:
            return b""
        self.left -= 1
        text = (
            f"Bupati Nama{self.left} Sari{self.left % 977} tiba di Desa Anu{self.left}, kata PT Maju{self.left} Jaya."
        )
        return msgspec.json.encode({"id": self.left, "text": text}) + b"\n"


class Answers(io.RawIOBase):
    """Forgets what is written, but the ids and whether they came in order."""

    def __init__(self) -> None:
        self.last = -1
        self.count = 0
        self.ordered = True

    def write(self, data: object, /) -> int:
        row = msgspec.json.decode(bytes(data))  # type: ignore[call-overload]
        self.ordered &= self.last in (-1, row["id"] + 1)
        self.last, self.count = row["id"], self.count + 1
        return 0


def test_a_batch_answers_in_order_and_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LIMIT", 200)  # of words kept: reached at once, as in a long batch

    def grown(count: int) -> int:
        answers = Answers()
        lines = cast("IO[bytes]", Lines(count))
        answer_lines(
            lines,
            cast("IO[bytes]", answers),
            Request,
            lambda text: answer(text, TAGGER, "Asia/Jakarta"),
            lambda _: {"entities": []},
        )
        assert (answers.count, answers.ordered) == (count, True)
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = grown(100)
        assert grown(300) - before < 500_000
    finally:
        tracemalloc.stop()
