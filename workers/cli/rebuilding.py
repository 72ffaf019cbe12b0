"""What `kabar index rebuild` puts together: archive, extraction, tagger and store."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from workers.index.elasticsearch import ElasticsearchStore
from workers.index.reindex import Progress, Rebuilt, reindex
from workers.operate.golden import Reader
from workers.operate.rebuild import ArchiveSource, rebuild_in_place
from workers.operate.reread import Rereader
from workers.runtime.bootstrap import build, load_sites, load_tagger
from workers.runtime.limits import TookTooLong, alarm
from workers.runtime.settings import Settings


def rebuild_from_archive(
    settings: Settings, progress: Callable[[Progress], None], *, restart: bool
) -> tuple[dict[str, int], Rebuilt | None]:
    """Rebuild the index; return what became of the archive's articles, and of the index if there is one.

    Raises KabarError when the archive is empty, and as `reindex` does.
    """
    adapters = build(settings)
    store = adapters.store
    reader = Reader(
        sites=load_sites(settings.config_dir),
        max_chars=settings.body_max_chars,
        limit=partial(alarm, settings.item_limit),
        errors=(TookTooLong, MemoryError),
    )
    done: Rebuilt | None = None
    try:
        source = ArchiveSource(
            adapters.archive,
            Rereader(adapters.state, store, reader, load_tagger(settings)),
            adapters.state,
            store,
            lambda read, total: progress(Progress("read", read, total)),
        )
        if isinstance(store, ElasticsearchStore):
            done = reindex(store, progress=progress, restart=restart, source=source)
            source.settle()
        else:
            store.setup()
            rebuild_in_place(source, store)
    finally:
        store.close()
        adapters.state.close()
    return dict(source.counts), done
