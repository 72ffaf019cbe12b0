"""Extract: a page's bytes to an Article that a reader can trust.

    bytes ─▶ charset ─▶ tree (parsed once) ─▶ head (meta, JSON-LD) ─▶ title, authors, times, section …
                          └─▶ cleaning.prune ─▶ body (trafilatura, fast first) ─▶ cleaning.clean_paragraphs ─▶ Article

Pure: values in, values out, `now` an argument; every refusal is a Permanent with a reason.
"""

from workers.extract.article import Wanted, extract, from_entry, read
from workers.extract.sites import Sites

__all__ = ["Sites", "Wanted", "extract", "from_entry", "read"]
