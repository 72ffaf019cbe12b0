"""Tag: text → who, what and where, with exact offsets.

`Tagger.load(config_dir)` (tagger.py) reads gazetteer and model once; `summarise` (summary.py) makes of title and body
what a document keeps. Within: tokens → convention → features → model (or rules) → spans → lines (the
whole article) → resolve.
"""
