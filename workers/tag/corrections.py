"""An editor's corrections: names that mean one thing after all, and names that mean none of what they were taken for.

    action  type    name            into              wikidata
    merge   PERSON  Bang Yudi       Yudi Latief       Q123
    split   PERSON  Kim                                          ("Kim" is a name of its own, whoever else is called so)

They stand in a tab-separated file, later lines win, and they win over gazetteer and article. The file may be edited by
hand: a line taken out is a correction taken back. Documents get them when they are tagged again (`kabar retag`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from workers.errors import Misuse
from workers.tag.gazetteer import Gazetteer
from workers.tag.gazetteer_rows import TYPES, Row, folded

FILE = "corrections.tsv"  # in the data directory: the configuration may be mounted read-only
COLUMNS = ("action", "type", "name", "into", "wikidata")
ACTIONS = ("merge", "split")
LIMIT = 100_000  # corrections; far beyond what people enter

_Targets = dict[tuple[str, tuple[str, ...]], "Correction"]  # (type, folded name) → its correction


class Correction(Struct, frozen=True):
    """One line. `into` is what `name` is called after a merge, "" after a split; `wikidata` may identify it."""

    action: str
    type: str
    name: str
    into: str = ""
    wikidata: str = ""


def read_corrections(path: Path) -> list[Correction]:
    """Return the corrections of a file, [] when there is none. Raises Misuse naming the line that is wrong."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise Misuse(f"{path}: {error}") from error
    found: list[Correction] = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split("\t")
        if not line.strip() or line.startswith("#") or tuple(fields) == COLUMNS:
            continue
        if not 3 <= len(fields) <= len(COLUMNS) or len(found) >= LIMIT:
            raise Misuse(f"{path}:{number}: not 3 to {len(COLUMNS)} fields, or more than {LIMIT:,} lines")
        found.append(checked(Correction(*(field.strip() for field in fields)), f"{path}:{number}"))
    return found


def checked(correction: Correction, where: str) -> Correction:
    """Return `correction`. Raises Misuse naming `where` and what is wrong with it."""
    if correction.action not in ACTIONS:
        raise Misuse(f"{where}: the action {correction.action!r} is none of {', '.join(ACTIONS)}")
    if correction.type not in TYPES:
        raise Misuse(f"{where}: the type {correction.type!r} is none of {', '.join(TYPES)}")
    if not folded(correction.name):
        raise Misuse(f"{where}: the name {correction.name!r} holds no word")
    if (correction.action == "merge") != bool(folded(correction.into)):
        raise Misuse(f"{where}: a merge needs a name to merge into, a split has none")
    if any(c in "\t\n\r" for field in (correction.name, correction.into) for c in field):
        raise Misuse(f"{where}: a name must be one line without tabs")
    number = correction.wikidata.removeprefix("Q")
    if correction.wikidata and not (correction.wikidata[0] == "Q" and number.isascii() and number.isdigit()):
        raise Misuse(f"{where}: {correction.wikidata!r} is no Wikidata id")
    return correction


def add_correction(path: Path, correction: Correction) -> None:
    """Append a correction to the file, making it (and its folder) where missing. Raises Misuse when it can't."""
    checked(correction, "correction")
    line = "\t".join((correction.action, correction.type, correction.name, correction.into, correction.wikidata))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:  # one write of a short line: two editors do not mix theirs
            file.write(
                line.rstrip("\t") + "\n" if file.tell() else "\t".join(COLUMNS) + "\n" + line.rstrip("\t") + "\n"
            )
    except OSError as error:
        raise Misuse(f"{path}: {error.strerror}") from error


def correct(gazetteer: Gazetteer, corrections: Sequence[Correction]) -> None:
    """Enter `corrections` into the gazetteer: what they name is found there before anything else."""
    targets: _Targets = {}
    for correction in corrections:
        name, into = (correction.type, folded(correction.name)), (correction.type, folded(correction.into))
        if correction.action == "merge" and folded(_end(correction, targets).into) == name[1]:
            targets.pop(into, None)  # it led back to the name: the later line wins, no ring is left
        targets[name] = correction
    for key, correction in targets.items():
        gazetteer.pinned[key] = _row(gazetteer, _end(correction, targets))


def _end(correction: Correction, targets: _Targets) -> Correction:
    """Follow merges of merges to the last one."""
    while correction.action == "merge":
        further = targets.get((correction.type, folded(correction.into)))
        if further is None or further.action == "split":
            break
        correction = further
    return correction


def _row(gazetteer: Gazetteer, correction: Correction) -> Row:
    name = correction.into or correction.name
    row = gazetteer.find(correction.type, name) if correction.action == "merge" else None
    if row is not None and correction.wikidata in ("", row.wikidata):
        return row
    return Row(f"correction/{name}", name, correction.type, "correction", correction.wikidata)


def version_of(corrections: Sequence[Correction]) -> str:
    """Return a hash of corrections, "" for none."""
    if not corrections:
        return ""
    lines = "\n".join("\t".join((c.action, c.type, c.name, c.into, c.wikidata)) for c in corrections)
    return hashlib.blake2b(lines.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
