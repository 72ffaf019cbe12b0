"""Dates, amounts, laws and events: what a text names in ways a grammar can read, with the value it stands for.

`find(text, today, english)` (scan.py) walks a text once and asks a reader only where one of its words stands:
dates.py (with relative.py, date_words.py and calendar.py), amounts.py (with numbers.py), laws.py, events.py. `keep`
there is the one rule of overlaps.
"""

from workers.tag.grammar.scan import Found, find, keep

__all__ = ["Found", "find", "keep"]
