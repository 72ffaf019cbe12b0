"""One suite for both search stores: what `workers.ports.SearchStore` promises, held to by SQLite and Elasticsearch.

What both agree on, beyond the port's docstring:

- Analysis: UAX #29 words ("standard" tokenizer), lower case, ASCII folding, then Snowball `indonesian` for the stemmed
  fields; the exact fields are the same without stemming. No stop words: every word typed must occur.
- `workers.index.query.check(query)` gives the terms and every Misuse; no store has refusals of its own.
- A word: its tokens side by side in one stemmed field, title, lead or body (Elasticsearch: multi_match of type phrase).
  A phrase: the same over the exact fields. Different terms may match in different fields. A negated term: none of it.
- No terms, or only negated ones: everything else matches, newest first, then by id (order by published_at, not by score).
- Weights: title 3, lead 2, body 1. Ties: newest first, then id ascending. `limit` 0 gives the total alone.
- `site` is compared as it is, in lower case; `entity` equals one of people, organisations, places, case and accents folded.
"""
