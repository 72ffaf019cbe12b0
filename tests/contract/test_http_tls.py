"""What `workers.ports.Http` promises about TLS: verified for the name in the URL, and bounded like everything else."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.contract.http_server import IMPATIENT, Network, drip, failure, hang, reply
from workers.errors import Transient

NAME = "aman.example"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ca.pem, and with key.pem and cert.pem of aman.example and 127.0.0.1 signed by it."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl on PATH to make test certificates with")
    folder = tmp_path_factory.mktemp("authority")
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    commands = [
        [
            "req",
            "-x509",
            *new_key,
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-subj",
            "/CN=Uji",
            "-days",
            "2",
            "-addext",
            "keyUsage=critical,keyCertSign",
        ],
        ["req", *new_key, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=lain.example"],
        [
            "x509",
            "-req",
            "-in",
            "request.pem",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-CAcreateserial",
            "-days",
            "1",
            "-extfile",
            "names",
            "-out",
            "cert.pem",
        ],
    ]
    (folder / "names").write_text(f"subjectAltName=DNS:{NAME},IP:127.0.0.1\n")
    for command in commands:
        subprocess.run([openssl, *command], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture
def context(authority: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    return made


@pytest.fixture
def trusted(authority: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "ca.pem"))


@pytest.mark.usefixtures("trusted")
def test_verified_for_the_name(network: Network, context: ssl.SSLContext) -> None:
    asked: list[str | None] = []
    context.sni_callback = lambda sock, name, used: asked.append(name)  # type: ignore[assignment]
    server = network.serve({"/": reply(200, b"isi" * 60_000)}, context)
    http = network.client(resolve={"*.example": f"127.0.0.1:{server.port}"})
    assert [http.get(f"https://{NAME}/").body for _ in range(3)] == [b"isi" * 60_000] * 3
    assert asked == [NAME]  # one connection, named
    assert http.get(f"https://127.0.0.1:{server.port}/").status == 200
    for name in ("lain.example", "bukan.aman.example"):
        assert failure(http, f"https://{name}/")[0] == "tls"


def test_unknown_authority_is_refused(network: Network, context: ssl.SSLContext) -> None:
    server = network.serve({"/": reply(200, b"isi")}, context)
    http = network.client(resolve={NAME: f"127.0.0.1:{server.port}"})
    assert failure(http, f"https://{NAME}/")[0] == "tls"
    assert server.requests == []


def test_plain_text_where_tls_should_be(network: Network) -> None:
    server = network.serve({"/": reply(200, b"isi")})
    http = network.client(resolve={NAME: f"127.0.0.1:{server.port}"}, **IMPATIENT)
    assert failure(http, f"https://{NAME}/")[0] in ("tls", "timeout")  # it waits for the end of what is no request


@pytest.mark.usefixtures("trusted")
def test_step_down_to_plain_text_loses_secrets(network: Network, context: ssl.SSLContext) -> None:
    plain = network.serve({"/": reply(200, b"isi")})
    secure = network.serve({"/": reply(301, location=f"http://127.0.0.1:{plain.port}/")}, context)
    got = network.client().get(f"https://127.0.0.1:{secure.port}/", headers={"Authorization": "s", "A-IM": "feed"})
    assert (got.body, got.permanent_url) == (b"isi", plain.url + "/")
    assert "authorization" not in plain.requests[0].headers
    assert plain.requests[0].headers["a-im"] == "feed"


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    "script",
    [
        hang,
        drip(reply(200, b"x" * 9_000)),
        drip(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 900),
    ],
)
def test_slow_answers_time_out(network: Network, context: ssl.SSLContext, script: object) -> None:
    server = network.serve({"/": script}, context)  # type: ignore[dict-item]
    reason, seconds = failure(network.client(**IMPATIENT), f"https://127.0.0.1:{server.port}/")
    assert reason == "timeout"
    assert seconds < 1


def test_hanging_handshake_times_out(network: Network) -> None:
    reason, seconds = failure(network.client(**IMPATIENT), f"https://127.0.0.1:{silent_port(network)}/")
    assert reason == "timeout"
    assert seconds < 1


@pytest.mark.usefixtures("trusted")
def test_shutdown_ends_handshakes_and_reads(network: Network, context: ssl.SSLContext) -> None:
    server = network.serve({"/": hang}, context)
    http = network.client()
    reasons: list[str] = []

    def get(port: int) -> None:
        try:
            http.get(f"https://127.0.0.1:{port}/")
        except Transient as error:
            reasons.append(error.reason)

    threads = [threading.Thread(target=get, args=(port,)) for port in (server.port, silent_port(network))]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    began = time.monotonic()
    http.shutdown()
    for thread in threads:
        thread.join(5)
    assert reasons == ["shutdown", "shutdown"]
    assert time.monotonic() - began < 1


def silent_port(network: Network) -> int:
    """Return the port of a server that accepts connections and says nothing: no handshake ends there."""
    return network.serve({}, SilentContext()).port


class SilentContext(ssl.SSLContext):
    """Never begins the handshake."""

    def __new__(cls) -> SilentContext:
        return super().__new__(cls, ssl.PROTOCOL_TLS_SERVER)

    def wrap_socket(self, sock, **_):  # type: ignore[no-untyped-def, override]
        sock.recv(1, 2)  # peek: wait for the client's first byte
        while sock.recv(65_536):
            pass
        return sock
