"""An article's history: true whatever order its versions come in, and bounded."""

from __future__ import annotations

import itertools
import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.documents import document, version
from workers.identify import history as module
from workers.identify.history import change, history, ordered, retold, thinned, version_of
from workers.model import Version, digest

FIRST = "Bupati meresmikan pasar ikan pada Senin pagi.\n\nPedagang mulai menempati kios pekan depan."
EDITS = (
    FIRST,
    f"{FIRST}\n\nSewa kios digratiskan selama tiga bulan.",
    FIRST.replace("Senin", "Selasa") + "\n\nSewa kios digratiskan selama tiga bulan.",
    FIRST.replace("Senin", "Selasa"),
    FIRST,  # back to the first text
    f"{FIRST}\n\nRalat: pasar diresmikan pada Selasa.",
)


def text(number: int, body: str, **fields: object) -> Version:
    return version(observed_ms=number * 60_000, body=body, **fields)


OBSERVED = [text(number, body) for number, body in enumerate(EDITS, 1)]


def told(versions: list[Version]) -> list[tuple[int, str, tuple[str, ...], tuple[str, ...]]]:
    return [
        (step.observed_ms, step.content_hash, *((step.change.added, step.change.removed) if step.change else ((), ())))
        for step in history(versions)
    ]


def test_five_edits_are_told_in_every_order_and_however_often_each_comes() -> None:
    truth = told(OBSERVED)
    assert [added for _, _, added, _ in truth] == [
        (),
        ("Sewa kios digratiskan selama tiga bulan.",),
        ("Bupati meresmikan pasar ikan pada Selasa pagi.",),
        (),
        ("Bupati meresmikan pasar ikan pada Senin pagi.",),
        ("Ralat: pasar diresmikan pada Selasa.",),
    ]
    assert [removed for _, _, _, removed in truth] == [
        (),
        (),
        ("Bupati meresmikan pasar ikan pada Senin pagi.",),
        ("Sewa kios digratiskan selama tiga bulan.",),
        ("Bupati meresmikan pasar ikan pada Selasa pagi.",),
        (),
    ]
    chance = random.Random(5)
    for order in itertools.permutations(OBSERVED):
        again = chance.choices(OBSERVED, k=4)
        assert told([*order, *again]) == truth
        assert told([*again, *order]) == truth


@given(st.lists(st.tuples(st.integers(1, 30), st.sampled_from(EDITS)), max_size=12), st.randoms())
def test_the_history_is_what_was_seen_by_time_without_what_had_not_changed(
    looks: list[tuple[int, str]], chance: random.Random
) -> None:
    by_time = dict(looks)  # one text at a time
    versions = [text(at, body) for at, body in by_time.items()]
    shuffled = [*versions, *versions]
    chance.shuffle(shuffled)
    truth = [at for at, before in zip(sorted(by_time), [None, *sorted(by_time)], strict=False)
             if before is None or by_time[at] != by_time[before]]  # fmt: skip
    steps = history(shuffled)
    assert [step.observed_ms for step in steps] == [at * 60_000 for at in truth]
    assert all(a.content_hash != b.content_hash for a, b in itertools.pairwise(steps))


