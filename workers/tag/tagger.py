"""`Tagger`: text → entities. The model proposes, rules mend, the article's names are carried through and resolved.

Without a model in `config/models/` the rules alone propose (see `rules.py`); the interface is the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from workers.model import Entity
from workers.tag import features as feature_module
from workers.tag.borders import mend_borders
from workers.tag.conventions import AS_IT_IS, is_apart
from workers.tag.corrections import correct, read_corrections, version_of
from workers.tag.endings import settle
from workers.tag.features import Features
from workers.tag.gazetteer import Gazetteer, load_gazetteer
from workers.tag.line import Line
from workers.tag.lines import carry, explained
from workers.tag.mentions import TIMEZONE, day_of, entity, with_grammar
from workers.tag.models import FOLDER, Models
from workers.tag.pairs import add_known_pairs, add_pairs, split_pairs
from workers.tag.people import add_short_names, explain_people, join_offices
from workers.tag.resolve import Resolver
from workers.tag.roles import roles
from workers.tag.rules import propose
from workers.tag.scores import Scores
from workers.tag.spans import TokenSpan, from_labels, mend, whole
from workers.tag.tokens import sentences

RULES_VERSION = "7"  # of tokeniser, rules, grammar and resolution: raise it with every change of them
_SURROGATE = re.compile(r"[\ud800-\udfff]")  # half a character, which no model can be told
TOKEN_LIMIT = 100_000  # of one text; what follows is left untagged, so that any text ends in seconds


class Tagger:
    """Tags names, dates, amounts, laws and events. Reads its files once; may be called from several threads."""

    def __init__(self, gazetteer: Gazetteer, models: Models | None = None) -> None:
        """Use `load`."""
        self._gazetteer = gazetteer
        self._models = models
        self._features = Features(gazetteer, models.words, models.memory) if models else Features(gazetteer)
        self._scores = Scores(self._features, models.names.weights) if models else None
        self._readers = models.readers if models else ""
        kind = f"crf {models.version}" if models else "rules"
        self.version = f"kabar {RULES_VERSION}.{feature_module.VERSION} {kind} gazetteer {gazetteer.version}"

    @classmethod
    def load(cls, config_dir: Path, *, models: Path | None = None, corrections: Path | None = None) -> Tagger:
        """Read `gazetteer/` and, when there is a model, `models/` of `config_dir` (or the folder `models`).

        `corrections`: the editor's file, which may be missing. Takes about 0.2 s. Raises Misuse naming what is wrong.
        """
        gazetteer = load_gazetteer(config_dir / "gazetteer")
        if corrections is not None:
            correct(gazetteer, corrected := read_corrections(corrections))
            gazetteer.version += f" corrections {version_of(corrected)}" if corrected else ""
        return cls(gazetteer, Models.load(models or config_dir / FOLDER))

    def resolve_name(self, name: str, type_: str = "") -> str:
        """Return the `name` entities carry for a name as readers write it: "Joko Widodo" for "jokowi".

        `type_` ("PERSON", "ORG", "LOCATION") narrows what it may be. An unknown name returns unchanged.
        """
        return self._gazetteer.resolve_name(name, type_)

    def tag(
        self, text: str, *, published_at: datetime | None = None, language: str = "id", timezone: str = TIMEZONE
    ) -> list[Entity]:
        """Return the mentions in `text` by offset, none overlapping; mentions of one thing share a `name`.

        Relative dates count from the day of `published_at` in `timezone` (IANA, the publisher's). `language` (BCP 47):
        what the text is in; numbers are read by it, names are found alike. Never raises, whatever the text.
        """
        return self.tag_fields((text,), published_at=published_at, language=language, timezone=timezone)[0]

    def tag_fields(
        self,
        texts: Sequence[str],
        *,
        published_at: datetime | None = None,
        language: str = "id",
        timezone: str = TIMEZONE,
    ) -> list[list[Entity]]:
        """Tag the texts of one article (title, body): a thing has one name in all of them; offsets are per text."""
        longest = _SURROGATE.sub("\ufffd", max(texts, key=len, default=""))
        apart = is_apart(longest)
        convention = self._models.convention(longest) if apart and self._models else self._readers
        lines = [line for field, text in enumerate(texts) for line in self._lines(field, text, convention)]
        for line in lines:
            line.title = line.field == 0 and len(texts) > 1
            line.spans = self._propose(line)
        if not apart:
            mend_borders(lines, self._gazetteer)
        carry(lines, self._gazetteer)
        if not apart:  # the corpora keep "Pemkot" and "Surabaya" apart, readers don't
            join_offices(lines, self._gazetteer)
        acronyms = explain_people(lines) | explained(lines)
        add_pairs(lines, self._gazetteer)
        if not apart:
            add_known_pairs(lines, self._gazetteer)
        add_short_names(lines, self._gazetteer)
        spans = [span for number, line in enumerate(lines) for span in line.mentions(texts[line.field], number)]
        spans = split_pairs(spans, self._gazetteer, not apart)
        things = Resolver(self._gazetteer).resolve(spans, acronyms)
        result: list[list[Entity]] = [[] for _ in texts]
        for span, thing, role in zip(spans, things, roles(lines, spans, texts, self._gazetteer), strict=True):
            result[span.field].append(entity(span, thing, role))
        today = day_of(published_at, timezone)
        return [with_grammar(text, names, today, language) for text, names in zip(texts, result, strict=True)]

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
        if models is None or self._scores is None:
            found = propose(line.words, line.view, self._gazetteer)
            mended = mend(found, line.words, line.view, self._gazetteer, lambda start, end: 1.0)
            return settle(mended, line.words, line.view, self._gazetteer)
        model = models.names

        def doubt(start: int, end: int) -> float:
            """Return the probability that tokens left outside are part of a name after all (the least sure one)."""
            return max(1.0 - model.marginal("O", i) for i in {start, end - 1})

        with models.lock:
            labels = model.tag(self._scores.of(line.view))
            found = [
                TokenSpan(a, b, type_, round(min(model.marginal(labels[i], i) for i in {a, b - 1}), 3))
                for a, b, type_ in from_labels(labels)
            ]
            if line.view.convention in AS_IT_IS:
                return whole(found, line.tokens)  # its names are made of whole tokens, brackets and all
            mended = mend(found, line.words, line.view, self._gazetteer, doubt)
        return settle(mended, line.words, line.view, self._gazetteer)
