"""One real browser for all journeys of a process, and a real server that has read its words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.house.once import once
from tests.journeys import steps
from tests.journeys.house import House, any_chromium, demo


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with any_chromium() as opened:
        yield opened


@pytest.fixture(scope="package")
def well_read(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the example as its first start leaves them: drawn, read and screened."""

    def first_start(data: Path) -> None:
        with demo(data) as opened:
            page = opened.be("nadia", browser)
            steps.wait_until_screened(page)
            page.context.close()

    return once(tmp_path_factory, "well-read", first_start)


@pytest.fixture(scope="package")
def house(
    browser: Browser, well_read: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    with demo(tmp_path_factory.mktemp("house"), like=well_read) as opened:
        yield opened
