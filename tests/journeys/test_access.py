"""Every kind of page is for everybody: axe-core finds nothing, and nothing sticks out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys import axe
from tests.journeys.house import DESKTOP, IN_A_BROWSER, PHONE, House
from tests.journeys.pages import PAGES, Kind, along, at

pytestmark = IN_A_BROWSER

STYLES = Path(__file__).parents[2] / "src" / "upturn"
# Each width is seen in both schemes: drawn in the one, then coloured anew in the other.
MODES = ((DESKTOP, "light"), (PHONE, "dark"))


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
        axe.begin(page)
    for page, (screen, _scheme) in zip(pages, MODES, strict=True):
        width = screen["viewport"]["width"]
        place = f"{kind.name} at {width} px"
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{place}: wider than the screen"
        yield from axe.told(page, place)


def test_the_other_scheme_is_looked_at_too(house: House, browser: Browser) -> None:
    """A colour that is read in one scheme alone is found, whichever the page was opened in."""
    for scheme, hidden in (("light", "light-dark(#000, #222)"), ("dark", "light-dark(#eee, #fff)")):
        page = house.be("", browser, color_scheme=scheme, bypass_csp=True)
        page.goto("/demo/")
        page.add_style_tag(content=f"h1 {{ color: {hidden} !important; transition: color 9s }}")
        axe.begin(page)
        found = [*axe.told(page, "demo")]
        other = "dark" if scheme == "light" else "light"
        assert [line.split(" at ")[0] for line in found] == [f"demo ({other}): color-contrast"]
        page.context.close()


def test_a_scheme_changes_colours_alone() -> None:
    """No sheet and no script asks for the scheme; all they have is ``light-dark()``."""
    files = [file for kind in ("css", "js", "html") for file in STYLES.rglob(f"*.{kind}")]
    asking = [file for file in files if "prefers-color-scheme" in file.read_text("utf-8")]
    assert len(files) > 100
    assert asking == []
    colours = re.compile(r"light-dark\((?:[^()]|\([^()]*\))*\)")
    sheet = (STYLES / "house/static/house/tokens.css").read_text("utf-8")
    assert len(colours.findall(sheet)) == sheet.count("light-dark(") > 10
