"""A year of news for measuring search: as many articles as wanted, their words spread as words are (Zipf, 1935).

Sentences are the newsroom's own; many of their rarer words are replaced by words of a made-up lexicon, of which the
n-th comes n times as rarely as the first. So a few words stand in nearly every article, some in one of a hundred, most
in a handful, and no two texts are alike, but for the copies that one of twelve is. Always the same for a number.
"""

from __future__ import annotations

import itertools
import math
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache

from msgspec import structs

from tests.quality.search_cases import documents
from workers.model import Document, digest
from workers.newsroom.words import words

LEXICON = 300_000  # made-up words; a year of a large newsroom has as many
MADE_UP = 0.4  # of the words that are not among the most common
COMMON = 150  # words that are never replaced
COPIES = 12  # one of so many is a copy
SITES = 60
SYLLABLES = [a + b + c for a in "bcdgjklmnprstw" for b in "aeiou" for c in ("", "n", "r", "ng")]
ENDINGS = ("", "", "", "nya", "kan", "an", "i")
BEGINNINGS = ("", "", "", "me", "di", "ber", "pe")
_WORD = re.compile(r"[A-Za-z]{3,}")


def news(number: int, newest: datetime) -> Iterator[Document]:
    """Yield `number` articles of the year before `newest`."""
    chance = random.Random(1)
    earlier: list[Document] = []
    for place in range(number):
        at = newest - timedelta(seconds=chance.randrange(365 * 86_400))
        if earlier and place % COPIES == 0:
            original = chance.choice(earlier)
            copy = {"duplicate_of": original.id, "published_at": at + timedelta(hours=1)}
            yield structs.replace(original, **_identity(place, chance), **copy)
            continue
        article = structs.replace(_article(chance), **_identity(place, chance), published_at=at)
        earlier = [*earlier[-50:], article]
        yield article


def lexical(rank: int) -> str:
    """Return the word of the lexicon that is the `rank`-th in frequency, from 0."""
    word = SYLLABLES[rank % len(SYLLABLES)]
    rest = rank // len(SYLLABLES) + 1
    while rest:
        rest, syllable = divmod(rest, len(SYLLABLES))
        word += SYLLABLES[syllable]
    return word


def person(rank: int) -> str:
    """Return the name of the person that is the `rank`-th in the news, from 0."""
    first, last = words().first_names, words().last_names
    return f"{first[rank % len(first)]} {last[rank // len(first) % len(last)]}"


def _identity(place: int, chance: random.Random) -> dict[str, object]:
    site = f"berita{_rank(chance, SITES)}.test"
    url = f"https://{site}/{place}"
    return {"id": digest("news", str(place)), "url": url, "urls": (url,), "canonical_url": url, "site": site}


def _article(chance: random.Random) -> Document:
    articles = _written()
    main = articles[_rank(chance, len(articles))]
    sources = [_sentences(main.id), _sentences(articles[_rank(chance, len(articles))].id)]
    people = tuple(person(_rank(chance, 2_000)) for _ in range(chance.randrange(1, 5)))
    towns = tuple(words().towns[_rank(chance, len(words().towns))] for _ in range(chance.randrange(1, 3)))
    told = [
        _retold(chance, chance.choice(sources[chance.random() < 0.3]))
        for _ in range(chance.randrange(6, 26))
    ]  # fmt: skip
    told.insert(1, f"{towns[0]}, kata {people[0]}.")
    paragraphs = (" ".join(told[start : start + 3]) for start in range(0, len(told), 3))
    return structs.replace(
        main,
        title=_retold(chance, main.title),
        lead=told[0],
        body="\n\n".join(paragraphs),
        people=people,
        places=towns,
    )


def _retold(chance: random.Random, sentence: str) -> str:
    def replaced(found: re.Match[str]) -> str:
        word = found[0]
        if word.lower() in _common() or chance.random() >= MADE_UP:
            return word
        return chance.choice(BEGINNINGS) + lexical(_rank(chance, LEXICON)) + chance.choice(ENDINGS)

    return _WORD.sub(replaced, sentence)


def _rank(chance: random.Random, number: int) -> int:
    """Return a number below `number`, n-1 as often as 1/n."""
    return int(math.exp(chance.random() * math.log(number + 1))) - 1


@cache
def _written() -> Sequence[Document]:
    return documents()


@cache
def _sentences(article_id: str) -> Sequence[str]:
    (article,) = (one for one in _written() if one.id == article_id)
    return [one for one in re.split(r"(?<=[.!?\"])\s+", article.body) if len(one) > 20]


@cache
def _common() -> frozenset[str]:
    texts = itertools.chain.from_iterable(_WORD.findall(article.body.lower()) for article in _written())
    return frozenset(word for word, _ in Counter(texts).most_common(COMMON))
