"""The mail adapter against a real server on this machine: encryption, credentials, time."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from tests.contract.test_http_tls import authority, context, trusted  # noqa: F401 - fixtures
from tests.integration.receivers import Post, mail_server
from workers.alert.smtp import SmtpMailer
from workers.errors import Permanent, Transient


@pytest.fixture
def post() -> Iterator[Post]:
    with mail_server() as post:
        yield post


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Message-ID"] = "kabar@redaksi.test", "a@redaksi.test", "<1@redaksi.test>"
    message.set_content("Halo")
    return message


def mailer(port: int, **more: Any) -> SmtpMailer:
    given: dict[str, Any] = {"security": "none", "username": "", "password": "", "timeout": 2, "deadline": 5, **more}
    return SmtpMailer(host="127.0.0.1", port=port, sender="kabar@redaksi.test", **given)


def test_credentials_are_used_and_refused_ones_are_final(post: Post) -> None:
    mailer(post.port, username="kabar", password="rahasia").send(letter())
    assert (len(post.mails), len(post.logins)) == (1, 1)
    post.answers["AUTH"] = ["535 no"]
    with pytest.raises(Permanent) as refused:
        mailer(post.port, username="kabar", password="rahasia").send(letter())
    assert refused.value.reason == "smtp_auth"
    assert "rahasia" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "kind", "reason"), [("451 later", Transient, "smtp_451"), ("554 spam", Permanent, "smtp_554")]
)
def test_answers_tell_whether_it_may_heal(post: Post, said: str, kind: type[Exception], reason: str) -> None:
    post.answers["END"] = [said]
    with pytest.raises(kind) as failed:
        mailer(post.port).send(letter())
    assert failed.value.reason == reason  # type: ignore[attr-defined]


def test_one_recipient_that_may_be_taken_later_is_worth_a_retry(post: Post) -> None:
    message = letter()
    message.replace_header("To", "a@redaksi.test, b@redaksi.test")
    post.answers["RCPT"] = ["550 who?", "450 later"]
    with pytest.raises(Transient):
        mailer(post.port).send(message)


def test_a_server_without_encryption_gets_nothing(post: Post) -> None:
    with pytest.raises(Permanent) as refused:
        mailer(post.port, security="starttls", username="kabar", password="rahasia").send(letter())
    assert refused.value.reason == "smtp_unsupported"
    assert (post.mails, post.logins) == ([], [])


def test_a_server_that_never_ends_is_cut_off(post: Post) -> None:
    post.dripping = True
    began = time.monotonic()
    with pytest.raises(Transient):
        mailer(post.port, deadline=0.5).send(letter())
    assert time.monotonic() - began < 5


def test_a_server_that_is_not_there_may_come_back() -> None:
    with pytest.raises(Transient):
        mailer(1).send(letter())


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_encrypted(post: Post, context: ssl.SSLContext, security: str) -> None:  # noqa: F811
    post.context, post.implicit = context, security == "tls"
    mailer(post.port, security=security).send(letter())
    assert post.encrypted == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_an_unknown_authority_is_refused(
    post: Post,
    context: ssl.SSLContext,  # noqa: F811
    security: str,
) -> None:
    post.context, post.implicit = context, security == "tls"
    with pytest.raises(Transient):
        mailer(post.port, security=security).send(letter())
    assert post.mails == []
