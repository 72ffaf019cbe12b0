"""What a page read again is worth beside what it gave before."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest

from tests.unit.extract.conftest import PARAGRAPHS, URL
from workers.errors import Permanent
from workers.extract.golden import compare
from workers.model import Article

DAY = datetime(2025, 9, 4, 2, 0, tzinfo=UTC)
BEFORE = Article(
    url=URL,
    title="Jembatan Siak IV dibuka kembali",
    body="\n\n".join(PARAGRAPHS),
    authors=("Ani Wulandari",),
    published_at=DAY,
    published_at_source="meta",
)
NOTICE = "Situs ini memakai cookie. " * 20


def now(**more: object) -> Article:
    return msgspec.structs.replace(BEFORE, **more)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (now(), []),
        (now(body=BEFORE.body.replace(" pada Kamis pagi", "")), []),  # a few words
        (now(body="\n\n".join(PARAGRAPHS[:3])), ["worse words"]),
        (now(body=NOTICE), ["worse words", "changed words"]),  # as long, but another text
        (now(body=BEFORE.body + "\n\n" + NOTICE * 2), ["changed words"]),
        (now(link_share=0.5), ["worse links"]),
        (now(published_at=None, published_at_source=None), ["worse date"]),
        (now(published_at_source="feed"), ["worse date"]),
        (now(published_at=datetime(2025, 9, 5, tzinfo=UTC)), ["changed date"]),
        (now(authors=()), ["worse authors"]),
        (now(authors=("Budi Hartono",)), ["changed authors"]),
        (now(title=""), ["worse title"]),
        (now(title="Jembatan Siak IV Dibuka Kembali!"), []),
        (now(title="Beranda"), ["changed title"]),
        (now(kind="video"), ["changed kind"]),
        (now(body_source="feed"), ["worse source"]),
        (Permanent("links", reason="junk_page"), ["worse refused"]),
    ],
)
def test_an_article_read_again(found: Article | Permanent, expected: list[str]) -> None:
    assert [f"{c.verdict} {c.what}" for c in compare(BEFORE, found)] == expected
    assert all(change.says for change in compare(BEFORE, found))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (BEFORE, ["better refused"]),
        (Permanent("x", reason="no_text"), []),
        (Permanent("x", reason="junk_page"), ["changed refused"]),
    ],
)
def test_a_refused_page_read_again(found: Article | Permanent, expected: list[str]) -> None:
    before = Permanent("no text", reason="no_text")
    assert [f"{c.verdict} {c.what}" for c in compare(before, found)] == expected


def test_what_was_missing_and_is_there_is_better() -> None:
    poor = now(authors=(), published_at=None, published_at_source=None, link_share=0.4)
    assert [f"{c.verdict} {c.what}" for c in compare(poor, BEFORE)] == ["better links", "better date", "better authors"]
    assert next(c.verdict for c in compare(now(body_source="feed"), BEFORE)) == "better"
