"""`kabar article`: what is asked wrongly, what removing says."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from workers.cli.article import article, told
from workers.errors import Misuse
from workers.operate.articles import Removal

URL = "https://berita.test/satu"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([URL, "--reason", "permintaan narasumber"], "--remove"),
        ([URL, "--remove"], "--reason"),
        ([URL, "--remove", "--reason", " "], "--reason"),
        ([URL, "--remove", "--reason", "x", "--history"], "not both"),
    ],
)
def test_misuse_is_named_and_does_nothing(
    arguments: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KABAR_DATA_DIR", str(tmp_path / "data"))
    done = CliRunner().invoke(article, arguments)
    assert isinstance(done.exception, Misuse)
    assert says in str(done.exception)
    assert not (tmp_path / "data").exists()


def test_removing_says_what_it_did() -> None:
    assert told(Removal(article_id="a", deleted=True)).startswith("removed a: document and versions deleted")
    assert told(Removal(article_id="a", deleted=False)) == "a: not stored; it will be refused if it ever comes"


def test_help_tells_of_the_history() -> None:
    assert "Every text it has had" in " ".join(CliRunner().invoke(article, ["--help"]).output.split())
