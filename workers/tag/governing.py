"""What governs a mention: the preposition before it, the verbs on both sides ("di X", "X menolak", "oleh X")."""

from __future__ import annotations

from collections.abc import Sequence

LEFT, RIGHT = 8, 7  # words looked at before and behind a mention
# fmt: off
_PREPOSITIONS = frozenset({
    "di", "ke", "dari", "dalam", "pada", "oleh", "kepada", "dengan", "untuk", "antara", "terhadap", "atas", "bagi",
    "tentang", "asal", "menuju", "hingga", "sampai", "sekitar", "dekat", "bersama", "melalui", "seperti", "menurut",
    "sebagai", "selain", "karena", "tanpa", "serta", "yang", "bahwa", "dan", "atau",
})
_ENDS = frozenset('.;:!?"()-–')
_AUXILIARIES = frozenset({
    "akan", "telah", "sudah", "tidak", "belum", "masih", "juga", "pun", "harus", "dapat", "bisa", "ingin", "mau",
    "sedang",
})
_NO_VERBS = frozenset({
    "dinas", "diri", "dirinya", "merah", "media", "mereka", "berita", "besar", "bersama", "berapa", "terhadap",
    "tersebut", "terus", "tentang", "bernama", "menteri", "meski", "meskipun", "mesin", "metode", "meter", "menit",
    "menjadi", "berbagai", "bersih", "berat", "tersangka", "teras", "terlalu", "diskusi", "dinding", "direktur",
    "disiplin", "distrik", "divisi",
})
# fmt: on


def governing(words: Sequence[str], lowered: Sequence[str], start: int, end: int) -> tuple[str, str, str]:
    """Return the preposition and the verb before tokens `start` … `end`, and what follows them, each with how near."""
    preposition = before = behind = "0"
    for near, at in enumerate(range(start - 1, max(-1, start - 1 - LEFT), -1)):
        word = lowered[at]
        if word in _ENDS:
            break
        if preposition == "0" and word in _PREPOSITIONS:
            preposition = f"{word}{min(near, 2)}"
        verb = _verb(words[at])
        if verb:
            before = f"{verb}{min(near, 2)}"
            break
    for near, at in enumerate(range(end, min(len(words), end + RIGHT))):
        word = lowered[at]
        if word in _ENDS:
            behind = f".{min(near, 1)}"
            break
        kind = "aux" if word in _AUXILIARIES else word if word == "yang" else _verb(words[at])
        if kind:
            behind = f"{kind}{min(near, 2)}"
            break
    return preposition, before, behind


def _verb(word: str) -> str:
    """Return the prefix of what looks like a verb: active, passive, without an object, or of what happens to one."""
    if len(word) < 5 or not word[0].islower() or word in _NO_VERBS or not word.isalpha():
        return ""
    prefix = word[:2]
    if prefix == "me":
        return prefix if word[2] in "mnlrwy" else ""
    return prefix if prefix == "di" or word[:3] in ("ber", "ter") else ""
