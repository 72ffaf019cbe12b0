"""Pages as broken templates, cut connections and people of ill will make them: endless, seeded, from newsroom pages.

`mutated_pages(seed)` yields (name, bytes) for ever; each recipe in `RECIPES` takes its turn, with a page and sizes of its
own. Everything a parser may choke on is there: depth, breadth, length, bytes that are no text, promises that are lies.
"""

# ruff: noqa: E501 - recipes read best unbroken

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator

from workers.newsroom import Newsroom
from workers.newsroom.answers import Desk

Recipe = Callable[[random.Random, bytes], bytes]
DEEP = 100_000  # elements in one another
BIG = 20_000_000  # bytes
TEXT = "Warga Kampung Dalam bergotong royong memperbaiki jembatan kayu yang rusak diterjang banjir pekan lalu. "


def mutated_pages(seed: int = 2026) -> Iterator[tuple[str, bytes]]:
    """Yield mutated pages for ever, the same for the same seed."""
    newsroom = Newsroom(sites=4, articles=48)
    desk = Desk(newsroom, "http://127.0.0.1:1")
    pages = [desk.answer(a.site, "/" + a.url.split("/", 3)[3], {}).plain for a in newsroom.truth()]
    chance = random.Random(seed)
    while True:
        for recipe in RECIPES:
            yield recipe.__name__.strip("_"), recipe(chance, chance.choice(pages))


def _within(page: bytes, inserted: bytes, after: bytes = b"<p>") -> bytes:
    """Put something into a page where its text begins."""
    at = page.find(after)
    return page[:at] + inserted + page[at:] if at >= 0 else page + inserted


def _truncated(chance: random.Random, page: bytes) -> bytes:
    return page[: chance.randrange(len(page))]


def _beheaded(chance: random.Random, page: bytes) -> bytes:
    return page[chance.randrange(len(page)) :]


def _bits_flipped(chance: random.Random, page: bytes) -> bytes:
    spoiled = bytearray(page)
    for _ in range(chance.randrange(1, 3_000)):
        spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def _pieces_shuffled(chance: random.Random, page: bytes) -> bytes:
    cuts = sorted(chance.randrange(len(page)) for _ in range(chance.randrange(2, 60)))
    pieces = [page[a:b] for a, b in zip([0, *cuts], [*cuts, len(page)], strict=True)]
    chance.shuffle(pieces)
    return b"".join(pieces)


def _tags_doubled(chance: random.Random, page: bytes) -> bytes:
    tag = chance.choice([b"<div", b"<p", b"</div>", b"</p>", b"<a ", b"</article>", b"<span", b"</a>"])
    return page.replace(tag, tag + b">" * (tag[1:2] != b"/") + tag)


def _ends_removed(chance: random.Random, page: bytes) -> bytes:
    tag = chance.choice([b"</div>", b"</p>", b"</a>", b"</script>", b"</style>", b"</nav>", b"</title>", b'"', b">"])
    return page.replace(tag, b"")


def _nested(chance: random.Random, page: bytes) -> bytes:
    tag = chance.choice(
        [b"div", b"span", b"b", b"blockquote", b"table><tr><td", b"ul><li", b"article", b"p><i", b"font"]
    )
    depth = chance.choice([300, 5_000, DEEP])
    return _within(page, b"<" + tag + b">" if chance.random() < 0.05 else (b"<" + tag + b">") * depth)


def _nested_with_text(chance: random.Random, page: bytes) -> bytes:
    return _within(page, b"".join(b"<div>%d %s" % (n, TEXT[:30].encode()) for n in range(chance.choice([500, 20_000]))))


def _nested_and_closed(chance: random.Random, page: bytes) -> bytes:
    tag = chance.choice([b"div", b"em", b"section", b"a"])
    return _within(page, (b"<" + tag + b">") * DEEP + TEXT.encode() + (b"</" + tag + b">") * DEEP)


