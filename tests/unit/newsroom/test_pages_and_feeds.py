"""Pages and feeds as clients read them: the truth is in them, whole, and their weight is a portal's."""

import html
import json
from datetime import UTC, datetime

import feedparser
import pytest
from lxml import etree
from lxml import html as lxml_html

from workers.newsroom import Fault, Newsroom
from workers.newsroom.answers import Desk
from workers.newsroom.sites import LAYOUTS

NEWSROOM = Newsroom(sites=5, articles=60, feeds=12)
DESK = Desk(NEWSROOM, "http://127.0.0.1:8080")
TRUTH = NEWSROOM.truth()


def get(url, desk=DESK, **headers):
    host, slash, path = url.removeprefix("http://").partition("/")
    return desk.answer(host.partition(":")[0], slash + path, headers)


@pytest.mark.parametrize("expected", TRUTH, ids=lambda article: article.slug)
def test_a_page_holds_its_truth(expected):
    body = get(expected.url).plain
    tree = lxml_html.fromstring(body.decode())
    text, place = " ".join(tree.text_content().split()), 0
    for block in expected.body.split("\n\n"):  # in this order
        place = text.index(block, place) + len(block)
    assert all(caption in text for caption in expected.captions)
    assert expected.dateline.upper() in text.upper()
    assert [element.text for element in tree.iter("h1")] == [expected.title]
    data = next(d for d in linked_data(tree) if d.get("@type") == "NewsArticle")
    assert data["headline"] == expected.title
    assert [author["name"] for author in data["author"]] == list(expected.authors)
    assert datetime.fromisoformat(data["datePublished"]) == expected.published_at
    assert tree.xpath("//link[@rel='canonical']/@href") == [expected.url]
    assert 100_000 <= len(body) <= 200_000


def linked_data(tree):
    for text in tree.xpath("//script[@type='application/ld+json']/text()"):
        data = json.loads(text)
        yield from data.get("@graph", [data])


def test_the_weight_is_spread_over_many_elements():
    tree = lxml_html.fromstring(get(TRUTH[0].url).plain.decode())
    assert not list(tree.iter(etree.Comment))
    assert sum(1 for _ in tree.iter()) > 600


def test_pages_carry_clutter_between_the_paragraphs():
    for site in NEWSROOM.sites:
        expected = max((a for a in TRUTH if a.site == site.host), key=lambda a: a.body.count("\n\n"))
        tree = lxml_html.fromstring(get(expected.url).plain.decode())
        text, paragraphs = tree.text_content(), expected.body.split("\n\n")
        inner = text[text.index(paragraphs[1]) : text.rindex(paragraphs[-1])]
        assert "baca juga" in inner.lower()
        assert tree.xpath("//*[starts-with(@id, 'div-gpt') and preceding::p]")


def test_every_layout_is_used_and_differs():
    pages = {site.layout: get(site.base + "/").plain for site in NEWSROOM.sites}
    assert set(pages) == set(LAYOUTS)
    structures = [
        {
            element.get("class")
            for element in lxml_html.fromstring(get(next(a.url for a in TRUTH if a.site == s.host)).plain).iter("div")
        }
        for s in NEWSROOM.sites
    ]
    assert all(len(a & b) < len(a) / 2 for i, a in enumerate(structures) for b in structures[:i])


@pytest.mark.parametrize("url", NEWSROOM.feed_urls())
def test_every_feed_parses_and_agrees_with_the_truth(url):
    answer = get(url)
    feed = feedparser.parse(answer.plain, response_headers={"content-type": answer.content_type})
    assert not feed.bozo
    by_url = {article.url: article for article in TRUTH}
    assert feed.entries
    for entry in feed.entries:
        expected = by_url[entry.link]
        assert entry.title == expected.title
        assert datetime(*entry.published_parsed[:6], tzinfo=UTC) == expected.published_at
        assert [author.name for author in entry.authors] == list(expected.authors) or entry.author in expected.authors
        assert expected.lead in html.unescape(entry.summary)
        assert set(expected.tags) <= {tag.term for tag in entry.tags}


@pytest.mark.parametrize("path", ["/rss.xml", "/atom.xml", "/rss/riau.xml", "/atom/english.xml"])
def test_site_and_section_feeds_parse(path):
    feed = feedparser.parse(get("http://site-2.newsroom.test" + path).plain)
    assert not feed.bozo
    assert feed.entries


def test_some_entries_carry_the_whole_text():
    entries = feedparser.parse(get("http://site-1.newsroom.test/feed.xml").plain).entries
    full = [entry for entry in entries if entry.get("content")]
    assert 0 < len(full) < len(entries)
    expected = {article.url: article for article in TRUTH}[full[0].link]
    assert "".join(etree.HTML(full[0].content[0].value).itertext()).split() == expected.body.split()


@pytest.mark.parametrize("path", ["/feed.xml", "/atom.xml", "/", "/kanal/riau"])
def test_validators_give_304_until_something_changes(path):
    newsroom = Newsroom(articles=10)
    desk, url = Desk(newsroom, "http://127.0.0.1:1"), "http://site-1.newsroom.test" + path
    first = get(url, desk)
    by_tag = {"If-None-Match": first.headers["etag"]}
    by_time = {"If-Modified-Since": first.headers["last-modified"]}
    for headers in (by_tag, by_time, {"If-None-Match": f'"x", {first.headers["etag"]}'}, {"If-None-Match": "*"}):
        assert get(url, desk, **headers).status == 304
    newsroom.faults.set(
        next(s.slug for s in newsroom.stories() if s.section == "riau"), Fault(kind="edited", title="Judul baru")
    )
    for headers in (by_tag, by_time, {**by_time, **by_tag}):
        assert get(url, desk, **headers).status == 200


@pytest.mark.parametrize("since", ["", "gestern", "Thu, 99 Foo 2025", "\x00", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_odd_validators_are_ignored(since):
    assert (
        get("http://site-1.newsroom.test/feed.xml", **{"If-Modified-Since": since, "If-None-Match": '"no"'}).status
        == 200
    )


@pytest.mark.parametrize(
    "path",
    ["", "/..", "/feeds/0.xml", "/feeds/99.xml", "/feeds/²x.xml", "/feeds/².xml", "/p/0", "/p/x", "/p/²",
     "/p/99999999999", "//", "/%00", "/kanal/none", "/pages/x.html", "/rss/none.xml", "/" + "x" * 50_000],
)  # fmt: skip
def test_unknown_paths_are_404(path):
    assert DESK.answer("site-1.newsroom.test", path, {}).status == 404


def test_an_unknown_host_is_site_1_under_the_servers_own_address():
    answer = DESK.answer("127.0.0.1", "/feed.xml", {})
    links = [entry.link for entry in feedparser.parse(answer.plain).entries]
    assert links
    assert all(link.startswith("http://127.0.0.1:8080/") for link in links)
    assert links[0] in {article.url for article in NEWSROOM.truth("http://127.0.0.1:8080")}
    assert get(links[0]).status == 200


def test_short_addresses_redirect_to_the_page():
    answer = get(TRUTH[1].urls[1])
    assert answer.status == 301
    assert answer.headers["location"] == TRUTH[1].url
