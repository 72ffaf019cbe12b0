"""`kabar train-tagger`: train the model of people, organisations and places anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from workers.errors import Misuse
from workers.runtime import settings

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, type=_FILE)
@click.option("--test", "test_file", type=_FILE, help="Score on these sentences.")
@click.option("--leave-out", multiple=True, metavar="SOURCE", help="Leave out sentences of this source (repeatable).")
@click.option("--seed", default=1, show_default=True, help="Chooses the sentences rewritten as headlines.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Model [default: models/names.crf].")
def train_tagger(
    files: tuple[Path, ...], test_file: Path | None, leave_out: tuple[str, ...], seed: int, output: Path | None
) -> None:
    """Train on FILES, JSON lines {"source", "tokens", "labels"} with BIO labels; write the model and what made it."""
    from workers.tag import training
    from workers.tag.features import Features
    from workers.tag.gazetteer import load_gazetteer
    from workers.tag.scoring import score
    from workers.tag.tagger import MODEL, Tagger

    config_dir = settings.load().config_dir
    gazetteer = load_gazetteer(config_dir / "gazetteer")
    rows = [row for path in files for row in training.read(path, leave_out=leave_out)]
    if not rows:
        raise Misuse("no sentences to train on")
    target = output or config_dir / MODEL
    target.parent.mkdir(parents=True, exist_ok=True)
    click.echo(f"training on {len(rows)} sentences …", err=True)
    card: dict[str, Any] = training.train(
        rows, Features(gazetteer), gazetteer.words.get("function", frozenset()), target, seed
    )
    card |= {
        "sources": training.count_sources(rows),
        "left_out": sorted(leave_out),
        "gazetteer": gazetteer.version,
        "bytes": target.stat().st_size,
    }
    if test_file:
        card["scores"] = score(training.read(test_file), Tagger.load(config_dir, model=target))
    target.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")
    click.echo(msgspec.json.encode(card).decode())
