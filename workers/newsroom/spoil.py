"""How a fault spoils an answer on the wire: from a finished answer to the bytes that are sent, piece by piece."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from workers.newsroom.answers import HTML, Answer
from workers.newsroom.faults import Fault

PIECES = 20  # of a slow answer
BLOCK = 1_000_000  # bytes of a gzip bomb per block
ENDLESS = b"<p>" + b"Paragraf ini tidak pernah selesai dan terus berlanjut tanpa akhir. " * 120 + b"</p>\n"


def spoiled(answer: Answer, fault: Fault, path: str) -> Answer:
    """Return the answer with what the fault changes in its content; faults of timing are left to `stream`."""
    if fault.kind == "status":
        headers = {"retry-after": fault.retry_after} if fault.retry_after else {}
        return Answer(fault.code, HTML, f"<html><body><h1>{fault.code}</h1></body></html>".encode(), headers=headers)
    if fault.kind in ("redirect", "redirect_loop"):
        location = fault.location if fault.kind == "redirect" else path
        return Answer(fault.code, HTML, b"", headers={"location": location})
    if fault.kind == "bad_xml":
        whole = answer.plain
        body = whole[: max(len(whole) * 3 // 4, 1)].replace(b"&amp;", b"&").replace(b"</title>", b" & co</title>", 2)
        return Answer(200, answer.content_type, body + b"\n<item><title>Putus")
    if fault.kind == "wrong_charset":
        body = answer.plain.decode("utf-8", "replace").encode(fault.encoding, "replace")
        return Answer(200, f"{answer.content_type.partition(';')[0]}; charset={fault.charset}", body, slug=answer.slug)
    return answer


def pieces(fault: Fault, body: bytes) -> Iterator[tuple[bytes, float]]:
    """Yield what is sent of the body of a slow, endless or swollen answer, each with the seconds to wait before it."""
    if fault.kind == "endless_body":
        sent = 0
        while not fault.length or sent < fault.length:
            yield ENDLESS, 0.001
            sent += len(ENDLESS)
    elif fault.kind == "gzip_bomb":
        yield from ((part, 0.0) for part in bomb(fault.length))
    elif fault.kind == "slow_body":
        size = max(1, -(-len(body) // PIECES))
        yield from ((body[at : at + size], fault.seconds / PIECES) for at in range(0, len(body), size))
    elif fault.kind == "cut":
        yield body[: len(body) // 2], 0.0
    else:
        yield body, 0.0


def bomb(size: int) -> Iterator[bytes]:
    """Yield one valid gzip stream of `size` blanks: a block is compressed once and repeated."""
    press = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    blanks = b" " * BLOCK
    block = press.compress(blanks) + press.flush(zlib.Z_FULL_FLUSH)
    yield b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
    checksum = 0
    for _ in range(size // BLOCK):
        checksum = zlib.crc32(blanks, checksum)
        yield block
    rest = blanks[: size % BLOCK]
    yield press.compress(rest) + press.flush()
    yield zlib.crc32(rest, checksum).to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little")
