"""The mail adapter behind the port `workers.ports.Mailer`: SMTP with TLS, bounded in time."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
from email.message import EmailMessage
from typing import Any, Literal

import structlog

from workers.errors import Permanent, Transient

Security = Literal["starttls", "tls", "none"]
log = structlog.get_logger("kabar")


class SmtpMailer:
    """Sends through one server. Thread-safe: each mail has a connection of its own."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        security: Security,
        username: str,
        password: str,
        sender: str,
        timeout: float,
        deadline: float,
    ) -> None:
        """`timeout`: seconds for one wait, `deadline`: for a whole mail. `host` "" refuses every mail."""
        self.sender = sender
        self._host, self._port, self._security = host, port, security
        self._username, self._password = username, password
        self._timeout, self._deadline = timeout, deadline

    def send(self, message: EmailMessage) -> None:
        """See `workers.ports.Mailer.send`."""
        if not self._host or not self.sender:
            problem = "no mail server: set KABAR_SMTP_HOST and KABAR_SMTP_FROM"
            raise Permanent(problem, reason="no_mail_server")
        try:
            refused = self._hand_over(message)
        except smtplib.SMTPAuthenticationError as error:
            raise _of_code(error.smtp_code, f"{self._host}: refuses our credentials", "smtp_auth") from error
        except smtplib.SMTPRecipientsRefused as error:
            # one that may be taken later decides: a retry does no harm where the others are refused again
            codes = [code for code, _ in error.recipients.values()]
            raise _of_code(min(codes), f"{self._host}: refuses every recipient ({min(codes)})") from error
        except smtplib.SMTPResponseException as error:
            raise _of_code(error.smtp_code, f"{self._host}: {error.smtp_code} {error.smtp_error!r}") from error
        except smtplib.SMTPNotSupportedError as error:
            raise Permanent(f"{self._host}: {error}", reason="smtp_unsupported") from error
        except TimeoutError as error:
            raise Transient(f"{self._host}: {error}", reason="timeout") from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise Transient(f"{self._host}: {error}", reason="smtp") from error
        if refused:
            log.warning("mail_partly_refused", server=self._host, recipients=len(refused), id=message["Message-ID"])

    def _hand_over(self, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
        opened: list[smtplib.SMTP] = []
        ending = threading.Timer(self._deadline, _cut, [opened])
        ending.daemon = True
        ending.start()  # a server that says a byte now and then outlives every single time-out
        try:
            with self._connected(opened) as server:
                if self._security == "starttls":
                    server.starttls(context=_tls())
                if self._username:
                    server.login(self._username, self._password)
                return server.send_message(message)
        finally:
            ending.cancel()

    def _connected(self, opened: list[smtplib.SMTP]) -> smtplib.SMTP:
        if self._security == "tls":
            return _NotedTls(opened, self._host, self._port, timeout=self._timeout, context=_tls())
        return _Noted(opened, self._host, self._port, timeout=self._timeout)


class _Noted(smtplib.SMTP):
    """Is in `opened` before it connects: the greeting, too, may never end."""

    def __init__(self, opened: list[smtplib.SMTP], *arguments: Any, **more: Any) -> None:
        opened.append(self)
        super().__init__(*arguments, **more)


class _NotedTls(smtplib.SMTP_SSL):
    """The same, with TLS from the start."""

    def __init__(self, opened: list[smtplib.SMTP], *arguments: Any, **more: Any) -> None:
        opened.append(self)
        super().__init__(*arguments, **more)


def _tls() -> ssl.SSLContext:
    """Return what verifies the server's certificate; it honours SSL_CERT_FILE, for an authority of one's own."""
    return ssl.create_default_context()


def _cut(opened: list[smtplib.SMTP]) -> None:
    for server in opened:
        if isinstance(server.sock, socket.socket):
            with contextlib.suppress(OSError):  # it has ended by itself
                socket.socket.shutdown(server.sock, socket.SHUT_RDWR)


def _of_code(code: int, message: str, reason: str = "") -> Transient | Permanent:
    """4yz may heal, 5yz will not (RFC 5321 4.2.1)."""
    return (
        Transient(message, reason=f"smtp_{code}") if code < 500 else Permanent(message, reason=reason or f"smtp_{code}")
    )
