"""Installations for the tests that run commands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.installed import OWNER, Place, upturn


@pytest.fixture(scope="session")
def set_up_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    place = Place(tmp_path_factory.mktemp("set-up"))
    done = upturn(place, "init", **OWNER)
    assert done.returncode == 0, done.stderr
    yield place
    place.forget()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Place]:
    """A place where nothing is set up."""
    place = Place(tmp_path / "empty data")
    yield place
    place.forget()


@pytest.fixture
def place(tmp_path: Path, set_up_once: Place) -> Iterator[Place]:
    """A place that ``upturn init`` has set up."""
    made = Place(tmp_path / "data").like(set_up_once)
    yield made
    made.forget()
