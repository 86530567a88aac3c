"""The house that the journeys go through, and how to be somebody in it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from tests.house.installed import answers, still_runs

IN_A_BROWSER = pytest.mark.browser
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
WAIT_MS = 45_000
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)


@dataclass(frozen=True, slots=True)
class House:
    """A server that runs, its process, and the folder of its data."""

    address: str
    data: Path
    running: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def begin(self) -> None:
        """Serve the example organisation, and wait until it answers."""
        port = self.address.rpartition(":")[2]
        command = [Path(sys.executable).with_name("upturn"), "demo", "--port", port]
        with (self.data / "printed").open("a") as printed:
            server = subprocess.Popen(
                command,
                env=self.environment(),
                stdout=printed,
                stderr=printed,
                start_new_session=True,
            )
        self.running.append(server)
        while not answers(self.address):
            assert still_runs(server), (self.data / "printed").read_text()

    def cut_off(self) -> None:
        """End it with all it began, as a power cut does: nothing is finished, nobody is told."""
        server = self.running.pop()
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()

    def end(self) -> None:
        for server in self.running:
            server.terminate()
            server.wait(20)

    def environment(self) -> dict[str, str]:
        """What a command needs to work on this house's data; never on a database given outside."""
        kept = {name: value for name, value in os.environ.items() if name != "UPTURN_DATABASE_URL"}
        return kept | {"UPTURN_DATA": str(self.data)}

    def context(self, browser: Browser, **options: Any) -> BrowserContext:
        """A browser of its own for one person: a width, a colour scheme, cookies."""
        context = browser.new_context(base_url=self.address, **DESKTOP | options)
        context.set_default_timeout(WAIT_MS)
        return context

    def be(self, username: str, browser: Browser, **options: Any) -> Page:
        """Sign somebody in with one click and stand on their home page."""
        page = self.context(browser, **options).new_page()
        if username:
            sign_in(page, username)
        return page


def sent_in(request: Request) -> str:
    """Address and body in the words somebody wrote: a form sends a space as `+`."""
    return unquote_plus(f"{request.url} {request.post_data or ''}")


def sign_in(page: Page, username: str) -> None:
    """Through the one-click page of the example organisation."""
    page.goto("/demo/")
    page.locator(f'form:has([value="{username}"])').get_by_role("button").click()
    page.wait_for_url("**/")


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


def chromium_that_seals() -> Iterator[Browser]:
    """A browser for pages that seal, to be made a fixture; a checkout without npm cannot seal."""
    if finders.find("exchange/sealed_ballot.js") is None:
        pytest.skip("sealed_ballot.js was not built: no npm registry")
    with any_chromium() as browser:
        yield browser


@contextmanager
def any_chromium() -> Iterator[Browser]:
    with chromium(any_path()) as browser:
        yield browser


def any_path() -> str:
    """The browser of the machine; without one a test is skipped, and fails in CI.

    The shell has the pages of Chromium without its window, which takes most of the work.
    """
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        without = pytest.fail if os.environ.get("UPTURN_CI") == "yes" else pytest.skip
        without("no browser: apt-get install chromium-headless-shell")
    return str(path)


@contextmanager
def demo(data: Path, *, like: Path | None = None) -> Iterator[House]:
    """The example organisation, served by the command of the README from a database of its own.

    With another's folder it goes on from there.
    """
    if like is not None:
        shutil.copytree(like, data, dirs_exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    house = House(f"http://127.0.0.1:{port}", data)
    house.begin()
    try:
        yield house
    finally:
        house.end()
