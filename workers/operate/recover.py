"""After a restore: what Redis knows as stored and the store no longer has is fetched again, as far as it can be."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from workers.ports import SearchStore
from workers.state import State

CHUNK = 200  # articles looked up at once


class Recovered(Struct, frozen=True, kw_only=True):
    """How many articles were looked over, missed or found in another text, and of these are fetched again now."""

    looked: int = 0
    lost: int = 0
    again: int = 0

    @property
    def gone(self) -> int:
        """Those whose pages are watched no more: they come back only when a feed announces them anew."""
        return self.lost - self.again


def recover(state: State, store: SearchStore, progress: Callable[[int], None] = lambda _: None) -> Recovered:
    """Compare what Redis remembers of the acknowledged articles with the store. Work may go on meanwhile.

    An article that is written just now may be taken for lost: it is looked at once more, which does no harm.
    """
    done = Recovered()
    for known in state.identities.acknowledged(CHUNK):
        stored = store.get(list(known))
        lost = [
            article for article, text in known.items() if article not in stored or stored[article].content_hash != text
        ]
        again = state.identities.lose(lost)
        done = Recovered(looked=done.looked + len(known), lost=done.lost + len(lost), again=done.again + again)
        progress(done.looked)
    return done
