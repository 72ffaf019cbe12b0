"""What the commands with --batch share: one JSON line in, one out, in order and at once, whatever stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from os import PathLike, fsencode
from typing import IO, Any, Protocol, TypeVar

import msgspec

from workers.errors import Permanent

Answer = dict[str, Any]


class Request(Protocol):
    """What a line of every batch has; `id` None where the command can do without."""

    @property
    def id(self) -> str | int | None:
        """What the answer is told apart by."""


R = TypeVar("R", bound=Request)

LINE_LIMIT = 16_000_000  # bytes of one line; a longer one is answered with an error
BAD_LINE = "bad_line"  # the type of error of a line that is no request


def answer_lines(
    lines: IO[bytes],
    answers: IO[bytes],
    kind: type[R],
    answer: Callable[[R], Answer],
    nothing: Callable[[R | None], Answer],
) -> None:
    """Answer every line of `lines` with one on `answers`, in order; memory does not grow with their number.

    `kind` is what a line must be, `answer` what is made of it, without "id" and "error", which are set here.
    What `nothing` returns stands in its place beside an error, which is "bad_line" for a line that is no request (a
    blank one, a wrong key; `nothing` is then given None), else the reason of the Permanent that `answer` raises.
    An id that can be read is kept in either case.
    """
    for line in _read(lines):
        answers.write(msgspec.json.encode(_answer(line, kind, answer, nothing)) + b"\n")
        answers.flush()


def failure(identity: object, nothing: Answer, reason: str, message: str) -> Answer:
    """Return the answer that tells an error: {"id", …, "error": {"type", "message"}}."""
    return {"id": identity, **nothing, "error": {"type": reason, "message": message}}


def success(identity: object, found: Answer) -> Answer:
    """Return the answer without an error."""
    return {"id": identity, **found, "error": None}


def shown(path: str | PathLike[str]) -> str:
    """Return `path` as text that can be written, whatever bytes the file's name has."""
    return fsencode(path).decode("utf-8", "replace")


def _answer(
    line: bytes | None, kind: type[R], answer: Callable[[R], Answer], nothing: Callable[[R | None], Answer]
) -> Answer:
    if line is None:
        return failure(None, nothing(None), BAD_LINE, f"longer than the {LINE_LIMIT:,} bytes a line may have")
    if not line.strip():
        return failure(None, nothing(None), BAD_LINE, "the line is blank")
    try:
        request = msgspec.json.decode(line, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:  # ValueError: no UTF-8, a number too long
        return failure(_identity(line), nothing(None), BAD_LINE, str(error))
    try:
        return success(request.id, answer(request))
    except Permanent as error:
        return failure(request.id, nothing(request), error.reason, str(error))


def _read(lines: IO[bytes]) -> Iterator[bytes | None]:
    """Yield each line, None in place of one that is too long."""
    while line := lines.readline(LINE_LIMIT + 1):
        if line.endswith(b"\n") or len(line) <= LINE_LIMIT:
            yield line
            continue
        while not line.endswith(b"\n") and (rest := lines.readline(LINE_LIMIT)):
            line = rest
        yield None


def _identity(line: bytes) -> str | int | None:
    """Return the id of a line that is no request otherwise, None when it has none."""
    try:
        value = msgspec.json.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    identity = value.get("id") if isinstance(value, dict) else None
    return identity if isinstance(identity, str | int) and not isinstance(identity, bool) else None
