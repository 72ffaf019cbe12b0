"""Did you mean: a word that stands in no article, one letter away from a word that does. Pure.

One letter too many, too few or another, or two letters changed over: four of five typing errors are such (Damerau,
1964), and a dictionary is not needed, since the index knows its own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import ascii_lowercase

from workers.index.query import Term
from workers.index.stemming import fold, stem, words

SHORTEST, LONGEST = 4, 30  # letters of a word that is looked at
MOST = 5  # words of one query
LONGEST_ABBREVIATION = 6  # letters; longer words in capitals are shouted


def doubtful(terms: Sequence[Term]) -> list[str]:
    """Return the folded words of `terms` that could be misspelt; an abbreviation (DPRD) is meant as it is typed."""
    found = dict.fromkeys(word for term in terms if not _is_abbreviation(term.text) for _, _, word in words(term.text))
    return [word for word in found if SHORTEST <= len(word) <= LONGEST and word.isalpha() and word.isascii()][:MOST]


def _is_abbreviation(text: str) -> bool:
    return text.isupper() and len(text) <= LONGEST_ABBREVIATION


def near(word: str) -> Iterator[str]:
    """Yield the words that are one typing error away from `word`, some several times."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        if after:
            yield before + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]


def best(word: str, candidates: Mapping[str, int]) -> str:
    """Return the candidate that most articles have (numbers), "" without one; other forms of `word` are none."""
    usable = {one: count for one, count in candidates.items() if count and stem(one) != stem(word)}
    return min(usable, key=lambda one: (-usable[one], one)) if usable else ""


def corrected(text: str, meant: Mapping[str, str]) -> str:
    """Return `text` with each folded word in `meant` replaced; "" when none is."""
    changed = re.sub(r"\w+", lambda found: meant.get(fold(found[0]), found[0]), text)
    return changed if meant and changed != text else ""
