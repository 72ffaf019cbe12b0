"""The same searches as somebody would write them by hand, straight against the store.

bare     words matched, the ten best by relevance and their titles; as the store does it by default
plain    and what a page of results needs: a passage with the found words marked
counted  and how many there are in all, exactly
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import apsw
from msgspec import Struct

from tests.bench.news import lexical, person
from workers.index.elasticsearch import ElasticsearchStore
from workers.index.stemming import stem, words
from workers.model import Document

FIELDS = ["title^3", "lead^2", "body"]
SHOWN = ["id", "url", "title", "site", "published_at", "people", "organisations", "places"]


class Asked(Struct, frozen=True, kw_only=True):
    """A search by what it asks for."""

    kind: str
    words: tuple[str, ...] = ()
    phrase: str = ""
    either: tuple[str, ...] = ()
    without: str = ""
    site: str = ""
    person: str = ""
    days: int = 0  # not older

    @property
    def text(self) -> str:
        """The search in Kabar's query language."""
        parts = [*self.words, " OR ".join(self.either)]
        parts += [f'"{self.phrase}"'] if self.phrase else []
        parts += [f"-{self.without}"] if self.without else []
        parts += [f"site:{self.site}"] if self.site else []
        parts += [f'orang:"{self.person}"'] if self.person else []
        parts += [f"sejak:{self.since:%Y-%m-%d}"] if self.days else []
        return " ".join(filter(None, parts))

    @property
    def since(self) -> datetime:
        """The first moment of the day so many days ago, in UTC."""
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return today - timedelta(days=self.days)


def searches() -> list[Asked]:
    """Return what is measured: words of every frequency, several, phrases, names, filters, OR and negation."""
    frequent = ("kata", "warga", "tahun", "dua", "harga", lexical(0), lexical(2), "persen")
    rare = [lexical(rank) for rank in (900, 2_500, 7_000, 15_000, 40_000, 90_000, 150_000, 250_000)]
    several = (
        "harga cabai", "kapal bantuan laut", "menteri malaysia", "sidang malam pengadilan", "kebakaran lahan gambut",
        "suku bunga", "guru sekolah desa", "pemain pelatih",
    )  # fmt: skip
    phrases = ("bank indonesia", "per tahun", "di laut andaman", "kepala desa", "suku bunga", "dua tahun", "kata guru")
    return [
        *(Asked(kind="frequent", words=(word,)) for word in frequent),
        *(Asked(kind="rare", words=(word,)) for word in rare),
        *(Asked(kind="several", words=tuple(text.split())) for text in several),
        *(Asked(kind="phrase", phrase=phrase) for phrase in phrases),
        *(Asked(kind="name", words=("kata",), person=person(rank)) for rank in (0, 3, 20, 300)),
        *(Asked(kind="site", words=(word,), site=f"berita{place}.test") for place, word in enumerate(frequent[:5])),
        *(Asked(kind="days", words=(word,), days=days) for word, days in zip(frequent, (7, 30, 90, 200), strict=False)),
        *(Asked(kind="either", either=(frequent[place], rare[place])) for place in range(1, 7)),
        *(Asked(kind="without", words=(frequent[place],), without=frequent[place + 1]) for place in range(6)),
    ]


Ask = Callable[[Asked], object]


