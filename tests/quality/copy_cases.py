"""Pairs of texts of which we know whether one is a copy of the other, made of own-written stories with a seed.

Classes of copies: "verbatim" (other dateline, credits, a site's clutter), "new_lead", "shortened" (40 to 60 % of the
paragraphs), "cut" (its end gone), "cut_new_lead". Of others: "other_words" (the same event by another reporter),
"unrelated", "recombined" (the newsroom's generated stories, which share paragraphs under other names and numbers),
"template" (one form filled in anew).
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.quality import templates
from workers.newsroom.generate import generated_story
from workers.newsroom.stories import Story, written_stories

COPIES = ("verbatim", "new_lead", "shortened", "cut", "cut_new_lead")
OTHERS = ("other_words", "unrelated", "recombined", "template")
Text = tuple[str, str]  # title, body


@dataclass(frozen=True)
class Pair:
    """Two texts and the class they were made for."""

    kind: str
    one: Text
    other: Text

    @property
    def copy(self) -> bool:
        return self.kind in COPIES


DATELINES = (
    "{town}, KABARKOTA.COM - ",
    "{town} (ANTARA) - ",
    "{town}, {day}/9 (ANTARA) - ",
    "Lintasriau.id, {town} – ",
    "{town} | Portal Pesisir – ",
    "TRIBUNKITA.COM, {town} -- ",
    "",
)
CREDITS = (
    "(ant/red)",
    "Pewarta: {name}\n\nEditor: {second}\n\nCOPYRIGHT © ANTARA 2025",
    "Sumber: Antara",
    "(***)",
    "Reporter: {name} | Editor: {second}",
    "Artikel ini telah tayang di Portal Pesisir dengan judul yang sama pada {day} September 2025 pukul 10.{day} WIB.",
    "",
)
CLUTTER = (
    "Baca juga: {name} Resmikan Pasar Ikan Terapung di Muara Sungai",
    "Simak berita selengkapnya di kanal WhatsApp kami dan jangan lupa mengikuti akun media sosial redaksi.",
    "Dapatkan kabar terbaru setiap pagi langsung di kotak surat Anda dengan mendaftar buletin {day} Menit.",
    "Berita Lainnya: Jadwal Kapal Roro Bengkalis {day} September, Catat Jamnya",
)
NAMES = ("Rina Hartati", "Yudi Saragih", "Dewi Anjani", "Faisal Nasution", "Mega Siregar", "Agus Wibowo")
LEADS = (
    "Kabar ini ramai dibicarakan warganet sejak pagi. Berikut informasi selengkapnya yang dirangkum redaksi untuk "
    "pembaca setia pada {day} September.",
    "Sebuah perkembangan baru datang dari daerah. Redaksi merangkum keterangan para pihak agar pembaca memperoleh "
    "gambaran utuh mengenai peristiwa tersebut, termasuk apa yang akan terjadi sesudah ini.",
    "Masyarakat perlu mengetahui hal ini. Apa saja yang disampaikan pejabat terkait dan bagaimana tanggapan warga? "
    "Simak ulasan lengkapnya di bawah.",
)


@cache
def other_words() -> dict[str, str]:
    """The same events in other words, by story."""
    found = tomllib.loads((Path(__file__).parent / "other_words.toml").read_text(encoding="utf-8"))
    return {name: text.strip() for name, text in found.items()}


def pairs(seed: int, count: int) -> Iterator[Pair]:
    """Yield `count` pairs of every class."""
    chance = random.Random(seed)
    for number in range(count):
        for kind in (*COPIES, *OTHERS):
            yield make(kind, chance, number)


def make(kind: str, chance: random.Random, number: int) -> Pair:
    """Return one pair of a class; `number` walks through the material so that all of it is used."""
    makers: dict[str, Callable[[random.Random, int], tuple[Text, Text]]] = {
        "other_words": _other_words,
        "unrelated": _unrelated,
        "recombined": _recombined,
        "template": _template,
    }
    if kind in makers:
        return Pair(kind, *makers[kind](chance, number))
    story = chance.choice(written_stories()) if chance.random() < 0.5 else generated_story(chance.randrange(3_000), 7)
    original = _printed(story.title, [b.text for b in story.blocks], chance)
    return Pair(kind, original, _copied(kind, story, chance))


def _copied(kind: str, story: Story, chance: random.Random) -> Text:
    paragraphs = [block.text for block in story.blocks if not block.heading or chance.random() < 0.8]
    new_lead = chance.choice(LEADS) if chance.random() < 0.5 else other_words().get(story.slug, story.lead)
    if kind == "shortened":
        kept = max(1, round(len(paragraphs) * chance.uniform(0.4, 0.6)))
        paragraphs = paragraphs[:kept]
    elif kind in ("cut", "cut_new_lead"):
        text = "\n\n".join(paragraphs)
        paragraphs = text[: text.rindex(" ", 0, int(len(text) * chance.uniform(0.5, 0.9)))].split("\n\n")
    if kind in ("new_lead", "cut_new_lead"):
        paragraphs[0] = new_lead.split("\n\n")[0]
    return _printed(f"Ini Dia {story.title}", paragraphs, chance)


def _printed(title: str, paragraphs: list[str], chance: random.Random) -> Text:
    """A text as a site prints it: dateline, credits, one line of clutter perhaps, its own quotes and dashes."""
    values = {
        "town": chance.choice(("JAKARTA", "PEKANBARU", "Dumai", "Bandung", "Bangkinang")),
        "day": str(chance.randrange(10, 29)),
        "name": chance.choice(NAMES),
        "second": chance.choice(NAMES),
    }
    shown = [p.format(**values) if p in LEADS else p for p in paragraphs]
    shown[0] = chance.choice(DATELINES).format(**values) + shown[0]
    if chance.random() < 0.4:
        shown.insert(chance.randrange(1, len(shown) + 1), chance.choice(CLUTTER).format(**values))
    body = "\n\n".join([*shown, chance.choice(CREDITS).format(**values)]).strip()
    if chance.random() < 0.5:
        body = body.replace('"', "”").replace(" - ", " — ").replace("Rp", "Rp ")
    return title, body


def _other_words(chance: random.Random, number: int) -> tuple[Text, Text]:
    told = sorted(other_words())
    story = next(s for s in written_stories() if s.slug == told[number % len(told)])
    one = _printed(story.title, [block.text for block in story.blocks], chance)
    return one, _printed(story.lead, other_words()[story.slug].split("\n\n"), chance)


def _unrelated(chance: random.Random, number: int) -> tuple[Text, Text]:
    one, other = chance.sample(written_stories(), 2)
    return _plain(one, chance), _plain(other, chance)


def _recombined(chance: random.Random, number: int) -> tuple[Text, Text]:
    first, second = chance.sample(range(3_000), 2)
    return _plain(generated_story(first, 7), chance), _plain(generated_story(second, 7), chance)


def _plain(story: Story, chance: random.Random) -> Text:
    return _printed(story.title, [block.text for block in story.blocks], chance)


def _template(chance: random.Random, number: int) -> tuple[Text, Text]:
    family = templates.FAMILIES[number % len(templates.FAMILIES)]
    (title, one), (second_title, other) = family(chance), family(chance)
    return _printed(title, one.split("\n\n"), chance), _printed(second_title, other.split("\n\n"), chance)
