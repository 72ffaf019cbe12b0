"""Days on the publisher's clock, and sources that disagree."""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.unit.extract.conftest import URL, page_of, text_page
from workers.extract.zones import local, zone_name, zone_of
from workers.model import Article, Entry

Read = Callable[..., Article]
PLAIN = "https://www.kabarlokal.test/1"


def shown(article: Article) -> str:
    found = local(article.published_at, article.timezone)
    return found.isoformat() if found else ""


def meta(value: str) -> str:
    return f'<meta property="article:published_time" content="{value}">'


def below(line: str, head: str = "") -> bytes:
    return text_page(head=head).replace(b"</h1>", f"</h1>{line}".encode())


@pytest.mark.parametrize(
    ("body", "url", "expected"),
    [
        # dawn at the publisher's is the evening before in UTC
        (text_page(head=meta("2025-09-03T22:05:00Z")), PLAIN, "2025-09-04T05:05:00+07:00"),
        (text_page(head=meta("2025-09-04T05:05:00+07:00")), PLAIN, "2025-09-04T05:05:00+07:00"),
        (text_page(head=meta("2025-09-04T05:05:00+08:00")), PLAIN, "2025-09-04T05:05:00+08:00"),
        (text_page(head=meta("2025-09-04")), PLAIN, "2025-09-04T00:00:00+07:00"),
        (text_page(), URL, "2025-09-04T00:00:00+07:00"),
        (below("<div>Kamis, 4 September 2025 06.10 WIT</div>"), PLAIN, "2025-09-04T06:10:00+09:00"),
        (below('<time datetime="2025-09-03T22:05:00Z">5:05 WIB</time>'), PLAIN, "2025-09-04T05:05:00+07:00"),
        # a local clock that a template called UTC
        (below("<div>Kamis, 4 September 2025 14:05 WIB</div>", meta("2025-09-04T14:05:33Z")), PLAIN, "2025-09-04T14:05:33+07:00"),
        (below("<div>Kamis, 4 September 2025 14:05 WITA</div>", meta("2025-09-04T06:05:33Z")), PLAIN, "2025-09-04T14:05:33+08:00"),
        # a day that a later source knows the hour of
        (below("<p>Diterbitkan: 4 September 2025, 14:05 WIB</p>", meta("2025-09-04")), PLAIN, "2025-09-04T14:05:00+07:00"),
        # other countries
        (text_page(head=meta("2025-09-04")).replace(b'lang="id"', b'lang="de-DE"'), PLAIN, "2025-09-04T00:00:00+02:00"),
        (text_page(head=meta("2025-09-04")).replace(b'lang="id"', b'lang="en-US"'), PLAIN, "2025-09-04T00:00:00+00:00"),
        (text_page(head=meta("2025-09-04 14:05")).replace(b'lang="id"', b'lang="en"'), "https://kabar.com.my/1", "2025-09-04T14:05:00+08:00"),
        (text_page(head=meta("2025-09-04T14:05:00-05:00")).replace(b'lang="id"', b'lang="en"'), PLAIN, "2025-09-04T14:05:00-05:00"),
    ],
)  # fmt: skip
def test_the_day_is_the_publishers(read: Read, body: bytes, url: str, expected: str) -> None:
    assert shown(read(body, url=url)) == expected


@pytest.mark.parametrize(
    "line",
    [
        "<div>Kamis, 04 Sep 2025 14:05 WIB</div>",
        "<p>Kamis, 4 September 2025 | 14:05 WIB</p>",
        "<span>4 September 2025, 14.05 WIB</span>",
        '<p class="info">Ani Wulandari - Kamis, 04/09/2025 14:05 WIB</p>',
        "<p>Tayang: Kamis, 4 September 2025 14:05 WIB</p>",
        '<abbr class="published" title="2025-09-04T14:05:00+07:00">Kamis</abbr>',
        '<span itemprop="datePublished" content="2025-09-04T14:05:00+07:00">Kamis</span>',
        '<div class="entry-meta"><span>4 September 2025 14:05 WIB</span></div>',
        '<div class="detail-date">Diperbarui: 5 September 2025 08:00 WIB | Diterbitkan: 4 September 2025 14:05 WIB</div>',
        '<ul><li><i class="fa fa-clock"></i> Kamis, 4 September 2025 14:05 WIB</li></ul>',
        '<time class="updated" datetime="2025-09-05T08:00:00+07:00">5 September</time>'
        '<time class="published" datetime="2025-09-04T14:05:00+07:00">4 September</time>',
    ],
)
def test_every_way_to_show_a_date(read: Read, line: str) -> None:
    article = read(below(line), url=PLAIN)
    assert (shown(article), article.published_at_source) == ("2025-09-04T14:05:00+07:00", "text")