class PlainSqlite:
    """FTS5 as its documentation shows it, over texts whose words were stemmed before: it knows no Indonesian."""

    def __init__(self, path: Path) -> None:
        self._connection = apsw.Connection(str(path))
        self._connection.execute("PRAGMA journal_mode = WAL; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS articles (number INTEGER PRIMARY KEY, id, url, title, site, published, people);"
            "CREATE VIRTUAL TABLE IF NOT EXISTS plain USING fts5 (title, lead, body)"
        )

    def fill(self, documents: Iterable[Document]) -> None:
        """Store the documents, in one transaction."""
        with self._connection:
            for one in documents:
                published = one.published_at.timestamp()
                people = "\n".join(("", *one.people, ""))
                self._connection.execute(
                    "INSERT INTO articles (id, url, title, site, published, people) VALUES (?, ?, ?, ?, ?, ?)",
                    (one.id, one.url, one.title, one.site, published, people),
                )
                texts = tuple(map(_stemmed, (one.title, one.lead, one.body)))
                number = self._connection.last_insert_rowid()
                self._connection.execute(
                    "INSERT INTO plain (rowid, title, lead, body) VALUES (?, ?, ?, ?)", (number, *texts)
                )

    def ways(self) -> Mapping[str, Ask]:
        """Return the ways to ask."""
        return {"bare": self._bare, "plain": self._plain, "counted": self._counted}

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _bare(self, asked: Asked) -> list[Any]:
        source, values = _from(asked)
        # faster than ORDER BY rank; snippet() here would be called for each row
        sql = f"SELECT plain.rowid, bm25(plain, 3.0, 2.0, 1.0) AS rank {source} ORDER BY rank LIMIT 10"
        best = [str(row[0]) for row in self._connection.execute(sql, values)]
        shown = f"SELECT * FROM articles WHERE number IN ({', '.join(best)})"
        return [best, self._connection.execute(shown).fetchall()]

    def _plain(self, asked: Asked) -> list[Any]:
        best, shown = self._bare(asked)
        sql = (
            "SELECT rowid, snippet(plain, -1, '«', '»', '…', 40) FROM plain "
            f"WHERE plain MATCH ? AND rowid IN ({', '.join(best)})"
        )
        return [shown, self._connection.execute(sql, _from(asked)[1][:1]).fetchall()]

    def _counted(self, asked: Asked) -> list[Any]:
        source, values = _from(asked)
        return [self._connection.execute(f"SELECT count(*) {source}", values).fetchall(), self._plain(asked)]


def _from(asked: Asked) -> tuple[str, tuple[object, ...]]:
    wanted = [f'"{_stemmed(word)}"' for word in (*asked.words, *filter(None, (asked.phrase,)))]
    wanted += ["(" + " OR ".join(f'"{_stemmed(word)}"' for word in asked.either) + ")"] if asked.either else []
    matching = " AND ".join(wanted) + (f' NOT "{_stemmed(asked.without)}"' if asked.without else "")
    conditions, values = ["plain MATCH ?"], [matching]
    for condition, value in (
        ("site = ?", asked.site),
        ("instr(people, ?)", asked.person and f"\n{asked.person}\n"),
        ("published >= ?", asked.since.timestamp() if asked.days else ""),
    ):
        if value:
            conditions.append(condition)
            values.append(value)  # type: ignore[arg-type]
    if len(values) == 1:
        return "FROM plain WHERE plain MATCH ?", (matching,)
    # CROSS: the planner would else begin with the articles
    return f"FROM plain CROSS JOIN articles ON number = plain.rowid WHERE {' AND '.join(conditions)}", tuple(values)


def _stemmed(text: str) -> str:
    return " ".join(stem(word) for _, _, word in words(text))


class PlainElasticsearch:
    """A bool query over Kabar's own index."""

    def __init__(self, store: ElasticsearchStore) -> None:
        self._store = store

    def ways(self) -> Mapping[str, Ask]:
        """Return the ways to ask."""
        return {"bare": self._bare, "plain": self._plain, "counted": self._counted}

    def _bare(self, asked: Asked) -> object:
        return self._run(asked, {})

    def _plain(self, asked: Asked) -> object:
        return self._run(asked, {"highlight": {"fields": {"body": {}}}})

    def _counted(self, asked: Asked) -> object:
        return self._run(asked, {"highlight": {"fields": {"body": {}}}, "track_total_hits": True})

    def _run(self, asked: Asked, more: dict[str, Any]) -> object:
        body = {"query": _bool(asked), "size": 10, "_source": SHOWN, **more}
        return self._store.client.search(index=self._store.alias, body=body).body


def _bool(asked: Asked) -> dict[str, Any]:
    must = [_match(" ".join(asked.words), operator="and", type="cross_fields")] if asked.words else []
    must += [_match(asked.phrase, type="phrase")] if asked.phrase else []
    must += [_match(" ".join(asked.either), operator="or")] if asked.either else []
    filters: list[dict[str, Any]] = [{"term": {"site": asked.site}}] if asked.site else []
    filters += [{"term": {"people": asked.person}}] if asked.person else []
    filters += [{"range": {"published_at": {"gte": asked.since.isoformat()}}}] if asked.days else []
    without = [_match(asked.without)] if asked.without else []
    return {"bool": {"must": must, "filter": filters, "must_not": without}}


def _match(text: str, **more: Any) -> dict[str, Any]:
    return {"multi_match": {"query": text, "fields": FIELDS, **more}}
