"""Who wrote and who edited, out of the lines that pages write about it."""

# ruff: noqa: E501 - one case a line

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.extract.conftest import CONFIG, page_of, text_page
from workers.extract import Sites
from workers.extract.persons import Persons
from workers.model import Article

Read = Callable[..., Article]
PERSONS = Persons(Sites.load(CONFIG).rules("https://www.kabarlokal.test/"), ["kabarlokal"], "Kabar Lokal")
ANI, BUDI, DIAN = "Ani Wulandari", "Budi Santoso", "Dian Pratiwi"


@pytest.mark.parametrize(
    ("text", "authors", "editors"),
    [
        (f"Penulis: {ANI} | Editor: {BUDI}", [ANI], [BUDI]),
        (f"Penulis: {ANI}, Editor: {BUDI}", [ANI], [BUDI]),
        (f"Editor : {BUDI}", [], [BUDI]),
        (f"Reporter: {ANI} Editor: {BUDI} Copyright © Kabar 2025", [ANI], [BUDI]),
        (f"Pewarta: {ANI}/{BUDI}", [ANI, BUDI], []),
        (f"Rep: {ANI}/ Red: {BUDI}", [ANI], [BUDI]),
        (f"Penulis/Editor: {ANI}", [ANI], [ANI]),
        (f"PENULIS: {ANI.upper()}", [ANI.upper()], []),
        (f"Laporan {ANI}", [ANI], []),
        (f"Laporan Wartawan KabarLokal.com, {BUDI}", [BUDI], []),
        (f"Laporan: {ANI}, Pekanbaru", [ANI], []),
        (f"Kontributor Dumai, {ANI}", [ANI], []),
        ("Oleh: Ani", ["Ani"], []),
        (f"Oleh {ANI}, {BUDI}, dan Suharto", [ANI, BUDI, "Suharto"], []),
        (f"Ditulis oleh: {ANI} - Kabar Lokal", [ANI], []),
        (f"{ANI} - detikNews", [ANI], []),
        (f"{ANI}, CNN Indonesia", [ANI], []),
        (f"{ANI} (magang)", [ANI], []),
        (f"{ANI} Kamis, 04 Sep 2025 14:05 WIB", [ANI], []),
        ("Dr. Ani Wulandari, S.H., M.H.", ["Dr. Ani Wulandari"], []),
        ("H. Muhammad Rizal, S.Sos, M.Si", ["H. Muhammad Rizal"], []),
        (f"Foto: {ANI}; Teks: {BUDI}", [BUDI], []),
        ("By Jane Doe and John Roe, Staff Writer", ["Jane Doe", "John Roe"], []),
        ("Jane Doe | Photos by John Smith", ["Jane Doe"], []),
        ("Reporting by Jane Doe; Editing by John Roe", ["Jane Doe"], ["John Roe"]),
        ("Analysis by Jane Doe", ["Jane Doe"], []),
        ("Jane Doe, AP Sports Writer", ["Jane Doe"], []),
        ("By Jane Doe September 4, 2025", ["Jane Doe"], []),
        ("Eingestellt von der Michel", ["der Michel"], []),
        ("Mohammad bin Salman", ["Mohammad bin Salman"], []),
        *((text, [], []) for text in (
            "", "(ant/rdk)", "R24/put", "Tim Redaksi", "Tim Kabar Lokal", "Redaksi", "Admin", "admin1", "superadmin", "user_1",
            "CNN Indonesia", "ANTARA", "Antara", "BBC News Indonesia", "AFP", "Liputan6", "Kabar Lokal", "Kabar Lokal Official",
            "PT Kabar Media", "Editor Senior", "Staff Writer", "https://www.facebook.com/kabarlokal", "redaksi@kabarlokal.test",
            "kabarlokal.com", "Sumber: Antara", f"Foto: {ANI}", f"Designed by {ANI}", "Humas Polda Riau", "4 September 2025",
        )),
    ],
)  # fmt: skip
def test_lines_of_credits(text: str, authors: list[str], editors: list[str]) -> None:
    found = PERSONS.credits(text)
    assert (found.authors, found.editors) == (authors, editors)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="AbcÄ .,:;|/&-()\"'\n0123@_Editor: Penulis dan by", max_size=400))
