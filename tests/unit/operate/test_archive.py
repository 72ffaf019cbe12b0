"""The archive of pages on a real disk: what it keeps, what it lets go, what it survives."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from workers.errors import Transient
from workers.model import Article, Entry, Page
from workers.operate import archive_files
from workers.operate.archive import SPACING, PageArchive
from workers.operate.archive_files import File, files, folder_of, thinned
from workers.samples import Sample

HOUR = SPACING
SITE = "harian.test"


def sample(
    number: int = 0, *, site: str = SITE, ms: int | None = None, refused: bool = False, **more: object
) -> Sample:
    url = f"https://{site}/{number}"
    values: dict[str, object] = {
        "site": site,
        "page": Page(
            url=url, final_url=url, status=200, headers={"content-type": "text/html"}, body=b"<p>\xff" + b"x" * 500,
            fetched_ms=number * HOUR if ms is None else ms,
        ),
        "entry": Entry(id=str(number), feed_id="f", url=url),
        "article": None if refused else Article(url=url, title=f"Berita {number}", body="Isi"),
        "refused": "no_text" if refused else "",
        "addresses": (url,),
        **more,
    }  # fmt: skip
    return Sample(**values)  # type: ignore[arg-type]


@pytest.fixture
def archive(tmp_path: Path) -> PageArchive:
    return PageArchive(tmp_path / "archive", mode="samples", count=8, limit=10_000_000)


def kept(archive: PageArchive, site: str = SITE) -> list[int]:
    """The times of the samples, in hours."""
    return [one.sample.page.fetched_ms // HOUR for one in archive.samples(site) if one.sample]


def every_file(archive: PageArchive) -> list[Path]:
    return [path for path in archive._folder.rglob("*") if path.is_file()]


def test_a_sample_comes_back_as_it_was(archive: PageArchive) -> None:
    assert archive.keep(sample(1))
    assert archive.sites() == [SITE]
    assert [one.sample for one in archive.samples(SITE)] == [sample(1)]
    assert list(archive.samples("other.test")) == []


def test_it_opens_nothing_until_used(archive: PageArchive, tmp_path: Path) -> None:
    assert (archive.sites(), list(archive.samples(SITE)), archive.remove(["https://harian.test/1"])) == ([], [], 0)
    assert not (tmp_path / "archive").exists()


def test_samples_are_the_newest_and_ever_fewer_older_ones(archive: PageArchive) -> None:
    for number in range(200):
        archive.keep(sample(number))
    times = kept(archive)
    assert len(times) == 8
    assert (times[0], times[-1]) == (0, 199)
    ages = [199 - at for at in times[:-1]]
    assert ages == sorted(ages, reverse=True)
    assert ages[-1] <= 4  # there are young ones
    assert ages[len(ages) // 2] < 200 / 4  # half of all
    assert max(b - a for a, b in pairwise(times)) <= 140  # and old ones


def test_a_full_site_takes_one_sample_an_hour_and_none_of_an_article_twice(archive: PageArchive) -> None:
    taken = [archive.keep(sample(n, ms=n * 60_000)) for n in range(61 + 8)]
    assert sum(taken) == 9
    assert not archive.keep(sample(67, ms=100 * HOUR))
    assert archive.keep(sample(70, ms=100 * HOUR))


def test_refused_pages_have_their_own_smaller_share(archive: PageArchive) -> None:
    for number in range(30):
        archive.keep(sample(number))
    assert archive.keep(sample(40, refused=True, ms=1))
    for number in range(41, 60):
        archive.keep(sample(number, refused=True))
    found = [one.sample for one in archive.samples(SITE)]
    assert [s is not None and s.article is None for s in found].count(True) == 2
    assert len(found) == 10


def test_all_pages_are_kept_when_asked_for_and_none_when_off(tmp_path: Path) -> None:
    whole = PageArchive(tmp_path / "a", mode="all", count=2, limit=10_000_000)
    assert all(whole.keep(sample(n, ms=n)) for n in range(30))
    assert len(list(whole.samples(SITE))) == 30
    assert [one.sample.page.fetched_ms for one in whole.samples(SITE, 3) if one.sample][::2] == [0, 29]
    off = PageArchive(tmp_path / "b", mode="off", count=2, limit=10_000_000)
    assert not off.keep(sample())
    assert not (tmp_path / "b").exists()


def test_the_oldest_go_when_all_sites_hold_too_many_bytes(tmp_path: Path) -> None:
    noise = {n: os.urandom(20_000) for n in range(40)}
    full = PageArchive(tmp_path, mode="all", count=8, limit=200_000)
    for number, body in noise.items():
        one = sample(number, site=f"s{number % 3}.test")
        page = Page(url=one.page.url, final_url="", status=200, headers={}, body=body, fetched_ms=number)
        assert full.keep(sample(number, site=one.site, page=page))
        assert sum(path.stat().st_size for path in every_file(full)) <= 200_000 + 21_000
    assert sorted(
        one.sample.page.fetched_ms for site in full.sites() for one in full.samples(site) if one.sample
    ) == list(range(40 - 9, 40))  # fmt: skip


def test_thinning_keeps_the_ends_and_never_more_than_asked() -> None:
    found = [File(ms=ms, refused=False, marks=("0" * 16,)) for ms in (5, 1, 3, 2, 4)]
    gone = thinned(found, 3)
    assert len(gone) == 2
    assert {1, 5} <= {file.ms for file in found if file not in gone}
    assert [file.ms for file in thinned(found, 1)][-1] == 1
    assert thinned(found, 9) == []


@pytest.mark.parametrize(
    "hostile",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "..",
        ".",
        "",
        "a/b",
        "a\x00b",
        "\u202e.test",
        "x" * 5_000,
        "a\nb",
        "..%2f",
        "~",
    ],
)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, hostile: str) -> None:
    folder = tmp_path / "in" / "archive"
    archive = PageArchive(folder, mode="samples", count=8, limit=10_000_000)
    page = Page(url=hostile, final_url=hostile, status=200, headers={}, body=b"<p>", fetched_ms=-5)
    assert archive.keep(sample(site=hostile, page=page, addresses=(hostile, "../x")))
    (path,) = every_file(archive)
    assert path.parent.parent == folder
    assert len(path.name) < 200
    assert [entry.name for entry in tmp_path.iterdir()] == ["in"]
    assert archive.sites() == [hostile]
    assert archive.remove([hostile]) == 1
    assert every_file(archive) == []


def test_sites_that_look_alike_have_folders_of_their_own() -> None:
    assert len({folder_of(site) for site in ("a_b", "a/b", "A_B", "a:b", "..", ".", "")}) == 7


def test_an_article_is_removed_by_any_of_its_addresses_wherever_it_stands(archive: PageArchive) -> None:
    names = ("https://harian.test/1", "https://lain.test/satu")
    archive.keep(sample(1, addresses=names))
    archive.keep(sample(2, site="lain.test", addresses=names[1:]))
    archive.keep(sample(3))
    assert archive.remove(["https://tidak.test/ada", names[1]]) == 2
    assert kept(archive) == [3]
    assert archive.remove([names[1]]) == 0


def test_a_new_expectation_takes_the_samples_place(archive: PageArchive) -> None:
    archive.keep(sample(1, refused=True))
    (before,) = archive.samples(SITE)
    archive.replace(before, sample(1))
    (after,) = archive.samples(SITE)
    assert after.sample == sample(1)
    assert len(every_file(archive)) == 1


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped", "foreign", "bomb"])
def test_a_broken_file_is_skipped_and_named(archive: PageArchive, damage: str) -> None:
    from backports import zstd

    first = sample(1)
    noise = Page(url=first.page.url, final_url="", status=200, headers={}, body=os.urandom(9_000), fetched_ms=HOUR)
    archive.keep(sample(1, page=noise))  # can't be compressed: a changed byte is noticed by the check sum alone
    archive.keep(sample(2))
    path = archive._folder / folder_of(SITE) / files(archive._folder / folder_of(SITE))[0].name
    data = path.read_bytes()
    path.write_bytes(
        {
            "cut": data[: len(data) // 2],
            "empty": b"",
            "flipped": data[:4_000] + bytes([255 - data[4_000]]) + data[4_001:],
            "foreign": b"not ours",
            "bomb": zstd.compress(bytes(archive_files.MAX_SAMPLE + 1)),
        }[damage]
    )
    broken, whole = archive.samples(SITE)
    assert (broken.sample, whole.sample) == (None, sample(2))
    assert path.name in broken.name
    assert broken.broken
    assert archive.sites() == [SITE]


def test_a_page_larger_than_a_sample_may_be_is_not_kept(archive: PageArchive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_files, "MAX_SAMPLE", 500)
    assert not archive.keep(sample(1))
    assert archive.sites() == []


def test_what_a_crash_left_half_written_is_no_sample_and_goes_in_time(archive: PageArchive) -> None:
    archive.keep(sample(1))
    folder = archive._folder / folder_of(SITE)
    old, young = folder / "old.part", folder / "young.part"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * archive_files.STALE,) * 2)
    (folder / "readme").write_text("foreign", encoding="utf-8")
    assert kept(archive) == [1]
    archive_files.tidy(folder)
    assert not old.exists()
    assert young.exists()


def full_disk(*_: object) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_told_once_a_minute_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [0.0]
    archive = PageArchive(tmp_path, mode="samples", count=8, limit=10_000_000, clock=lambda: seconds[0])
    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", full_disk)
        with pytest.raises(Transient, match="No space left") as caught:
            archive.keep(sample(1))
        assert caught.value.reason == "archive"
        assert every_file(archive) == []
    assert not archive.keep(sample(1))  # it is left in peace for a while
    seconds[0] = 61
    assert archive.keep(sample(1))


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    archive = PageArchive(tmp_path / "file", mode="samples", count=8, limit=10_000_000)
    with pytest.raises(Transient, match="archive"):
        archive.keep(sample(1))
    with pytest.raises(Transient, match="archive"):
        archive.sites()


def test_several_writers_at_once_harm_nothing(tmp_path: Path) -> None:
    failed: list[BaseException] = []

    def write(start: int) -> None:
        archive = PageArchive(tmp_path, mode="samples", count=4, limit=60_000)
        try:
            for number in range(start, start + 40):
                archive.keep(sample(number))
                archive.remove([f"https://{SITE}/{number - 3}"])
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    work: list[Callable[[], None]] = [lambda start=n * 1_000: write(start) for n in range(4)]  # type: ignore[misc]
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    archive = PageArchive(tmp_path, mode="samples", count=4, limit=60_000)
    assert all(one.sample is not None for one in archive.samples(SITE))
    assert not [path for path in every_file(archive) if path.suffix != ".page"]


def test_a_sample_that_was_removed_while_it_was_read_again_does_not_come_back(archive: PageArchive) -> None:
    assert archive.keep(sample(1))
    (kept_one,) = archive.samples(SITE)
    archive.remove((f"https://{SITE}/1",))
    archive.replace(kept_one, sample(1, refused=True))
    assert every_file(archive) == []
