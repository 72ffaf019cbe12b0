"""One item's broken text costs no other item a character: what begins no markup is text, and references survive."""

from datetime import UTC, datetime

import pytest

from workers.model import Feed
from workers.poll.parse import parse_feed

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)
FEED = Feed(id="f", url="https://kabar.test/feed")

# (the first item's title as written, as read)
TITLES = [
    ("Laba 1 < rugi", "Laba 1 < rugi"),
    ("Kami <3 Riau", "Kami <3 Riau"),
    ("Skor <= dua & << tiga", "Skor <= dua & << tiga"),
    ("Panah <- kiri </ kanan <! atas <? bawah", "Panah <- kiri </ kanan <! atas <? bawah"),
    ("Suhu < &nbsp; &deg;C &LT; &AMP;", "Suhu < °C < &"),
    ("<![CDATA[Laba 1 < rugi & pajak]]> < lain", "Laba 1 < rugi & pajak < lain"),
    ("Terbuka <b dan hilang", None),  # a guess of the recovery
    ("Huruf <y tertinggal", None),
    ("Komentar <!-- < & --> hilang <", "Komentar hilang <"),
]
LATER = (
    "<item><title>Sawit &amp; karet &lt;naik&gt; &quot;lagi&quot; &#38; terus</title>"
    "<link>https://kabar.test/?id=2&amp;kat=3</link>"
    "<description>&lt;p&gt;Satu &amp;amp; dua&lt;/p&gt;</description></item>"
)


@pytest.mark.parametrize(("written", "read"), TITLES)
def test_the_items_after_a_broken_one_keep_every_character(written: str, read: str | None) -> None:
    first = f"<item><title>{written}</title><link>https://kabar.test/?id=1&amp;kat=3</link></item>"
    document = f"<rss version='2.0'><channel><title>K</title>{first}{LATER * 2}</channel></rss>"
    parsed = parse_feed(document.encode(), FEED, now=NOW, max_entries=50)
    broken, later = parsed.entries
    assert read is None or broken.title == read
    assert broken.url == "https://kabar.test/?id=1&kat=3"
    assert later.title == 'Sawit & karet <naik> "lagi" & terus'
    assert (later.url, later.summary) == ("https://kabar.test/?id=2&kat=3", "Satu & dua")
    assert parsed.bozo


def test_brackets_and_references_in_attributes_survive() -> None:
    document = """<feed xmlns="http://www.w3.org/2005/Atom"><title>a < b</title><entry><title type="html">x</title>
        <link href="https://kabar.test/?id=1&amp;kat=3" title="1 < 2 &quot;3&quot;"/></entry></feed>"""
    (entry,) = parse_feed(document.encode(), FEED, now=NOW, max_entries=50).entries
    assert entry.url == "https://kabar.test/?id=1&kat=3"
