"""What tagging may cost: beside extracting the same pages, in file size, in seconds to load."""

from pathlib import Path

from tests.bench.bench_tag import measure

MODELS = Path(__file__).parents[2] / "config" / "models"


def test_tagging_costs_about_a_quarter_of_extracting_at_most() -> None:
    figures = measure(pages=12, rounds=3)
    assert figures["tag_to_extract"] <= 0.28, figures  # 0.25 at rest (make bench-tag), and room for a busy machine


def test_the_models_stay_small() -> None:
    assert sum(path.stat().st_size for path in MODELS.iterdir()) < 15_000_000
