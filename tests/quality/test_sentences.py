"""The tagger on hard cases of our own (sentences.txt): dates, amounts, laws, events, one name for one thing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from workers.model import Entity
from workers.tag.tagger import Tagger
from workers.tag.tokens import tokenise

HERE = Path(__file__).parent
PUBLISHED = datetime(2025, 9, 5, 3, 0, tzinfo=UTC)
NAMES = ("PERSON", "ORG", "LOCATION")
FLOOR = 0.95  # of all sentences, each right only when all that is expected of it holds
SECTION_FLOOR = 0.85


def test_hard_sentences() -> None:
    tagger = Tagger.load(HERE.parents[1] / "config")
    shares: dict[str, list[bool]] = {}
    problems: list[str] = []
    for section, text, expected in sentences():
        english = text.startswith("en: ")
        text = text.removeprefix("en: ")
        entities = tagger.tag(text, published_at=PUBLISHED, language="en" if english else "id")
        wrong = [line for line in expected if not holds(line, text, entities)]
        shares.setdefault(section, []).append(not wrong)
        if wrong:
            seen = [(e.type, e.text, e.name, e.role) for e in entities]
            problems.append(f"{section}: {text}\n  not: {wrong}\n  but: {seen}")
    results = [right for rights in shares.values() for right in rights]
    told = "\n".join(problems)
    assert len(results) >= 120
    assert sum(results) / len(results) >= FLOOR, f"{sum(results)} of {len(results)}\n{told}"
    for section, rights in shares.items():
        assert sum(rights) / len(rights) >= SECTION_FLOOR, f"{section}: {sum(rights)} of {len(rights)}\n{told}"


def sentences() -> list[tuple[str, str, list[str]]]:
    """The texts of sentences.txt with their section and what is expected of each."""
    found: list[tuple[str, str, list[str]]] = []
    section = ""
    for line in (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            section = line[3:]
        elif line.startswith("  "):
            found[-1][2].append(line.strip())
        elif line and not line.startswith("#"):
            found.append((section, line, []))
    assert all(expected for _, _, expected in found)
    return found


def holds(line: str, text: str, entities: list[Entity]) -> bool:
    """Whether one expectation is met; see the head of sentences.txt."""
    kind, _, rest = line.partition(" | ")
    fields = [field.strip() for field in rest.split(" | ")]
    if kind == "tokens":
        return [token.text for token in tokenise(text)] == rest.split()
    if kind.startswith("! "):
        return not any(e.type == kind[2:] and e.text == fields[0] for e in entities)
    assert fields[0] in text, line
    return any(e.type == kind and e.text == fields[0] and _agrees(e, fields[1:]) for e in entities)


def _agrees(entity: Entity, more: list[str]) -> bool:
    if more and more[0] != (entity.name if entity.type in NAMES else entity.value):
        return False
    if len(more) < 2:
        return True
    return more[1] == (entity.wikidata if re.fullmatch(r"Q\d+", more[1]) else entity.role)
