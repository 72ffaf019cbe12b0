"""Fetch: Entry → Page, or Transient, or Permanent.

    fetch_page(http, entry, fetched_ms)        fetch.py: what may be a page, what is kept of it
      └─ Http.get(url)                         http.py: HttpClient, redirects, one attempt
           parse, follow                       targets.py: URLs as they go on the wire
           addresses → policy.check → connect  names.py, addresses.py, connections.py
           every wait bounded, cut             deadline.py
           body, decoded and capped            bodies.py, encodings.py
           status → error                      answers.py, failures.py

`politeness.py` says how long a host is left alone; the frontier does the waiting.
"""