def test_an_edit_back_to_an_earlier_text_is_two_edits() -> None:
    steps = history([text(1, "Satu."), text(2, "Dua."), text(3, "Satu.")])
    assert [(step.observed_ms // 60_000, step.edited) for step in steps] == [(1, False), (2, True), (3, True)]
    assert steps[0].content_hash == steps[2].content_hash


def test_a_text_seen_again_unchanged_is_one_version_from_its_first_look_on() -> None:
    steps = history([text(3, "Satu."), text(1, "Satu."), text(2, "Satu.")])
    assert [step.observed_ms for step in steps] == [60_000]


def test_a_new_title_is_told_with_the_old_one() -> None:
    found = change(text(1, FIRST, title="Pasar ikan dibuka"), text(2, FIRST, title="Pasar ikan “resmi” dibuka"))
    assert found is not None
    assert (found.title_before, found.title_after) == ("Pasar ikan dibuka", "Pasar ikan “resmi” dibuka")
    assert (found.added, found.removed, found.reordered) == ((), (), False)


def test_quotes_blanks_and_moved_paragraphs_are_no_new_text() -> None:
    found = change(text(1, 'Ia berkata, "Ya."\n\nLalu pergi.'), text(2, "Lalu  pergi.\n\nIa berkata, “Ya.”"))
    assert found is not None
    assert (found.added, found.removed, found.reordered) == ((), (), True)


def test_a_paragraph_that_stands_twice_counts_twice() -> None:
    found = change(text(1, "Ya.\n\nYa.\n\nTidak."), text(2, "Ya.\n\nTidak."))
    assert found is not None
    assert (found.added, found.removed) == ((), ("Ya.",))


def test_a_paywall_or_the_feeds_words_are_no_edit() -> None:
    steps = history([
        text(1, "Ringkasan.", body_source="feed"), text(2, FIRST), text(3, "Bupati …", access="paywall"),
        text(4, FIRST), text(5, EDITS[1]),
    ])  # fmt: skip
    assert [step.edited for step in steps] == [False, False, False, False, True]


def test_what_is_told_of_one_change_is_bounded() -> None:
    long = "\n\n".join(f"Paragraf {n} " + "kata " * 500 for n in range(300))
    found = change(text(1, "Awal."), text(2, long))
    assert found is not None
    assert len(found.added) == module.SHOWN
    assert all(len(paragraph) <= module.SHOWN_CHARACTERS for paragraph in found.added)
    assert (found.paragraphs_added, found.paragraphs_removed) == (300, 1)


def test_a_document_learns_how_often_its_text_changed() -> None:
    current = document(observed_ms=6 * 60_000, body=EDITS[5], content_hash=OBSERVED[5].content_hash)
    changed = retold(current, random.Random(1).sample(OBSERVED[:5], 5))
    assert changed.edits == 5
    assert changed.edited_at == version_of(current).observed_at
    assert retold(current, []).edits == 0


def test_of_very_many_versions_the_first_and_the_last_texts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_TEXTS", 4)
    monkeypatch.setattr(module, "MOST_VERSIONS", 8)
    kept = {one.id: one for one in (text(n, f"Isi {n}.") for n in range(1, 13))}
    for _ in range(2):  # the second time there is nothing left to do
        bare, forgotten = thinned(random.Random(2).sample(list(kept.values()), len(kept)))
        for name in forgotten:
            del kept[name]
        kept |= {one.id: one for one in bare}
        steps = history(kept.values())
        assert [step.observed_ms // 60_000 for step in steps] == [1, 6, 7, 8, 9, 10, 11, 12]
        assert [step.text_kept for step in steps] == [True, False, False, False, False, True, True, True]
    assert (bare, forgotten) == ([], [])
    assert [step.change is None for step in steps] == [True] * 6 + [False] * 2
    assert all(step.edited for step in steps[1:])


def test_the_texts_of_one_article_have_a_bound_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CHARACTERS", 1_000)
    versions = [text(n, f"{n} " + "x" * 400) for n in range(1, 5)]
    bare, forgotten = thinned(versions)
    assert ([one.observed_ms // 60_000 for one in bare], forgotten) == ([3, 2], [])


def test_a_text_that_was_let_go_is_told_by_a_later_look_at_it() -> None:
    bare = msgspec.structs.replace(text(1, FIRST), body="", without_text=True)
    (one,) = ordered([bare, text(2, FIRST)])
    assert (one.observed_ms, one.body) == (60_000, FIRST)


def test_versions_of_another_article_do_not_share_an_id() -> None:
    assert text(1, FIRST).id == f"{digest('satu')}-{digest('content', FIRST)}-60000"
    assert history([]) == []