def test_a_footer_tells_the_day_too(read: Read) -> None:
    body = text_page().replace(b"<footer>", "<p>Veröffentlicht am 4. September 2025</p><footer>".encode())
    assert shown(read(body, url=PLAIN)) == "2025-09-04T00:00:00+07:00"


def test_lists_of_other_days_are_no_dates_of_the_article(read: Read) -> None:
    others = "".join(
        f'<li class="list-berita"><h3><a href="/{n}">Berita {n}</a></h3><span class="date">{n} Agustus 2025</span></li>'
        for n in range(1, 9)
    )
    assert read(page_of(text_page().decode() + f"<ul>{others}</ul>"), url=PLAIN).published_at is None


CHANGED = '<meta property="article:modified_time" content="{}">'


@pytest.mark.parametrize(
    ("head", "line", "day"),
    [
        # tomorrow's edition, put up in the evening and dated as readers hold it
        (meta("2025-09-03T20:00:00+07:00"), '<div class="date-article">Kamis <a class="date">04.09.25</a></div>', "2025-09-04"),
        (meta("2025-09-03T09:00:00+07:00"), '<div class="date-article">Kamis <a class="date">04.09.25</a></div>', "2025-09-03"),
        (meta("2025-09-03T20:00:00+07:00"), "<div>Kamis, 4 September 2025</div>", "2025-09-03"),
        (meta("2025-09-03T20:00:00+07:00"), '<div class="clock">Kamis, 4 September 2025</div>', "2025-09-03"),
        # printed again months later, under that day
        (meta("2025-05-01T09:00:00+07:00") + CHANGED.format("2025-09-04T09:00:00+07:00"),
         '<time class="publish-date">4 September 2025</time>', "2025-09-04"),
        (meta("2025-05-01T09:00:00+07:00") + CHANGED.format("2025-09-04T09:00:00+07:00"),
         "<span>4 September 2025</span>", "2025-05-01"),
        (meta("2025-09-01T09:00:00+07:00") + CHANGED.format("2025-09-04T09:00:00+07:00"),
         '<time class="publish-date">4 September 2025</time>', "2025-09-01"),
        (meta("2025-05-01T09:00:00+07:00"), '<time class="publish-date">4 September 2025</time>', "2025-05-01"),
    ],
)  # fmt: skip
def test_a_later_printing_counts_where_the_page_calls_it_its_own_date(
    read: Read, head: str, line: str, day: str
) -> None:
    assert shown(read(below(line, head), url=PLAIN))[:10] == day


