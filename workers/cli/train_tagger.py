"""`kabar train-tagger`: train the models of people, organisations and places anew."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import click
import msgspec

from workers.errors import Misuse
from workers.runtime import settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
CARD = "names.json"


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--test", "test_files", type=_FILE, multiple=True, help="Score on these sentences (repeatable).")
@click.option("--without", multiple=True, metavar="SOURCE", help="Leave out sentences of this source (repeatable).")
@click.option("--seed", default=1, show_default=True, help="Chooses the sentences rewritten as headlines.")
@click.option("--output", type=_FOLDER, help="Folder of the models [default: models in the config folder].")
def train_tagger(
    files: tuple[Path, ...], test_files: tuple[Path, ...], without: tuple[str, ...], seed: int, output: Path | None
) -> None:
    """Train on FILES and write the models with a card of what made them.

    FILES ending in .jsonl hold JSON lines {"source", "tokens", "labels"}, any other CoNLL columns. With --test a plain
    tagger is trained on the same sentences and scored beside the one that was made.
    """
    from workers.tag import corpus, training
    from workers.tag.features import Features
    from workers.tag.gazetteer import load_gazetteer
    from workers.tag.models import WORDS, read_words

    config_dir = settings.load().config_dir
    gazetteer = load_gazetteer(config_dir / "gazetteer")
    rows = [row for path in files for row in corpus.read(path, leave_out=without)]
    if not rows:
        raise Misuse("no sentences to train on")
    target = output or config_dir / "models"
    target.mkdir(parents=True, exist_ok=True)
    if output and not (target / WORDS).exists():
        (target / WORDS).write_bytes((config_dir / "models" / WORDS).read_bytes())
    click.echo(f"training on {len(rows)} sentences …", err=True)
    features = Features(gazetteer, read_words(target / WORDS))
    card = training.train(rows, features, gazetteer.words.get("function", frozenset()), target, seed)
    card |= {"left_out": sorted(without), "gazetteer": gazetteer.version}
    if test_files:
        test = [row for path in test_files for row in corpus.read(path)]
        click.echo("training the plain tagger to compare with …", err=True)
        card |= _scores(rows, test, config_dir, target)
    _write(target / CARD, card)
    click.echo(msgspec.json.encode(card).decode())


def _scores(rows: list[Any], test: list[Any], config_dir: Path, models: Path) -> dict[str, Any]:
    """Return the figures of the models just made, and of a plain tagger trained on the same sentences."""
    from workers.tag.plain import PlainTagger
    from workers.tag.scoring import names_of, score
    from workers.tag.tagger import Tagger

    seen = names_of(rows)
    with tempfile.TemporaryDirectory() as folder:
        plain = score(test, PlainTagger(rows, Path(folder, "plain.crf")), seen).figures
    return {"scores": score(test, Tagger.load(config_dir, models=models), seen).figures, "scores_plain": plain}


def _write(path: Path, card: dict[str, Any]) -> None:
    """Write the card whole or not at all."""
    partial = path.with_suffix(".new")
    partial.write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")
    partial.replace(path)
