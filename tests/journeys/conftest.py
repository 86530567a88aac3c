"""One real server and one real browser for all journeys."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.house import House, chromium, demo


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        without = pytest.fail if os.environ.get("UPTURN_CI") == "yes" else pytest.skip
        without("no browser: apt-get install chromium")
    with chromium(path) as opened:
        yield opened


@pytest.fixture(scope="package")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with demo(tmp_path_factory.mktemp("house")) as opened:
        yield opened
