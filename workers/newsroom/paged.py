"""Articles printed over several pages: which part of a story an address asks for, and the links between the parts.

Each layout has its portal's way: "/2" with "Selanjutnya", "/2/" with "Halaman: 1 2 3", "?page=2" with a view of all,
"?halaman=2" with the lead told again on every page.
"""

# ruff: noqa: E501 - markup reads best unbroken

from __future__ import annotations

import re
from urllib.parse import parse_qsl

from msgspec import structs

from workers.newsroom.sites import Site
from workers.newsroom.stories import Block, Story

PARAGRAPHS = 3  # of one page
FEWEST = 6  # paragraphs of a story that is worth it
WHOLE = 0  # the number of the view of all
_IN_PATH = re.compile(r"/(\d{1,2})(/?)$")
_IN_QUERY = {"warta": "page", "kilas": "halaman"}  # by layout; the others number in the path
_DEFAULT = "page"


def count(story: Story) -> int:
    """Return on how many pages a story is printed when it is printed over several."""
    paragraphs = sum(not block.heading for block in story.blocks)
    return -(-paragraphs // PARAGRAPHS) if paragraphs >= FEWEST else 1


def asked_for(layout: str, path: str, query: str) -> tuple[str, int]:
    """Return the story's own path and the number of the page that a request asks for."""
    if layout in ("harian", "portal"):
        match = _IN_PATH.search(path)
        if match is None or int(match[1]) < 2:
            return path, 1
        return path[: match.start()] + match[2], int(match[1])
    value = dict(parse_qsl(query, keep_blank_values=True)).get(_IN_QUERY.get(layout, _DEFAULT), "1")
    if value == "all":
        return path, WHOLE if layout == "warta" else 1
    return path, int(value) if value.isascii() and value.isdigit() and len(value) < 3 else 1


def part(layout: str, story: Story, number: int) -> Story:
    """Return the story as page `number` shows it: its paragraphs, sub-headings with what they head."""
    if number == WHOLE:
        return story
    groups: list[list[Block]] = [[]]
    headings: list[Block] = []
    for block in story.blocks:
        if block.heading:
            headings.append(block)
            continue
        if sum(not b.heading for b in groups[-1]) == PARAGRAPHS:
            groups.append([])
        groups[-1] += [*headings, block]
        headings = []
    shown = groups[number - 1]
    if layout == "kilas" and number > 1:
        shown = [story.blocks[0], *shown]
    return structs.replace(story, blocks=tuple(shown))


def address(layout: str, link: str, number: int) -> str:
    """Return the address of page `number` of the story at `link`."""
    if number == 1:
        return link
    if layout == "portal":
        return f"{link}{number}/"
    if layout == "harian":
        return f"{link}/{number}"
    return f"{link}?{_IN_QUERY.get(layout, _DEFAULT)}={number or 'all'}"


def pager(site: Site, link: str, number: int, pages: int) -> str:
    """Return the links to a story's other pages; "" on the view of all."""
    if number == WHOLE:
        return ""
    layout = site.layout
    numbers = [(n, address(layout, link, n)) for n in range(1, pages + 1)]
    following = address(layout, link, number + 1) if number < pages else ""
    if layout == "harian":
        shown = "".join(
            f'<a class="detail__anchor-numb {"active" if n == number else ""}" href="{at}">{n}</a> '
            for n, at in numbers
        )
        more = f'<a class="detail__anchor-next" href="{following}">Selanjutnya</a>' if following else ""
        return f'<div class="detail__long-nav"><span>Halaman</span> {shown}{more}</div>\n'
    if layout == "portal":
        shown = " ".join(
            f'<span class="post-page-numbers current" aria-current="page">{n}</span>'
            if n == number
            else f'<a href="{at}" class="post-page-numbers">{n}</a>'
            for n, at in numbers
        )
        return f'<div class="page-links">Halaman: {shown}</div>\n'
    if layout == "warta":
        shown = "".join(
            f'<div class="paging__item"><a class="paging__link" href="{at}" data-ci-pagination-page="{n}">{n}</a></div>'
            for n, at in numbers
        )
        whole = f'<div class="paging__item"><a class="paging__link" href="{address(layout, link, WHOLE)}">Tampilkan Semua</a></div>'
        return (
            f'<div class="paging clearfix"><span>Halaman:</span><div class="paging__wrap">{shown}{whole}</div></div>\n'
        )
    more = f'<a href="{following}"><b>Halaman selanjutnya &raquo;</b></a>' if following else ""
    return f'<p class="halaman">Halaman {number} dari {pages} {more}</p>\n'
