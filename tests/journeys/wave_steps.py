"""What people do with a wave, by what they read and press."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import steps
from tests.journeys.house import PHONE, House


class OpenWave(NamedTuple):
    """A wave as the page shows it once, right after it opened."""

    ref: str
    codes: tuple[str, ...]
    first_cards: tuple[str, ...]
    last_screen: str


def open_wave(
    page: Page, title: str, *, asks: str = "Pulse", place: str = "", edges: Sequence[str] = ()
) -> OpenWave:
    """Draft a wave over one house or over some edges, see who answers with whom, and open it."""
    page.goto("/waves/")
    page.get_by_role("link", name=re.compile("^Draft")).click()
    page.get_by_label("What it is called").fill(title)
    page.get_by_text(asks, exact=True).click()
    if place:
        page.get_by_label("Where").select_option(place)
    if edges:
        page.locator("summary", has_text="Which relationships").click()
    for edge in edges:
        with page.expect_response("**/waves/new/seats/"):
            page.get_by_label(edge, exact=True).check()
    seats = page.locator("#seats")
    for edge in edges:
        expect(seats).to_contain_text(edge.split(" → ")[0])
    page.get_by_role("button", name="Open the wave and make the cards").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The wave is open.")
    return _opened(page)


def _opened(page: Page) -> OpenWave:
    ref = page.get_by_role("link", name="What everybody is promised").get_attribute("href") or ""
    codes = page.locator("input[name=code]").evaluate_all("all => all.map(each => each.value)")
    with page.context.expect_page() as printed:
        page.get_by_role("button", name="Print the cards").first.click()
    cards = printed.value.locator(".cards .address").all_inner_texts()
    printed.value.close()
    screen = page.get_by_role("link", name="Show the code on a screen").last.get_attribute("href")
    return OpenWave(ref.split("/")[2], tuple(codes), tuple(cards), screen or "")


def phone(house: House, browser: Browser, card: str) -> Page:
    """A phone of somebody without an account, on which a card was opened."""
    page = house.context(browser, **PHONE).new_page()
    page.goto(card)
    return page


def take_card(house: House, browser: Browser, screen: str) -> Page:
    """A phone that came to the code on a screen."""
    wall = house.context(browser).new_page()
    wall.goto(screen)
    link = wall.locator("figcaption").inner_text().strip()
    wall.context.close()
    page = phone(house, browser, link)
    page.get_by_role("button", name="Take a card").click()
    return page


def answer_all(page: Page, *, step: int, words: str = "") -> None:
    """Go through a sheet from its promise to the look back, one question after the other."""
    page.get_by_role("button", name="Begin").click()
    here = page.locator("fieldset.step:visible")
    while here.count():
        if here.locator("textarea").count():
            here.locator("textarea").fill(words)
            if words:
                expect(here).to_contain_text("These words may show who you are:")
        else:
            here.get_by_role("radio").nth(step).check(force=True)
        page.locator("footer.thumb button:last-child").click()


def answer_rest(house: House, wave: OpenWave, said: Mapping[str, Any]) -> None:
    """Let everybody else answer, as a box of cards that came back on one day."""
    command = [sys.executable, Path(__file__).with_name("ballots.py"), *wave.codes]
    done = subprocess.run(
        command,
        env=house.environment(),
        input=json.dumps(said),
        text=True,
        check=False,
        capture_output=True,
    )
    assert done.returncode == 0, done.stderr


def end_wave(page: Page, wave: OpenWave) -> None:
    """Take no more answers; the worker counts them in a process of its own."""
    page.goto(f"/waves/{wave.ref}/")
    page.get_by_role("link", name="Close it now").click()
    page.get_by_role("button", name="Close it now").click()
    expect(page.get_by_role("status")).to_contain_text("The wave takes no more answers.")


def wait_until_counted(page: Page, wave: OpenWave) -> None:
    """The page of a wave leads on to what it found once that is counted."""
    page.goto(f"/waves/{wave.ref}/")
    steps.reload_until(page, page.get_by_role("navigation", name="Pages of this wave"))


def run(house: House, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command of the house on the same data."""
    command = [Path(sys.executable).with_name("upturn"), *words]
    return subprocess.run(
        command, env=house.environment() | {"COLUMNS": "120"}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def row_of(page: Page, server: str, served: str) -> Locator:
    """The row of an edge on a page of a closed wave."""
    named = re.compile(f"{re.escape(server)}.*{re.escape(served)}")
    return page.locator("tbody tr").filter(has_text=named).first
