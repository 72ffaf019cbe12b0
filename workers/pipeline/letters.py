"""Dead letters shown to operators: Redis holds them, the search store shows a picture of them."""

from __future__ import annotations

from workers.errors import KabarError
from workers.letters import SHOWN
from workers.pipeline.batch import log
from workers.pipeline.parts import Parts


def show_dead_letters(parts: Parts) -> bool:
    """Have the store show the dead letters when they changed since it last did; True when it was done.

    A store that can't now is asked again at the next sweep. What changes meanwhile is seen then, too: the number of
    changes is read before the letters are.
    """
    dead = parts.state.dead
    changes = dead.changes()
    if changes == dead.shown():
        return False
    letters = dead.list(SHOWN)
    try:
        parts.store.show_dead_letters(letters)
    except KabarError as error:
        log.warning("dead_letters_not_shown", count=len(letters), error=str(error))
        return False
    dead.mark_shown(changes)
    return True
