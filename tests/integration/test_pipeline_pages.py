"""Articles of several pages through the whole pipeline, on a real Redis and the embedded store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.integration.desk import SITE, TEXT, Desk
from workers.errors import Permanent, Transient

pytestmark = pytest.mark.redis
NAME = "berita-jembatan-kampung-dalam"
PAGES = 3


def address(number: int) -> str:
    return f"/{NAME}" + (f"?page={number}" if number > 1 else "")


def leaf(number: int, pages: int = PAGES, extra: str = "") -> str:
    links = "".join(f"<a href='{SITE}{address(n)}'>{n}</a> " for n in range(1, pages + 1) if n != number)
    text = "".join(f"<p>Halaman {number} alinea {n}. {TEXT}{number}{n}</p>" for n in range(3))
    return (
        f"<html lang='id'><head><title>Berita {NAME} | Harian</title></head><body><article><h1>Berita {NAME}</h1>"
        f"<div class='isi'>{text}{extra}<div class='paging'>Halaman: {links}</div></div></article></body></html>"
    )


def alinea(desk: Desk) -> list[str]:
    (document,) = desk.documents()
    return [paragraph.partition(".")[0] for paragraph in document.body.split("\n\n")]


def whole(*numbers: int) -> list[str]:
    return [f"Halaman {number} alinea {n}" for number in numbers for n in range(3)]


def ready(desk: Desk, *names: str) -> None:
    desk.web.feed("/feed", *(names or (NAME,)))
    for number in range(1, PAGES + 1):
        desk.web.say(address(number), leaf(number))
    desk.add()


def test_all_pages_become_one_document_each_asked_once(desk: Desk) -> None:
    ready(desk)
    desk.run()
    assert alinea(desk) == whole(1, 2, 3)
    (document,) = desk.documents()
    assert (document.pages, document.incomplete, document.url) == (3, False, f"{SITE}/{NAME}")
    assert [desk.asked(address(n)) for n in (1, 2, 3)] == [1, 1, 1]
    assert (desk.state.entries.pending(), desk.letters()) == (0, {})
    counts = desk.state.overview.counts()
    assert (counts["fetched"], counts["continued"]) == (1, 2)


def test_a_link_to_the_second_page_gives_the_same_article(desk: Desk) -> None:
    ready(desk, NAME + "?page=2")
    desk.run()
    assert alinea(desk) == whole(1, 2, 3)
    first = desk.documents()[0].id
    desk.web.feed("/feed", NAME)
    desk.due()
    desk.run()
    assert [document.id for document in desk.documents()] == [first]


def test_a_further_page_that_is_gone_costs_its_text_only(desk: Desk) -> None:
    ready(desk)
    desk.web.say(address(3), Permanent("HTTP 404", reason="http_404"))
    desk.run()
    assert alinea(desk) == whole(1, 2)
    (document,) = desk.documents()
    assert (document.pages, document.incomplete) == (2, True)
    assert desk.letters() == {}


def test_a_further_page_that_fails_for_a_while_is_waited_for(desk: Desk) -> None:
    ready(desk)
    desk.web.say(address(2), Transient("HTTP 503", reason="http_503"), leaf(2))
    desk.run(1)
    assert alinea(desk) == whole(1, 2, 3)
    assert desk.asked(address(1)) == 1


def test_a_further_page_that_never_comes_is_given_up_not_the_article(desk: Desk) -> None:
    ready(desk)
    desk.web.say(address(2), Transient("no answer", reason="timeout"))
    desk.run(1)
    assert alinea(desk) == whole(1)
    assert desk.asked(address(2)) == 3
    assert desk.documents()[0].incomplete
    assert desk.letters() == {}


@pytest.mark.parametrize(
    ("rules", "pages"),
    [({"article_pages": 2}, [1, 2]), ({"page_max_bytes": len(leaf(1)) + 100}, [1]), ({"begun_bytes": 100}, [1])],
    ids=["pages", "bytes", "hand-over"],
)
def test_pages_and_bytes_of_an_article_are_bounded(desk: Desk, rules: dict[str, int], pages: list[int]) -> None:
    object.__setattr__(desk.parts, "rules", replace(desk.parts.rules, **rules))
    ready(desk)
    get = desk.web.get

    def bounded(url: str, *, max_bytes: int | None = None, **named: object) -> object:
        answer = get(url, **named)  # type: ignore[arg-type]
        if max_bytes is not None and len(answer.body) > max_bytes:
            raise Permanent("too large", reason="too_large")
        return answer

    desk.web.get = bounded  # type: ignore[assignment, method-assign]
    desk.run()
    assert alinea(desk) == whole(*pages)
    assert desk.documents()[0].incomplete


def test_a_site_that_shows_the_same_page_under_every_number_ends_it(desk: Desk) -> None:
    ready(desk)
    desk.web.say(address(2), leaf(1, pages=9))
    desk.run()
    assert alinea(desk) == whole(1)
    assert desk.asked(address(3)) == 0


def test_a_changed_article_is_fetched_with_all_its_pages_again(desk: Desk) -> None:
    ready(desk)
    desk.run()
    rss = desk.web.answers[SITE + "/feed"][0]
    assert isinstance(rss, str)
    desk.web.say("/feed", rss.replace("<title>Berita", "<title>Ralat berita"))
    desk.web.say(address(3), leaf(3, extra=f"<p>Ralat: {TEXT}</p>"))
    desk.due()
    desk.run()
    (document,) = desk.documents()
    assert "Ralat:" in document.body
    assert [desk.asked(address(n)) for n in (1, 2, 3)] == [2, 2, 2]
