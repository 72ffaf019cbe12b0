"""The verbs joined to the ports: the only orchestration.

    dispatch    what is due → messages, within politeness, byte cap and queue lengths
    poll        download a feed                    → parse, or the next due time at once
    parse       feed bytes → new entries           → fetch
    fetch       entry → page                       → process
    process     page → article → identity → names  → index
    index       documents → search store           → acknowledged; its page is due again when the article is older

Texts that a document replaces are kept (`versions`), pages that are gone mark it (`gone`), young articles' pages are
placed in the frontier again by the dispatcher (`refetching`).

Each stage claims an id before it works on it, commits under the same token, and hands on at once what became ready.
"""

from workers.pipeline.parts import Limits, Parts, Rules
from workers.pipeline.pipeline import Pipeline

__all__ = ["Limits", "Parts", "Pipeline", "Rules"]
