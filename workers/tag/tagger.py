"""`Tagger`: text → entities. The model proposes, rules mend, the article's names are carried through and resolved.

Without a model in `config/models/` the rules alone propose (see `rules.py`); the interface is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from workers.model import Entity
from workers.tag import features as feature_module
from workers.tag.conventions import AS_IT_IS
from workers.tag.endings import settle
from workers.tag.features import Features
from workers.tag.gazetteer import Gazetteer, load_gazetteer
from workers.tag.line import Line
from workers.tag.lines import add_pairs, carry, explained, split_pairs
from workers.tag.models import FOLDER, Models
from workers.tag.resolve import Resolver, Span, Thing
from workers.tag.rules import propose
from workers.tag.spans import TokenSpan, from_labels, mend
from workers.tag.tokens import sentences

RULES_VERSION = "3"  # of tokeniser, rules and resolution
TOKEN_LIMIT = 100_000  # of one text; what follows is left untagged, so that any text ends in seconds


class Tagger:
    """Tags people, organisations and places. Reads its files once; may be called from several threads."""

    def __init__(self, gazetteer: Gazetteer, models: Models | None = None) -> None:
        """Use `load`."""
        self._gazetteer = gazetteer
        self._models = models
        self._features = Features(gazetteer, models.words if models else None)
        kind = f"crf {models.version}" if models else "rules"
        self.version = f"kabar {RULES_VERSION}.{feature_module.VERSION} {kind} gazetteer {gazetteer.version}"

    @classmethod
    def load(cls, config_dir: Path, *, models: Path | None = None) -> Tagger:
        """Read `gazetteer/` and, when there is a model, `models/` of `config_dir` (or the folder `models`).

        Takes about 0.2 s. Raises Misuse naming what is wrong.
        """
        gazetteer = load_gazetteer(config_dir / "gazetteer")
        return cls(gazetteer, Models.load(models or config_dir / FOLDER))

    def resolve_name(self, name: str, type_: str = "") -> str:
        """Return the `name` entities carry for a name as readers write it: "Joko Widodo" for "jokowi".

        `type_` ("PERSON", "ORG", "LOCATION") narrows what it may be. An unknown name returns unchanged.
        """
        return self._gazetteer.resolve_name(name, type_)

    def tag(self, text: str, *, published_at: datetime | None = None, language: str = "id") -> list[Entity]:
        """Return the mentions in `text` by offset, none overlapping; mentions of one thing share a `name`.

        `published_at` is what relative dates will count from, `language` (BCP 47) what the text is in: people,
        organisations and places are found alike in Indonesian and English. Never raises, whatever the text.
        """
        return self.tag_fields((text,), published_at=published_at, language=language)[0]

    def tag_fields(
        self, texts: Sequence[str], *, published_at: datetime | None = None, language: str = "id"
    ) -> list[list[Entity]]:
        """Tag the texts of one article (title, body): a thing has one name in all of them; offsets are per text."""
        convention = self._models.convention(max(texts, key=len, default="")) if self._models else ""
        lines = [line for field, text in enumerate(texts) for line in self._lines(field, text, convention)]
        for line in lines:
            line.title = line.field == 0 and len(texts) > 1
            line.spans = self._propose(line)
        carry(lines, self._gazetteer)
        acronyms = explained(lines)
        add_pairs(lines, self._gazetteer)
        spans = [span for number, line in enumerate(lines) for span in line.mentions(texts[line.field], number)]
        spans = split_pairs(spans, self._gazetteer)
        things = Resolver(self._gazetteer).resolve(spans, acronyms)
        result: list[list[Entity]] = [[] for _ in texts]
        for span, thing in zip(spans, things, strict=True):
            result[span.field].append(_entity(span, thing))
        return result

    def _lines(self, field: int, text: str, convention: str) -> list[Line]:
        """Return the sentences of a text that could hold a name."""
        lines: list[Line] = []
        count = 0
        for tokens in sentences(text):
            count += len(tokens)
            if count > TOKEN_LIMIT:
                break
            words = [token.text for token in tokens]
            if any(word[0].isupper() for word in words):
                lines.append(Line(field, tokens, words, self._features.view(words, convention)))
        return lines

    def _propose(self, line: Line) -> list[TokenSpan]:
        models = self._models
        if models is None:
            found = propose(line.words, line.view, self._gazetteer)
            mended = mend(found, line.words, line.view, self._gazetteer, lambda start, end: 1.0)
            return settle(mended, line.words, line.view, self._gazetteer)
        model = models.names

        def doubt(start: int, end: int) -> float:
            """Return the probability that tokens left outside are part of a name after all (the least sure one)."""
            return max(1.0 - float(model.marginal("O", i)) for i in {start, end - 1})

        with models.lock:
            model.set(self._features.attributes(line.view))
            labels = model.tag()
            found = [
                TokenSpan(a, b, type_, round(min(float(model.marginal(labels[i], i)) for i in {a, b - 1}), 3))
                for a, b, type_ in from_labels(labels)
            ]
            if line.view.convention in AS_IT_IS:
                return found
            mended = mend(found, line.words, line.view, self._gazetteer, doubt)
        return settle(mended, line.words, line.view, self._gazetteer)


def _entity(span: Span, thing: Thing) -> Entity:
    row = thing.row
    return Entity(
        text=span.text,
        type=span.type,  # type: ignore[arg-type]
        start=span.start,
        end=span.end,
        name=thing.name,
        wikidata=row.wikidata if row else "",
        score=span.score,
        latitude=row.latitude if row else None,
        longitude=row.longitude if row else None,
    )
