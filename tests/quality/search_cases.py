"""The newsroom's articles as documents, the judged queries, and what a ranking is worth by them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from workers.model import Document, Query, digest
from workers.newsroom.stories import Story, written_stories
from workers.ports import SearchStore

QUERIES = Path(__file__).with_name("search_queries.txt")
DEPTH = 10


@dataclass(frozen=True)
class Judged:
    """A query and the grades of the articles that answer it, by slug: 2 is on just that, 1 mentions it."""

    query: str
    grades: dict[str, int]


def judged() -> list[Judged]:
    """Return the judged queries. Raises ValueError on a slug that no or more than one article begins with."""
    slugs = [story.slug for story in written_stories()]
    cases = []
    for line in QUERIES.read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        query, *columns = (part.strip() for part in line.split(" | "))
        grades = {}
        for grade, column in zip((2, 1), columns, strict=False):
            for beginning in () if column == "-" else column.split():
                (slug,) = [slug for slug in slugs if slug.startswith(beginning)]
                grades[slug] = grade
        cases.append(Judged(query, grades))
    return cases


def documents() -> list[Document]:
    """Return the newsroom's own-written articles as a perfect pipeline would store them."""
    return [_document(story) for story in written_stories()]


def _document(story: Story) -> Document:
    url = f"https://site-{story.site}.newsroom.test/{story.slug}"
    seen = story.published_at.astimezone(UTC)
    return Document(
        id=digest(story.slug),
        version=1,
        url=url,
        urls=(url,),
        canonical_url=url,
        site=f"site-{story.site}.newsroom.test",
        feed_id=digest("feed"),
        feeds=(digest("feed"),),
        title=story.title,
        lead=story.lead,
        body=story.body,
        headings=(),
        body_source="page",
        authors=story.authors,
        section=story.section,
        tags=story.tags,
        image="",
        language=story.language,
        word_count=len(story.body.split()),
        published_at=seen,
        published_at_source="jsonld",
        modified_at=None,
        first_seen_at=seen,
        fetched_at=seen,
        indexed_at=None,
        entities=(),
        people=story.people,
        organisations=story.organisations,
        places=story.places,
        places_at=(),
        extractor="",
        tagger="",
        content_hash=digest(story.body),
    )


@dataclass(frozen=True)
class Measured:
    """What a store answered: slugs best first, by query."""

    answers: dict[str, list[str]]

    def gain(self, case: Judged) -> float:
        """Return nDCG@10 of one query (Järvelin and Kekäläinen 2002; gains are the grades)."""
        best = _gain(sorted(case.grades.values(), reverse=True))
        return _gain([case.grades.get(slug, 0) for slug in self.answers[case.query]]) / best

    def first(self, case: Judged) -> bool:
        """Tell whether the first article is one of the best there are."""
        answer = self.answers[case.query]
        return bool(answer) and case.grades.get(answer[0], 0) == max(case.grades.values())


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades[:DEPTH]))


def measure(store: SearchStore, cases: Sequence[Judged]) -> Measured:
    """Ask `store`, which holds `documents()`, every query."""
    slugs = {digest(story.slug): story.slug for story in written_stories()}
    answers = {}
    for case in cases:
        hits = store.search(Query(text=case.query, limit=100)).hits
        answers[case.query] = [slugs[hit.id] for hit in hits]
    return Measured(answers)
