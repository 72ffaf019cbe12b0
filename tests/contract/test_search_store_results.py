"""What a search gives back: order, totals, pages, snippets. See test_search_store.py."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.documents import NOON, article, document
from tests.contract.search_stores import fill, found, ids
from workers.model import Query, digest
from workers.ports import SearchStore


def test_title_before_lead_before_body(store: SearchStore) -> None:
    fill(
        store,
        article("body", "Sebuah berita tentang banjir besar", title="Kabar hari pertama", lead="Warga kota lama"),
        article("lead", "Sebuah berita tentang pasar besar", title="Kabar hari pertama", lead="Banjir kota lama"),
        article("title", "Sebuah berita tentang pasar besar", title="Kabar banjir pertama", lead="Warga kota lama"),
        *(article(f"other{i}", "Lain sama sekali ini", title="Hal lain lagi", lead="Tidak sama") for i in range(5)),
    )
    assert found(store, "banjir") == ids("title", "lead", "body")
    assert found(store, '"banjir"') == ids("title", "lead", "body")
    scores = [hit.score for hit in store.search(Query(text="banjir")).hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0


def test_ties_newest_first_then_id(store: SearchStore) -> None:
    copies = [document(f"n{i}", published_at=NOON + timedelta(hours=i // 2)) for i in range(8)]
    fill(store, *copies)
    by_date = [d.id for d in sorted(copies, key=lambda d: (-d.published_at.timestamp(), d.id))]
    assert found(store) == by_date
    assert found(store, "-gempa") == by_date
    assert found(store, entity="Pekanbaru") == by_date
    assert found(store, "jembatan") == by_date


def test_pages_join_to_the_whole(store: SearchStore) -> None:
    fill(store, *(document(f"n{i}", published_at=NOON + timedelta(minutes=i)) for i in range(25)))
    for text in ("", "jembatan"):
        pages = [store.search(Query(text=text, limit=10, offset=offset)) for offset in (0, 10, 20, 30)]
        assert [page.total for page in pages] == [25] * 4
        assert [len(page.hits) for page in pages] == [10, 10, 5, 0]
        whole = [hit.id for page in pages for hit in page.hits]
        assert len(set(whole)) == 25
    nothing = store.search(Query(text="jembatan", limit=0))
    assert (nothing.total, nothing.hits) == (25, ())
    assert store.search(Query(offset=9_990, limit=10)).hits == ()


def test_a_hit_tells_the_document(store: SearchStore) -> None:
    fill(store, document(people=("Siti",), organisations=("KPK",), published_at=NOON))
    (hit,) = store.search(Query(text="jembatan")).hits
    assert (hit.id, hit.url, hit.site) == (digest("satu"), "https://berita.test/satu", "berita.test")
    assert hit.title == "Pemerintah Riau membangun jembatan baru"
    assert hit.published_at == NOON
    assert (hit.people, hit.organisations, hit.places) == (("Siti",), ("KPK",), ("Pekanbaru",))


def plain(snippet: str) -> str:
    return snippet.replace("«", "").replace("»", "")


LONG = " ".join(f"Kalimat pengisi nomor {i} tanpa arti." for i in range(60))


def test_snippets_mark_the_original_words(store: SearchStore) -> None:
    body = f"{LONG} Presiden MEMBACAKAN naskah di Café Müller. {LONG}"
    fill(store, article("a", body))
    (hit,) = store.search(Query(text="dibacakan muller")).hits
    assert "«MEMBACAKAN»" in hit.snippet
    assert "«Müller»" in hit.snippet
    assert len(hit.snippet) <= 400
    passages = [p.strip() for p in plain(hit.snippet).split("…") if p.strip()]
    assert passages
    for passage in passages:
        assert passage in body
        words = passage.split()
        assert set(words) <= set(body.split())  # cut between words


def test_snippets_of_phrases(store: SearchStore) -> None:
    fill(store, article("a", f"{LONG} Menurut Badan  Geologi,\n\nbadan itu siaga. {LONG}"))
    (hit,) = store.search(Query(text='"badan geologi"')).hits
    assert "Menurut Badan Geologi, badan itu" in " ".join(plain(hit.snippet).split())
    assert "«Badan" in hit.snippet
    assert "Geologi»" in hit.snippet
    assert "«badan» itu" not in hit.snippet
    assert "\n" not in hit.snippet


@pytest.mark.parametrize(
    ("query", "lead", "beginning"),
    [
        ("judul", "Ringkasan yang pendek.", "Ringkasan yang pendek."),
        ("", "Ringkasan yang pendek.", "Ringkasan yang pendek."),
        ("-gempa", "Ringkasan yang pendek.", "Ringkasan yang pendek."),
        ("judul", "", "Kalimat pengisi nomor 0 tanpa arti."),
    ],
)
def test_a_snippet_falls_back_to_the_beginning(store: SearchStore, query: str, lead: str, beginning: str) -> None:
    fill(store, article("a", LONG, lead=lead))
    (hit,) = store.search(Query(text=query)).hits
    assert hit.snippet.startswith(beginning)
    assert "«" not in hit.snippet
    assert len(hit.snippet) <= 400


def test_documents_without_a_body(store: SearchStore) -> None:
    fill(store, article("a", "", title="Hanya judul", lead=""), article("b", "", title="", lead=""))
    (hit,) = store.search(Query(text="judul")).hits
    assert (hit.id, hit.snippet) == (digest("a"), "")
    assert len(found(store)) == 2
