"""A newsroom whose sites print an agency's stories: each story keeps one original, and no document is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from tests.integration.desk import Desk
from workers.errors import Permanent
from workers.model import Document, Download, Feed, digest
from workers.newsroom import Newsroom
from workers.newsroom.answers import Desk as Counter
from workers.pipeline import Pipeline

pytestmark = pytest.mark.redis
SITES, OWN, WIRE = 4, 16, 3


class Sites:
    """The newsroom's sites as the pipeline's network."""

    def __init__(self, newsroom: Newsroom) -> None:
        self._counter = Counter(newsroom, "http://127.0.0.1")

    def get(self, url: str, *, headers: Mapping[str, str] | None = None, max_bytes: int | None = None) -> Download:
        parts = urlsplit(url)
        answer = self._counter.answer(parts.hostname or "", parts.path, headers or {})
        if answer.status != 200:
            raise Permanent(f"HTTP {answer.status}", reason=f"http_{answer.status}")
        kind = {"content-type": answer.content_type}
        return Download(url=url, final_url=url, status=200, headers=kind, body=answer.plain)

    def shutdown(self) -> None: ...


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom(sites=SITES, articles=OWN, wire=WIRE)


def documents_of(desk: Desk, newsroom: Newsroom) -> dict[str, Document]:
    """What the store holds of everything the newsroom prints, by slug."""
    desk.pipeline = Pipeline(replace(desk.parts, http=Sites(newsroom)))
    for feed in newsroom.feed_addresses():
        desk.state.feeds.put(Feed(id=digest(feed.url), url=feed.url, site=feed.site))
    desk.run(1)
    truth = newsroom.truth()
    found = desk.store.find([url.replace("http:", "https:").rstrip("/") for one in truth for url in one.urls])
    by_url = {url: document for document in found.values() for url in document.urls}
    return {one.slug: by_url[one.url.replace("http:", "https:").rstrip("/")] for one in truth}


def test_each_wire_story_has_one_original_and_all_are_kept(desk: Desk, newsroom: Newsroom) -> None:
    documents = documents_of(desk, newsroom)
    assert desk.letters() == {}
    assert desk.store.count() == len(documents) == OWN + SITES * WIRE
    wire = defaultdict(list)
    for slug, document in documents.items():
        story = newsroom.story_by_slug(slug)
        assert story is not None
        if story.phrase:
            assert document.duplicate_of is None, slug
        else:
            wire[slug.rpartition("-")[0]].append(document)
    assert len(wire) == WIRE
    for copies in wire.values():
        originals = [document for document in copies if document.duplicate_of is None]
        assert len(originals) == 1
        assert {d.duplicate_of for d in copies if d not in originals} == {originals[0].id}
        assert {document.site for document in copies} == {site.host for site in newsroom.sites}
