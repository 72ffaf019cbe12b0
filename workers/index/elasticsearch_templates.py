"""The index templates under `config/elasticsearch`: read, stamped with a hash, and compared with what a cluster holds.

One JSON file per template, in the form `PUT _index_template` takes; `{prefix}` stands for the deployment's index
prefix. A file `articles.json` becomes the template `{prefix}-articles`. The stamp (`_meta.kabar_hash` of template and
mappings) travels into every index built from it, so that an index tells which version of the file it follows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from workers.errors import Misuse
from workers.index.synonyms import read_groups

STAMP = "kabar_hash"
ARTICLES, DEAD_LETTERS, VERSIONS = "articles", "dead-letters", "versions"
EVENTS = "feed-events"  # an index a day: see `elasticsearch_events`
SYNONYMS = '"{synonyms}"'  # in a template: the groups of synonyms.txt beside it
NEEDED = (ARTICLES, DEAD_LETTERS, VERSIONS)  # the templates every deployment has: an index each


class Template(Struct, frozen=True):
    """One index template as the cluster should hold it. `stamp`: hash of settings and mappings, 16 hex digits.

    `lacks`: names of the token filters left out because the cluster does not know them.
    """

    name: str
    body: dict[str, Any]
    stamp: str
    lacks: tuple[str, ...] = ()

    @property
    def settings(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body["template"]["settings"]
        return found

    @property
    def mappings(self) -> dict[str, Any]:
        found: dict[str, Any] = self.body["template"]["mappings"]
        return found


def load_templates(folder: Path, prefix: str) -> dict[str, Template]:
    """Return the templates in `folder` by file stem. Raises Misuse naming the file that is missing or wrong."""
    files = sorted(folder.glob("*.json"))
    for name in (*NEEDED, EVENTS):
        if folder / f"{name}.json" not in files:
            raise Misuse(f"index templates: {folder / name}.json is missing (is KABAR_CONFIG_DIR right?)")
    return {file.stem: _read(file, prefix) for file in files}


def _read(file: Path, prefix: str) -> Template:
    try:
        text = file.read_text(encoding="utf-8").replace("{prefix}", prefix)
        if SYNONYMS in text:
            text = text.replace(SYNONYMS, json.dumps([", ".join(names) for _, names in read_groups(file.parent)]))
        body = json.loads(text)
        template = body["template"]
        content = {"settings": template.get("settings", {}), "mappings": template["mappings"]}
        patterns = list(body["index_patterns"])
        found = stamped(f"{prefix}-{file.stem}", body, content)
    except OSError as error:
        raise Misuse(f"{file}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise Misuse(f"{file}: not JSON in UTF-8: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise Misuse(f"{file}: not an index template (needs index_patterns and template.mappings)") from error
    if not all(isinstance(pattern, str) and pattern.startswith(f"{prefix}-") for pattern in patterns):
        raise Misuse(f'{file}: every one of index_patterns must begin with "{{prefix}}-"')
    return found


def stamped(name: str, body: dict[str, Any], content: dict[str, Any], lacks: tuple[str, ...] = ()) -> Template:
    """Return the template of this settings and mappings (`content`), with their hash in its `_meta`."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    stamp = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    meta = {**content["mappings"].get("_meta", {}), STAMP: stamp}
    mappings = {**content["mappings"], "_meta": meta}
    return Template(name, {**body, "template": {**body["template"], **content, "mappings": mappings}}, stamp, lacks)


def differences(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> list[str]:
    """Return the dotted names of what `actual` lacks or holds otherwise; what it holds beyond `expected` is ignored.

    A cluster answers settings as texts under "index." and mappings as they were sent: both compare here.
    """
    have = _flat(actual)
    return [name for name, value in _flat(expected).items() if have.get(name) != value]


def _flat(value: Any, path: str = "") -> dict[str, str]:
    if isinstance(value, Mapping):
        flat: dict[str, str] = {}
        for key, inner in value.items():
            flat |= _flat(inner, f"{path}.{key}" if path else str(key))
        return flat
    if isinstance(value, list):
        text = json.dumps(value, sort_keys=True)
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    return {path.removeprefix("index."): text}
