"""What receivers get, from harmless and from hostile articles."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import msgspec
import pytest

from workers.alert.alerts import Alert
from workers.alert.matching import Match
from workers.alert.messages import Told, mail, read_matches, subject, told, webhook_body
from workers.model import Hit

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ALERT = Alert(name="gempa", query="gempa", mail=("redaksi@contoh.id", "piket@contoh.id"))


def match(number: int = 1, title: str = "Gempa mengguncang Padang", **more: object) -> Told:
    values = {
        "id": str(number), "url": f"https://berita.test/{number}", "title": title, "site": "berita.test",
        "published_at": NOON.replace(minute=number), "snippet": "«Gempa» terasa hingga Bukittinggi", **more,
    }  # fmt: skip
    return msgspec.convert(values, Told)


def test_a_match_survives_the_way_through_redis() -> None:
    hit = Hit(id="1", url="u", title="T", site="s", published_at=NOON, snippet="", people=("A",), organisations=(),
              places=(), duplicate_of="2", score=3.0)  # fmt: skip
    first = told(Match(alert=ALERT, hit=hit, edited=True))
    second = told(Match(alert=ALERT, hit=msgspec.structs.replace(hit, id="2", published_at=NOON.replace(hour=13))))
    newest, oldest = read_matches(b"[" + first + b"," + second + b"]")
    assert (newest.id, oldest.id, oldest.edited, oldest.people, oldest.duplicate_of) == ("2", "1", True, ("A",), "2")


@pytest.mark.parametrize("data", [b"", b"{}", b"[1]", b"[{}]", b"\xff"])
def test_what_is_no_list_of_matches_is_refused(data: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        read_matches(data)


def test_a_webhook_gets_the_key_in_the_body_too() -> None:
    body = msgspec.json.decode(webhook_body(ALERT, "k1", [match()]))
    assert (body["alert"], body["query"], body["idempotency_key"]) == ("gempa", "gempa", "k1")
    assert body["matches"][0]["url"] == "https://berita.test/1"
    assert "score" not in body["matches"][0]


def test_a_mail_is_the_same_for_every_try() -> None:
    def made() -> bytes:
        return mail(ALERT, "k1", [match(), match(2)], sender="kabar@contoh.id", made_at=NOON).as_bytes()

    assert made() == made()
    message = message_from_bytes(made(), policy=policy.default)
    assert message["Message-ID"] == "<k1@contoh.id>"
    assert message["To"] == "redaksi@contoh.id, piket@contoh.id"
    assert message["Date"] == "Mon, 02 Mar 2026 12:00:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Subject"] == "[gempa] 2 articles"
    assert "«Gempa» terasa" in message.get_content()


@pytest.mark.parametrize(
    "title",
    [
        "Gempa\r\nBcc: x@y.id",
        "Gempa\x00\x1b[2J",
        "Gempa\u2028Bcc: x@y.id",
        "Gempa \ud800",
        "é" * 5_000,
        "",
        "=?utf-8?q?=0A?=",
    ],
)
def test_a_strangers_title_breaks_no_mail(title: str) -> None:
    data = mail(ALERT, "k1", [match(title=title)], sender="kabar@contoh.id", made_at=NOON).as_bytes()
    message = message_from_bytes(data, policy=policy.default)
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]
    assert len(message["Subject"]) < 200


def test_a_subject_tells_one_article_by_its_title() -> None:
    assert subject(ALERT, [match()]) == "[gempa] Gempa mengguncang Padang"
