"""What axe-core says of a page as it stands, and again in the colours of the other scheme."""

import json
from collections.abc import Iterator
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = json.dumps({"runOnly": RULES, "resultTypes": ["violations"], "preload": False})
# Nothing but colours may hang on the scheme, see test_access.py, and these are all rules on them.
COLOURS = json.dumps(
    {
        "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
        "resultTypes": ["violations"],
        "preload": False,
    }
)
# No colour may be on its way: to the other scheme, or of a key that can be pressed from now on.
SETTLE = """() => { for (const each of document.getAnimations())
  if (each instanceof CSSTransition) each.finish(); }"""
SCHEME = "matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"


def begin(page: Page) -> None:
    """Ask, and wait for nothing, so that several pages are looked at in the same time."""
    page.evaluate(AXE_SCRIPT)
    page.evaluate(SETTLE)
    page.evaluate(f"window.findings = axe.run({OPTIONS}), true")


def told(page: Page, place: str) -> Iterator[str]:
    """What was found since it was begun, then what the other scheme adds."""
    here: Literal["light", "dark"] = page.evaluate(SCHEME)
    other: Literal["light", "dark"] = "light" if here == "dark" else "dark"
    yield from _lines(f"{place} ({here})", page.evaluate("findings"))
    page.emulate_media(color_scheme=other)
    page.evaluate(SETTLE)
    yield from _lines(f"{place} ({other})", page.evaluate(f"axe.run({COLOURS})"))
    page.emulate_media(color_scheme=here)
    page.evaluate(SETTLE)


def _lines(place: str, said: dict[str, Any]) -> Iterator[str]:
    for violation in said["violations"]:
        targets = [node["target"] for node in violation["nodes"]]
        yield f"{place}: {violation['id']} at {targets[:4]}"
