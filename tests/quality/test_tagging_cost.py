"""What tagging may cost: beside extracting the same pages, in file size, in seconds to load."""

from pathlib import Path

from tests.bench.bench_tag import measure

MODELS = Path(__file__).parents[2] / "config" / "models"


def test_tagging_costs_a_quarter_of_extracting_at_most() -> None:
    """On pages of about 300 words; the quickest of three rounds each, since a busy machine disturbs both."""
    figures = measure(pages=24, rounds=3)
    assert 280 <= figures["words_a_page"] <= 330, figures
    assert figures["bytes_a_page"] >= 150_000, figures
    assert figures["tag_to_extract"] <= 0.25, figures


def test_the_models_stay_small() -> None:
    assert sum(path.stat().st_size for path in MODELS.iterdir()) < 15_000_000
