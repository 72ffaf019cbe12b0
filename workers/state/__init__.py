"""Redis, the truth: feeds, due times, frontier, pending entries, hand-over, identities, dead letters.

Keys (all under `kabar:`; scripts in `lua/` are the only writers of state)

    feeds                set of feed ids             feed:ID      hash: config, state, stage, lease, events
    children:FEED        set: sitemaps an index led to
    due, parse           sorted sets: feed → when it may be claimed (ms)
    seen:FEED            hash: entry id → fingerprint acknowledged (12 and 4 bytes)
    pending              sorted set: entry → first seen; entry:ID hash: stage, data, feeds, lease, claims, failures
    hosts, frontier:HOST sorted sets: host → when its next entry may start, entry → when it may be claimed
    lines, line:HOST     sorted sets: host → when its next feed may be polled, feed → when it began to wait for that
    busy:HOST, host:HOST connections in use; gaps, next start, end of a rest it asked for
    reach:N, unreached:N sets: hosts asked in a window of time, and those that did not answer
    process, index       sorted sets: entry → when it may be claimed
    page:ID, document:ID what one stage hands to the next; handover: their bytes,
                         begun: those of articles whose next page is to be fetched
    refetch, again:ID    sorted set: entry → when its page is due for another look; what that needs
    address:KEY → article id; article:ID hash: feeds, hash, version, watch; removed: tombstones
    text:ID, texts:SLOT:B, copied:ID   what articles say, and who prints whose copy: see `copies`
    dead, dead:ID        dead letters; dead_changes, dead_shown: how often they changed, and what operators see of it
    reports              stream: reports of polls that wait to be shown
    alerts               hash: saved searches; news: sorted set of articles they shall look at, news_claims
    told:NAME            sorted set: article an alert told of → when; digest:NAME, digests, digest_next: what it gathers
    deliver, delivery:ID messages on their way; target:NAME, target_rest:NAME: receivers in use, or at rest
    site:NAME            list: a site's last extractions in figures; sites: when each was seen; site_warnings
    count, progress, clock
"""

from __future__ import annotations

import redis

from workers.fetch.refetch import SPREAD
from workers.poll.feedlist import LONGEST
from workers.runtime.settings import Settings, host_gap
from workers.state.alerts import Alerts
from workers.state.copies import Copies
from workers.state.dead_letters import DeadLetters
from workers.state.entries import Entries
from workers.state.feeds import Feeds
from workers.state.frontier import Frontier
from workers.state.hosts import Hosts
from workers.state.identities import Identities
from workers.state.overview import Overview
from workers.state.reports import Reports
from workers.state.scripts import Scripts
from workers.state.sites import SiteFigures


class State:
    """Everything kept in Redis, by topic. Thread-safe; opens nothing until used."""

    def __init__(self, client: redis.Redis, settings: Settings) -> None:
        self.client = client
        scripts = Scripts(client)
        times = {"lease": settings.lease, "redispatch": settings.redispatch}
        self.feeds = Feeds(
            scripts,
            **times,
            max_claims=settings.max_claims,
            ceiling=max(settings.poll_ceiling * 2, LONGEST),
            connections=settings.host_connections,
            gap=lambda host: host_gap(host, settings),
        )
        self.entries = Entries(
            scripts,
            **times,
            max_claims=settings.max_claims,
            identity_days=settings.identity_days,
            refetch_entries=settings.refetch_entries,
        )
        self.frontier = Frontier(
            scripts,
            redispatch=settings.redispatch,
            connections=settings.host_connections,
            cap=settings.handover_bytes,
            default_gap=settings.host_gap,
            longest_refetch=max(settings.refetch_after, default=0) * (1 + SPREAD) + 60,
        )
        self.hosts = Hosts(scripts, connections=settings.host_connections)
        self.identities = Identities(scripts, identity_days=settings.identity_days)
        self.copies = Copies(scripts, copy_days=settings.copy_days, identity_days=settings.identity_days)
        self.dead = DeadLetters(scripts)
        self.sites = SiteFigures(scripts)
        self.reports = Reports(scripts)
        longest = (
            max(settings.poll_ceiling * 2, LONGEST, settings.retry_ceiling, settings.lease, settings.redispatch) + 60
        )
        self.alerts = Alerts(scripts, **times, max_claims=settings.max_claims, longest_wait=settings.retry_ceiling + 60)
        self.overview = Overview(scripts, longest_wait=longest)

    def close(self) -> None:
        """Close the connections; the next call opens new ones."""
        self.client.close()
