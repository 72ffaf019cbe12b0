"""`kabar parse-feed`, and what `kabar feeds test` reports."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from workers.cli.feed_rows import health_of, rows_of
from workers.cli.feed_trial import print_trial
from workers.cli.feeds import feeds
from workers.cli.parse_feed import parse_feed
from workers.errors import KabarError, Misuse, Permanent, Transient
from workers.model import Download, Feed, FeedState
from workers.poll.schedule import PollRules
from workers.poll.trial import try_feed

NOW = datetime(2025, 9, 4, 12, 0, tzinfo=UTC)
FEED = Feed(id="f", url="https://kabar.test/feed")
RSS = """<rss version="2.0"><channel><title>Kabar</title><item><title>Satu</title><link>/satu</link>
<pubDate>Thu, 04 Sep 2025 14:05:06</pubDate></item></channel></rss>"""


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "feed.xml"
    path.write_text(RSS, encoding="utf-8")
    return path


def test_a_batch_answers_every_line_in_order(document: Path, tmp_path: Path) -> None:
    jobs = [
        {"id": "a", "path": str(document), "url": "https://kabar.test/feed"},
        {"id": 2, "path": str(tmp_path / "none")},
        {"id": 3, "path": str(tmp_path)},
        {"id": 4, "path": "-"},
        {"id": 5, "path": "a\x00b"},
        {"id": 6, "path": str(document), "url": None, "content_type": None},
    ]
    bad = ["no json", "[1]", "", '{"id": 1}', '{"id": "x", "path": 3}']
    lines = [json.dumps(jobs[0]), *bad, *map(json.dumps, jobs[1:])]
    result = CliRunner().invoke(parse_feed, ["--batch"], input="\n".join(lines) + "\n")
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["a", None, None, None, 1, "x", 2, 3, 4, 5, 6]
    assert [answer["error"]["type"] if answer["error"] else None for answer in answers] == (
        [None, *["bad_line"] * 5, *["unreadable"] * 4, None]
    )
    assert all((answer["feed"], answer["entries"]) == (None, []) for answer in answers if answer["error"])
    (entry,) = answers[0]["entries"]
    assert (entry["url"], entry["title"], entry["published_at"]) == (
        "https://kabar.test/satu",
        "Satu",
        "2025-09-04T07:05:06Z",
    )
    assert answers[0]["feed"]["title"] == "Kabar"


def test_one_file_is_printed_and_a_bad_one_exits_1(document: Path) -> None:
    good = CliRunner().invoke(parse_feed, [str(document), "--timezone", "Asia/Jayapura"])
    assert good.exit_code == 0
    assert json.loads(good.stdout)["entries"][0]["published_at"] == "2025-09-04T05:05:06Z"
    piped = CliRunner().invoke(parse_feed, ["-"], input=RSS)
    assert json.loads(piped.stdout)["feed"]["title"] == "Kabar"
    bad = CliRunner().invoke(parse_feed, ["-"], input="<html/>")
    assert bad.exit_code == 1
    assert json.loads(bad.stdout)["error"]["type"] == "not_a_feed"


@pytest.mark.parametrize("arguments", [[], ["x", "--batch"], ["x", "--timezone", "Mars/Base"]])
def test_misuse(arguments: list[str]) -> None:
    assert isinstance(CliRunner().invoke(parse_feed, arguments).exception, Misuse)


def test_a_document_beyond_the_bound_is_refused(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KABAR_FEED_MAX_BYTES", "1000")
    document.write_text(RSS + " " * 1_000)
    result = CliRunner().invoke(parse_feed, [str(document)])
    assert json.loads(result.stdout)["error"]["type"] == "too_large"


class Site:
    """The network: answers every request alike."""

    def __init__(self, answer: Download | KabarError) -> None:
        self.answer = answer

    def get(self, url: str, *, headers: object = None, max_bytes: int | None = None) -> Download:
        if isinstance(self.answer, KabarError):
            raise self.answer
        return self.answer


def answer(body: bytes, **headers: str) -> Download:
    return Download(url=FEED.url, final_url=FEED.url, status=200, headers=headers, body=body)


@pytest.mark.parametrize(
    ("given", "outcome", "error", "status"),
    [
        (answer(RSS.encode()), "new", "", 200),
        (answer(b"<html><title>Masuk</title></html>"), "error", "not_a_feed", 200),
        (Transient("slow", reason="timeout"), "error", "timeout", None),
        (Transient("busy", reason="http_503"), "error", "http_503", 503),
        (Permanent("not there", reason="http_404"), "error", "http_404", 404),
        (Permanent("gone", reason="http_410"), "gone", "http_410", 410),
    ],
)
def test_a_trial_tells_what_a_poll_would_do(
    given: Download | KabarError, outcome: str, error: str, status: int | None, capsys: pytest.CaptureFixture[str]
) -> None:
    trial = try_feed(FEED, Site(given), now=NOW, rules=PollRules(), max_bytes=1_000_000)
    assert (trial.decision.outcome, trial.error.partition(":")[0]) == (outcome, error)
    print_trial(trial, as_json=True, limit=5)
    assert json.loads(capsys.readouterr().out)["status"] == status


@pytest.mark.parametrize(
    ("state", "enabled", "word"),
    [
        (FeedState(), True, "waiting"),
        (FeedState(), False, "disabled"),
        (FeedState(polled_at=NOW, changed_at=NOW), True, "well"),
        (FeedState(polled_at=NOW, polls=3), True, "silent"),
        (FeedState(polled_at=NOW, changed_at=datetime(2025, 8, 1, tzinfo=UTC)), True, "silent"),
        (FeedState(polled_at=NOW, failures=2, error="timeout: slow"), True, "failing"),
        (FeedState(polled_at=NOW, failures=1, gone=True), True, "gone"),
    ],
)
def test_health_in_a_word(state: FeedState, enabled: bool, word: str) -> None:
    assert health_of(Feed(id="f", url=FEED.url, enabled=enabled), state, NOW).word == word


def test_rows_name_headers_but_keep_their_values_back() -> None:
    feed = Feed(id="f", url=FEED.url, headers={"Authorization": "rahasia"})
    (row,) = rows_of([(feed, FeedState(), 0.0)], NOW)
    assert (row["headers"], row["due"]) == (["Authorization"], datetime(1970, 1, 1, tzinfo=UTC))
    assert "rahasia" not in str(row)


def test_a_trial_tells_of_filters_sitemaps_and_robots(capsys: pytest.CaptureFixture[str]) -> None:
    def ask(url: str) -> None:
        raise Permanent("no", reason="robots_disallowed")

    two = RSS.replace("</channel>", "<item><title>Iklan</title><link>/iklan</link></item></channel>").encode()
    feed = Feed(id="f", url=FEED.url, drop=("title=^iklan",))
    trial = try_feed(feed, Site(answer(two)), now=NOW, rules=PollRules(), max_bytes=1_000_000, ask=ask)
    print_trial(trial, as_json=False, limit=5)
    said = capsys.readouterr().out
    assert "1 left out by the feed's keep and drop rules" in said and "/iklan" not in said
    assert "robots_disallowed: https://kabar.test/satu" in said
    index = b"<sitemapindex><sitemap><loc>https://kabar.test/news-1.xml</loc></sitemap></sitemapindex>"
    trial = try_feed(FEED, Site(answer(index)), now=NOW, rules=PollRules(), max_bytes=1_000_000, ask=ask)
    print_trial(trial, as_json=False, limit=5)
    assert "leads to  https://kabar.test/news-1.xml" in capsys.readouterr().out


def test_feeds_test_asks_the_network_for_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a Redis, too: a feed is tried before anything is set up."""

    class Web(Site):
        def get(self, url: str, *, headers: object = None, max_bytes: int | None = None) -> Download:
            if url.endswith("/robots.txt"):
                return answer(b"User-agent: *\nDisallow: /satu")
            return answer(RSS.encode())

    monkeypatch.delenv("KABAR_REDIS_URL", raising=False)
    monkeypatch.setattr("workers.runtime.bootstrap.Adapters.http", Web(answer(b"")))
    result = CliRunner().invoke(feeds, ["test", FEED.url, "--json"])
    assert json.loads(result.stdout)["robots"] == {"https://kabar.test/satu": "robots_disallowed"}
    kept = CliRunner().invoke(feeds, ["test", FEED.url, "--json", "--keep", "banjir"])
    assert (json.loads(kept.stdout)["left_out"], json.loads(kept.stdout)["entries"]) == (1, [])
