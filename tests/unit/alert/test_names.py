"""Names in saved searches mean what they mean in `kabar search`."""

from __future__ import annotations

from pathlib import Path

from msgspec import structs

from tests.contract.documents import article
from workers.alert.alerts import Alert
from workers.alert.matching import matches
from workers.cli.alert_names import with_documented_names
from workers.index.sqlite import SqliteStore

CONFIG = Path(__file__).parents[3] / "config"


def test_a_name_stands_for_what_documents_call_it(tmp_path: Path) -> None:
    asked = [
        Alert(name="solo", query='tempat:"Kota Solo" OR tempat:Solo', log=True),
        Alert(name="satu", query="", entity="Solo", log=True),
        Alert(name="lain", query="banjir -gempa", log=True),
    ]
    known = with_documented_names(asked, CONFIG, tmp_path)
    assert known[2] == asked[2]
    store = SqliteStore(path=tmp_path / "articles.sqlite")
    named = known[0].names["Solo"]
    flooded = structs.replace(article("a", "Banjir melanda kota itu"), places=(named,))
    found = matches(store, known, [flooded], {})
    store.close()
    assert named != "Solo"
    assert sorted(match.alert.name for match in found[flooded.id]) == ["lain", "satu", "solo"]


def test_without_names_no_gazetteer_is_read(tmp_path: Path) -> None:
    asked = [Alert(name="lain", query="banjir", log=True)]
    assert with_documented_names(asked, tmp_path / "none", tmp_path) == asked
