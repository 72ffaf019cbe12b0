"""What a word looks like to the model: its beginnings and ends, and its shape in a few letters."""

from __future__ import annotations


def affixes(word: str, lower: str) -> list[str]:
    """Return beginnings and ends of a word, one to five letters."""
    starts = [f"p{size}={lower[:size]}" for size in (2, 3, 4, 5)]
    return [f"p1={word[0]}", *starts, *(f"z{size}={lower[-size:]}" for size in (1, 2, 3, 4, 5))]


def shape_of(word: str) -> str:
    """Return the shape of a word in a few letters: what its first, second and other characters are."""
    if word.isdigit():
        return "9" if len(word) != 4 else "9999"
    if not word[0].isalnum():
        return word[0] if len(word) == 1 else "-" + word[0]
    if word[0].isdigit():
        return "9x" if any(c.isalpha() for c in word) else "9-"
    if word.isupper():
        return "A" if len(word) == 1 else "A." if "." in word else "AA" if word.isalpha() else "A-"
    if word[0].isupper():
        inner = "-" if "-" in word else "." if "." in word else ""
        return ("Aa" if word[1:].islower() else "AaA") + inner
    return ("aA" if not word.islower() else "a") + ("-" if "-" in word else "")
