"""What an editor strikes out of a text before it is printed: lines of the page, the dateline, marks at the end.

The expressions are data (`config/sites.toml`); how far they reach is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from msgspec import Struct

from workers.extract.dateline import dateline
from workers.extract.printed import Printed
from workers.extract.sites import Rules
from workers.extract.text import key, words

MAX_LINE = 400  # characters of a paragraph that may be dropped as a whole
MAX_MARK = 300  # characters at the end that end marks are looked for in
LINK_PARAGRAPH = 250  # characters
LABEL = 40  # characters of a label such as "Baca juga:"
CREDIT = 40  # characters; a longer sentence below the credits is text
SENTENCE_WORDS = 5
OPENING = 2  # sentences that may begin with a dateline: a standfirst may stand before it
LONE_LINKS = 2  # in a row, between sentences; longer rows are the article's lists
LAST_LINKS = 8  # in a row, below the last sentence
HEADING = 100  # characters of a line of bold print that heads what follows

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_NO_HEADING_END = re.compile(r"[.!…,;:]$|[\"”’)]$")
_NEXT_SENTENCE = re.compile(r"(?<=[.!?…\"”’)])\s+(?=[^\W\d_])")
_BRACKETS = re.compile(r"\(([^()]{10,250})\)")
_SPEAKS = (
    "kata|ujar|tutur|ucap|jelas|terang|ungkap|sebut|papar|tegas|imbuh|lanjut|tulis|demikian|menurut|said|says|told"
)
_QUOTED = re.compile(
    rf"[\"”’»],?\s+(?:{_SPEAKS})|,\s+(?:kata|ujar|tutur|ucap|ungkap|menurut|jelas|papar|tegas|said|says)\b"
    # a quotation that a sentence goes on about
    r"|^[\"“‘«'][^\"”’»]{1,200}[\"”’»'],?\s+(?:[^\W\d_]+\s+){2}",
    re.IGNORECASE,
)
_CHANNEL = re.compile(
    r"whatsapp|telegram|google news|youtube|instagram|tiktok|facebook|twitter|newsletter", re.IGNORECASE
)
_OWN = re.compile(r"\b(?:kami|us|our|we)\b|\w\.(?:com|co|id|net)\b|https?:", re.IGNORECASE)


class Paragraph(Struct, frozen=True):
    """A paragraph of the body. `heading`: a sub-heading."""

    text: str
    heading: bool = False


class Cleaned(Struct, frozen=True):
    """The paragraphs that are the article's, what was cut (in order), and the place of the dateline ("" without)."""

    paragraphs: list[Paragraph]
    removed: list[str]
    dateline: str = ""


def clean_paragraphs(
    paragraphs: Iterable[Paragraph], rules: Rules, title: str, printed: Printed | None = None
) -> Cleaned:
    """Return what is the article's of `paragraphs`. `printed` tells of the page's."""
    kept: list[Paragraph] = []
    removed: list[str] = []
    title_key = key(title)
    labelled = begun = False
    found = list(paragraphs)
    for paragraph, below in zip(found, [*found[1:], None], strict=True):
        if printed is not None:
            paragraph = _without_asides(paragraph, rules, printed, removed)
        text = paragraph.text
        above = (len(kept) < 3 and title_key and key(text) == title_key) or (
            not begun and len(text) <= MAX_LINE and _is_opening(text, rules, printed)
        )
        # what a label stands before is cut with it, as long as it is nothing but a link
        led_on = labelled and printed is not None and len(text) <= LINK_PARAGRAPH and printed.is_link(text)
        labelled = led_on or (
            len(text) <= LABEL and not _heads(paragraph, below) and _is_clutter(text, rules, title, printed)
        )
        if above or labelled or (LABEL < len(text) <= MAX_LINE and _is_clutter(text, rules, title, printed)):
            removed.append(text)
        else:
            kept.append(paragraph)
            begun = begun or is_sentence(text)
    if printed is not None:
        kept = _without_lone_links(kept, printed, removed)
    place = _without_dateline(kept, rules, printed, removed)
    kept = _stopped(kept, rules, removed)
    kept = _without_end_marks(kept, rules, removed, printed)
    while kept and kept[-1].heading:  # a heading with nothing under it headed what was cut
        removed.append(kept.pop().text)
    return Cleaned(_with_bold_headings(kept, printed), removed, place)


def _heads(paragraph: Paragraph, below: Paragraph | None) -> bool:
    """Whether a sub-heading says what the sentence below it is about: "Iklan" may head what is told of advertising."""
    if not paragraph.heading or below is None or not is_sentence(below.text):
        return False
    said = words(paragraph.text)
    return bool(said) and said <= words(below.text)


def _is_opening(text: str, rules: Rules, printed: Printed | None) -> bool:
    """Whether a line above the first sentence is the page's: a date, a byline."""
    if rules.opening.fullmatch(text) is not None:
        return True
    return printed is not None and not is_sentence(text) and printed.is_byline(text)


