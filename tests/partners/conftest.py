"""Boxes and keys of a test lie in a folder of its own; its day is the day of the factories."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.factories import TODAY
from upturn.record.writer import writer


@pytest.fixture(autouse=True)
def a_box_of_its_own(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.DATA = tmp_path
    yield
    writer.stop()


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    def localdate(*_given: object) -> date:
        return TODAY

    monkeypatch.setattr("upturn.partners.queries.sheets.timezone.localdate", localdate)
