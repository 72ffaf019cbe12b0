"""Where end-to-end tests keep what they run: a short folder (socket paths are), and a search store by name."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short private folder."""
    path = Path(tempfile.mkdtemp(prefix="kabar-e2e-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def search(request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings that name a fresh search store of either kind."""
    if request.param == "sqlite":
        return {}
    return fresh_index(request.getfixturevalue("elasticsearch_url"))


def fresh_index(url: str) -> dict[str, str]:
    """Settings for an index of its own on the cluster at `url`."""
    return {"SEARCH_URL": url, "INDEX_PREFIX": f"e2e{uuid.uuid4().hex[:10]}"}
