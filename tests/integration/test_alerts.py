"""Saved searches through the pipeline: who is told what, once, whatever fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import msgspec
import pytest

from tests.contract.documents import article, version
from tests.integration.desk import NOW, SITE, TEXT, Desk
from tests.integration.receivers import Hook, Post, hook_server, mail_server
from workers.alert.alerts import Alert, alerts_from
from workers.alert.smtp import SmtpMailer
from workers.errors import Misuse, StoreUnavailable
from workers.model import Document, digest
from workers.pipeline import Pipeline
from workers.pipeline.alerting import find
from workers.ports import SearchStore
from workers.state.alerts import delivery_id

pytestmark = pytest.mark.redis


@pytest.fixture
def hook() -> Iterator[Hook]:
    with hook_server() as hook:
        yield hook


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as post:
        yield post


def save(desk: Desk, name: str, query: str, **more: Any) -> Alert:
    (alert,) = alerts_from([{"name": name, "query": query, **more}], "test", "command")
    desk.state.alerts.put(alert)
    return alert


def work(desk: Desk, seconds: float = 0.0) -> None:
    """Have everything done that can be: articles, looks, deliveries."""
    desk.run()
    desk.pipeline.match()
    desk.run(seconds)


def put(desk: Desk, *documents: Document) -> None:
    """Have documents arrive as if acknowledged just now."""
    desk.store.write(documents)
    desk.state.client.zadd("kabar:news", {document.id: 1 for document in documents})


def page(name: str, sentence: str) -> str:
    paragraphs = "".join(f"<p>{TEXT} Catatan {name} bagian {n}.</p>" for n in range(3))
    return (
        f"<html lang='id'><head><title>Berita {name} | Harian</title><link rel=canonical href='{SITE}/{name}'></head>"
        f"<body><article><h1>Berita {name}</h1><p>{sentence}</p>{paragraphs}</article></body></html>"
    )


DROUGHT = "Kekeringan panjang membuat petani di hulu sungai menunda musim tanam padi tahun ini."
QUAKE = "Gempa bumi mengguncang pesisir barat pada Senin dini hari, kata Badan Geologi."


def test_an_article_is_told_once_from_feed_to_webhook(desk: Desk, hook: Hook) -> None:
    save(desk, "gempa", '"badan geologi" gempa', webhook=hook.url, headers={"Authorization": "Bearer kunci"})
    save(desk, "kering", "kekeringan -gempa", webhook=hook.url)
    desk.add()
    desk.web.feed("/feed", "satu", "dua")
    desk.web.say("/satu", page("satu", QUAKE))
    desk.web.say("/dua", page("dua", DROUGHT))
    work(desk)
    assert sorted(hook.told()) == [("gempa", "Berita satu"), ("kering", "Berita dua")]
    key, body, headers = next(one for one in hook.got if one[1]["alert"] == "gempa")
    assert body["idempotency_key"] == key
    assert headers["authorization"] == "Bearer kunci"
    assert headers["content-type"] == "application/json"
    assert "«Gempa»" in body["matches"][0]["snippet"]
    desk.due()
    work(desk)
    assert len(hook.got) == 2
    assert desk.state.alerts.waiting() == {"news": 0, "deliveries": 0}
    assert desk.state.alerts.figures("gempa")["told"] == 1


def test_only_an_edit_that_makes_it_match_is_told(desk: Desk, hook: Hook) -> None:
    save(desk, "gempa", "gempa", webhook=hook.url)
    desk.add()
    desk.web.feed("/feed", "satu")
    desk.web.say("/satu", page("satu", DROUGHT))
    work(desk)
    assert hook.got == []
    for number, sentence in enumerate((f"{DROUGHT} {QUAKE}", f"{DROUGHT} {QUAKE} Warga mengungsi ke bukit.")):
        desk.web.say("/satu", page("satu", sentence))
        feed = f"<item><title>Berita satu {number}</title><link>{SITE}/satu</link><guid>satu</guid></item>"
        desk.web.say("/feed", f"<rss version='2.0'><channel><title>H</title>{feed}</channel></rss>")
        desk.due()
        work(desk)
    assert hook.told() == [("gempa", "Berita satu")]
    assert hook.got[0][1]["matches"][0]["edited"] is True


def test_an_edit_of_what_matched_before_the_alert_was_there_is_not_told(desk: Desk, hook: Hook) -> None:
    body = "Gempa besar dan gelombang tinggi"
    edited = article("a", body, edits=1, observed_ms=2_000, content_hash=digest("content", body))
    desk.store.write_versions([version("a", 1_000, body="Gempa besar"), version("a", 2_500, body=body)])
    save(desk, "gempa", "gempa", webhook=hook.url)
    save(desk, "gelombang", "gelombang", webhook=hook.url)
    put(desk, edited)
    work(desk)
    assert [name for name, _ in hook.told()] == ["gelombang"]


def test_a_name_that_only_the_edit_brought_is_told(desk: Desk, hook: Hook) -> None:
    from tests.contract.documents import document

    new = document("a", body="Pekanbaru dilanda banjir", edits=1, observed_ms=2_000)
    old = version("a", 1_000, title="Banjir", body="Sebuah kota dilanda banjir")
    desk.store.write_versions([old])
    desk.state.alerts.put(Alert(name="kota", query="", entity="Pekanbaru", webhook=hook.url))
    put(desk, new)
    work(desk)
    assert [name for name, _ in hook.told()] == ["kota"]


def test_copies_are_told_once(desk: Desk, hook: Hook) -> None:
    save(desk, "gempa", "gempa", webhook=hook.url)
    original = article("a", "Gempa besar", title="Asli")
    copies = [article(name, "Gempa besar", title=name, duplicate_of=original.id) for name in ("b", "c")]
    put(desk, original, *copies)
    work(desk)
    put(desk, article("d", "Gempa besar", duplicate_of=original.id))
    put(desk, article("e", "Gempa besar", duplicate_of=digest("b")))  # the original went, a copy took its place
    work(desk)
    assert len(hook.got) == 1


def test_messages_wait_and_are_gathered(desk: Desk, hook: Hook) -> None:
    save(desk, "gempa", "gempa", webhook=hook.url, every=1)
    put(desk, *(article(str(n), "Gempa besar", title=f"Gempa {n}") for n in range(3)))
    work(desk)
    assert sorted(title for _, title in hook.told()) == ["Gempa 0", "Gempa 1", "Gempa 2"]
    assert len(hook.got) == 1
    put(desk, article("4", "Gempa besar"))
    work(desk)
    put(desk, article("5", "Gempa besar"))
    work(desk)
    assert len(hook.got) == 1  # not within a second of the last message
    assert desk.state.alerts.figures("gempa") == {"told": 5, "gathering": 2}
    desk.run(1.1)
    work(desk)
    assert [len(body["matches"]) for _, body, _ in hook.got] == [3, 2]
    assert len(set(hook.keys())) == 2


def test_what_was_gathered_goes_out_when_an_alert_gathers_no_more(desk: Desk, hook: Hook) -> None:
    save(desk, "gempa", "gempa", webhook=hook.url, every=1)
    put(desk, article("a", "Gempa besar"))
    work(desk)
    put(desk, article("b", "Gempa besar"))
    work(desk)
    save(desk, "gempa", "gempa", webhook=hook.url)
    desk.run(1.1)
    work(desk)
    assert len(hook.told()) == 2


def test_many_digests_are_cut_in_one_go(desk: Desk, hook: Hook) -> None:
    for number in range(45):
        save(desk, f"gempa{number}", "gempa", webhook=hook.url, every=60)
    put(desk, article("a", "Gempa besar"))
    work(desk, 0.6)
    assert len({name for name, _ in hook.told()}) == 45


def test_a_failed_message_is_tried_again_under_its_key(desk: Desk, hook: Hook) -> None:
    hook.answers = [(503, {}), (429, {"Retry-After": "0"})]
    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar"))
    work(desk, 0.6)
    assert len(hook.got) == 3
    assert len(set(hook.keys())) == 1
    assert desk.state.alerts.waiting()["deliveries"] == 0


def test_retry_after_holds_for_all_messages_to_a_receiver(desk: Desk, hook: Hook) -> None:
    hook.answers = [(429, {"Retry-After": "1"})]
    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar"), article("b", "Gempa kecil"))
    work(desk, 0.5)
    assert len(hook.got) == 1
    desk.run(1.3)
    assert len(hook.got) == 3
    assert len(set(hook.keys())) == 2


@pytest.mark.parametrize(("status", "reason"), [(404, "http_404"), (302, "http_302")])
def test_what_the_receiver_refuses_is_a_dead_letter_that_can_be_replayed(
    desk: Desk, hook: Hook, status: int, reason: str
) -> None:
    hook.answers = [(status, {"Location": "http://127.0.0.1:1/"})]
    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar"))
    work(desk)
    (letter,) = desk.state.dead.list()
    assert (letter.kind, letter.stage, letter.reason, letter.title) == ("delivery", "deliver", reason, "gempa")
    assert "/kabar" not in letter.message  # a path may be a secret
    assert desk.state.dead.replay(letter.id)
    work(desk)
    assert len(hook.got) == 2
    assert len(set(hook.keys())) == 1
    assert desk.state.dead.count() == 0


def test_tries_are_bounded(desk: Desk, hook: Hook) -> None:
    hook.answers = [(500, {})] * 9
    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar"))
    work(desk, 1.0)
    assert len(hook.got) == desk.parts.rules.max_attempts
    assert [letter.reason for letter in desk.state.dead.list()] == ["http_500"]


def test_a_private_receiver_needs_the_operators_leave(desk: Desk, hook: Hook) -> None:
    from workers.runtime.bootstrap import build_webhook
    from workers.runtime.settings import load

    # what may be fetched says nothing of where alerts may go
    settings = load({}, allow_addresses="127.0.0.0/8")
    desk.pipeline = Pipeline(replace(desk.parts, webhook=build_webhook(settings)))
    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar"))
    work(desk)
    assert hook.got == []
    assert [letter.reason for letter in desk.state.dead.list()] == ["forbidden_address"]


def test_an_alert_that_was_removed_tells_nothing_more(desk: Desk, hook: Hook) -> None:
    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar"))
    desk.pipeline.match()
    desk.state.alerts.remove("gempa")
    work(desk)
    assert hook.got == []
    assert desk.state.alerts.waiting() == {"news": 0, "deliveries": 0}
    assert list(desk.state.client.scan_iter("kabar:told:*")) == []


def test_an_article_that_was_removed_meanwhile_is_told_no_more(desk: Desk, hook: Hook) -> None:
    save(desk, "gempa", "gempa", webhook=hook.url, every=60)
    put(desk, article("a", "Gempa besar", title="Tinggal"), article("b", "Gempa besar", title="Pergi"))
    save(desk, "sendiri", "gempa", webhook=hook.url)
    desk.pipeline.match()
    desk.state.identities.remove(digest("b"), ["https://berita.test/b"], "hak jawab", "https://berita.test/b", NOW)
    work(desk)
    assert sorted(hook.told()) == [("gempa", "Tinggal"), ("sendiri", "Tinggal")]
    assert desk.state.alerts.waiting()["deliveries"] == 0


def test_without_alerts_nothing_is_remembered(desk: Desk) -> None:
    desk.add()
    desk.web.feed("/feed", "satu")
    desk.web.say("/satu", page("satu", QUAKE))
    work(desk)
    assert desk.state.alerts.waiting()["news"] == 0


def test_a_store_that_is_away_delays_the_look(desk: Desk, hook: Hook) -> None:
    class Away:
        def get(self, ids: object) -> dict[str, Document]:
            raise StoreUnavailable("away", reason="connect", retry_after=0.2)

    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar"))
    away: Any = Away()
    Pipeline(replace(desk.parts, store=away)).match()
    assert desk.state.alerts.waiting()["news"] == 1
    desk.run(0.3)
    work(desk)
    assert len(hook.got) == 1
    assert desk.state.dead.count() == 0


def test_an_article_that_fails_harms_no_other(desk: Desk, hook: Hook) -> None:
    class Fragile:
        """Fails as nobody foresaw when a certain article is looked at."""

        def __init__(self, inner: SearchStore) -> None:
            self.inner, self.search, self.close = inner, inner.search, inner.close

        def write(self, documents: list[Document]) -> object:
            if any(document.title == "Pecah" for document in documents):
                raise ValueError("pecah")
            return self.inner.write(documents)

    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar", title="Utuh"), article("b", "Gempa besar", title="Pecah"))
    fragile: Any = lambda path: Fragile(desk.parts.scratch(path))  # noqa: E731
    Pipeline(replace(desk.parts, scratch=fragile)).match()
    work(desk)
    assert [title for _, title in hook.told()] == ["Utuh"]
    (letter,) = desk.state.dead.list()
    assert (letter.kind, letter.reason) == ("alert", "unforeseen")
    desk.state.dead.replay(letter.id)
    work(desk)
    assert sorted(title for _, title in hook.told()) == ["Pecah", "Utuh"]


def test_a_query_that_can_be_read_no_more_harms_no_other(desk: Desk, hook: Hook) -> None:
    desk.state.alerts.put(Alert(name="rusak", query='"gempa', webhook=hook.url))
    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar"))
    work(desk)
    assert [name for name, _ in hook.told()] == ["gempa"]


def mailing(desk: Desk, port: int, **more: Any) -> None:
    given: dict[str, Any] = {"security": "none", "username": "", "password": "", "deadline": 5, **more}
    mailer = SmtpMailer(host="127.0.0.1", port=port, sender="kabar@redaksi.test", timeout=2, **given)
    desk.pipeline = Pipeline(replace(desk.parts, mailer=mailer))


def test_a_mail_keeps_its_id_over_retries(desk: Desk, post: Post) -> None:
    mailing(desk, post.port)
    post.answers["END"] = ["451 later"]
    save(desk, "gempa", "gempa", mail=["a@redaksi.test", "b@redaksi.test"], every=0)
    put(desk, article("a", "Gempa besar di Padang", title="Gempa\r\nBcc: x@y.test"))
    work(desk, 0.5)
    ((recipients, data),) = post.mails
    message = message_from_bytes(data, policy=policy.default)
    assert recipients == ["a@redaksi.test", "b@redaksi.test"]
    assert message["Message-ID"] == f"<{digest('delivery', 'gempa', 'mail', digest('a'))}@redaksi.test>"
    assert message["Subject"] == "[gempa] Gempa Bcc: x@y.test"
    assert message["Bcc"] is None
    assert "https://berita.test/a" in message.get_content()
    assert desk.state.alerts.waiting()["deliveries"] == 0


def test_mail_is_refused_partly_or_for_good(desk: Desk, post: Post) -> None:
    mailing(desk, post.port)
    post.answers["RCPT"] = ["550 who?", "250 ok", "550 who?", "550 who?"]
    save(desk, "gempa", "gempa", mail=["a@redaksi.test", "b@redaksi.test"], every=0)
    put(desk, article("a", "Gempa besar"))
    work(desk)
    assert [recipients for recipients, _ in post.mails] == [["b@redaksi.test"]]
    put(desk, article("b", "Gempa besar"))
    work(desk)
    assert [letter.reason for letter in desk.state.dead.list()] == ["smtp_550"]


def test_mail_without_a_server_is_a_dead_letter(desk: Desk) -> None:
    save(desk, "gempa", "gempa", mail=["a@redaksi.test"], every=0)
    put(desk, article("a", "Gempa besar"))
    work(desk)
    assert [letter.reason for letter in desk.state.dead.list()] == ["no_mail_server"]


def test_the_file_is_registered_whole_and_commands_keep_theirs(desk: Desk) -> None:
    alerts = desk.state.alerts
    own = save(desk, "sendiri", "gempa", log=True)
    listed = [Alert(name=name, query="banjir", log=True, origin="file") for name in ("satu", "dua")]
    assert alerts.register(listed) == 2
    assert alerts.register(listed[:1]) == 0
    assert [alert.name for alert in alerts.all()] == ["satu", "sendiri"]
    with pytest.raises(Misuse, match="sendiri"):
        alerts.register([msgspec.structs.replace(own, origin="file")])


def test_a_text_long_known_is_not_told_as_new(desk: Desk, hook: Hook) -> None:
    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar", first_seen_at=NOW - timedelta(days=31)))
    put(desk, article("b", "Gempa besar", first_seen_at=NOW - timedelta(days=29)))
    work(desk)
    assert len(hook.got) == 1


def test_an_article_superseded_before_it_was_acknowledged_is_looked_at(desk: Desk, hook: Hook) -> None:
    """A worker dies between writing and acknowledging, and a tagger writes the document anew meanwhile."""
    save(desk, "gempa", "gempa", webhook=hook.url)
    desk.add()
    desk.web.feed("/feed", "satu")
    desk.web.say("/satu", page("satu", QUAKE))

    class Overtaken:
        """Every write finds that another has written a later version of the same document."""

        def __init__(self, inner: SearchStore) -> None:
            self.inner = inner

        def __getattr__(self, name: str) -> Any:
            return getattr(self.inner, name)

        def write(self, documents: list[Document]) -> object:
            self.inner.write([msgspec.structs.replace(one, version=one.version + 1) for one in documents])
            return self.inner.write(documents)

    overtaken: Any = Overtaken(desk.store)
    desk.pipeline = Pipeline(replace(desk.parts, store=overtaken))
    work(desk)
    assert hook.told() == [("gempa", "Berita satu")]


def test_long_articles_are_looked_at_in_turn(desk: Desk, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.pipeline.alerting.CHARACTERS", 10)
    save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, *(article(str(number), "Gempa besar", title=str(number)) for number in range(3)))
    work(desk)
    assert sorted(title for _, title in hook.told()) == ["0", "1", "2"]


@pytest.mark.parametrize("ends", ["delivery", "news"])
def test_what_kills_its_worker_again_and_again_is_set_aside(desk: Desk, hook: Hook, ends: str) -> None:
    alert = save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar"))
    client, delivery = desk.state.client, delivery_id("gempa", "webhook", digest("a"))
    if ends == "delivery":
        desk.pipeline.match()
    for number in range(desk.parts.rules.max_attempts):
        if ends == "news":
            assert desk.state.alerts.claim_news(10)
            client.zadd("kabar:news", {digest("a"): 1})
        else:
            assert desk.state.alerts.claim(delivery, f"t{number}", alert.target("webhook"))
            client.hset(f"kabar:delivery:{delivery}", "lease", 1)
            client.zadd("kabar:deliver", {delivery: 1})
    work(desk)
    assert hook.got == []
    assert [letter.reason for letter in desk.state.dead.list()] == ["killed_its_worker"]


def test_a_stale_claim_changes_nothing(desk: Desk, hook: Hook) -> None:
    alert = save(desk, "gempa", "gempa", webhook=hook.url)
    put(desk, article("a", "Gempa besar"))
    desk.pipeline.match()
    alerts, target = desk.state.alerts, alert.target("webhook")
    delivery = delivery_id("gempa", "webhook", digest("a"))
    first = alerts.claim(delivery, "t1", target)
    assert first is not None
    assert alerts.claim(delivery, "t2", target) is None  # another's
    assert alerts.claim(delivery, "t1", target) == first  # a repeated call
    stale = msgspec.structs.replace(first, token="t0")
    assert not alerts.delivered(stale)
    assert not alerts.retry(stale, 0, "")
    assert not alerts.bury(stale, b"{}", 10)
    assert alerts.delivered(first)
    assert not alerts.delivered(first)


QUERIES = (
    "gempa", '"badan geologi"', "gempa -tsunami", "membangun jembatan", '"jembatan baru"', "pembangunan",
    "penghubung antardesa", "-gempa", "Kim-Jong", "Rp1,5", "polisi pencurian", "petani menanam",
    "gempa OR jembatan", "judul:judul petani", "site:berita.test -gempa", "kpk", "banjir OR \"kim jong\"",
)  # fmt: skip


def test_matching_agrees_with_the_store_that_is_searched(desk: Desk, elasticsearch_store: SearchStore) -> None:
    """What an alert finds among new articles is what a search of either store finds."""
    texts = (
        QUAKE, DROUGHT, TEXT, "Gempa memicu tsunami kecil", "Pembangunan jembatan baru antardesa menelan Rp1,5 miliar",
        "Komisi Pemberantasan Korupsi memanggil saksi",
        "Pertemuan Kim Jong Un dengan utusan", "Polisi menangkap pelaku pencurian", "Petani menanam padi",
    )  # fmt: skip
    documents = [article(f"t{number}", text) for number, text in enumerate(texts)]
    alerts = [Alert(name=f"q{number}", query=query, log=True) for number, query in enumerate(QUERIES)]
    found = find(desk.parts, alerts, documents)
    for store in (desk.store, elasticsearch_store):
        store.write(documents)
        store.refresh()
        for alert in alerts:
            wanted = {hit.id for hit in store.search(alert.asked(limit=100)).hits}
            assert {one for one, told in found.items() if any(m.alert == alert for m in told)} == wanted, alert.query
