"""The house that the journeys go through, and how to be somebody in it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

# One worker takes all journeys, for they share one server.
IN_A_BROWSER = [pytest.mark.browser, pytest.mark.xdist_group("journeys")]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
WAIT_MS = 15_000


@dataclass(frozen=True, slots=True)
class House:
    """A running server and the folder of its data."""

    address: str
    data: Path

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


def sign_in(page: Page, username: str) -> None:
    """Through the one-click page of the example organisation."""
    page.goto("/demo/")
    page.locator(f'form:has([value="{username}"])').get_by_role("button").click()
    page.wait_for_url("**/")