def test_any_text_gives_names_of_bounded_length_or_nobody(text: str) -> None:
    found = PERSONS.credits(text)
    assert all(3 <= len(name) <= 60 and ":" not in name for name in (*found.authors, *found.editors))


@pytest.mark.parametrize(
    "text", ["Editor: " * 5_000, "A" * 100_000, "A. " * 50_000, "by " * 50_000, "Ani " * 50_000, " " * 100_000 + "x"]
)
def test_hostile_lines_take_no_time(text: str) -> None:
    started = time.process_time()
    PERSONS.credits(text)
    assert time.process_time() - started < 0.5


BELOW = {
    "bold": f"<p><strong>Penulis : {ANI}</strong></p><p><strong>Editor : {DIAN}</strong></p>",
    "breaks": f"<p>Reporter: {ANI}<br>Editor: {DIAN}</p>",
    "links": f'<div>Penulis: <a href="/a">{ANI}</a> | Editor: <a href="/d">{DIAN}</a></div>',
    "table": f"<table><tr><td>Penulis</td><td>:</td><td>{ANI}</td></tr><tr><td>Editor</td><td>:</td><td>{DIAN}</td></tr></table>",
    "headings": f"<div><h6>Penulis</h6><h6><a>{ANI}</a></h6></div><div><h6>Editor</h6><h6><a>{DIAN}</a></h6></div>",
    "spans": f"<div><span>Penulis</span>: <span>{ANI}</span></div><div><span>Editor</span>: <span>{DIAN}</span></div>",
    "classes": f'<span class="nama-penulis">{ANI}</span><span class="nama-editor">{DIAN}</span>',
    "microdata": f'<span itemprop="author">{ANI}</span><span itemprop="editor">{DIAN}</span>',
    "hCard": f'<p class="byline"><span class="vcard"><span class="fn">{ANI}</span></span></p><p>Editor: {DIAN}</p>',
    "italics": f"<p><em>Laporan: {ANI}</em></p><p><em>Disunting oleh: {DIAN}</em></p>",
}


@pytest.mark.parametrize("way", BELOW)
@pytest.mark.parametrize("above", [True, False], ids=["above the text", "below it"])
def test_every_way_to_name_writer_and_editor(read: Read, way: str, above: bool) -> None:
    body = text_page()
    body = (
        body.replace(b"</h1>", b"</h1>" + BELOW[way].encode())
        if above
        else body.replace(b"<footer>", BELOW[way].encode() + b"<footer>")
    )
    article = read(body)
    assert (article.authors, article.editors) == ((ANI,), (DIAN,))


@pytest.mark.parametrize(
    "line",
    [
        "<h2>Laporan Keuangan Tahunan</h2>",
        '<div class="editors-pick"><h3>Pilihan Editor</h3></div>',
        '<div class="text-editor"><p>Siak Raya</p></div>',
        f'<footer><p>Desain oleh {BUDI}</p><p>Theme by <a rel="designer">{BUDI}</a></p></footer>',
        f'<aside><div class="author">{BUDI}</div></aside>',
        f'<a href="/lain"><h3>Harga sawit naik</h3><div class="author-name">{BUDI}</div></a>',
        f'<div class="comment-author vcard"><b class="fn">{BUDI}</b></div>',
        f"<p>Sumber: {BUDI}</p>",
        "<p>Oleh Pemerintah</p>",
    ],
)
def test_what_names_nobody_of_the_newsroom(read: Read, line: str) -> None:
    article = read(text_page().replace(b"</h1>", f"</h1>{line}".encode()))
    assert (article.authors, article.editors) == ((), ())


def test_an_account_that_edits_is_no_writer(read: Read) -> None:
    head = f'<meta name="author" content="{DIAN}">'
    article = read(text_page(f"<p>Reporter: {ANI}</p>", f"<p>Editor: {DIAN}</p>", head=head))
    assert (article.authors, article.editors) == ((ANI,), (DIAN,))


def test_a_page_of_nothing_but_credits_is_read_in_time(read: Read) -> None:
    lines = "".join(f"<p>Penulis: {ANI} | Editor: {DIAN} {n}</p>" for n in range(4_000))
    started = time.process_time()
    article = read(page_of(f"<h1>Jembatan</h1>{lines}" + text_page().decode()))
    assert time.process_time() - started < 5
    assert len(article.authors) <= 12
