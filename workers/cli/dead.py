"""`kabar dead`: dead letters, seen, tried again, dropped."""

from __future__ import annotations

import json

import click
import msgspec

from workers.errors import Misuse
from workers.runtime.bootstrap import build_state
from workers.runtime.settings import load
from workers.state.dead_letters import DeadLetter, DeadLetters


@click.group()
def dead() -> None:
    """List, show, replay and drop dead letters."""


@dead.command("list")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(limit: int, as_json: bool) -> None:
    """List dead letters, newest first."""
    letters = _letters()
    found = letters.list(limit)
    for letter in found:
        if as_json:
            click.echo(msgspec.json.encode(letter).decode())
        else:
            click.echo(
                f"{letter.id}  {letter.buried_at:%Y-%m-%d %H:%M}  {letter.stage:8} {letter.reason:20} {letter.url}"
            )
    if not as_json:
        click.echo(f"{len(found)} of {letters.count()} dead letters", err=True)


@dead.command()
@click.argument("letter_id")
def show(letter_id: str) -> None:
    """Show one dead letter with its traceback."""
    letter = _found(_letters(), letter_id)
    facts = msgspec.to_builtins(letter)
    trace = facts.pop("traceback")
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
    if trace:
        click.echo(trace)


@dead.command()
@click.argument("letter_ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every dead letter.")
@click.option("--reason", help="Those with this reason.")
def replay(letter_ids: tuple[str, ...], everything: bool, reason: str | None) -> None:
    """Try dead letters again, from their page on."""
    letters = _letters()
    done = sum(letters.replay(i) for i in _chosen(letters, letter_ids, everything, reason))
    click.echo(f"{done} replayed")


@dead.command()
@click.argument("letter_ids", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every dead letter.")
@click.option("--reason", help="Those with this reason.")
def drop(letter_ids: tuple[str, ...], everything: bool, reason: str | None) -> None:
    """Forget dead letters for good: their entries count as seen."""
    letters = _letters()
    done = sum(letters.drop(i) for i in _chosen(letters, letter_ids, everything, reason))
    click.echo(f"{done} dropped")


def _letters() -> DeadLetters:
    return build_state(load()).dead


def _chosen(letters: DeadLetters, ids: tuple[str, ...], everything: bool, reason: str | None) -> list[str]:
    if sum((bool(ids), everything, reason is not None)) != 1:
        raise Misuse("name dead letters, or --all, or --reason R")
    if ids:
        return [_found(letters, letter_id).id for letter_id in ids]
    found = letters.list(letters.count() or 1)
    return [letter.id for letter in found if everything or letter.reason == reason]


def _found(letters: DeadLetters, letter_id: str) -> DeadLetter:
    letter = letters.get(letter_id)
    if letter is None:
        raise Misuse(f"no dead letter {letter_id!r} (kabar dead list shows them)")
    return letter
