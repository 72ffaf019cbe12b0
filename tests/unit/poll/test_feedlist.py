import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workers.errors import Misuse
from workers.model import Feed, digest
from workers.poll.feedlist import LONGEST, load_feeds, parse_toml, to_toml
from workers.poll.filters import rule_problem
from workers.poll.opml import parse_opml, to_opml

CONFIG = Path(__file__).resolve().parents[3] / "config" / "feeds.toml"
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=20).map(
    str.strip
)


def full(number: int, **changes: object) -> Feed:
    url = f"https://kabar.test/feed?n={number}&x=%20"
    values = {
        "id": digest(url),
        "url": url,
        "title": 'Kabar "satu" <& dua>',
        "site": "kabar.test",
        "language": "en",
        "timezone": "Asia/Makassar",
        "section": "Ekonomi\x7f",
        "folder": "Riau/Kota",
        "interval": 600,
        "floor": 60,
        "ceiling": 7_200,
        "silent_after": 86_400,
        "keep": ("banjir|longsor", "tag=Riau"),
        "drop": ('title=^Iklan "x"\\b',),
        "enabled": False,
        "headers": {"X-Key": 'a"b\\c'},
    }
    return Feed(**(values | changes))  # type: ignore[arg-type]


def test_toml_comes_back_as_it_went() -> None:
    feeds = [full(1), full(2, id="own-id", headers={}), Feed(id=digest("https://k.test/"), url="https://k.test/")]
    assert parse_toml(to_toml(feeds)) == feeds


def test_opml_comes_back_as_it_went_but_for_headers() -> None:
    feeds = [
        full(1, headers={}),
        full(2, id="own-id", headers={}, title="", folder=""),
        full(3, headers={}, interval=None, enabled=True, keep=()),
    ]
    assert sorted(parse_opml(to_opml(feeds)), key=lambda feed: feed.url) == feeds
    assert b"rahasia" not in to_opml([full(4, headers={"Authorization": "rahasia"})])


@settings(max_examples=50)
@given(
    TEXT,
    TEXT,
    st.dictionaries(st.from_regex(r"[A-Za-z-]{1,8}", fullmatch=True), TEXT.filter(str.isprintable), max_size=2),
)
def test_any_texts_come_back_from_toml(title: str, section: str, headers: dict[str, str]) -> None:
    feeds = [full(1, title=title, section=section, headers=headers)]
    assert parse_toml(to_toml(feeds)) == feeds


SPAN = st.none() | st.integers(1, LONGEST)
RULE = TEXT.filter(lambda rule: not rule_problem(rule))


@settings(max_examples=50)
@given(SPAN, SPAN, SPAN, st.lists(RULE, max_size=3).map(tuple), st.lists(RULE, max_size=3).map(tuple), TEXT, TEXT)
def test_any_settings_of_a_feed_come_back_from_opml_and_toml(
    floor: int | None,
    ceiling: int | None,
    silent_after: int | None,
    keep: tuple[str, ...],
    drop: tuple[str, ...],
    title: str,
    section: str,
) -> None:
    own = {"floor": floor, "ceiling": ceiling, "silent_after": silent_after, "keep": keep, "drop": drop}
    feeds = [full(1, headers={}, title=title, section=section, **own)]
    assert parse_opml(to_opml(feeds)) == feeds
    assert parse_toml(to_toml(feeds)) == feeds


HOSTILE = [
    ("floor='0'", "floor:"),
    ("floor='-5'", "floor:"),
    ("ceiling='999999999'", "ceiling:"),
    ("interval='99999999999999999999'", "interval:"),
    ("interval='1e3'", "interval:"),
    ("silent_after='satu hari'", "silent_after:"),
    ("keep=''", "keep:"),
    ("keep='('", "keep:"),
    ("drop='a&#10;&#10;b'", "drop:"),
    ("drop='" + "x" * 501 + "'", "drop:"),
    ("enabled='maybe'", "enabled:"),
    ("timezone='../../etc/passwd'", "timezone:"),
    ("timezone='/etc/localtime'", "timezone:"),
    ("id=''", "id:"),
]


@pytest.mark.parametrize(("given", "says"), HOSTILE, ids=[row[0][:40] for row in HOSTILE])
def test_hostile_settings_in_opml_are_named(given: str, says: str) -> None:
    outline = f"<outline text='K' xmlUrl='https://k.test/feed' kabar:{given}/>"
    with pytest.raises(Misuse, match=re.escape(says)):
        parse_opml(f"<opml xmlns:kabar='urn:kabar:opml:1'><body>{outline}</body></opml>".encode())


