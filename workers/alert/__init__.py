"""Saved searches: what arrives is held against them, and who asked is told.

    index ──acknowledged──▶ news ──▶ match ──▶ told + deliveries ──▶ deliver ──▶ webhook, mail or log
                                                └─▶ digest ──(every N seconds)──▲

An article whose text is new comes into `news` in the very step that acknowledges its document (`acknowledge.lua`). So
no clock is compared, no refresh awaited and no window can miss one that becomes visible late; and what only moves
documents about (reindex, retag, a restored snapshot) alerts nobody.

All saved searches look at a batch of articles at once: the articles are put into a small search store of their own,
in a file for a moment, and each query is asked of it. Measured with 1,000 queries: 0.1 to 0.3 ms a query for an article
or for two hundred, and a millisecond or two for each match. Elasticsearch, asked the same in `_msearch` (narrowed to
these articles, without snippets), took seven times as long for one article, three times for twenty, 1.5 times for two
hundred with ten matches each, and found the same. The queries mean what they mean in `kabar search`, for the same code
answers them; what the stemmers of Elasticsearch and of Kabar make differently of 2 % of the words is as the embedded
store has it.
"""
