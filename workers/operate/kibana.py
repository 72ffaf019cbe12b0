"""Imports Kabar's Kibana objects (`config/kibana/*.ndjson`), for `kabar setup kibana`.

The objects have fixed ids and replace themselves; whatever else users made in Kibana stays as it is.
API: https://www.elastic.co/docs/api/doc/kibana/group/endpoint-saved-objects
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workers.errors import Misuse, Permanent, Transient
from workers.operate.rest import Answer, Rest

FILE_LIMIT = 20_000_000  # bytes; Kibana takes 25 MB by default
WRITTEN = "kabar"  # the index prefix in the files
SHOWN = 10  # errors of one file that are told


def content(folder: Path) -> list[Path]:
    """Return the files to import, sorted by name. Raises Misuse when there is none or one is too large."""
    files = sorted(folder.glob("*.ndjson"))
    if not files:
        raise Misuse(f"no *.ndjson file in {folder} (is KABAR_CONFIG_DIR right?)")
    for file in files:
        if file.stat().st_size > FILE_LIMIT:
            raise Misuse(f"{file}: larger than {FILE_LIMIT:,} bytes")
    return files


def ready(rest: Rest) -> None:
    """Return when Kibana says it is available. Raises Transient while it is not, Permanent on a wrong password."""
    answer = rest.send("GET", "/api/status")
    level = _level(answer.body)
    if answer.status != 200 or level != "available":
        raise Transient(f"{rest.url}: Kibana is not ready (status {level or answer.status})", reason="not_ready")


def import_file(rest: Rest, file: Path, prefix: str = WRITTEN) -> int:
    """Import one file, replacing what it names; return how many objects Kibana took.

    The data views show the indices of `prefix`; ids stay, so that links into Kibana do.
    Kibana answers 200 even when it refuses objects, so only `success: true` in the body counts.
    Raises Permanent naming the objects refused, Transient when Kibana does not answer, Misuse on an unreadable file.
    """
    try:
        data = _of_prefix(file.read_bytes(), prefix)
    except OSError as error:
        raise Misuse(f"{file}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Misuse(f"{file}: not a saved object a line: {error!r}") from error
    answer = rest.send(
        "POST",
        "/api/saved_objects/_import?overwrite=true",
        headers={"kbn-xsrf": "true"},
        fields={"file": (file.name, data, "application/ndjson")},
    )
    if answer.status == 200 and answer.body.get("success") is True:
        return int(answer.body.get("successCount", 0))
    raise Permanent(f"{file.name}: {_refusal(answer)}", reason="import_failed")


def import_all(rest: Rest, files: Sequence[Path], prefix: str = WRITTEN) -> list[str]:
    """Import `files` in order; return one line per file. Raises as `import_file` does, at the first that fails."""
    ready(rest)
    return [f"kibana: {import_file(rest, file, prefix)} objects from {file.name}" for file in files]


def _of_prefix(data: bytes, prefix: str) -> bytes:
    """Return the objects of a file with the titles of data views, which are names of indices, under `prefix`."""
    if prefix == WRITTEN:
        return data
    objects = [json.loads(line) for line in data.splitlines() if line.strip()]
    for one in objects:
        if one["type"] == "index-pattern":
            one["attributes"]["title"] = prefix + one["attributes"]["title"].removeprefix(WRITTEN)
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in objects)


def _level(body: dict[str, Any]) -> str:
    value: Any = body
    for key in ("status", "overall", "level"):
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _refusal(answer: Answer) -> str:
    errors = answer.body.get("errors")
    if answer.status != 200 or not isinstance(errors, list) or not errors:
        return f"Kibana refuses it ({answer.status}): {answer.body.get('message') or answer.quote}"
    lines = [_error(error) for error in errors[:SHOWN] if isinstance(error, dict)]
    more = f" and {len(errors) - SHOWN} more" if len(errors) > SHOWN else ""
    return f"Kibana refuses {len(errors)} of its objects: " + ", ".join(lines) + more


def _error(error: dict[str, Any]) -> str:
    cause = error.get("error")
    cause = cause if isinstance(cause, dict) else {}
    detail = f": {str(cause['message'])[:200]}" if cause.get("message") else ""
    return f"{error.get('type')}/{error.get('id')} ({cause.get('type', 'unknown')}{detail})"
