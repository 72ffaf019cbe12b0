"""What is known of hosts: who answers, who asked to be left alone, how fast they may be asked."""

from __future__ import annotations

import msgspec

from workers.fetch.robots import STALE, RobotsText
from workers.poll.outage import WINDOW, is_own_outage
from workers.state.scripts import PREFIX, Scripts, translated

SLOWEST = 30.0  # seconds of gap that slow answers alone may lead to


class Hosts:
    """Hosts as `politeness.host_of` names them. Lengths of time are seconds."""

    def __init__(self, scripts: Scripts, *, connections: int) -> None:
        self._connections = connections
        self._run = scripts.run
        self._client = scripts.client

    def unreached(self, host: str, *, telling: bool = True) -> bool:
        """Note that `host` did not answer; True when most hosts asked lately did not: it is our own network.

        That a host answered is noted by `Feeds.commit_poll`. Not `telling`: it was dead before, which says nothing.
        """
        hosts, unreached = self._run("reach", host if telling else "", WINDOW)
        return is_own_outage(int(hosts), int(unreached))

    def robots(self, host: str) -> RobotsText | None:
        """Return what the host's robots.txt last said, None when nobody asked."""
        with translated():
            found = self._client.get(PREFIX + "robots:" + host)
        return msgspec.msgpack.decode(found, type=RobotsText) if isinstance(found, bytes) else None

    def keep_robots(self, host: str, said: RobotsText) -> None:
        """Keep what a host's robots.txt said."""
        with translated():
            self._client.set(PREFIX + "robots:" + host, msgspec.msgpack.encode(said), px=STALE)

    def pace(self, host: str, elapsed: float, *, good: bool, crawl_delay: float) -> None:
        """Note how long `host` took to answer and what its robots.txt asks for: its gap follows both."""
        target = int(elapsed / self._connections * 1000)
        self._run("pace_host", host, target, int(good), int(crawl_delay * 1000), int(SLOWEST * 1000))

    def quiet(self, host: str, seconds: float) -> None:
        """Leave `host` alone for so long: it asked for less (429, 503). A longer rest it is in already stays."""
        if host and seconds > 0:
            self._run("quiet_host", host, int(seconds * 1000))
