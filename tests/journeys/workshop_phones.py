"""A workshop as a room sees it: a facilitator's tablet, a screen, and phones without an account."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.journeys.house import PHONE, House

TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}}
PROJECTOR: dict[str, Any] = {"viewport": {"width": 1920, "height": 1080}}
BACK_MS = 40_000
"""How long a phone may take to come back to a house that was cut off and began again."""


def open_workshop(page: Page, name: str) -> str:
    """Open a workshop from the list; gives the address of its console."""
    page.goto("/workshops/")
    page.get_by_role("link", name="Open a workshop").click()
    page.get_by_label("What you call it").fill(name)
    page.get_by_role("button", name="Open it").click()
    page.wait_for_url(re.compile(r"/workshops/\w{12,}/$"))
    return page.url


def code_of(console: Page) -> str:
    return console.locator(".join").inner_text()


def screen(house: House, browser: Browser, console: Page, **how: Any) -> Page:
    """The projector, which nobody signs in at, by the address that the console shows."""
    console.get_by_text("A screen without a sign-in").click()
    address = console.locator("details p[dir=ltr]").inner_text()
    page = house.context(browser, **PROJECTOR | how).new_page()
    page.goto(address)
    return page


def come_in(house: House, browser: Browser, code: str, *, expert: bool = False, **how: Any) -> Page:
    """A phone that types the code, reads what is kept, and comes in; in whatever language."""
    page = house.context(browser, **PHONE | how).new_page()
    page.goto("/w/")
    page.locator("#code").fill(code.lower())
    page.locator("button.go").click()
    expect(page.locator("dl.promise dt")).to_have_count(3)
    if expert:
        page.locator("#expert").check()
    page.locator("button.go").click()
    page.wait_for_url("**/workshop/")
    return page


def step(page: Page, at: int) -> Locator:
    return page.locator(f"section[data-step='{at}']")


def field(page: Page, at: int) -> Locator:
    return step(page, at).locator("form[data-card] textarea")


def write(page: Page, at: int, words: str) -> None:
    """Type a card and press, without looking whether it arrived."""
    expect(field(page, at)).to_be_visible()
    field(page, at).fill(words)
    page.locator("[data-hand-in]").click()


def hand_in(page: Page, at: int, words: str) -> None:
    """Type a card, hand it in, and see that it is in."""
    write(page, at, words)
    expect(waits(page)).to_be_hidden()
    expect(own(page, at).filter(has_text=words)).to_be_visible()


def own(page: Page, at: int) -> Locator:
    """What a phone handed in at a step, as it shows it."""
    return page.locator(f"[data-own='{at}'] li")


def waits(page: Page) -> Locator:
    """What a phone says while something on it could not be sent."""
    return page.locator("[data-waits]")


def that_was_all(page: Page) -> None:
    done = page.locator("[data-done] button")
    done.click()
    expect(done).to_be_hidden()


def wall(page: Page, at: int) -> Locator:
    """The cards of a step on a phone, or on the screen."""
    return page.locator(f"[data-wall='{at}'] li, div[data-step='{at}'] [data-cards] li")


def press(console: Page, name: str) -> None:
    """A key of the console; its own answer is waited for, and says that the room moved."""
    key = console.get_by_role("button", name=name)
    move = key.get_attribute("value")
    with console.expect_response(lambda answer: move_of(answer.request) == move) as moved:
        key.click()
    assert moved.value.ok, moved.value.text()


def move_of(request: Request) -> str | None:
    """The move that a key of the console asks for."""
    if request.method != "POST" or not request.url.endswith("/move/"):
        return None
    return parse_qs(request.post_data or "")["move"][0]


def at_step(pages: list[Page], at: int) -> None:
    for page in pages:
        expect(page.locator(f"[data-step='{at}']").first).to_be_visible()


def own_statement(console: Page, words: str, *, owner: str, first: str, sign: str) -> None:
    """Say who carries a statement, what comes first and by what it is noticed."""
    each = statement(console, words)
    each.get_by_label("Who carries it").fill(owner)
    each.get_by_label("The first small step").fill(first)
    each.get_by_label("The sign").fill(sign)
    each.get_by_role("button", name="Keep it").click()
    expect(statement(console, words)).to_contain_text("It has what it needs.")


def statement(page: Page, words: str) -> Locator:
    return page.locator("main section").filter(has=page.get_by_role("heading", name=words))


def judge(page: Page, words: str, *, outcome: str, evidence: str) -> None:
    each = statement(page, words)
    each.get_by_text(outcome, exact=True).click()
    each.get_by_label("What shows it").fill(evidence)
    each.get_by_role("button", name="Keep it").click()
    expect(statement(page, words).locator(".verdict")).to_have_text(outcome)


def let_pass(house: House, console: str, *, days: int) -> None:
    """Let days pass for the workshop at an address, in another process."""
    ref = console.rstrip("/").rpartition("/")[2]
    command = [sys.executable, Path(__file__).with_name("travel.py"), ref, str(days)]
    subprocess.run(command, env=house.environment(), check=True)
