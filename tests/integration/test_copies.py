"""Wire copy through the pipeline on a real Redis: several sites print one text, each document says whose copy it is."""

# ruff: noqa: E501 - prose

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest

from tests.contract.documents import document
from tests.integration.desk import Desk
from workers.model import Document, Feed, Query, digest
from workers.operate.articles import find_document, remove_article
from workers.pipeline import processing
from workers.pipeline.copies import hand_copies_on
from workers.ports import Outcome

pytestmark = pytest.mark.redis

WIRE = (
    "Dinas Kelautan melepas 12.400 tukik penyu hijau di Pantai Tanjung Medang, Rabu sore, disaksikan murid tiga sekolah.",
    "Kepala dinas Rahmat Hidayat mengatakan jumlah sarang yang ditemukan tahun ini naik menjadi 118, tertinggi sejak "
    "penjagaan malam dimulai pada 2017 oleh pemuda kampung.",
    "Setiap malam dua regu berjalan kaki menyusuri pantai sepanjang enam kilometer untuk mendahului pencuri telur. Telur "
    "yang ditemukan dipindahkan ke kotak pasir berpagar di belakang balai nelayan.",
    "Warga yang dahulu menjual telur kini mendapat upah sebagai pemandu. Wisatawan membayar Rp35.000 untuk melihat "
    "pelepasan, dan separuhnya masuk kas kampung.",
    "Penelitian Universitas Riau memperkirakan hanya satu dari seribu tukik yang hidup sampai dewasa, sehingga lampu "
    "pantai dimatikan selama musim bertelur.",
)
OTHER_WORDS = (
    "Ribuan anak penyu berlarian ke laut di Rupat Utara, dan para siswa bersorak melihatnya. Acara tahunan itu diadakan "
    "dinas setempat bersama pemuda yang berjaga saban malam.",
    "Mencuri telur tidak lagi menarik bagi orang Tanjung Medang. Menjadi pemandu lebih menguntungkan karena setengah "
    "uang karcis dibagi, tutur Rahmat Hidayat, dan sarang pun bertambah banyak.",
    "Kampus di Pekanbaru mengingatkan peluang hidup seekor tukik amat kecil. Karena itu penerangan di tepi pantai "
    "dipadamkan ketika induknya naik bertelur.",
)


def html(site: str, title: str, paragraphs: tuple[str, ...]) -> str:
    shown = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html lang='id'><head><title>{title} | {site}</title></head>"
        f"<body><article><h1>{title}</h1>{shown}</article></body></html>"
    )


