"""The facilitator's console shows where the room is, whatever the network does to its answers."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from tests.journeys import workshop_phones as room
from tests.journeys.house import IN_A_BROWSER, House

pytestmark = IN_A_BROWSER
# Answers to keys, with all that was drawn for them.
COUNTS_ANSWERS = """() => { window.answers = 0; document.addEventListener("htmx:finally:request",
  ({ detail }) => { window.answers += detail.ctx.request.method === "POST"; }); }"""


@pytest.fixture
def imke(house: House, browser: Browser) -> Iterator[Page]:
    page = house.be("imke", browser, **room.TABLET)
    room.open_workshop(page, "In whatever order")
    room.press(page, "Begin")
    yield page
    page.context.close()


def key(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_an_answer_that_comes_after_a_later_one_changes_nothing(imke: Page) -> None:
    """The first key's answer is on its way for long; the room, and the console, went on."""
    held: list[tuple[Route, APIResponse]] = []
    imke.evaluate(COUNTS_ANSWERS)
    imke.route("**/move/", lambda route: held.append((route, route.fetch())), times=1)
    key(imke, "Open the cards")
    room.press(imke, "Next step")
    imke.wait_for_function("answers === 1")
    [(route, answer)] = held
    assert "Next step" in answer.text()
    route.fulfill(response=answer)
    imke.wait_for_function("answers === 2")
    expect(imke.get_by_role("button", name="Next step")).to_have_count(0)
    expect(imke.get_by_text("step 2 of")).to_be_visible()


def test_a_console_that_was_not_answered_asks_again(imke: Page) -> None:
    """The house is away while a key is pressed; nothing else stands on the page meanwhile."""
    imke.route("**/move/", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    imke.evaluate(COUNTS_ANSWERS)
    key(imke, "Open the cards")
    imke.wait_for_function("answers === 1")
    expect(imke.get_by_text("Bad gateway")).to_have_count(0)
    imke.unroute("**/move/")
    with imke.expect_response(re.compile(r"/workshops/\w+/$")):
        imke.route("**/move/", lambda route: route.abort(), times=1)
        key(imke, "Open the cards")
    room.press(imke, "Open the cards")
    expect(imke.get_by_role("button", name="Next step")).to_be_visible()


def test_a_console_whose_workshop_closed_elsewhere_shows_day_100(imke: Page) -> None:
    """Another device closes the workshop: no page is drawn into a page."""
    other = imke.context.new_page()
    other.goto(f"{imke.url}closing/")
    other.get_by_label("Some leave without").check()
    other.get_by_role("button", name="Close the workshop").click()
    expect(imke.locator("h1")).to_contain_text("We meet again on")
    expect(imke.locator("main")).to_have_count(1)
