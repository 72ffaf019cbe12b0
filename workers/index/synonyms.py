"""Other names for agencies and places (KPK, AS, Tiongkok …), put into a query when it is read.

The list is `elasticsearch/synonyms.txt` of the configuration, in Solr's form: names that mean the same, separated by
commas, one group a line. Elasticsearch's search analyzer gets the same list, for those who search in Kibana.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import structs

from workers.errors import Misuse
from workers.index.query import AnyOf, Clause, Term
from workers.index.stemming import fold

FILE = "synonyms.txt"
MAX_WORDS = 8  # of one name
AMBIGUOUS = 2  # letters: a shorter abbreviation (AS, MA) is a word too: it counts in capitals, and not in English

# By folded words: all names of the group, this one among them.
Synonyms = Mapping[tuple[str, ...], tuple[str, ...]]


@lru_cache(maxsize=8)
def load_synonyms(folder: Path) -> Synonyms:
    """Return the synonyms in `folder`. Raises Misuse naming the file and the line that is wrong."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for number, names in read_groups(folder):
        for name in names:
            key = _words(name)
            if key in found:
                raise Misuse(f"{folder / FILE}, line {number}: {name!r} stands in two groups")
            found[key] = names
    return found


def read_groups(folder: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield (line number, names) of each group. Raises Misuse."""
    file = folder / FILE
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Misuse(f"{file}: {error.strerror} (is KABAR_CONFIG_DIR right?)") from error
    except UnicodeDecodeError as error:
        raise Misuse(f"{file}: not in UTF-8") from error
    for number, line in enumerate(lines, 1):
        if not (text := line.split("#", 1)[0].strip()):
            continue
        names = tuple(name.strip() for name in text.split(","))
        if len(names) < 2 or not all(0 < len(_words(name)) <= MAX_WORDS for name in names) or "=>" in text:
            raise Misuse(f"{file}, line {number}: write names that mean the same, separated by commas")
        yield number, names


def expand(clauses: Sequence[Clause], synonyms: Synonyms) -> tuple[Clause, ...]:
    """Return `clauses` with the other names of what they name as alternatives.

    Words that make a name side by side ("Amerika Serikat") are taken as one. Phrases and what is negated stay as typed.
    """
    if not synonyms:
        return tuple(clauses)
    expanded: list[Clause] = []
    place = 0
    while place < len(clauses):
        clause = clauses[place]
        if isinstance(clause, AnyOf):
            expanded.append(AnyOf(tuple(row for option in clause.options for row in _rows(option, synonyms))))
            place += 1
            continue
        words = _run(clauses[place : place + MAX_WORDS])
        length = next((n for n in range(len(words), 0, -1) if _is_name(words[:n], synonyms)), 0)
        if length:
            expanded.append(AnyOf(tuple(_rows(words[:length], synonyms))))
        else:
            expanded.append(clause)
        place += max(length, 1)
    return tuple(expanded)


def _run(clauses: Sequence[Clause]) -> tuple[Term, ...]:
    """Return the plain words that `clauses` begin with."""
    words: list[Term] = []
    for clause in clauses:
        if not isinstance(clause, Term) or clause.phrase or clause.negated or clause.field != "text":
            break
        words.append(clause)
    return tuple(words)


def _is_name(words: Sequence[Term], synonyms: Synonyms) -> bool:
    key = tuple(fold(word.text) for word in words)
    return key in synonyms and (not _is_ambiguous("".join(key)) or words[0].text.isupper())


def _rows(words: tuple[Term, ...], synonyms: Synonyms) -> Iterator[tuple[Term, ...]]:
    """Yield the alternatives to `words`, themselves first."""
    if not _run(words) or not _is_name(words, synonyms):
        yield words
        return
    key = tuple(fold(word.text) for word in words)
    yield (structs.replace(words[0], not_english=True),) if _is_ambiguous("".join(key)) else words
    for name in synonyms[key]:
        if _words(name) != key:
            yield (Term(name, phrase=True, not_english=_is_ambiguous(name)),)


def _is_ambiguous(name: str) -> bool:
    return len(name) <= AMBIGUOUS


def _words(name: str) -> tuple[str, ...]:
    return tuple(map(fold, name.split()))
