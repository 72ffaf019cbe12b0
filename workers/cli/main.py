"""`kabar`: the command line. Each command lives in a module of its own and is imported only when called."""

from __future__ import annotations

import importlib
import sys

import click

from workers.errors import KabarError, Misuse

# command → module in workers.cli that holds a click command (or group) of the same name ("-" becomes "_")
COMMANDS = {
    "alerts": "alerts",
    "article": "article",
    "beat": "run",
    "dead": "dead",
    "demo": "demo",
    "doctor": "doctor",
    "entities": "entities",
    "extract": "extract",
    "feeds": "feeds",
    "health": "health",
    "index": "index",
    "newsroom": "newsroom",
    "parse-feed": "parse_feed",
    "retag": "retag",
    "search": "search",
    "setup": "setup",
    "sites": "sites",
    "tag": "tag",
    "train-tagger": "train_tagger",
    "up": "up",
    "worker": "run",
}


class Lazy(click.Group):
    """Lists every command, imports the one that is called."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"workers.cli.{COMMANDS[name]}")
        command: click.Command = getattr(module, name.replace("-", "_"))
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kabar", prog_name="kabar")
def cli() -> None:
    """Kabar watches news feeds and makes every article searchable."""


def main() -> None:
    """Run the command line. Exit 0 done, 1 failed, 2 misuse."""
    try:
        cli.main(prog_name="kabar", standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("kabar: stopped", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except Misuse as error:
        click.echo(f"kabar: {error}", err=True)
        sys.exit(2)
    except KabarError as error:
        click.echo(f"kabar: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
