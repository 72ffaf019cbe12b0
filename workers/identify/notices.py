"""What an article says about its own text: that it was corrected, or taken back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from workers.model import Article, Notice

LONGEST = 700  # characters of a paragraph that may be a notice; a longer one reports about something
_START = r"(?:^|[.:;!?)\]]\s+)[\W_]*"  # of the paragraph, or of a sentence in it
_TEXT = r"(?:artikel|berita|tulisan|naskah berita|naskah|judul)"
_THIS = rf"(?:(?:judul |isi )?{_TEXT}(?: di atas| tersebut di atas)? ini|{_TEXT} di atas)"
_END = r"\s*(?:[:\u2013\u2014)\]]|\s-\s|$)"  # of a label: its text follows, or the next paragraph is it
_STORY = r"(?:article|story|report|post|headline)"
_HAS = r"(?:telah|sudah|kami)"
_CHANGED = r"(?:diralat|dikoreksi|diperbaiki|direvisi|diubah|diperbarui|disunting|dimutakhirkan|diklarifikasi)"

_RETRACTION = re.compile(
    rf"{_START}(?:"
    rf"{_THIS} (?:resmi |{_HAS} )?(?:resmi )?(?:dicabut|ditarik|diturunkan|dihapus|ditarik kembali|dibatalkan)\b"
    rf"|(?:dengan ini )?(?:redaksi|kami) (?:telah |secara resmi |dengan ini )?(?:mencabut|menarik|menurunkan|menghapus)"
    rf" (?:kembali )?(?:{_TEXT}) (?:ini|tersebut|di atas|berjudul)"
    rf"|(?:pencabutan|penarikan) berita\s*(?:[:.\u2013\u2014-]|$)"
    rf"|retraction\s*(?:[:.\u2013\u2014-]|$)"
    rf"|this {_STORY} (?:has been|was|is) (?:retracted|withdrawn|removed|taken down)\b"
    rf"|we (?:have )?(?:retracted|retract|withdrawn|withdraw) this {_STORY}\b)",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    rf"{_START}(?:"
    rf"(?:ralat|koreksi|pembetulan|klarifikasi redaksi)(?: (?:berita|redaksi|judul|artikel))?{_END}"
    rf"|{_THIS} (?:{_HAS} )?(?:{_CHANGED}|mengalami (?:perubahan|perbaikan|ralat|koreksi|revisi))\b"
    rf"|(?:redaksi|kami) (?:telah |sudah )?(?:meralat|mengoreksi|memperbaiki|merevisi|mengubah) {_TEXT}"
    rf"(?: ini| di atas| tersebut)\b"
    rf"|corrections?(?: and clarifications?)?\s*(?:[:\u2013\u2014]|\s-\s|\([^)]{{1,40}}\)|$)"
    rf"|this {_STORY} (?:has been|was) (?:corrected|updated|amended|revised|edited|clarified)\b"
    rf"|an? (?:earlier|previous) version of this {_STORY}\b)",
    re.IGNORECASE,
)
_NOTE = re.compile(r"^\W*(?:catatan (?:redaksi|editor)|editor'?s? note|note from the editors?)\b", re.IGNORECASE)
_NOTED = re.compile(
    rf"\b(?:{_CHANGED}|ralat|koreksi|revisi|kekeliruan|kesalahan (?:penulisan|ketik|data|informasi|penyebutan|judul)"
    r"|keliru|corrected|correction|amended|updated|misstated|incorrectly)\b",
    re.IGNORECASE,
)
_TITLE = re.compile(r"^\W*(?:\(|\[)?\s*(ralat|koreksi|correction|pencabutan|retraction)\s*(?:\)|\]|:)", re.IGNORECASE)


def notice_of(article: Article) -> Notice:
    """Return what title, text or what was cut out of it say: "retraction", "correction", or "" for nothing.

    Notices are short paragraphs that begin with a set phrase ("Ralat:", "Catatan redaksi: …", "Berita ini telah
    dicabut", "This article has been corrected"), wherever they stand. An article that reports about the correction
    of another one speaks of "that" text, or in the midst of a sentence.
    """
    paragraphs = [p for text in (article.body, *article.removed) for p in text.split("\n\n")]
    return _strongest([_of_title(article.title), *map(_of_paragraph, paragraphs)])


def _strongest(found: Iterable[Notice]) -> Notice:
    kinds = set(found)
    return "retraction" if "retraction" in kinds else "correction" if "correction" in kinds else ""


def _of_title(title: str) -> Notice:
    found = _TITLE.match(title)
    if not found:
        return ""
    return "retraction" if found[1].lower() in ("pencabutan", "retraction") else "correction"


def _of_paragraph(text: str) -> Notice:
    text = " ".join(text.replace("\u2019", "'").split())
    if len(text) > LONGEST:
        return ""
    if _RETRACTION.search(text):
        return "retraction"
    if _CORRECTION.search(text) or (_NOTE.search(text) and _NOTED.search(text)):
        return "correction"
    return ""
