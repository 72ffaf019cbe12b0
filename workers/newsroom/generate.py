"""Further stories, as many as wanted: the written ones' paragraphs recombined with other names, numbers and dates.

Deterministic: story `index` of a seed is the same on every machine. Each has a title, a body and a phrase of its own.
The first paragraphs of written stories are never reused, so the phrases of those stay unique too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from functools import cache

from workers.newsroom.sites import DAYS, slug
from workers.newsroom.stories import Block, Story, written_stories
from workers.newsroom.words import words

NEWEST = datetime(2025, 10, 24, 20, 14, 33, tzinfo=timezone(timedelta(hours=7)))  # of the generated ones
APART = timedelta(minutes=23, seconds=17)
ENGLISH_EVERY = 8
STEP = 7_919  # prime to the number of phrases: neighbours get unlike phrases

# what stays as it is (dates, clock times, years, list numbers), then numbers that may change
NUMBERS = re.compile(
    r"\(\d{1,2}/\d{1,2}/\d{4}\)|\b\d{1,2}[.:]\d{2}\b(?= WI)|^\d+\. |\b(?:19|20)\d\d\b|\b\d{1,3}(?:[.,]\d+)*\b"
)
DATE = re.compile(r"\((\d{1,2})/(\d{1,2})/(\d{4})\)")


def generated_story(index: int, seed: int) -> Story:
    """Return generated story `index` (from 0), without number and site."""
    chance = random.Random(f"{seed}/{index}")  # noqa: S311 - variety, not secrecy
    language = "en" if index % ENGLISH_EVERY == ENGLISH_EVERY - 1 else "id"
    main = chance.choice([story for story in written_stories() if story.language == language])
    phrase = _phrase(index)
    at = NEWEST - APART * index + timedelta(seconds=chance.randrange(600))
    names = _Names(chance)
    town = chance.choice(words().towns)
    date = f"({at.day}/{at.month}/{at.year})"
    first = _opening(chance, language, names, phrase=phrase, town=town, day=DAYS[at.weekday()], date=date)
    further = random.Random(f"{seed}/{index}/forms")  # noqa: S311 - variety, not secrecy
    blocks = (Block(first), *_with_forms(further, language, _blocks(chance, main, names, date)))
    title = f"{names.altered(main, main.title)}: {phrase}"
    told = "\n".join([title, *(block.text for block in blocks)])
    return Story(
        slug=f"{slug(phrase)}-{main.slug}"[:90].rstrip("-"),
        section=main.section,
        title=title,
        lead=first.split(". ")[0].rstrip(".") + ".",
        authors=(names.new(),),
        editor=chance.choice(main.authors),
        published_at=at,
        modified_at=at + timedelta(hours=2, minutes=5) if index % 7 == 3 else None,
        dateline=town.upper(),
        caption=names.altered(main, main.caption),
        tags=(*main.tags, phrase),
        language=language,
        captions=tuple(further.sample(words().captions, further.randrange(3))),
        blocks=blocks,
        people=tuple(name for name in dict.fromkeys(names.people) if name in told),
        places=tuple(place for place in dict.fromkeys([town, *names.places]) if place in told),
        phrase=phrase,
    )


def _opening(chance: random.Random, language: str, names: _Names, **words_of_it: str) -> str:
    """Return the first paragraph: the one that carries the phrase."""
    pattern = chance.choice(words().english_openings if language == "en" else words().openings)
    return pattern.format(count=chance.randrange(21, 980), name=names.new(), second=names.new(), **words_of_it)


def _blocks(chance: random.Random, main: Story, names: _Names, date: str) -> list[Block]:
    own = chance.sample(_paragraphs(main), min(3, len(_paragraphs(main))))
    others = chance.sample(_pool(main.language), chance.randrange(4, 9))
    chosen = own + [pair for pair in others if pair not in own]
    chance.shuffle(chosen)
    blocks: list[Block] = []
    for place, (source, text) in enumerate(chosen):
        headings = [block.text for block in source.blocks if block.heading]
        if headings and place in (2, 5) and chance.random() < 0.5:
            blocks.append(Block(names.altered(source, chance.choice(headings)), heading=True))
        altered = DATE.sub(date, names.altered(source, _shortened(chance, text)))
        blocks.append(Block(altered))
    return _without_repeats(blocks)


def _with_forms(chance: random.Random, language: str, blocks: list[Block]) -> list[Block]:
    """Put a list, a quotation, sentences that look like clutter and an ending with brackets into some stories."""
    english = language == "en"
    blocks = list(blocks)
    if chance.random() < 0.5:
        chosen = chance.choice(words().english_lookalikes if english else words().lookalikes)
        blocks.insert(chance.randrange(1, len(blocks) + 1), Block(chosen))
    if chance.random() < 0.4:
        chosen = chance.choice(words().english_quotes if english else words().quotes)
        blocks.insert(_below_text(chance, blocks), Block(chosen, form="quote"))
    if chance.random() < 0.5:
        lead_in, *items = chance.choice(words().english_lists if english else words().lists)
        place = _below_text(chance, blocks)
        blocks[place:place] = [Block(lead_in), *(Block(item, form="item") for item in items)]
    if not english and chance.random() < 0.3:
        blocks.append(Block(chance.choice(words().endings)))
    return _without_repeats(blocks)


def _below_text(chance: random.Random, blocks: list[Block]) -> int:
    """Return a place below a paragraph and above another."""
    places = [place for place in range(1, len(blocks)) if not blocks[place - 1].heading and not blocks[place].form]
    return chance.choice(places)


def _without_repeats(blocks: Sequence[Block]) -> list[Block]:
    return list({block.text: block for block in blocks}.values())


def _shortened(chance: random.Random, text: str) -> str:
    """Leave one of three or more sentences out, so that two stories rarely share a whole paragraph."""
    sentences = re.split(r"(?<=[.!?]) (?=[A-Z])", text)
    if '"' not in text and len(sentences) > 2:
        del sentences[chance.randrange(len(sentences))]
    return " ".join(sentences)


class _Names:
    """The names one story uses in place of its sources' ones, and numbers near theirs."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._given: dict[str, str] = {}
        self.people: list[str] = []
        self.places: list[str] = []

    def new(self) -> str:
        name = f"{self._chance.choice(words().first_names)} {self._chance.choice(words().last_names)}"
        self.people.append(name)
        return name

    def altered(self, source: Story, text: str) -> str:
        """Return `text` of `source` with people and numbers changed; notes the places it names."""
        for person in source.people:
            text = self._renamed(person, text)
        self.places += [place for place in source.places if place in text]
        return NUMBERS.sub(self._number, text)

    def _renamed(self, person: str, text: str) -> str:
        parts = [person, *(part for part in person.split() if len(part) > 3)]
        if not any(part in text for part in parts):
            return text
        name = self._given.get(person) or self.new()
        self._given[person] = name
        text = text.replace(person, name)
        for part in parts[1:]:
            if part in text and part not in name:
                text = re.sub(rf"\b{re.escape(part)}\b", name.split()[0], text)
        return text

    def _number(self, match: re.Match[str]) -> str:
        text = match.group()
        if not text.replace(".", "").replace(",", "").isdigit() or re.fullmatch(r"(?:19|20)\d\d", text):
            return text
        if re.fullmatch(r"\d{1,2}[.:]\d{2}", text) and match.string[match.end() : match.end() + 3] == " WI":
            return text
        last = self._chance.choice("123456789")
        return last if len(text) == 1 else text[:-1] + last


@cache
def _paragraphs_of(number: int) -> tuple[str, ...]:
    story = written_stories()[number - 1]
    return tuple(block.text for block in story.blocks[1:] if not block.heading and len(block.text) > 80)


def _paragraphs(story: Story) -> list[tuple[Story, str]]:
    return [(story, text) for text in _paragraphs_of(story.number)]


@cache
def _pool(language: str) -> tuple[tuple[Story, str], ...]:
    return tuple(pair for story in written_stories() if story.language == language for pair in _paragraphs(story))


def _phrase(index: int) -> str:
    """Return three capital words that only story `index` has; beyond all combinations a number follows."""
    lists = words().phrase_names, words().phrase_things, words().phrase_colours
    total = len(lists[0]) * len(lists[1]) * len(lists[2])
    place, extra = index * STEP % total, index // total
    chosen = []
    for choices in lists:
        place, at = divmod(place, len(choices))
        chosen.append(choices[at])
    return " ".join([*chosen, str(extra + 1)] if extra else chosen)
