"""The mail adapter behind the port `workers.ports.Mailer`: SMTP with TLS, bounded in time."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from email.message import EmailMessage
from typing import Literal

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
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`timeout`: seconds for one wait, `deadline`: for a whole mail. `host` "" refuses every mail.

        `context` is there for tests; by default the server's certificate is verified.
        """
        self.sender = sender
        self._host, self._port, self._security = host, port, security
        self._username, self._password = username, password
        self._timeout, self._deadline = timeout, deadline
        self._context = context

    def send(self, message: EmailMessage) -> None:
        """See `workers.ports.Mailer.send`."""
        if not self._host or not self.sender:
            problem = "no mail server: set KABAR_SMTP_HOST and KABAR_SMTP_FROM"
            raise Permanent(problem, reason="no_mail_server")
        try:
            with self._connected() as server:
                refused = self._hand_over(server, message)
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

    def _connected(self) -> smtplib.SMTP:
        if self._security == "tls":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=self._tls())
        return smtplib.SMTP(self._host, self._port, timeout=self._timeout)

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
        ending = threading.Timer(self._deadline, _cut, [server])
        ending.daemon = True
        ending.start()  # a server that says a byte now and then outlives every single time-out
        try:
            if self._security == "starttls":
                server.starttls(context=self._tls())
            if self._username:
                server.login(self._username, self._password)
            return server.send_message(message)
        finally:
            ending.cancel()

    def _tls(self) -> ssl.SSLContext:
        return self._context or ssl.create_default_context()


def _cut(server: smtplib.SMTP) -> None:
    if isinstance(server.sock, socket.socket):
        try:
            socket.socket.shutdown(server.sock, socket.SHUT_RDWR)
        except OSError:
            return  # it has ended by itself


def _of_code(code: int, message: str, reason: str = "") -> Transient | Permanent:
    """4yz may heal, 5yz will not (RFC 5321 4.2.1)."""
    return (
        Transient(message, reason=f"smtp_{code}") if code < 500 else Permanent(message, reason=reason or f"smtp_{code}")
    )
