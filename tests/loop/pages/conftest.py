"""What the pages of workshops are tried with."""

from collections.abc import Iterator

import pytest

from tests.loop.held import facilitator
from upturn.people.models import Person
from upturn.record.writer import writer


@pytest.fixture(autouse=True)
def no_writer_is_left() -> Iterator[None]:
    yield
    writer.stop()


@pytest.fixture
def host() -> Person:
    return facilitator()
