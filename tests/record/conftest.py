"""The writer's thread ends with each test, and its connection with it."""

from collections.abc import Iterator

import pytest

from upturn.record.writer import writer


@pytest.fixture(autouse=True)
def no_writer_outlives_its_test() -> Iterator[None]:
    yield
    writer.stop()
