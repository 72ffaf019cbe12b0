"""What feeds of every format become; the texts are our own."""

import json
from datetime import UTC, datetime

import pytest

from workers.errors import Permanent
from workers.model import Feed, digest
from workers.poll.parse import ParsedFeed, parse_feed

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)
FEED = Feed(id=digest("https://kabar.test/feed"), url="https://kabar.test/feed", site="kabar.test", section="Riau")

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel><title>Kabar &amp; Warta</title><link>https://kabar.test/</link><language>id</language><ttl>30</ttl>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
<skipHours><hour>0</hour><hour>24</hour><hour>17</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<item><title>Harga cabai di Pasar Bawah &lt;b&gt;turun&lt;/b&gt;</title><link>/ekonomi/cabai?utm_source=rss</link>
<guid isPermaLink="false">kabar-1</guid><pubDate>Thu, 04 Sep 2025 14:05:06</pubDate>
<description>&lt;p&gt;Pedagang menyebut pasokan &amp;amp; cuaca membaik.&lt;/p&gt;
&lt;script&gt;x()&lt;/script&gt;</description>
<content:encoded><![CDATA[<p>Pedagang menyebut pasokan membaik.</p><p>Harga turun sejak Senin.</p>]]></content:encoded>
<dc:creator>Sari Dewi dan Budi Hartono</dc:creator><category>Ekonomi</category><category>ekonomi</category>
<media:content url="https://gambar.test/cabai.jpg" medium="image"/></item>
<item><title>Jembatan baru dibuka</title><link>https://kabar.test/jembatan</link>
<author>redaksi@kabar.test (Rina)</author>
<enclosure url="/foto.png" type="image/png" length="1"/><pubDate>Fri, 05 Sep 2025 14:05:06 WIB</pubDate></item>
</channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://atom.test/berita/">
<title>Atom</title><link rel="self" href="feed.xml"/><link href="https://atom.test/"/>
<entry><id>tag:atom.test,2025:1</id><title type="html">Panen &amp;lt;raya&amp;gt;</title>
<link rel="enclosure" href="a.mp3"/><link rel="alternate" href="panen.html"/>
<published>2025-09-01T08:00:00+08:00</published><updated>2025-09-02T00:00:00Z</updated>
<author><name>Andi</name></author><author><name>Wati</name></author><summary>Ringkas.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Isi penuh berita.</p></div></content>
</entry></feed>"""

RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://rdf.test/"><title>RDF</title><link>https://rdf.test/</link></channel>
<item rdf:about="https://rdf.test/1"><title>Satu</title><link>https://rdf.test/1</link><dc:date>2025-09-01T07:00:00+07:00</dc:date>
</item></rdf:RDF>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "JSON",
        "home_page_url": "https://json.test/",
        "language": "id",
        "items": [
            {
                "id": 7,
                "url": "https://json.test/7",
                "title": "Tujuh <7>",
                "content_text": "Baris satu.\n\nBaris dua & tiga.",
                "date_published": "2025-09-01T07:00:00+07:00",
                "authors": [{"name": "Tia"}],
                "tags": ["a", 3],
                "image": "/7.jpg",
            },
            "not an item",
            {},
        ],
    }
)


def parse(text: str | bytes, content_type: str = "", max_entries: int = 100, feed: Feed = FEED) -> ParsedFeed:
    body = text.encode() if isinstance(text, str) else text
    return parse_feed(body, feed, content_type=content_type, now=NOW, max_entries=max_entries)


def items(*inner: str) -> str:
    return f"<rss version='2.0'><channel><title>t</title>{''.join(f'<item>{i}</item>' for i in inner)}</channel></rss>"


def test_rss_2_with_its_modules() -> None:
    parsed = parse(RSS)
    assert (parsed.title, parsed.link, parsed.language, parsed.version) == (
        "Kabar & Warta",
        "https://kabar.test/",
        "id",
        "rss20",
    )
    assert (parsed.ttl_seconds, parsed.hints.period_seconds) == (1800, 900)
    assert (parsed.hints.skip_hours, parsed.hints.skip_days) == ({0, 17}, {6})
    first, second = parsed.entries
    assert first.url == "https://kabar.test/ekonomi/cabai?utm_source=rss"
    assert (first.title, first.guid) == ("Harga cabai di Pasar Bawah turun", "kabar-1")
    assert first.summary == "Pedagang menyebut pasokan & cuaca membaik."
    assert first.content == "<p>Pedagang menyebut pasokan membaik.</p><p>Harga turun sejak Senin.</p>"
    assert first.published_at == datetime(2025, 9, 4, 7, 5, 6, tzinfo=UTC)
    assert first.authors == ("Sari Dewi", "Budi Hartono")
    assert (first.tags, first.image) == (("Ekonomi",), "https://gambar.test/cabai.jpg")
    assert (first.site, first.section, first.language, first.feed_id) == ("kabar.test", "Riau", "id", FEED.id)
    assert (second.authors, second.image) == (("Rina",), "https://kabar.test/foto.png")
    assert second.published_at == NOW, "a date of tomorrow comes back to now"


def test_atom_with_xml_base_and_several_links() -> None:
    (entry,) = parse(ATOM).entries
    assert entry.url == "https://atom.test/berita/panen.html"
    assert entry.title == "Panen <raya>"
    assert (entry.authors, entry.summary) == (("Andi", "Wati"), "Ringkas.")
    assert "<p>Isi penuh berita.</p>" in entry.content
    assert entry.published_at == datetime(2025, 9, 1, tzinfo=UTC)
    assert entry.updated_at == datetime(2025, 9, 2, tzinfo=UTC)


def test_rdf_takes_dublin_cores_date_as_publication() -> None:
    (entry,) = parse(RDF).entries
    assert (entry.url, entry.published_at) == ("https://rdf.test/1", datetime(2025, 9, 1, tzinfo=UTC))


def test_json_feed() -> None:
    parsed = parse(JSON)
    entry = parsed.entries[0]
    assert (parsed.title, parsed.link, parsed.dropped) == ("JSON", "https://json.test/", 1)
    assert (entry.url, entry.guid, entry.title) == ("https://json.test/7", "7", "Tujuh <7>")
    assert entry.content == "<p>Baris satu.</p><p>Baris dua &amp; tiga.</p>"
    assert (entry.authors, entry.tags, entry.image) == (("Tia",), ("a",), "https://kabar.test/7.jpg")


def test_feedburners_original_address_wins() -> None:
    text = items("<link>https://burner.test/~r/1</link><feedburner:origLink>https://asli.test/1</feedburner:origLink>")
    assert parse(text).entries[0].url == "https://asli.test/1"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Satu &amp;amp; dua", "Satu & dua"),
        ("&lt;i&gt;Miring&lt;/i&gt; tegak", "Miring tegak"),
        ("<![CDATA[ Baris\n\n  dua ]]>", "Baris dua"),
        ("1 &lt; 2", "1 < 2"),
        ("Cafe\u0301", "Café"),
        ("Kata&nbsp;kata", "Kata kata"),
        ("&#8220;Kutip&#8221;", "“Kutip”"),
        ("a" * 5_000, "a" * 1_000),
    ],
)
def test_titles_are_plain_text(written: str, plain: str) -> None:
    assert parse(items(f"<title>{written}</title><link>https://kabar.test/1</link>")).entries[0].title == plain


def test_a_long_description_serves_as_content_and_a_short_one_does_not() -> None:
    long = "<p>" + "kata " * 200 + "</p>"
    texts = [
        f"<link>/{n}</link><description><![CDATA[{text}]]></description>" for n, text in enumerate([long, "pendek"])
    ]
    assert [bool(entry.content) for entry in parse(items(*texts)).entries] == [True, False]


def test_fingerprint_follows_title_and_update_only() -> None:
    def fingerprint(title: str, extra: str = "") -> str:
        return parse(items(f"<link>/1</link><title>{title}</title>{extra}")).entries[0].fingerprint

    assert fingerprint("Judul") == fingerprint("Judul", "<description>lain</description>")
    assert fingerprint("Judul") != fingerprint("Judul (2)")
    ahead = "<lastBuildDate>Fri, 04 Sep 2026 00:00:00 GMT</lastBuildDate>"
    body = items(f"<link>/1</link><title>Judul</title>{ahead}").encode()
    later = parse_feed(body, FEED, now=datetime(2025, 9, 5, tzinfo=UTC), max_entries=9)
    assert fingerprint("Judul", ahead) == later.entries[0].fingerprint, "a clamped date would change with every poll"


CHARSETS = [
    ("<?xml version='1.0' encoding='ISO-8859-1'?>", "cp1252", "", "declared Latin-1 read as its superset"),
    ("", "cp1252", "", "nothing declared, not UTF-8"),
    ("<?xml version='1.0' encoding='UTF-8'?>", "cp1252", "", "declared UTF-8 and lying"),
    ("<?xml version='1.0' encoding='UTF-8'?>", "cp1252", "text/xml; charset=iso-8859-1", "HTTP wins (RFC 7303)"),
    ("<?xml version='1.0' encoding='ISO-8859-1'?>", "utf-8", "", "UTF-8 although Latin-1 is claimed"),
    ("", "utf-8", "application/rss+xml; charset=bogus", "unknown charset"),
    ("", "utf-8-sig", "text/xml; charset=iso-8859-1", "byte order mark wins"),
    ("<?xml version='1.0' encoding='UTF-16'?>", "utf-16", "", "UTF-16 with mark"),
    ("<?xml version='1.0'?>", "utf-16-le", "", "UTF-16 without mark"),
    ("<?xml version='1.0' encoding='punycode'?>", "utf-8", "text/xml; charset=idna", "codecs that are no charset"),
]


@pytest.mark.parametrize(("declaration", "codec", "content_type", "why"), CHARSETS, ids=[row[3] for row in CHARSETS])
def test_charsets(declaration: str, codec: str, content_type: str, why: str) -> None:
    text = declaration + items("<title>Café “Élite”</title><link>https://kabar.test/1</link>")
    assert parse(text.encode(codec), content_type).entries[0].title == "Café “Élite”", why


BROKEN = [
    (items("<title>A & B</title><link>https://k.test/?a=1&b=2</link>"), "A & B", "https://k.test/?a=1&b=2"),
    (items("<title>A</title><link>https://k.test/1</link>").replace("</channel></rss>", ""), "A", "https://k.test/1"),
    (
        items("<title>A</title><link>https://k.test/1</link>").replace("</channel>", "</chanel>"),
        "A",
        "https://k.test/1",
    ),
    ("\n\n <?xml version='1.0'?>" + items("<title>A</title><link>https://k.test/1</link>"), "A", "https://k.test/1"),
    (
        "<br />\n<b>Warning</b>: x in y<br />" + items("<title>A</title><link>https://k.test/1</link>"),
        "A",
        "https://k.test/1",
    ),
    ("<?xml <?xml version='1.0'?>" + items("<title>A</title><link>https://k.test/1</link>"), "A", "https://k.test/1"),
    (items("<title>A\x0b\x00</title><link>https://k.test/1</link>"), "A", "https://k.test/1"),
    (items("<title>A&#0;&#xD800;</title><link>https://k.test/1</link>"), "A", "https://k.test/1"),
    (items("<title>A&eacute;</title><link>https://k.test/1</link><media:x/>"), "Aé", "https://k.test/1"),
    (
        items("<title>A</title><link>https://k.test/1</link><description><p>x<br>y</description>"),
        "A",
        "https://k.test/1",
    ),
]


@pytest.mark.parametrize(("text", "title", "url"), BROKEN)
def test_broken_xml_is_read_and_said_to_be_broken(text: str, title: str, url: str) -> None:
    parsed = parse(text)
    assert [(entry.title, entry.url) for entry in parsed.entries] == [(title, url)]


def test_broken_xml_is_told() -> None:
    assert "mismatched tag" in parse(BROKEN[2][0]).bozo
    assert parse(RSS).bozo == ""


REFUSED = [
    (b"", "empty_feed_body", "empty"),
    (b" \n\t ", "empty_feed_body", "empty"),
    (b"\xef\xbb\xbf", "empty_feed_body", "empty"),
    (
        b"<!DOCTYPE html><html><head><title>Masuk &amp; Daftar</title></head><body></body></html>",
        "not_a_feed",
        "HTML page titled 'Masuk & Daftar'",
    ),
    (b"<opml version='2.0'><body/></opml>", "not_a_feed", "OPML"),
    (b"<catalog/>", "not_a_feed", "<catalog>"),
    (b"%PDF-1.7 ...", "not_a_feed", "PDF"),
    (b"\x1f\x8b\x08\x00", "not_a_feed", "gzip"),
    (b"halo", "not_a_feed", "without any XML element"),
    (b'{"error": "no"}', "not_a_feed", "no JSON Feed"),
    (b"[" * 100_000, "not_a_feed", "neither XML nor JSON"),
    (b"<rss version='2.0", "bad_xml", "nothing could be read"),
]


@pytest.mark.parametrize(("body", "reason", "says"), REFUSED, ids=[str(row[2]) + str(len(row[0])) for row in REFUSED])
def test_what_is_no_feed_is_refused_by_name(body: bytes, reason: str, says: str) -> None:
    with pytest.raises(Permanent, match=says) as caught:
        parse(body)
    assert caught.value.reason == reason


def test_an_empty_feed_is_a_feed() -> None:
    assert parse("<rss version='2.0'><channel><title>Sepi</title></channel></rss>").entries == ()
