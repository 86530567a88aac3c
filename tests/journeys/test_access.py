"""Every kind of page is for everybody: axe-core finds nothing, and nothing sticks out."""

import json
import os
from collections.abc import Iterator
from itertools import product

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.journeys.house import DESKTOP, IN_A_BROWSER, PHONE, House
from tests.journeys.pages import PAGES, Kind, along, at

pytestmark = IN_A_BROWSER

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = json.dumps({"runOnly": RULES, "resultTypes": ["violations"], "preload": False})
ALL_MODES = tuple(product((DESKTOP, PHONE), ("light", "dark")))
# Two modes see each width and each scheme; CI looks at all four.
MODES = ALL_MODES if os.environ.get("UPTURN_CI") == "yes" else (ALL_MODES[0], ALL_MODES[3])


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_open_to_everybody(house: House, browser: Browser, who: str) -> None:
    pages = [
        house.be(who, browser, **screen, color_scheme=scheme, bypass_csp=True)
        for screen, scheme in MODES
    ]
    found = [finding for kind in PAGES[who] for finding in findings(kind, pages)]
    for page in pages:
        page.context.close()
    assert not found, "\n".join(found)


def test_pages_are_read_from_the_right(house: House, browser: Browser) -> None:
    pages = [
        house.be("nadia", browser, **screen, color_scheme=scheme, bypass_csp=True)
        for screen, scheme in MODES
    ]
    for page in pages:
        page.context.add_cookies([{"name": "django_language", "value": "ar", "url": house.address}])
    kinds = [at("/floor/"), at("/practice/"), along("/floor/", r"^/floor/shift/\w+/$")]
    found = [finding for kind in kinds for finding in findings(kind, pages)]
    assert {page.locator("html").get_attribute("dir") for page in pages} == {"rtl"}
    for page in pages:
        page.context.close()
    assert not found, "\n".join(found)


def findings(kind: Kind, pages: list[Page]) -> Iterator[str]:
    """What axe-core says of one kind of page, asked in all modes at the same time."""
    for page in pages:
        kind.go(page)
        page.evaluate(AXE_SCRIPT)
        page.evaluate(f"window.findings = axe.run({OPTIONS}), true")
    for page, (screen, scheme) in zip(pages, MODES, strict=True):
        width = screen["viewport"]["width"]
        place = f"{kind.name} ({width}, {scheme})"
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{place}: wider than the screen"
        for violation in page.evaluate("findings")["violations"]:
            targets = [node["target"] for node in violation["nodes"]]
            yield f"{place}: {violation['id']} at {targets[:4]}"
