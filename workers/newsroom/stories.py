"""What the newsroom tells: stories read from `articles/*.toml`, and the truth a test compares with."""

from __future__ import annotations

import tomllib
import unicodedata
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from msgspec import Struct, structs

from workers.newsroom.faults import Fault

HEADING = "## "  # marks a sub-heading in an article's `body`


class Block(Struct, frozen=True):
    """A paragraph or, with `heading`, a sub-heading. Plain text, NFC, one line. `form`: what sort of paragraph."""

    text: str
    heading: bool = False
    form: Literal["", "item", "quote"] = ""


class Story(Struct, frozen=True, kw_only=True):
    """One article as its author wrote it. Times carry the zone of its dateline."""

    slug: str
    section: str
    title: str
    lead: str
    authors: tuple[str, ...]  # reporters
    editor: str
    published_at: datetime
    modified_at: datetime | None = None
    dateline: str
    caption: str
    tags: tuple[str, ...]
    people: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    language: str = "id"
    blocks: tuple[Block, ...]
    captions: tuple[str, ...] = ()  # of pictures within the text
    phrase: str = ""  # words of the body that no other story has, in this order
    number: int = 0  # within the newsroom, from 1
    site: int = 1  # number of the site that prints it

    @property
    def body(self) -> str:
        """Paragraphs and sub-headings, separated by an empty line."""
        return "\n\n".join(block.text for block in self.blocks)

    @property
    def updated_at(self) -> datetime:
        return self.modified_at or self.published_at


class ExpectedArticle(Struct, frozen=True, kw_only=True):
    """The truth about one article: what a perfect pipeline would store. Times in UTC."""

    slug: str
    url: str  # as its feed links it
    urls: tuple[str, ...]  # every address that leads to it
    site: str  # host name, without port
    section: str
    title: str
    lead: str
    body: str  # paragraphs and sub-headings joined by "\n\n"
    headings: tuple[str, ...]
    authors: tuple[str, ...]  # reporters
    editor: str
    published_at: datetime
    modified_at: datetime | None
    tags: tuple[str, ...]
    language: str
    image: str
    people: tuple[str, ...]
    organisations: tuple[str, ...]
    places: tuple[str, ...]
    phrase: str  # found in this article's body only
    dateline: str = ""  # the place, in ordinary spelling
    captions: tuple[str, ...] = ()  # of pictures within the text


@cache
def written_stories() -> tuple[Story, ...]:
    """Return the own-written stories, sections mixed, numbered from 1. They never change."""
    by_section: list[list[Story]] = []
    for entry in sorted(files("workers.newsroom").joinpath("articles").iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            section = entry.name.removesuffix(".toml")
            records = tomllib.loads(entry.read_text(encoding="utf-8"))["article"]
            by_section.append([_story(record, section) for record in records])
    mixed = [group[i] for i in range(max(map(len, by_section))) for group in by_section if i < len(group)]
    return tuple(structs.replace(story, number=i) for i, story in enumerate(mixed, 1))


def _story(record: dict[str, Any], section: str) -> Story:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in record.items()}
    blocks = parse_body(values.pop("body"))
    return Story(**{"section": section, **values}, blocks=blocks, phrase=_phrase(blocks[0].text))


def _phrase(text: str) -> str:
    """Return the first six words in a row that have no sign or digit on them: any search syntax can quote them."""
    words = text.split()
    windows = (words[i : i + 6] for i in range(max(1, len(words) - 5)))
    return " ".join(next((window for window in windows if all(map(str.isalpha, window))), words[:6]))


def parse_body(text: str) -> tuple[Block, ...]:
    """Read paragraphs separated by empty lines; one that begins with "## " is a sub-heading."""
    parts = (" ".join(unicodedata.normalize("NFC", part).split()) for part in text.strip().split("\n\n"))
    return tuple(Block(part.removeprefix(HEADING), part.startswith(HEADING)) for part in parts if part)


def as_shown(story: Story, fault: Fault | None, revision: int) -> Story:
    """Return the story as it stands now, after an edit or with a marker in it."""
    if fault is None or fault.kind not in ("edited", "marker"):
        return story
    blocks = (*story.blocks, Block(" ".join(fault.text.split()))) if fault.text else story.blocks
    if fault.kind == "marker":
        return structs.replace(story, blocks=blocks)
    later = story.updated_at.timestamp() + 3600 * max(1, revision)
    return structs.replace(
        story,
        blocks=blocks,
        title=fault.title or story.title,
        modified_at=datetime.fromtimestamp(later, story.published_at.tzinfo),
    )


def expected(story: Story, *, urls: tuple[str, ...], host: str, image: str) -> ExpectedArticle:
    """Return the truth about `story`, printed at `urls` (the one that feeds link first)."""
    return ExpectedArticle(
        slug=story.slug,
        url=urls[0],
        urls=urls,
        site=host,
        section=story.section,
        title=story.title,
        lead=story.lead,
        body=story.body,
        headings=tuple(block.text for block in story.blocks if block.heading),
        authors=story.authors,
        editor=story.editor,
        published_at=story.published_at.astimezone(UTC),
        modified_at=story.modified_at.astimezone(UTC) if story.modified_at else None,
        tags=story.tags,
        language=story.language,
        image=image,
        people=story.people,
        organisations=story.organisations,
        places=story.places,
        phrase=story.phrase,
        dateline=story.dateline.title(),
        captions=story.captions,
    )
