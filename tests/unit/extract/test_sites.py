"""The operator's rules: read once, mistakes named."""

from __future__ import annotations

from pathlib import Path

import pytest

from workers.errors import Misuse
from workers.extract import Sites


def test_own_rules_add_to_the_general_ones(tmp_path: Path) -> None:
    text = "[general]\ndrop = ['iklan']\n[site.\"a.test\"]\ndrop = ['promo']\n[site.\"x.b.test\"]\ndrop = ['kuis']\n"
    (tmp_path / "sites.toml").write_text(text)
    sites = Sites.load(tmp_path)
    drops = {
        url: sites.rules(url).drop for url in ("https://www.a.test/1", "https://news.a.test/1", "https://x.b.test:80/1")
    }
    assert all(drop.fullmatch("Iklan") for drop in drops.values())
    assert [bool(drop.fullmatch("promo")) for drop in drops.values()] == [True, True, False]
    assert [bool(drop.fullmatch("kuis")) for drop in drops.values()] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[general", "sites.toml"),
        ("[general]\ndrop = ['(']", "general.drop"),
        ("[general]\ndrop = ['x*']", "matches the empty text"),
        ("[general]\ndrop = 'x'", "general.drop"),
        ("[general]\ndorp = ['x']", "dorp"),
        ("[other]\nx = 1", "other"),
        ("site = 1", "site"),
        ("[site]\n'a.test' = 1", "a.test"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "sites.toml").write_text(text)
    with pytest.raises(Misuse) as caught:
        Sites.load(tmp_path)
    assert named in str(caught.value)


def test_no_file_means_no_rules(tmp_path: Path) -> None:
    assert not Sites.load(tmp_path).rules("https://a.test/").drop.fullmatch("iklan")
