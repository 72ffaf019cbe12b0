"""Sitemaps polled as feeds: rows name what sitemaps.org and Google's news extension say, and what sites do."""

import gzip
from datetime import UTC, datetime

import pytest

from workers.errors import Permanent
from workers.model import Feed, digest
from workers.poll.parse import ParsedFeed, parse_feed

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)
FEED = Feed(id=digest("https://kabar.test/sitemap.xml"), url="https://kabar.test/sitemap.xml", site="kabar.test")
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def parse(text: str | bytes, max_entries: int = 100) -> ParsedFeed:
    body = text.encode() if isinstance(text, str) else text
    return parse_feed(body, FEED, now=NOW, max_entries=max_entries)


def news(path: str, date: str, title: str = "Judul") -> str:
    return (
        f"<url><loc>https://kabar.test{path}</loc><news:news><news:publication><news:name>Kabar</news:name>"
        f"<news:language>id</news:language></news:publication><news:publication_date>{date}</news:publication_date>"
        f"<news:title>{title}</news:title><news:keywords>banjir, Kampar</news:keywords></news:news>"
        f"<image:image><image:loc>/foto{path}.jpg</image:loc></image:image></url>"
    )


def page(path: str, changed: str = "") -> str:
    return f"<url><loc>https://kabar.test{path}</loc>{f'<lastmod>{changed}</lastmod>' if changed else ''}</url>"


def index(*rows: tuple[str, str]) -> str:
    children = "".join(
        f"<sitemap><loc>{loc}</loc>{f'<lastmod>{date}</lastmod>' if date else ''}</sitemap>" for loc, date in rows
    )
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{children}</sitemapindex>'


def test_a_news_sitemap_lists_articles_newest_first() -> None:
    text = (
        HEAD
        + news("/lama", "2025-09-03")
        + news("/baru", "2025-09-04T14:05:00+07:00", "Banjir &amp; longsor")
        + "</urlset>"
    )
    parsed = parse(text)
    assert parsed.version == "news-sitemap"
    assert [entry.url for entry in parsed.entries] == ["https://kabar.test/baru", "https://kabar.test/lama"]
    first = parsed.entries[0]
    assert (first.title, first.tags, first.image) == (
        "Banjir & longsor",
        ("banjir", "Kampar"),
        "https://kabar.test/foto/baru.jpg",
    )
    assert first.published_at == datetime(2025, 9, 4, 7, 5, tzinfo=UTC)


def test_of_a_plain_sitemap_only_what_changed_in_three_days_is_news_and_its_date_is_no_publication() -> None:
    text = HEAD + page("/tua", "2024-01-01") + page("/kontak") + page("/baru", "2025-09-04T01:00:00Z") + "</urlset>"
    parsed = parse(text)
    assert [entry.url for entry in parsed.entries] == ["https://kabar.test/baru"]
    assert parsed.entries[0].published_at is None
    assert parsed.entries[0].updated_at == datetime(2025, 9, 4, 1, 0, tzinfo=UTC)
    assert parsed.version == "sitemap"


def test_the_newest_stay_when_there_are_too_many() -> None:
    rows = "".join(news(f"/{hour}", f"2025-09-04T{hour:02}:00:00Z") for hour in range(10))
    parsed = parse(HEAD + rows + "</urlset>", max_entries=2)
    assert [entry.url for entry in parsed.entries] == ["https://kabar.test/9", "https://kabar.test/8"]
    assert parsed.dropped == 8


CHILDREN = [
    (
        "a news sitemap among archives",
        [("https://kabar.test/sitemap-2019.xml", "2019-12-31"), ("/sitemap-news.xml", "2025-09-04")],
        ["https://kabar.test/sitemap-news.xml"],
    ),
    (
        "without dates, the one for news",
        [("/sitemap-foto.xml", ""), ("/sitemap-berita.xml", "")],
        ["https://kabar.test/sitemap-berita.xml"],
    ),
    (
        "what changed lately, the newest first",
        [("/a.xml", "2025-09-03"), ("/b.xml", "2025-09-04"), ("/c.xml", "2020-01-01")],
        ["https://kabar.test/b.xml", "https://kabar.test/a.xml"],
    ),
    (
        "an archive of news is none",
        [("/news-2019.xml", "2019-12-31"), ("/harian.xml", "2025-09-04")],
        ["https://kabar.test/harian.xml"],
    ),
    ("a single one", [("/satu.xml", "")], ["https://kabar.test/satu.xml"]),
    (
        "at most five",
        [(f"/{n}.xml", "2025-09-04") for n in range(9)],
        [f"https://kabar.test/{n}.xml" for n in range(5)],
    ),
    (
        "no address of a page",
        [("javascript:alert(1)", "2025-09-04"), ("/b.xml", "2025-09-04")],
        ["https://kabar.test/b.xml"],
    ),
]


@pytest.mark.parametrize(("rows", "children"), [row[1:] for row in CHILDREN], ids=[row[0] for row in CHILDREN])
def test_an_index_leads_to_the_sitemaps_worth_polling(rows: list[tuple[str, str]], children: list[str]) -> None:
    parsed = parse(index(*rows))
    assert list(parsed.children) == children
    assert parsed.entries == () and parsed.version == "sitemap-index"


def test_a_gzip_file_is_read_and_a_bomb_is_bounded() -> None:
    text = (HEAD + news("/satu", "2025-09-04") + "</urlset>").encode()
    assert len(parse(gzip.compress(text)).entries) == 1
    bomb = gzip.compress(text.removesuffix(b"</urlset>") + b" " * 200_000_000)
    assert len(parse(bomb).entries) == 1


ODD = [
    (
        "another encoding",
        (HEAD.replace("UTF-8", "ISO-8859-1") + news("/satu", "2025-09-04", "Café") + "</urlset>").encode("iso-8859-1"),
        1,
    ),
    ("cut off", (HEAD + news("/satu", "2025-09-04") + "<url><loc>https://kabar.test/du").encode(), 1),
    (
        "an entity bomb",
        b'<!DOCTYPE urlset [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        + (HEAD + news("/satu", "2025-09-04", "&b;") + "</urlset>").encode(),
        1,
    ),
    ("no addresses", (HEAD + "<url/><url><loc> </loc></url><other/><!-- x --></urlset>").encode(), 0),
    ("empty", (HEAD + "</urlset>").encode(), 0),
]


@pytest.mark.parametrize(("body", "count"), [row[1:] for row in ODD], ids=[row[0] for row in ODD])
def test_odd_sitemaps_are_read(body: bytes, count: int) -> None:
    assert len(parse(body).entries) == count


def test_broken_gzip_is_no_feed() -> None:
    with pytest.raises(Permanent, match="gzip") as raised:
        parse(b"\x1f\x8b\x08\x00" + b"\xff" * 20)
    assert raised.value.reason == "not_a_feed"
