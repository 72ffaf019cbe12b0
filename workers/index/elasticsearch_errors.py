"""Elasticsearch's failures in this project's words: the only place that knows the client's exceptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from elasticsearch import (
    ApiError,
    ConnectionTimeout,
    SerializationError,
    TransportError,
    UnsupportedProductError,
)

from workers.errors import KabarError, Misuse, Permanent, StoreUnavailable

# Statuses that say "not now": time-out, too many requests, gateway trouble, overload; 500 is the cluster's own bug
# or a node dying underneath the request, never the document's fault.
NOT_NOW = frozenset({408, 425, 429, 500, 502, 503, 504})
SETUP_HINT = "run `kabar index init` with a user that may create indices"


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Raise what goes wrong inside, a call and the reading of its answer, as a KabarError; `doing` names it."""
    try:
        yield
    except ConnectionTimeout as error:
        raise StoreUnavailable(f"Elasticsearch, {doing}: no answer in time", reason="timeout") from error
    except SerializationError as error:
        raise StoreUnavailable(f"Elasticsearch, {doing}: the answer is no JSON", reason="bad_answer") from error
    except TransportError as error:
        raise StoreUnavailable(f"Elasticsearch, {doing}: {first_line(error.message)}", reason="connect") from error
    except UnsupportedProductError as error:
        raise Misuse(f"KABAR_SEARCH_URL: what answers there is no Elasticsearch ({first_line(error)})") from error
    except ApiError as error:
        raise from_answer(error, doing) from error
    except (KeyError, TypeError, IndexError, AttributeError, ValueError) as error:  # msgspec's errors are ValueErrors
        raise StoreUnavailable(
            f"Elasticsearch, {doing}: an answer in an unexpected form ({first_line(error)})", reason="bad_answer"
        ) from error


def from_answer(error: ApiError, doing: str) -> KabarError:
    """Return the error an HTTP status stands for."""
    status, told = error.meta.status, f"Elasticsearch, {doing}: {reason_of(error)}"
    if status in NOT_NOW:
        return StoreUnavailable(told, reason=f"http_{status}", retry_after=retry_after(error.meta.headers))
    if status in (401, 403) and not is_block(error.body):
        return StoreUnavailable(
            f"{told}; check KABAR_SEARCH_USERNAME, KABAR_SEARCH_PASSWORD and the user's role", reason=f"http_{status}"
        )
    if is_block(error.body):
        return StoreUnavailable(told, reason="blocked")
    if status == 404 and error_type(error.body) == "index_not_found_exception":
        return StoreUnavailable(f"{told}; {SETUP_HINT}", reason="no_alias")
    if status in (400, 413):
        return Permanent(told, reason=f"http_{status}")
    # a redirect to a login page, a proxy's 404: whatever answers is not the store, and no document is to blame
    return StoreUnavailable(told, reason=f"http_{status}")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a `Retry-After` header asks for (RFC 9110, 10.2.3; not its date form)."""
    value = headers.get("retry-after") or ""
    return float(value) if value.isascii() and value.isdigit() else None


def reason_of(error: ApiError) -> str:
    """Return "status type: reason" from an error answer, bounded."""
    body = error.body
    inner = body.get("error") if isinstance(body, dict) else None
    if isinstance(inner, dict):
        return f"{error.meta.status} {describe(inner)}"
    text = inner if isinstance(inner, str) else str(error.message)
    return f"{error.meta.status} {text}"[:500]


def describe(error: Mapping[str, Any]) -> str:
    """Return "type: reason (cause)" of an Elasticsearch error object, bounded to 500 characters."""
    roots = error.get("root_cause")
    cause = error.get("caused_by") or (roots[0] if isinstance(roots, list) and roots else None)
    text = f"{error.get('type')}: {error.get('reason')}"
    while isinstance(cause, dict):
        if (reason := str(cause.get("reason"))) not in text:
            text += f" ({reason})"
        cause = cause.get("caused_by")
    return text[:500]


def error_type(body: Any) -> str:
    """Return the type in an error answer's body, "" without one."""
    inner = body.get("error") if isinstance(body, dict) else None
    return str(inner.get("type", "")) if isinstance(inner, dict) else ""


def is_block(body: Any) -> bool:
    """Tell whether writes are blocked (full disk, a reindex at its end): a state of the index, no lack of rights."""
    return error_type(body) == "cluster_block_exception"


def first_line(error: object) -> str:
    """Return the first line of what an exception says, bounded."""
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
