"""What tagging may cost: beside extracting the same pages, in file size, in seconds to load."""

from pathlib import Path

from tests.bench.bench_tag import measure

MODELS = Path(__file__).parents[2] / "config" / "models"


def test_tagging_costs_a_quarter_of_extracting_at_most() -> None:
    figures = measure(pages=40, rounds=2)
    assert figures["tag_to_extract"] <= 0.25, figures


def test_the_models_stay_small() -> None:
    assert sum(path.stat().st_size for path in MODELS.iterdir()) < 15_000_000
