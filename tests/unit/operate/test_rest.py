import socket
import threading
import time

import pytest

from workers.errors import Misuse, Permanent, Transient
from workers.operate.rest import ANSWER_LIMIT, Rest, patiently


@pytest.mark.parametrize("url", ["", "kibana:5601", "ftp://kibana", "http://", "http:///path"])
def test_an_address_without_host_is_misuse(url):
    with pytest.raises(Misuse, match="address"):
        Rest(url, "", "")


@pytest.mark.parametrize(
    ("status", "kind", "reason"),
    [
        (403, Permanent, "forbidden"),
        (429, Transient, "http_429"),
        (500, Transient, "http_500"),
        (503, Transient, "http_503"),
    ],
)
def test_refusals_are_typed(server, status, kind, reason):
    server.on("GET", "/", (status, b"Kibana server is not ready yet"))
    with pytest.raises(kind) as caught:
        server.rest().send("GET", "/")
    assert caught.value.reason == reason
    assert "not ready yet" in str(caught.value)


def test_a_wrong_password_is_permanent_and_never_told(server):
    with pytest.raises(Permanent) as caught:
        server.rest(password="mistyped").send("GET", "/")
    assert caught.value.reason == "wrong_password"
    assert "mistyped" not in str(caught.value)


def test_credentials_in_the_address_are_dropped():
    assert Rest("http://user:hunter2@host:9200/", "", "").url == "http://host:9200"


def test_no_server_is_transient(unreachable):
    with pytest.raises(Transient, match="does not answer"):
        unreachable().send("GET", "/")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1, 2]", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_object_reads_as_empty(server, body):
    server.on("GET", "/", (200, body))
    assert server.rest().send("GET", "/").body == {}


def test_an_endless_answer_is_cut(server):
    server.on("GET", "/", (200, b"x" * (ANSWER_LIMIT + 1)))
    with pytest.raises(Permanent, match="bytes"):
        server.rest().send("GET", "/")


def test_a_trickling_answer_ends_at_the_deadline():
    listener = socket.create_server(("127.0.0.1", 0))

    def trickle() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            for _ in range(100):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return
                time.sleep(0.05)

    thread = threading.Thread(target=trickle)
    thread.start()
    began = time.monotonic()
    with pytest.raises(Transient):
        Rest(f"http://127.0.0.1:{listener.getsockname()[1]}", "", "", timeout=0.3).send("GET", "/")
    assert time.monotonic() - began < 2
    listener.close()
    thread.join()


def test_patience_outlasts_transient_errors_only():
    outcomes = [Transient("not yet"), Transient("not yet"), "done"]

    def attempt():
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert patiently(attempt, wait=5, pause=0.01) == "done"
    outcomes[:] = [Permanent("never", reason="x"), "not reached"]
    with pytest.raises(Permanent):
        patiently(attempt, wait=5, pause=0.01)
    outcomes[:] = [Transient("too late")] * 100
    with pytest.raises(Transient, match="too late"):
        patiently(attempt, wait=0.05, pause=0.02)


def test_a_missing_certificate_file_is_named(tmp_path):
    with pytest.raises(Misuse, match="KABAR_SEARCH_CA_FILE"):
        Rest("https://host:9200", "", "", ca_file=tmp_path / "none.pem")