def _huge_text(chance: random.Random, page: bytes) -> bytes:
    return _within(page, b"<p>" + (TEXT * (chance.choice([1_000_000, 5_000_000, BIG]) // len(TEXT))).encode() + b"</p>")


def _huge_word(chance: random.Random, page: bytes) -> bytes:
    letter = chance.choice(
        [b"a", b"\xc3\xa9", b"&", b"<", b"[", b"(", b"\xe2\x80\x9c", b"-", b" ", b".", b"\n", b"1", b"\xcc\x81"]
    )
    return _within(page, b"<p>" + letter * chance.choice([50_000, 1_000_000, 5_000_000]) + b"</p>")


def _huge_title(chance: random.Random, page: bytes) -> bytes:
    part = chance.choice([b"Kabar - ", b"a|", b"x ", b"&amp;", b" - ", b": "])
    return page.replace(b"<title>", b"<title>" + part * 200_000).replace(b"<h1", b"<h1>" + part * 100_000 + b"</h1><h1")


def _huge_attributes(chance: random.Random, page: bytes) -> bytes:
    name = chance.choice([b"class", b"id", b"style", b"href", b"title", b"onclick"])
    value = chance.choice([b"komentar ", b"a", b"-", b"related-", b"display:none;", b"%41"])
    return page.replace(b"<p", b"<p " + name + b'="' + value * (2_000_000 // len(value)) + b'"', 3)


def _many_attributes(chance: random.Random, page: bytes) -> bytes:
    return page.replace(b"<p", b"<p " + b" ".join(b"data-%d=x" % n for n in range(chance.choice([500, 100_000]))), 2)


def _many_classes(chance: random.Random, page: bytes) -> bytes:
    boxes = b"".join(b'<div class="kelas-%d kotak%d">%s</div>' % (n, n * 7, TEXT.encode()) for n in range(10_000))
    return _within(page, boxes)


def _many_links(chance: random.Random, page: bytes) -> bytes:
    count = chance.choice([5_000, 100_000])
    shape = chance.choice(
        [b'<a href="/tag/%d">Topik hangat nomor %d</a> ', b'<p><a href="?page=%d">%d</a></p>', b'<li><a href="%d/2">%d']
    )
    return _within(page, b"".join(shape % (n, n) for n in range(count)))


def _many_breaks(chance: random.Random, page: bytes) -> bytes:
    return _within(
        page,
        chance.choice([b"<br>", b"<br/>\n", b"x<br>", b"<hr>", b"<p>", b"<td>"])
        * chance.choice([20_000, 1_000_000, 3_000_000]),
    )


def _many_paragraphs(chance: random.Random, page: bytes) -> bytes:
    return _within(
        page, b"".join(b"<p>%d %s</p>" % (n, TEXT.encode()) for n in range(chance.choice([2_000, 12_000, 60_000])))
    )


def _many_headings(chance: random.Random, page: bytes) -> bytes:
    kind = chance.choice([b"h1", b"h2", b"h3", b"article", b"time", b"figcaption"])
    return _within(
        page,
        b"".join(
            b'<%s><a href="/b/%d">Judul lain nomor %d dari daftar</a></%s>' % (kind, n, n, kind) for n in range(15_000)
        ),
    )


def _many_metas(chance: random.Random, page: bytes) -> bytes:
    metas = b"".join(
        b'<meta name="author" content="Nama %d, Orang %d"><link rel="next" href="/a/%d">' % (n, n, n)
        for n in range(30_000)
    )
    return page.replace(b"<title>", metas + b"<title>", 1)


def _many_hidden(chance: random.Random, page: bytes) -> bytes:
    return _within(page, b"".join(b'<span style="display:none">%d</span><b hidden>x</b>' % n for n in range(10_000)))


def _many_tables(chance: random.Random, page: bytes) -> bytes:
    cells = b"".join(b"<tr><td>%d</td><td>%s</td></tr>" % (n, TEXT[:50].encode()) for n in range(7_000))
    return _within(page, b"<table>" * chance.choice([1, 50]) + cells)


def _entities(chance: random.Random, page: bytes) -> bytes:
    entity = chance.choice(
        [b"&amp;", b"&#x41;", b"&#9999999999;", b"&nbsp", b"&lt;p&gt;", b"&#0;", b"&CounterClockwiseContourIntegral;"]
    )
    return _within(page, b"<p>" + entity * chance.choice([100_000, 1_000_000]) + b"</p>")


def _entity_bomb(chance: random.Random, page: bytes) -> bytes:
    levels = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return (
        f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "kabar">{levels}]><html><body><p>&a11;</p>'.encode() + page
    )


def _linked_data_bomb(chance: random.Random, page: bytes) -> bytes:
    bombs = (
        "[" * DEEP, '{"a":' * DEEP, "[" * 2_000 + "]" * 2_000, '{"@graph":' * 300 + "1" + "}" * 300,
        json.dumps({"@graph": [{"@type": "NewsArticle", "headline": f"Judul {n}", "author": {"name": "x" * 50}} for n in range(9_000)]}),
        json.dumps({"@type": "NewsArticle", "articleBody": TEXT * 9_000, "author": [{"name": f"Orang {n}"} for n in range(9_000)]}),
        '{"@type":"NewsArticle","headline":"' + 'a\\"' * 300_000, '"headline":"' * 50_000, "9" * 900_000, '{"headline": ' + "9" * 9_000 + "}",
        '{"@type":"NewsArticle","datePublished":"' + "2025-01-01 " * 50_000 + '"}', "\\u0000" * 90_000, '{"x":1,' * 90_000,
    )  # fmt: skip
    script = f'<script type="application/ld+json">{chance.choice(bombs)}</script>'.encode()
    return page.replace(b"<title>", script * chance.choice([1, 1, 3, 80]) + b"<title>", 1)


def _quadratic_text(chance: random.Random, page: bytes) -> bytes:
    part = chance.choice(
        ["Baca juga: ", "(", "Jakarta, ", "JAKARTA - ", "Editor: ", "\u201d kata ", "Penulis: A", "- ", "<i>", "|", "2025-01-01 ", "1.", "..", "a, b dan ",
         "https://", "@", "Foto: ", "***", "(ant/", "\t", "\u00a0", "*", "Oleh "]
    )  # fmt: skip
    return _within(page, f"<p>{part * chance.choice([3_000, 100_000])}</p>".encode())


def _comments_unclosed(chance: random.Random, page: bytes) -> bytes:
    return _within(
        page,
        chance.choice(
            [
                b"<!-- ",
                b"<![CDATA[",
                b"<!--" * 300_000,
                b"<!" * 900_000,
                b"<?" * 900_000,
                b"</" * 900_000,
                b"<a " * 300_000,
                b"<" * 5_000_000,
            ]
        ),
    )


def _script_only(chance: random.Random, page: bytes) -> bytes:
    return (
        b"<html><head><title>Kabar</title><script>"
        + b"var a='<p>kabar</p>';" * chance.choice([10, 400_000])
        + chance.choice([b"", b"</script></head><body></body></html>"])
    )


def _style_only(chance: random.Random, page: bytes) -> bytes:
    return b"<html><style>" + b".a>b{c:d}\n" * 500_000 + b"</style><body><div></div>"


def _binary(chance: random.Random, page: bytes) -> bytes:
    start = chance.choice(
        [
            b"",
            b"\x89PNG\r\n\x1a\n",
            b"%PDF-1.7\n",
            b"PK\x03\x04",
            b"<html><body><p>",
            b"\xff\xd8\xff\xe0",
            b"<html>" + b"\x00" * 9_000,
        ]
    )
    return start + chance.randbytes(chance.choice([500, 200_000, 3_000_000]))


def _zipped(chance: random.Random, page: bytes) -> bytes:
    return b"<html><body>" + gzip.compress(page)


def _wrong_charset(chance: random.Random, page: bytes) -> bytes:
    name = chance.choice(
        ["utf-16", "utf-16-be", "utf-32", "utf-7", "cp1252", "cp037", "shift_jis", "iso2022_jp", "gb18030", "koi8-r"]
    )
    return page.decode("utf-8").encode(name, "replace")


def _lying_charset(chance: random.Random, page: bytes) -> bytes:
    name = chance.choice(
        [
            b"utf-16",
            b"utf-7",
            b"utf-32",
            b"idna",
            b"hex",
            b"zlib",
            b"rot13",
            b"hz",
            b"iso-2022-jp",
            b"x" * 40,
            b"undefined",
            b"unicode_escape",
        ]
    )
    return page.replace(b"utf-8", name).replace(b"a", chance.choice([b"a", b"\xe9", b"\xff"]))


def _empty(chance: random.Random, page: bytes) -> bytes:
    return chance.choice(
        [
            b"",
            b" ",
            b"\x00" * 9_000,
            b"\n" * 2_000_000,
            b"<",
            b"<html>",
            b"<html></html>",
            b"<!doctype html>",
            b"\xef\xbb\xbf",
            b"<body>",
            b"<p>",
        ]
    )


def _big(chance: random.Random, page: bytes) -> bytes:
    return (page * (BIG // len(page) + 1))[: chance.choice([14_900_000, BIG, BIG + 5_000_000])]


def _repeated(chance: random.Random, page: bytes) -> bytes:
    return page * chance.choice([2, 10, 40])


def _deep_pager(chance: random.Random, page: bytes) -> bytes:
    links = b"".join(b'<div class="paging"><a rel="next" href="?page=%d">%d</a>' % (n, n) for n in range(3_000))
    return _within(page, links)


def _controls(chance: random.Random, page: bytes) -> bytes:
    character = chance.choice(["\x00", "\x0b", "\u200b", "\u202e", "\ufeff", "\ufffd", "\U000e0041", "\u0301"])
    return page.decode().replace(" ", character + " ").encode()


def _many_times(chance: random.Random, page: bytes) -> bytes:
    text = chance.choice(
        [b"Senin, 3 November 2025 10:0%d WIB ", b"<time datetime='2025-11-0%d'>x</time>", b"0%d/11/2025 "]
    )
    return _within(page, b"".join(b"<span>" + text % (n % 10) + b"</span>" for n in range(9_000)))


def _many_frames(chance: random.Random, page: bytes) -> bytes:
    tag = chance.choice(
        [b"form", b"select", b"button", b"nav", b"iframe", b"svg", b"template", b"noscript", b"object", b"menu"]
    )
    return _within(page, (b"<" + tag + b"><div>" + TEXT[:40].encode()) * chance.choice([100, 8_000]))


RECIPES: tuple[Recipe, ...] = (
    _truncated,
    _beheaded,
    _bits_flipped,
    _pieces_shuffled,
    _tags_doubled,
    _ends_removed,
    _nested,
    _nested_with_text,
    _nested_and_closed,
    _huge_text,
    _huge_word,
    _huge_title,
    _huge_attributes,
    _many_attributes,
    _many_classes,
    _many_links,
    _many_breaks,
    _many_paragraphs,
    _many_headings,
    _many_metas,
    _many_hidden,
    _many_tables,
    _entities,
    _entity_bomb,
    _linked_data_bomb,
    _quadratic_text,
    _comments_unclosed,
    _script_only,
    _style_only,
    _binary,
    _zipped,
    _wrong_charset,
    _lying_charset,
    _empty,
    _big,
    _repeated,
    _deep_pager,
    _controls,
    _many_times,
    _many_frames,
)