def test_spans_that_no_clock_can_hold_are_refused() -> None:
    with pytest.raises(Misuse, match="interval: must be a whole number of seconds, 1 to 604800"):
        parse_toml(f'[[feeds]]\nurl = "https://k.test/"\ninterval = {10**18}\n')


def test_feeds_of_other_readers_opml(tmp_path: Path) -> None:
    path = tmp_path / "list.xml"
    path.write_text(
        "<?xml version='1.0'?><!DOCTYPE opml><opml version='1.0'><head/><body><outline text='Riau'>"
        "<outline title='Kota/Desa'>"
        "<outline text='Satu' XMLURL=' https://satu.test/feed '/></outline></outline>"
        "<outline text='note'/></body></opml>"
    )
    (feed,) = load_feeds(path)
    assert (feed.url, feed.title, feed.folder, feed.id) == (
        "https://satu.test/feed",
        "Satu",
        "Riau/Kota-Desa",
        digest("https://satu.test/feed"),
    )
    assert (feed.language, feed.timezone, feed.enabled) == ("id", "Asia/Jakarta", True)


def test_every_problem_is_told_at_once_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(
        """[[feeds]]
url = "ftp://satu.test/"
timezone = "WIB"
interval = 0
colour = "red"
[[feeds]]
title = "tanpa alamat"
enabled = "yes"
headers = { "X Y" = "1", Z = "a\\nb" }
[[feeds]]
url = "https://dua.test/feed"
[[feeds]]
url = "https://dua.test/feed"
[other]
""",
        encoding="utf-8",
    )
    with pytest.raises(Misuse) as caught:
        load_feeds(path)
    text = str(caught.value)
    assert str(path) in text
    for expected in (
        "line 1 (ftp://satu.test/): colour: no such setting",
        "interval:",
        "line 6 (tanpa alamat)",
        "enabled: must be true or false",
        "'X Y' is no header",
        "'Z' is no header",
        "line 12 (https://dua.test/feed): the same feed as line 10",
        "'other': no such table",
    ):
        assert expected in text, text


BOMB = b"<!DOCTYPE o [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><opml><body><outline text='&b;' xmlUrl='https://a.test/'/></body></opml>"
BAD = [
    (b"<opml><body>", "not well-formed"),
    (b"<rss/>", "a <rss> document, not OPML"),
    (BOMB, "declares entities"),
    (BOMB.decode().encode("utf-16"), "declares entities"),
    (b"<opml>" + b"<outline>" * 100_000, "not well-formed"),
    (
        b"<opml><body><outline xmlUrl='nowhere'/></body></opml>",
        "line 1 (nowhere): url: must be a whole http or https address",
    ),
    (b"feeds = 3", "must be [[feeds]]"),
    (b"[[feeds]]\nurl = ", "not TOML"),
    (b"\xff\xfe\x00x", "not UTF-8"),
    (b"a=" + b"[" * 100_000, "not TOML"),
]


@pytest.mark.parametrize(("data", "says"), BAD, ids=[row[1] + str(len(row[0])) for row in BAD])
def test_bad_lists_are_refused(data: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_bytes(data)
    with pytest.raises(Misuse, match=re.escape(says)):
        load_feeds(path)


def test_all_problems_of_a_row_are_told_at_once() -> None:
    row = '[[feeds]]\nurl = "ftp://k.test/"\ntimezone = "Mars/Base"\ntitle = 3\ncolour = "red"\ninterval = 0\n'
    with pytest.raises(Misuse) as caught:
        parse_toml(row + '[[feeds]]\nurl = 4\ntimezone = "x"\n')
    for problem in ("url: must be a whole", "timezone: 'Mars/Base'", "title: must be", "colour: no such", "interval: "):
        assert problem in str(caught.value)
    assert "url: must be a text" in str(caught.value)
    assert "timezone: 'x'" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1 + 5 + 2


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="No such file"):
        load_feeds(tmp_path / "none.toml")
    with pytest.raises(Misuse, match="directory"):
        load_feeds(tmp_path)


def test_the_shipped_list_is_sound() -> None:
    feeds = load_feeds(CONFIG)
    assert feeds[0].url == "https://riau24.com/feed"
    assert {"antaranews.com", "tempo.co", "riaupos.co", "kumparan.com", "okezone.com"} <= {feed.site for feed in feeds}
    assert {feed.timezone for feed in feeds if feed.site == "bali.tribunnews.com"} == {"Asia/Makassar"}
    assert parse_toml(to_toml(feeds)) == feeds
    assert sorted(parse_opml(to_opml(feeds)), key=lambda feed: feed.url) == sorted(feeds, key=lambda feed: feed.url)
