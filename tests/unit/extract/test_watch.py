"""When a site got worse, when it did not, when a warning ends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from workers.extract.judge import Figures
from workers.extract.watch import FEWEST, KEPT, RECENT, SiteWarning, span, watch

NOW = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def good(words: int = 300, **more: object) -> Figures:
    values = {"at_ms": 1, "words": words, "titled": True, "dated": True, **more}
    return Figures(**values)  # type: ignore[arg-type]


def refused() -> Figures:
    return Figures(at_ms=1, refused="junk_page")


USUAL = [good(280 + n % 50) for n in range(KEPT - RECENT)]


@pytest.mark.parametrize(
    ("recent", "changes"),
    [
        ([good()] * RECENT, ()),
        ([refused()] * RECENT, ("refused",)),
        ([refused()] * 5 + [good()] * 7, ("refused",)),
        ([refused()] * 4 + [good()] * 8, ()),
        ([good(dated=False)] * RECENT, ("undated",)),
        ([good(titled=False)] * 6 + [good()] * 6, ("untitled",)),
        ([good(140)] * RECENT, ("words",)),
        ([good(160)] * RECENT, ()),
        ([good(140)] * 5 + [good()] * 7, ()),  # a few briefs
        ([good(40, kind="video")] * 8 + [good()] * 4, ()),  # players have no text to speak of
        ([good(link_share=0.4)] * RECENT, ("links",)),
        ([good(140, dated=False)] * RECENT, ("undated", "words")),
    ],
)
def test_a_change_of_template_is_seen_in_the_last_pages(recent: list[Figures], changes: tuple[str, ...]) -> None:
    warning = watch([*recent, *USUAL], None, NOW)
    assert (warning.changes if warning else ()) == changes
    assert warning is None or (warning.since == NOW and warning.says)


def test_too_few_pages_tell_nothing() -> None:
    assert watch([], None, NOW) is None
    assert watch([refused()] * KEPT, None, NOW) is None  # never better
    assert watch([refused()] * RECENT + [good()] * (FEWEST - 1), None, NOW) is None
    assert watch([refused()] * RECENT + [good()] * FEWEST, None, NOW) is not None


def test_short_texts_may_get_shorter() -> None:
    assert watch([good(15)] * RECENT + [good(50)] * 40, None, NOW) is None


def warned() -> SiteWarning:
    warning = watch([good(dated=False)] * RECENT + USUAL, None, NOW)
    assert warning is not None
    return warning


def test_what_lasts_does_not_become_usual() -> None:
    assert watch([good(dated=False)] * KEPT, warned(), LATER) == warned()


def test_a_warning_grows_once_by_what_gets_worse_besides() -> None:
    grown = watch([good(100, dated=False)] * RECENT + [good(dated=False)] * 40, warned(), LATER)
    assert grown is not None
    assert (grown.since, grown.changes, grown.before) == (NOW, ("undated", "words"), warned().before)
    assert watch([good(100, dated=False)] * KEPT, grown, LATER) == grown


def test_a_warning_ends_when_most_pages_are_well_again_not_before() -> None:
    half = [good()] * 8 + [good(dated=False)] * 4
    assert watch([*half, *USUAL], warned(), LATER) is not None
    assert watch([good()] * 10 + [good(dated=False)] * 2 + USUAL, warned(), LATER) is None


def test_after_forgetting_a_warning_stands_until_there_are_pages_to_judge() -> None:
    assert watch([good()] * (RECENT - 1), warned(), LATER) == warned()


def test_medians_leave_out_what_gave_no_article() -> None:
    found = span([good(100), good(300), good(200), refused()])
    assert found is not None
    assert (found.pages, found.words, found.refused, found.undated) == (4, 200, 0.25, 0)
    assert span([]) is None
    only = span([refused()])
    assert only is not None
    assert (only.words, only.refused) == (0, 1.0)