@pytest.mark.parametrize(
    ("head", "line", "url", "headers", "expected"),
    [
        (meta("2025-09-04T05:05:00+07:00"), "", URL, {}, ()),
        (meta("2025-09-05T05:05:00+07:00"), "", URL, {}, ("url 2025-09-04",)),
        (meta("2025-09-04T05:05:00+07:00"), "<div>Rabu, 3 September 2025 14:05 WIB</div>", PLAIN, {}, ("text 2025-09-03",)),
        (meta("2025-09-04T05:05:00+07:00"), "<div>Diperbarui: Jumat, 5 September 2025 14:05 WIB</div>", PLAIN, {}, ()),
        (meta("2025-09-04T05:05:00+07:00"), "", PLAIN, {"last-modified": "Mon, 01 Sep 2025 01:00:00 GMT"}, ("header 2025-09-01",)),
        (meta("2025-09-04T05:05:00+07:00"), "", PLAIN, {"last-modified": "Mon, 08 Sep 2025 01:00:00 GMT"}, ()),
        (meta("2031-01-01T00:00:00+07:00"), "", PLAIN, {}, ("meta 2031-01-01 future",)),
        (meta("2031-01-01T00:00:00+07:00"), "<div>Kamis, 4 September 2025 14:05 WIB</div>", PLAIN, {}, ("meta 2031-01-01 future",)),
    ],
)  # fmt: skip
def test_sources_that_disagree_are_recorded(
    read: Read, head: str, line: str, url: str, headers: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert read(below(line, head), url=url, headers=headers).date_conflicts == expected


def test_a_future_claim_gives_way_to_one_that_can_be_true(read: Read) -> None:
    article = read(below("<div>Kamis, 4 September 2025 14:05 WIB</div>", meta("2031-01-01")), url=PLAIN)
    assert (shown(article), article.published_at_source) == ("2025-09-04T14:05:00+07:00", "text")


def test_the_feed_bears_witness(read: Read) -> None:
    entry = Entry(
        id="e",
        feed_id="f",
        url=PLAIN,
        title="Jembatan Siak",
        published_at=datetime(2025, 9, 3, 4, tzinfo=UTC),
        timezone="Asia/Makassar",
    )
    article = read(text_page(head=meta("2025-09-04T05:05:00Z")), entry, url=PLAIN)
    assert (shown(article), article.date_conflicts) == ("2025-09-04T13:05:00+08:00", ("feed 2025-09-03",))


def test_a_mistyped_zone_costs_no_article(read: Read) -> None:
    entry = Entry(id="e", feed_id="f", url=PLAIN, title="Jembatan Siak", timezone="Asia/Pekan Baru")
    assert read(text_page(head=meta("2025-09-04 14:05")), entry, url=PLAIN).published_at == datetime(
        2025, 9, 4, 14, 5, tzinfo=UTC
    )


def test_when_it_was_changed(read: Read) -> None:
    node = json.dumps(
        {"@type": "NewsArticle", "headline": "Jembatan Siak IV dibuka kembali", "datePublished": "2025-09-04"}
    )
    head = f'<script type="application/ld+json">{node}</script>'
    assert read(below("<div>Diperbarui: Jumat, 5 September 2025 14:05 WIB</div>", head)).modified_at == datetime(
        2025, 9, 5, 7, 5, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("url", "locale", "language", "expected"),
    [
        ("https://a.co.id/1", "en_US", "en", "Asia/Jakarta"),
        ("https://a.com/1", "id_ID", "id", "Asia/Jakarta"),
        ("https://a.com/1", "en_US", "id", "Asia/Jakarta"),
        ("https://a.com/1", "de-AT", "de", "Europe/Vienna"),
        ("https://a.com/1", "es_ES", "es", ""),
        ("https://a.com/1", "", "", ""),
        ("::nonsense::", "x" * 500, "", ""),
    ],
)
def test_zones_of_publishers(url: str, locale: str, language: str, expected: str) -> None:
    assert zone_name(url, locale, language) == expected


@pytest.mark.parametrize("name", ["", "Nowhere/Land", "../etc", "+99:99", "\x00", "Asia"])
def test_a_zone_nobody_knows_is_utc(name: str) -> None:
    assert datetime(2025, 9, 4, tzinfo=UTC).astimezone(zone_of(name)).isoformat() == "2025-09-04T00:00:00+00:00"


def test_a_feeds_date_ahead_is_recorded(read: Read) -> None:
    entry = Entry(
        id="e",
        feed_id="f",
        url=PLAIN,
        published_at=datetime(2025, 9, 4, 12, 0, tzinfo=UTC),
        dated_ahead="2031-01-01",
    )
    article = read(text_page(), url=PLAIN, entry=entry)
    assert article.published_at_source == "feed"
    assert article.date_conflicts == ("feed 2031-01-01 future",)
