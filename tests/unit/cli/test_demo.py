"""`kabar demo` shows searches that find something."""

from pathlib import Path

from tests.contract.documents import article
from workers.cli.demo import SEARCHES, SITES
from workers.index.sqlite import SqliteStore
from workers.model import Query
from workers.newsroom import Newsroom


def test_its_searches_find_its_articles(tmp_path: Path) -> None:
    store = SqliteStore(path=tmp_path / "search.sqlite")
    store.write([article(told.slug, told.body, title=told.title) for told in Newsroom(sites=SITES).truth()])
    found = {text: store.search(Query(text=text)).total for text in SEARCHES}
    store.close()
    assert min(found.values()) >= 3, found
    assert [text.startswith('"') for text in SEARCHES] == [False, True]  # a word and a phrase
