"""Bad pages: each is answered soon, with an article or an error that names what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.unit.extract.conftest import PARAGRAPHS, URL, page_of, text_page
from workers.errors import Permanent
from workers.model import Article, Entry

Read = Callable[..., Article]
TEXT = "".join(f"<p>{p}</p>" for p in PARAGRAPHS).encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n\x00", "empty"),
        (b"%PDF-1.7 <a>", "not_html"),
        (b"\x89PNG\r\n\x1a\n<p>", "not_html"),
        (b"plain words", "not_html"),
        (b"<p>" + bytes(range(1, 32)) * 100, "not_html"),
        (b'<?xml version="1.0"?><rss><channel><title>x</title></channel></rss>', "not_html"),
        (b"<html><body><div id=root></div><script>start()</script></body></html>", "no_text"),
        (b'<html><head><meta http-equiv="refresh" content="0;url=/x"></head></html>', "no_text"),
        (b"<p>" * 3_000_000 + b"x" * 8_000_000, "too_large"),
        (b"<html><body>" + b"<p>a" * 160_000, "too_large"),
        (b"<html><p>" + b"kata " * 400_000 + b"</p>" + TEXT, "too_large"),
    ],
)
def test_refused_with_a_reason(read: Read, body: bytes, reason: str) -> None:
    with pytest.raises(Permanent) as caught:
        read(body)
    assert caught.value.reason == reason


def test_other_media_are_refused_by_their_type(read: Read) -> None:
    with pytest.raises(Permanent, match="application/pdf"):
        read(text_page(), headers={"content-type": "application/pdf"})
    assert read(text_page(), headers={"content-type": "text/html; charset=nonsense"}).body


def test_a_body_beyond_the_limit_is_refused(read: Read) -> None:
    with pytest.raises(Permanent, match="limit 100"):
        read(text_page(), max_chars=100)


@pytest.mark.parametrize(
    "before",
    [
        b"<div>" * 100_000 + b"</div>" * 100_000,
        b"<b>" * 3_000 + b"</b>" * 3_000,
        b"<p class='" + b"author " * 200_000 + b"'>x</p>",
        b"<p " + b" ".join(b"a%d=1" % n for n in range(30_000)) + b">x</p>",
        b'<script type="application/ld+json">' + b"[" * 200_000 + b"</script>",
        b'<script type="application/ld+json">' + b'{"a":' * 100_000 + b"1" + b"}" * 100_000 + b"</script>",
        b'<script type="application/ld+json">' + b'{"headline":"a\\' * 50_000 + b"</script>",
        b"<!--" * 20_000 + b"-->",
        b'<div class="date">' + b"12 Januari 2020 " * 5_000 + b"</div>",
        b'<div class="author">' + b"Budi dan " * 5_000 + b"</div>",
        b"<h1>Judul</h1>" * 500,
        b"<p>" + b"(a.b/c-" * 5_000 + b"</p>",
    ],
)
def test_hostile_parts_are_survived_soon(read: Read, before: bytes) -> None:
    started = time.perf_counter()
    try:
        body = read(b"<html><body>" + before + b"<article>" + TEXT + b"</article></body></html>").body
        assert body
    except Permanent as refused:
        assert refused.reason in {"no_text", "too_large", "unreadable_page"}
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_truncated_pages_give_what_is_there(read: Read, cut: float) -> None:
    body = text_page()
    try:
        assert PARAGRAPHS[0] in read(body[: int(len(body) * cut)]).body
    except Permanent as refused:
        assert refused.reason == "no_text"


CONTENT = "".join(f"<p>{p}</p>" for p in PARAGRAPHS) + "<p>Baca juga: lainnya</p><script>x</script>"


def test_the_feeds_content_stands_in_for_a_page_without_text(read: Read) -> None:
    entry = Entry(id="e", feed_id="f", url=URL, title="Judul", content=CONTENT, authors=("Redaksi", "Ani Wulandari"))
    article = read(page_of("<div id=root></div>"), entry)
    assert article.body == "\n\n".join(PARAGRAPHS)
    assert (article.body_source, article.title, article.authors) == ("feed", "Judul", ("Ani Wulandari",))


def test_a_long_summary_stands_in_a_short_one_does_not(read: Read) -> None:
    long = Entry(id="e", feed_id="f", url=URL, title="Judul", summary=" ".join(PARAGRAPHS))
    assert read(b"", long).body == " ".join(PARAGRAPHS)
    with pytest.raises(Permanent) as caught:
        read(b"", Entry(id="e", feed_id="f", url=URL, title="Judul", summary=PARAGRAPHS[0][:80]))
    assert caught.value.reason == "empty"


@pytest.mark.parametrize("control", [0x01, 0x08, 0x0B, 0x0C, 0x1F, 0x7F, 0xFFFE, 0xFFFF], ids=hex)
def test_characters_that_xml_forbids_stop_nothing_also_in_names(read: Read, control: int) -> None:
    odd = chr(control).encode()
    page = (
        text_page().replace(b'<div class="isi">', b"<div" + odd + b' class="isi">').replace(b" yang ", b" yang " + odd)
    )
    assert read(page).body.split("\n\n")[0] == PARAGRAPHS[0]


def test_tables_in_tables_are_read_in_time(read: Read) -> None:
    rows = b"".join(b"<tr><td>%d</td><td>Warga bergotong royong.</td></tr>" % n for n in range(3_000))
    begin = time.process_time()
    article = read(text_page().replace(b"<footer>", b"<table><tr><td>" * 60 + rows + b"<footer>"))
    assert article.body.startswith(PARAGRAPHS[0])
    assert time.process_time() - begin < 4
