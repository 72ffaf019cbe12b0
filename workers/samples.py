"""A page as it was fetched, and what was read out of it then: kept by an archive, replayed by `kabar sites`."""

from __future__ import annotations

from msgspec import Struct

from workers.model import Article, Entry, Page


class Sample(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One page, its entry, and the expectation: the article it gave, or why it gave none.

    `page` holds address, time, headers and bytes: all that extraction was given, so it can be given again.
    """

    site: str
    page: Page
    entry: Entry | None = None
    article: Article | None = None
    refused: str = ""  # reason word, "" when there is an article
    message: str = ""
    addresses: tuple[str, ...] = ()  # normalised: by any of them it is found to be removed


class Kept(Struct, frozen=True, kw_only=True):
    """A sample in the archive. `sample` None: its file can't be read, and `broken` says why."""

    name: str  # within the archive, for messages and for `replace`
    sample: Sample | None
    broken: str = ""
