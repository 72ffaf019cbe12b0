"""Saved pages: a folder of HTML files served as they are, with an RSS feed of them."""

from __future__ import annotations

import gzip
import html
import re
import zlib
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from workers.errors import Misuse

TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
CHARSET = re.compile(rb"charset=[\"']?\s*([a-zA-Z0-9_-]{2,40})", re.IGNORECASE)
GZIP_MAGIC = b"\x1f\x8b"
LIMIT = 100_000_000  # bytes of one page once decompressed
HEAD = 100_000  # bytes in which title and charset are looked for


class SavedPages:
    """The pages of a folder: `*.html`, `*.html.gz` and other `*.gz`, by name without the .gz ending.

    Raises Misuse when the folder can't be read.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise Misuse(f"newsroom: {folder} is no folder of saved pages")
        names = (path for path in sorted(folder.iterdir()) if path.is_file() and path.suffix in (".html", ".gz"))
        self._files = {path.name.removesuffix(".gz"): path for path in names}
        self._titles: dict[str, str] = {}

    @property
    def names(self) -> list[str]:
        return list(self._files)

    def page(self, name: str) -> bytes | None:
        """Return the page's bytes as they were saved, decompressed; None when there is no readable page `name`."""
        path = self._files.get(name)
        if path is None:
            return None
        try:
            return _decompressed(path.read_bytes())
        except (OSError, EOFError, zlib.error):
            return None

    def title(self, name: str) -> str:
        """Return the text of the page's <title>, else its name."""
        if name not in self._titles:
            self._titles[name] = _title((self.page(name) or b"")[:HEAD]) or name
        return self._titles[name]

    def feed(self, base: str) -> bytes:
        """Return an RSS feed with one item per page, linked under `base` (scheme and host)."""
        items = "".join(
            f"<item><title>{html.escape(self.title(name))}</title><link>{base}/pages/{quote(name)}</link>"
            f'<guid isPermaLink="true">{base}/pages/{quote(name)}</guid></item>\n'
            for name in self._files
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Saved pages</title>'
            f"<link>{base}/pages/</link><description>Pages of a folder</description>\n{items}</channel></rss>\n"
        ).encode()


def _decompressed(data: bytes) -> bytes:
    if not data.startswith(GZIP_MAGIC):
        return data
    with gzip.GzipFile(fileobj=BytesIO(data)) as stream:
        return stream.read(LIMIT)


def _title(head: bytes) -> str:
    match = TITLE.search(head)
    if match is None:
        return ""
    declared = CHARSET.search(head)
    try:
        text = match[1].decode(declared[1].decode("ascii") if declared else "utf-8", "replace")
    except LookupError:
        text = match[1].decode("utf-8", "replace")
    text = "".join(c if c >= " " and c not in "\x7f\ufffe\uffff" else " " for c in html.unescape(text))
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())[:300]
