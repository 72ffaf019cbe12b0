from datetime import UTC, datetime

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