def _without_asides(paragraph: Paragraph, rules: Rules, printed: Printed, removed: list[str]) -> Paragraph:
    """Cut links to other articles out of a paragraph: those in brackets, and one behind its last sentence."""
    text = paragraph.text
    start = max(0, len(text) - MAX_MARK)
    ends = [match.end() for match in _NEXT_SENTENCE.finditer(text, start)]
    found = [(match.start(), match.end(), match[1]) for match in _BRACKETS.finditer(text)]
    found += [(end, len(text), text[end:]) for end in ends]
    for begin, end, aside in reversed(found):
        if end <= len(text) and rules.appeal.fullmatch(aside) and printed.is_link(aside):
            removed.append(aside)
            text = (text[:begin].rstrip() + text[end:]).strip()
    return paragraph if text == paragraph.text else Paragraph(text, paragraph.heading)


def _is_clutter(text: str, rules: Rules, title: str, printed: Printed | None) -> bool:
    """Whether a line is the page's, not the article's: a sentence that only begins like such a line stays."""
    appeals = rules.appeal.fullmatch(text) is not None
    if not appeals and rules.drop.fullmatch(text) is None:
        return False
    told = rules.end.sub("", text)
    if (appeals or not is_sentence(told)) and not _QUOTED.search(told):
        return not _is_its_subject(text, title)
    return printed is not None and printed.is_link(text)


def _is_its_subject(text: str, title: str) -> bool:
    """Whether a sentence speaks of the network that the article is about, and not of the publisher's own channel."""
    channel = _CHANNEL.search(text)
    about = channel is not None and channel.group().casefold() in title.casefold()
    return about and is_sentence(text) and not _OWN.search(text)


def is_sentence(text: str) -> bool:
    """Tell whether `text` ends like a sentence and has the words of one."""
    return _SENTENCE_END.search(text) is not None and len(text.split()) >= SENTENCE_WORDS


def _without_lone_links(kept: list[Paragraph], printed: Printed, removed: list[str]) -> list[Paragraph]:
    """Cut headlines of other articles: lines that are a link as a whole, a few between sentences, more at the end."""
    lone = [_is_lone_link(paragraph, printed) for paragraph in kept]
    rest: list[Paragraph] = []
    position = 0
    while position < len(kept):
        end = position
        while end < len(kept) and lone[end]:
            end += 1
        longest = LONE_LINKS if end < len(kept) else LAST_LINKS
        if 0 < end - position <= longest and rest and is_sentence(rest[-1].text):
            removed += [p.text for p in kept[position:end]]
        else:
            end = max(end, position + 1)
            rest += kept[position:end]
        position = end
    return rest


def _is_lone_link(paragraph: Paragraph, printed: Printed) -> bool:
    text = paragraph.text
    short = len(text) <= LINK_PARAGRAPH and not paragraph.heading
    return short and not is_sentence(text) and printed.is_whole_link(text)


def _without_dateline(kept: list[Paragraph], rules: Rules, printed: Printed | None, removed: list[str]) -> str:
    """Cut the dateline off one of the first paragraphs of `kept` and return its place."""
    begins_bold = printed.begins_bold if printed is not None else _never
    sentences = 0
    for position, (text, heading) in enumerate((p.text, p.heading) for p in kept):
        if heading or sentences == OPENING:
            continue
        found = dateline(text, rules, begins_bold, first=not sentences)
        sentences += is_sentence(text)
        if found is None:
            continue
        rest = text[found.length :].strip()
        if not rest and position + 1 == len(kept):
            break
        removed.append(text[: found.length].strip())
        kept[position : position + 1] = [Paragraph(rest)] if rest else []
        return found.place
    return ""


def _never(_: str) -> bool:
    return False


def _stopped(kept: list[Paragraph], rules: Rules, removed: list[str]) -> list[Paragraph]:
    """Cut the credits and what follows, unless the text goes on below: then they're part of it."""
    for position in range(len(kept) - 1, -1, -1):
        text = kept[position].text
        if len(text) <= MAX_LINE and rules.stop.fullmatch(text) and not _tells(text):
            if sum(len(p.text) for p in kept[:position]) > sum(len(p.text) for p in kept[position:]):
                removed += [p.text for p in kept[position:]]
                kept = kept[:position]
        elif len(text) >= CREDIT and is_sentence(text):
            break
    return kept


def _tells(text: str) -> bool:
    """Whether what stands behind a credit's colon is a sentence rather than names."""
    said = text.partition(":")[2].split()
    return is_sentence(text) and 2 * sum(word[0].islower() for word in said) > len(said)


def _without_end_marks(
    kept: list[Paragraph], rules: Rules, removed: list[str], printed: Printed | None
) -> list[Paragraph]:
    while kept:
        text = kept[-1].text
        if printed is not None and printed.is_name(text):
            removed.append(kept.pop().text)
            continue
        match = rules.end.search(text, max(0, len(text) - MAX_MARK))
        if match is None:
            break
        removed.append(match.group().strip())
        if rest := text[: match.start()].rstrip():
            kept[-1] = Paragraph(rest, kept[-1].heading)
        else:
            kept.pop()
    return kept


def _with_bold_headings(kept: list[Paragraph], printed: Printed | None) -> list[Paragraph]:
    """Mark short lines that are bold as a whole and stand above running text: many portals have no other headings."""
    if printed is None:
        return kept
    marked = [
        Paragraph(line.text, True)
        if not line.heading and len(line.text) <= HEADING and len(line.text) < len(below.text)
        and not below.heading and not _NO_HEADING_END.search(line.text) and printed.is_bold(line.text)
        else line
        for line, below in pairwise(kept[1:])
    ]  # fmt: skip
    return [*kept[:1], *marked, *kept[-1:]] if len(kept) > 1 else kept
