"""Who made it: writers and editors told apart; persons, never the site, a role, an account or an address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from workers.extract.credits import credited, lines
from workers.extract.head import Head
from workers.extract.marks import Marks
from workers.extract.persons import Credits, Persons, is_written_as_name, unique, without
from workers.extract.place import is_beside
from workers.extract.sites import Rules
from workers.extract.structured import is_article, names
from workers.extract.text import key, plain
from workers.extract.tree import Tree, text_of
from workers.identify.address import registrable_domain

MAX_BYLINE = 160  # characters of an element that names people and nothing else
_META = ("author", "article:author_name", "shareaholic:article_author_name", "dc.creator", "dcterms.creator",
         "sailthru.author", "parsely-author", "citation_author", "content_author", "cxenseparse:author", "byl",
         "article:author", "dable:author", "authors", "dtk:author", "reporter", "penulis")  # fmt: skip
_META_EDITOR = ("editor", "article:editor", "content_editor", "dtk:editor", "news_editor", "redaktur")
_WRITTEN_BY = frozenset(
    {
        "written by",
        "posted by",
        "ditulis oleh",
        "penulis",
        "author",
        "verfasst von",
        "écrit par",
        "escrito por",
        "reporter",
    }
)


class People(Struct, frozen=True):
    """Who wrote an article and who edited it."""

    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()


def people(head: Head, marks: Marks, rules: Rules, site_name: str, *, fallback: Iterable[str] = ()) -> People:
    """Return the page's writers and editors: from JSON-LD, meta elements, marked elements, bylines, lines of credits.

    The first source that names a writer counts; somebody whom the page calls its editor is none. `fallback`: the
    feed's authors.
    """
    domain = registrable_domain(head.url)
    persons = Persons(rules, {key(domain), key(domain.partition(".")[0])} - {""}, site_name)
    told = credited(marks, persons)
    structured, byline = _structured(head, persons), _bylines(marks, persons)
    edited = [*structured.editors, *persons.names(head.every(*_META_EDITOR)), *told.editors, *byline.editors]
    edited += _marked_editors(marks, persons)
    sources = (
        structured.authors, persons.names(_meta(head)), _marked(marks, persons), _profiles(marks, persons),
        byline.authors, told.authors, persons.names(_only_person(head)), persons.names(fallback),
    )  # fmt: skip
    editors = without(edited, [])
    only_editors = [name for name in editors if name in without(editors, told.authors)]
    written = next((kept for names in sources if (kept := without(names, only_editors))), [])
    if len(told.authors) > len(written) and not without(written, told.authors):
        written = told.authors  # the page names more of them than its data
    return People(unique(written), unique(editors))


def _structured(head: Head, persons: Persons) -> Credits:
    found = Credits([], [])
    described = [head.article, *(n for n in head.own_nodes if "WebPage" in str(n.get("@type")))]
    for node in described[:5]:
        for field in ("author", "creator", "editor"):
            value = node.get(field)
            for item in (value if isinstance(value, list) else [value])[:50]:
                if isinstance(item, dict) and "Organization" in str(item.get("@type")):
                    continue
                role = "editor" if field == "editor" or _is_editor(item) else "author"
                for name in names(item, head.nodes):
                    named = persons.credits(name, unlabelled=role)
                    found.authors += named.authors
                    found.editors += named.editors
    return found


def _is_editor(item: object) -> bool:
    title = plain(item.get("jobTitle")).casefold() if isinstance(item, dict) else ""
    return title in ("editor", "redaktur", "penyunting")


def _only_person(head: Head) -> Iterator[str]:
    """The only person of the page's JSON-LD: blogs describe their author without saying so."""
    if not head.article and any(is_article(node) for node in head.own_nodes):
        return  # described there is another article, perhaps with its author
    people = {plain(n.get("name")) for n in head.own_nodes if "Person" in str(n.get("@type"))} - {""}
    if len(people) == 1:
        yield people.pop()


def _meta(head: Head) -> Iterator[str]:
    for name in _META:
        yield from head.every(name)
    for number in ("1", "2"):
        if head.first(f"twitter:label{number}").casefold() in _WRITTEN_BY:
            yield head.first(f"twitter:data{number}")


def _marked(marks: Marks, persons: Persons) -> list[str]:
    """Names in elements with rel=author or itemprop=author; those around the headline first."""
    near: list[str] = []
    far: list[str] = []
    for place, element in marks.authors[:40]:
        inner = element.find(".//*[@itemprop='name']")
        inner = element if inner is None else inner
        text = plain(inner.get("content") or text_of(inner), MAX_BYLINE + 1)
        if len(text) <= MAX_BYLINE and not is_beside(element):
            (near if marks.is_near(place, element) else far).extend(persons.credits(text).authors)
    return near or far


def _profiles(marks: Marks, persons: Persons) -> list[str]:
    for _, element in marks.profiles[:40]:
        text = plain(text_of(element), 200)
        paragraph = next(element.iterancestors("p"), None)
        if not 5 <= len(text) <= 60 or (paragraph is not None and len(text_of(paragraph)) > MAX_BYLINE):
            continue  # within running text it leads to somebody the text tells of
        if not is_beside(element) and (found := persons.credits(text).authors):
            return found
    return []


def _bylines(marks: Marks, persons: Persons) -> Credits:
    """Names in the first element that is named like a byline, and in those of its kind that follow it at once."""
    found = Credits([], [])
    last: Tree | None = None
    for _, element in marks.bylines[:100]:
        if last is not None and not (element.getprevious() is last and element.get("class") == last.get("class")):
            continue
        if len(text_of(element)) > MAX_BYLINE or is_beside(element):
            continue
        named = _in_byline(element, persons)
        found.editors += named.editors
        if named.authors:
            last = element
            found.authors += named.authors
    return found


def _in_byline(element: Tree, persons: Persons) -> Credits:
    found = Credits([], [])
    # hCard's "fn" says itself that this is a name, however short
    hcard = "fn" in (element.get("class") or "").split()
    for line in lines(element):
        named = persons.credits(line, unlabelled="" if found.authors else "author", handle=hcard)
        found.authors += [name for name in named.authors if " " not in name or is_written_as_name(name)]
        found.editors += named.editors
    return found


def _marked_editors(marks: Marks, persons: Persons) -> list[str]:
    found: list[str] = []
    for _, element in marks.editors[:20]:
        text = plain(text_of(element), MAX_BYLINE + 1)
        if 3 <= len(text) <= MAX_BYLINE and not is_beside(element):
            found += [n for n in persons.credits(text, unlabelled="editor").editors if is_written_as_name(n)]
    return found
