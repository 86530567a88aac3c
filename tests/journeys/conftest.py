"""One real server and one real browser for all journeys."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.journeys.house import House

QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The example organisation, served by the command of the README from a database of its own."""
    data = tmp_path_factory.mktemp("house")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    opened = House(f"http://127.0.0.1:{port}", data)
    command = [Path(sys.executable).with_name("upturn"), "demo", "--port", str(port)]
    with (data / "printed").open("w") as printed:
        process = subprocess.Popen(
            command, env=opened.environment(), stdout=printed, stderr=printed
        )
    try:
        _wait_until_ready(opened, process)
        yield opened
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_ready(opened: House, process: subprocess.Popen[bytes]) -> None:
    while not _is_ready(opened):
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
        pytest.fail(f"The server ended: {(opened.data / 'printed').read_text()}")


def _is_ready(opened: House) -> bool:
    try:
        with urlopen(f"{opened.address}/readyz", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except URLError:
        return False


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        without = pytest.fail if os.environ.get("UPTURN_CI") == "yes" else pytest.skip
        without("no browser: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()
