from datetime import UTC, datetime

import pytest

from workers.identify import normalise
from workers.model import Entry, Feed, digest
from workers.poll.parse import parse_feed

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)


def entries(*inner: str, feed: str = "https://kabar.test/feed", now: datetime = NOW) -> tuple[Entry, ...]:
    text = f"<rss version='2.0'><channel>{''.join(f'<item>{i}</item>' for i in inner)}</channel></rss>"
    return parse_feed(text.encode(), Feed(id=digest(feed), url=feed), now=now, max_entries=100).entries


def test_an_address_names_its_article_whichever_feed_lists_it() -> None:
    (one,) = entries("<link>https://kabar.test/a?utm_source=x</link><guid isPermaLink='false'>1</guid>")
    (two,) = entries("<link>https://kabar.test/a</link>", feed="https://other.test/feed")
    assert one.id == two.id == digest("url", normalise("https://kabar.test/a"))
    assert one.page and two.page


def test_repeated_items_are_one_and_the_first_wins() -> None:
    found = entries(
        "<link>https://kabar.test/a</link><title>satu</title>", "<link>https://kabar.test/a</link><title>dua</title>"
    )
    assert [entry.title for entry in found] == ["satu"]


def test_an_address_that_items_with_different_guids_share_is_no_page() -> None:
    found = entries(*(f"<link>https://kabar.test/</link><guid isPermaLink='false'>{n}</guid>" for n in (1, 2, 2)))
    assert [(entry.guid, entry.page, entry.url) for entry in found] == [
        ("1", False, "https://kabar.test/"),
        ("2", False, "https://kabar.test/"),
    ]
    assert len({entry.id for entry in found}) == 2


SAME = [
    (
        "guid of each category",
        ("https://kabar.test/a", "Banjir", "1-politik"),
        ("https://kabar.test/a", "Banjir", "1-x"),
    ),
    ("tracked links", ("https://kabar.test/a?utm_source=x", "Banjir", "1"), ("http://m.kabar.test/a/", "Banjir", "2")),
    (
        "spelling of the title",
        ("https://kabar.test/a", "Banjir  di Riau", "1"),
        ("https://kabar.test/a", "BANJIR di Riau", "2"),
    ),
    ("one guid, corrected title", ("https://kabar.test/a", "Banjr", "1"), ("https://kabar.test/a", "Banjir", "1")),
    ("one without guid", ("https://kabar.test/a", "Banjir", ""), ("https://kabar.test/a", "Banjir surut", "1")),
]


def item(link: str, title: str, guid: str) -> str:
    return f"<link>{link}</link><title>{title}</title><guid isPermaLink='false'>{guid}</guid>"


@pytest.mark.parametrize(("why", "one", "two"), SAME, ids=[row[0] for row in SAME])
def test_an_article_listed_twice_is_one_entry_with_its_page(
    why: str, one: tuple[str, str, str], two: tuple[str, str, str]
) -> None:
    found = entries(item(*one), item(*two))
    assert [(entry.url, entry.title, entry.page) for entry in found] == [(one[0], " ".join(one[1].split()), True)], why


DIFFERENT = [
    ("a ticker", ("https://kabar.test/langsung", "Gol", "1"), ("https://kabar.test/langsung", "Usai", "2"), False),
    ("front page", ("https://kabar.test/", "Banjir", ""), ("https://kabar.test/", "Gempa", ""), False),
    (
        "number named page",
        ("https://kabar.test/index.php?page=12", "A", "1"),
        ("https://kabar.test/index.php?page=13", "B", "2"),
        True,
    ),
]


@pytest.mark.parametrize(("why", "one", "two", "page"), DIFFERENT, ids=[row[0] for row in DIFFERENT])
def test_articles_that_differ_are_two_entries(
    why: str, one: tuple[str, str, str], two: tuple[str, str, str], page: bool
) -> None:
    found = entries(item(*one), item(*two))
    assert [(entry.url, entry.title, entry.page) for entry in found] == [(*one[:2], page), (*two[:2], page)], why
    assert len({entry.id for entry in found}) == 2


def test_a_tickers_items_of_one_title_stay_two() -> None:
    found = entries(
        *(item("https://kabar.test/langsung", title, guid) for title, guid in zip("GUG", "123", strict=True))
    )
    assert [(entry.guid, entry.page) for entry in found] == [("1", False), ("2", False), ("3", False)]


def test_without_a_link_the_feeds_word_is_the_id() -> None:
    by_title = "<title>Tanpa tautan</title><pubDate>Mon, 01 Sep 2025 00:00:00 GMT</pubDate>"
    found = entries(
        "<guid isPermaLink='false'>g</guid><title>x</title>", by_title, "<description>hanya isi</description>"
    )
    assert [entry.page for entry in found] == [False, False, False]
    assert len({entry.id for entry in found}) == 3
    other = entries("<guid isPermaLink='false'>g</guid>", feed="https://other.test/feed")
    assert other[0].id != found[0].id, "guids are names within one feed only"


def test_the_id_of_an_item_dated_ahead_does_not_change_with_the_clock() -> None:
    text = "<title>Besok</title><pubDate>Mon, 08 Sep 2025 00:00:00 GMT</pubDate>"
    one, two = entries(text), entries(text, now=datetime(2025, 9, 5, tzinfo=UTC))
    assert one[0].id == two[0].id
    assert one[0].published_at != two[0].published_at


def test_links_that_are_no_web_address_are_no_page() -> None:
    links = ("javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.test", "http://[bad", "https://", "tag:x,2025:1")
    found = entries(*(f"<link>{link}</link><title>{n}</title>" for n, link in enumerate(links)))
    assert [(entry.url, entry.page) for entry in found] == [("", False)] * len(links)
