"""Kabar: news feeds in, searchable articles out.

    beat        | dispatch                     every second: what is due, what its host allows, what waits
    due feeds   | poll    | parse              download → new entries and next due time, in one commit
    frontier    | fetch                        entry → page, or retry, or dead letter
    pages       | extract | identify | tag     page → article → one id for ever → people, organisations, places
    documents   | index                        bulk into the search store; acknowledged → the entry is seen
    new texts   | match   | deliver            saved searches look at them → webhook, mail or log (`workers.alert`)

Redis holds every state (`workers.state`); messages only carry ids. `workers.pipeline` joins the verbs to the ports.
"""