class Press:
    """Sites that print what the test tells them to; every story is news at once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._days = itertools.count(1)

    def prints(self, site: str, name: str, *paragraphs: str, title: str = "") -> None:
        """Let `site` print (or edit) a story at /`name`; its feed lists what it printed last."""
        day = next(self._days)
        title = title or f"Kabar {name} dari {site.split('.')[0]}"
        feed, page = f"https://{site}/feed", f"https://{site}/{name}"
        self.desk.web.answers[page] = [html(site, title, paragraphs)]
        self.desk.web.answers[feed] = [
            f"<rss version='2.0'><channel><title>{site}</title><item><title>{title}</title><link>{page}</link>"
            f"<guid>{page}</guid><pubDate>Mon, {day:02} Feb 2026 08:00:00 GMT</pubDate></item></channel></rss>"
        ]
        self.desk.state.feeds.put(Feed(id=digest(feed), url=feed, site=site))
        self.desk.due()
        self.desk.run()

    def document(self, site: str, name: str) -> Document:
        found = find_document(self.desk.store, f"https://{site}/{name}")
        assert found is not None
        return found

    def of(self, site: str, name: str) -> str:
        """Whose copy a story is: the site that prints the original, "" of none."""
        original = self.document(site, name).duplicate_of
        if original is None:
            return ""
        stored = self.desk.store.get([original])
        assert stored, f"{site}/{name} points at nothing"
        assert stored[original].duplicate_of is None, f"{site}/{name} points at a copy"
        return stored[original].site


@pytest.fixture
def press(desk: Desk) -> Press:
    return Press(desk)


def test_every_later_site_is_a_copy_of_the_first_and_none_is_lost(press: Press) -> None:
    press.prints("satu.test", "tukik", *WIRE)
    press.prints("dua.test", "penyu", "PEKANBARU, DUA.TEST - " + WIRE[0], *WIRE[1:], "(ant/red)", title="Tukik Dilepas")
    press.prints("tiga.test", "laut", "Sore di pantai Rupat berakhir dengan sorak anak-anak sekolah.", *WIRE[1:])
    press.prints("empat.test", "pantai", *WIRE[:3])
    press.prints("lima.test", "lain", *OTHER_WORDS)
    assert press.of("satu.test", "tukik") == ""
    assert [press.of(*story) for story in (("dua.test", "penyu"), ("tiga.test", "laut"), ("empat.test", "pantai"))] == [
        "satu.test"
    ] * 3
    assert press.of("lima.test", "lain") == ""
    assert press.desk.store.count() == 5
    hits = press.desk.store.search(Query(text="tukik", site="dua.test")).hits
    assert [hit.duplicate_of for hit in hits] == [press.document("satu.test", "tukik").id]


def test_an_original_that_is_processed_again_or_edited_is_no_copy_of_its_copies(press: Press) -> None:
    press.prints("satu.test", "tukik", *WIRE)
    press.prints("dua.test", "penyu", *WIRE)
    press.prints("satu.test", "tukik", *WIRE, "Pelepasan berikutnya direncanakan pada akhir Maret.", title="Diperbarui")
    assert press.document("satu.test", "tukik").body.endswith("akhir Maret.")
    assert (press.of("satu.test", "tukik"), press.of("dua.test", "penyu")) == ("", "satu.test")


def test_a_copy_that_is_rewritten_is_none_any_more(press: Press) -> None:
    press.prints("satu.test", "tukik", *WIRE)
    press.prints("dua.test", "penyu", *WIRE)
    press.prints("dua.test", "penyu", *OTHER_WORDS, title="Ditulis ulang")
    assert press.document("dua.test", "penyu").body.startswith("Ribuan anak penyu")
    assert press.of("dua.test", "penyu") == ""
    press.prints("tiga.test", "baru", *OTHER_WORDS)
    assert press.of("tiga.test", "baru") == "dua.test"


def test_a_site_copies_itself_only_under_the_same_headline(press: Press) -> None:
    press.prints("satu.test", "tukik", *WIRE, title="Tukik Dilepas di Rupat")
    press.prints("satu.test", "ulang", *WIRE, title="Tukik Dilepas di Rupat")
    press.prints("satu.test", "lanjutan", *WIRE, title="Sarang Penyu Bertambah")
    assert press.of("satu.test", "ulang") == "satu.test"
    assert press.of("satu.test", "lanjutan") == ""


def test_when_the_original_is_removed_its_copies_follow_the_one_seen_first(press: Press) -> None:
    for site in ("satu.test", "dua.test", "tiga.test"):
        press.prints(site, "tukik", *WIRE)
    desk = press.desk
    now = desk.state.overview.now_ms()
    assert remove_article(
        desk.state, desk.store, desk.parts.archive, "https://satu.test/tukik", "hak cipta", now
    ).deleted
    assert (press.of("dua.test", "tukik"), press.of("tiga.test", "tukik")) == ("", "dua.test")
    press.prints("empat.test", "tukik", *WIRE)
    assert press.of("empat.test", "tukik") == "dua.test"
    assert remove_article(
        desk.state, desk.store, desk.parts.archive, "https://dua.test/tukik", "hak cipta", now
    ).deleted
    assert remove_article(
        desk.state, desk.store, desk.parts.archive, "https://tiga.test/tukik", "hak cipta", now
    ).deleted
    assert press.of("empat.test", "tukik") == ""


def test_a_copy_on_its_way_to_the_store_does_not_point_at_what_was_removed(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.prints("satu.test", "tukik", *WIRE)
    desk, found = press.desk, processing.find_original

    def removed_meanwhile(*arguments: object) -> object:
        original = found(*arguments)  # type: ignore[arg-type]
        remove_article(
            desk.state,
            desk.store,
            desk.parts.archive,
            "https://satu.test/tukik",
            "hak cipta",
            desk.state.overview.now_ms(),
        )
        return original

    with monkeypatch.context() as patch:
        patch.setattr(processing, "find_original", removed_meanwhile)
        press.prints("dua.test", "tukik", *WIRE)
    assert find_document(desk.store, "https://satu.test/tukik") is None
    assert press.of("dua.test", "tukik") == ""
    press.prints("tiga.test", "tukik", *WIRE)
    assert press.of("tiga.test", "tukik") == "dua.test"


def test_copies_do_not_point_at_an_original_that_the_store_refuses(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = press.desk
    write = desk.store.write

    def refusing(documents: Sequence[Document]) -> list[Outcome]:
        return [
            Outcome(d.id, "rejected", error="no", reason="mapping") if d.site == "satu.test" else write([d])[0]
            for d in documents
        ]

    monkeypatch.setattr(desk.store, "write", refusing)
    index, desk.pipeline.index = desk.pipeline.index, lambda ids: None  # type: ignore[method-assign]
    press.prints("satu.test", "tukik", *WIRE)
    press.prints("dua.test", "tukik", *WIRE)  # both wait for the store
    desk.pipeline.index = index  # type: ignore[method-assign]
    index(desk.pending())
    press.prints("tiga.test", "tukik", *WIRE)
    assert desk.letters() == {"tukik": "mapping"}
    assert (press.of("dua.test", "tukik"), press.of("tiga.test", "tukik")) == ("", "dua.test")


def test_an_edit_after_the_texts_were_forgotten_leaves_a_copy_what_it_was(press: Press) -> None:
    press.prints("satu.test", "tukik", *WIRE)
    press.prints("dua.test", "tukik", *WIRE)
    client = press.desk.state.client
    client.delete(*client.keys("kabar:text*"))
    press.prints("dua.test", "tukik", *WIRE, "Pelepasan berikutnya pada akhir Maret.", title="Diperbarui")
    assert press.document("dua.test", "tukik").body.endswith("akhir Maret.")
    assert press.of("dua.test", "tukik") == "satu.test"


def test_several_feeds_of_a_site_make_one_document_that_lists_them_all(press: Press) -> None:
    press.prints("satu.test", "tukik", *WIRE)
    desk = press.desk
    page = "https://satu.test/tukik"
    for path, link in (("rss", f"{page}?utm_source=rss"), ("amp", "https://amp.satu.test/tukik/amp/")):
        url = f"https://satu.test/{path}"
        desk.web.answers[link] = desk.web.answers[page]
        desk.web.answers[url] = [
            f"<rss version='2.0'><channel><title>{path}</title><item><title>Kabar tukik dari satu</title>"
            f"<link>{link}</link></item></channel></rss>"
        ]
        desk.state.feeds.put(Feed(id=digest(url), url=url, site="satu.test"))
    desk.due()
    desk.run()
    (document,) = desk.documents()
    assert document.feeds == tuple(sorted(digest(f"https://satu.test/{path}") for path in ("feed", "rss", "amp")))
    assert document.duplicate_of is None


def test_a_sites_own_ways_of_addressing_lead_to_one_document(press: Press) -> None:
    desk = press.desk
    links = (
        "https://news.detik.com/berita/d-7654321/tukik-dilepas",
        "https://m.detik.com/news/berita/d-7654321/tukik-dilepas",
        "https://www.detik.com/sumut/d-7654321/tukik-dilepas-di-rupat",
    )
    for number, link in enumerate(links):
        url = f"https://feeds.detik.com/{number}"
        desk.web.answers[link] = [html("detik", "Tukik Dilepas", WIRE)]
        desk.web.answers[url] = [
            f"<rss version='2.0'><channel><title>{number}</title><item><title>Tukik Dilepas</title><link>{link}</link>"
            "</item></channel></rss>"
        ]
        desk.state.feeds.put(Feed(id=digest(url), url=url, site="detik.com"))
    desk.run(1)
    (document,) = desk.documents()
    assert len(document.feeds) == len(links)
    for link in links:
        assert find_document(desk.store, link, desk.parts.sites().addresses) == document


def test_more_copies_than_are_handed_on_at_once_all_follow_one_heir(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.pipeline.copies.AT_ONCE", 10)
    original = document("asli")
    copies = [document(f"salinan{number}", duplicate_of=original.id) for number in range(35)]
    press.desk.store.write([original, *copies])
    hand_copies_on(press.desk.state, press.desk.store, original.id)
    press.desk.store.delete(original.id)
    press.desk.store.refresh()
    found = press.desk.store.get([copy.id for copy in copies]).values()
    heirs = [one.id for one in found if one.duplicate_of is None]
    assert len(heirs) == 1
    assert {one.duplicate_of for one in found} == {None, heirs[0]}
    assert [hit.id for hit in press.desk.store.search(Query(text="jembatan", fold=True, limit=100)).hits] == heirs
