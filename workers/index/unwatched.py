"""What a store does that no operator looks into: nothing of what the others show."""

from __future__ import annotations

from collections.abc import Sequence

from workers.letters import DeadLetter
from workers.ports import Snapshots
from workers.reports import PollReport


class Unwatched:
    """The part of `workers.ports.SearchStore` that serves operators, for a store that is a file."""

    shows_polls = False

    def show_dead_letters(self, letters: Sequence[DeadLetter]) -> None:
        """Do nothing: `kabar dead` shows them."""

    def show_polls(self, reports: Sequence[PollReport]) -> None:
        """Do nothing: `kabar feeds show` tells a feed's last polls."""

    def forget_polls(self) -> None:
        """Do nothing."""

    def snapshots(self) -> Snapshots | None:
        """Return None: whoever copies the file has a backup."""
        return None
