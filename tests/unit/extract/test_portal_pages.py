"""Pages in the markup of well-known portals, with texts of our own: the body is what the pages mark as theirs.

In `portals/*.html` the article's own paragraphs stand between ⟦ and ⟧, its sub-headings between ⟦# and ⟧, captions
between ⟦^ and ⟧. The marks are taken out before the page is read, so the truth is what was written. The first line
names the page's address and dateline.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from workers.model import Article

PAGES = sorted(Path(__file__).with_name("portals").glob("*.html"))
MARKED = re.compile(r"⟦([#^]?)(.*?)⟧", re.DOTALL)
FIRST = re.compile(r"<!-- (\S+) \| dateline: (.*?) -->\n")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_articles_own_text_is_found_whole_and_alone(path: Path, read: Callable[..., Article]) -> None:
    text = path.read_text(encoding="utf-8")
    first = FIRST.match(text)
    assert first is not None
    marked = [(kind, plain(inner)) for kind, inner in MARKED.findall(text)]
    page = MARKED.sub(lambda match: match[2], text[first.end() :])
    article = read(page.encode(), url=first[1])
    assert article.body.split("\n\n") == [own for kind, own in marked if kind != "^"]
    assert list(article.headings) == [own for kind, own in marked if kind == "#"]
    assert list(article.captions) == [own for kind, own in marked if kind == "^"]
    assert article.dateline == first[2]


def plain(inner: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " " if "<br" in inner else "", inner)).split())
