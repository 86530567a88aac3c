"""Every kind of page, who stands before it, and how one gets there."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urljoin

from playwright.sync_api import Page

from tests.journeys.steps import READ_MS, wait_until_read, wait_until_screened

Way = Callable[[Page], None]


class Kind(NamedTuple):
    """One kind of page."""

    name: str
    go: Way


def at(path: str) -> Kind:
    return Kind(path, lambda page: page.goto(path) and None)


def along(start: str, *links: str) -> Kind:
    """From a page through the first link whose address fits each pattern in turn."""

    def go(page: Page) -> None:
        page.goto(start)
        follow(page, *links)

    return Kind(" > ".join((start, *links)), go)


def of_wave(title: str, *links: str) -> Kind:
    """The page of a closed wave of the example, and from it onwards."""

    def go(page: Page) -> None:
        page.goto("/gaps/")
        page.get_by_role("link", name=title, exact=True).click()
        page.wait_for_url(re.compile(r"/gaps/\w+/"))
        follow(page, *links)

    return Kind(" > ".join((title, *links)), go)


def follow(page: Page, *links: str) -> None:
    for pattern in links:
        hrefs = page.eval_on_selector_all(
            "main a[href]", "links => links.map(link => link.getAttribute('href'))"
        )
        page.goto(urljoin(page.url, next(href for href in hrefs if re.search(pattern, href))))


def _say(page: Page) -> None:
    """The public form, by the address under the printed code."""
    page.goto("/customers/mill-food/code/")
    page.goto(page.locator("figcaption").inner_text().strip())


def _thanks(page: Page) -> None:
    _say(page)
    page.get_by_role("textbox").first.fill("The soup was hot, and so was the plate.")
    page.get_by_role("button").click()
    page.wait_for_load_state()


def _ticket_once(page: Page) -> None:
    along("/", r"^/edge/").go(page)
    page.goto(page.get_by_role("link", name="Ask on this edge").get_attribute("href") or "")
    page.get_by_label("What would help you serve?").fill("Say it once more.")
    page.get_by_text("with a private ticket", exact=True).click()
    page.get_by_role("button", name="Send the ask").click()
    page.wait_for_load_state()


def _ticket_opened(page: Page) -> None:
    _ticket_once(page)
    code = page.locator(".num.big").inner_text()
    page.goto("/ticket/")
    page.get_by_label("The code you wrote down").fill(code)
    page.get_by_role("button", name="Open the ask").click()
    page.wait_for_load_state()


def _invitation(page: Page) -> None:
    page.goto("/people/invite/")
    page.get_by_role("button", name="Make the link and the code").click()
    page.wait_for_load_state()


def _join(page: Page) -> None:
    _invitation(page)
    address = page.locator(".address").inner_text()
    page.context.clear_cookies()
    page.goto(address)


COMMENTS = """\
review;stars;when;where
"Warm, quick, kind.";5;2026-11-02;Paying
"Cold plates again.";nine;2026-11-03;Paying
"Nobody came.";2;31.31.2026;Paying
"""


def _dry_run(page: Page) -> None:
    page.goto("/bring-in/")
    file = {"name": "comments.csv", "mimeType": "text/csv", "buffer": COMMENTS.encode()}
    page.locator('input[type="file"]').first.set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    page.wait_for_load_state()


def _lab_result(page: Page) -> None:
    """The run of the example, once the laboratory beside the server has played it."""
    along("/lab/", RUN).go(page)
    page.get_by_role("heading", name="What follows", exact=True).wait_for(timeout=READ_MS)


def _lab_film(page: Page) -> None:
    _lab_result(page)
    page.get_by_role("link", name="Watch an hour of it").click()
    page.locator(".seat").first.wait_for()


ASK = r"^/asks/[0-9a-f]{12}/$"
EDGE = r"^/edge/\d+/$"
LAB, RUN = r"^/lab/[0-9a-f]{12}/$", r"^/lab/runs/[0-9a-f]{12}/$"
TRACE = r"^/traces/(?!at/)[^/]+/$"
RULE, CYCLE = (rf"^/{room}/[0-9a-f]{{12}}/$" for room in ("rules", "cycles"))
PULSE, SIGNS = "Who serves whom, second time", "Nine signs"
SCRIPT = r"^/scripts/solution_focused/$"
THEME = r"^/customers/mill-food/(?!code/|sentence/)[^/]+/$"
PAGES: dict[str, tuple[Kind, ...]] = {
    "": (
        at("/demo/"),
        at("/account/login/"),
        at("/keeps/"),
        at("/ticket/"),
        at("/say/none/"),
        at("/join/none/"),
        at("/w/"),
        at("/practise/"),
        at("/pocket/"),
        at("/nominated/none/"),
    ),
    "nadia": (
        at("/"),
        at("/asks/"),
        along("/", ASK),
        along("/", r"/promise/$"),
        along("/", r"/ask_back/$"),
        along("/asks/", r"/say_done/$"),
        Kind("/traces/", wait_until_screened),
        along("/traces/", TRACE),
        along("/traces/", TRACE, r"^/traces/[^/]+/ask/"),
        at("/pyramid/"),
        at("/pyramid/serves/"),
        at("/people/"),
        at("/people/nadia/"),
        at("/people/invite/"),
        at("/themes/"),
        at("/themes/confirm/"),
        at("/customers/mill-food/sentence/"),
        at("/readers/"),
        at("/lab/"),
        at("/lab/new/"),
        at("/lab/bring-in/"),
        along("/lab/", LAB),
        along("/lab/", LAB, "/draw/$"),
        along("/lab/", LAB, "/run/$"),
        along("/lab/", LAB, "/practise/"),
        Kind("/lab/ > result", _lab_result),
        Kind("/lab/ > film", _lab_film),
        Kind("join", _join),
    ),
    "ruth": (
        at("/"),
        at("/bring-in/"),
        Kind("dry run", _dry_run),
        at("/waves/"),
        at("/waves/new/"),
        at("/gaps/"),
        *(of_wave(PULSE, f"/{page}/$") for page in ("pairs", "since", "importance", "words")),
        of_wave(SIGNS),
        of_wave(SIGNS, r"\?at=Mill$"),
        *(of_wave(SIGNS, f"/{page}/$") for page in ("since", "importance", "drivers")),
        at("/instruments/"),
        at("/instruments/signs/"),
    ),
    "imke": (
        at("/"),
        at("/line-of-sight/"),
        at("/rules/"),
        at("/rules/new/"),
        along("/rules/", RULE),
        at("/barriers/"),
        at("/barriers/name/"),
        at("/plain-words/"),
        at("/cycles/"),
        at("/cycles/new/"),
        along("/cycles/", CYCLE),
        at("/workshops/"),
        at("/workshops/new/"),
        at("/scripts/"),
        *(along("/scripts/", SCRIPT, *more) for more in ((), (r"/in/es/$",), (r"/file/$",))),
    ),
    "oskar": (at("/"), at("/people/"), at("/people/maria/"), at("/people/tokens/")),
    "pilar": (at("/"), at("/pyramid/"), at("/customers/"), along("/party/laundry/", EDGE)),
    "maria": (
        Kind("/", wait_until_read),
        at("/pyramid/?place=Mill"),
        at("/party/mill-kitchen/"),
        at("/party/mill-dinner/"),
        along("/party/mill-kitchen/", EDGE),
        along("/", EDGE, r"/ask/$"),
        along("/", EDGE, r"/loop/$"),
        at("/customers/"),
        at("/customers/mill-food/"),
        along("/customers/mill-food/", THEME),
        at("/customers/mill-food/code/"),
        at("/asks/"),
        along("/", ASK),
        along("/", ASK, r"/withdraw/$"),
        Kind("ticket once", _ticket_once),
        Kind("ticket opened", _ticket_opened),
        Kind("say", _say),
        Kind("thanks", _thanks),
        at("/me/"),
        at("/find/"),
        at("/find/?q=kitchen"),
        at("/people/"),
        at("/account/password/change/"),
        at("/account/logout/"),
    ),
}
