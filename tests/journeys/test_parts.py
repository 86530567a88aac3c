"""Parts of a page that are drawn anew: what an answer late, lost or foreign does to them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from tests.journeys import workshop_phones as room
from tests.journeys.house import IN_A_BROWSER, House
from tests.journeys.test_day import handle, opened, time_of

pytestmark = IN_A_BROWSER
# Answers to what was sent, or asked for, with all that was drawn for them.
COUNTS_ANSWERS = """method => {
  const told = document.body.dataset;
  told.answers = 0;
  document.addEventListener("htmx:finally:request", ({ detail }) => {
    told.answers = Number(told.answers) + (detail.ctx.request.method === method);
  });
}"""
FALLEN = "<html><h1>Bad gateway</h1></html>"
KEPT = "what you typed is kept"


@pytest.fixture
def console(house: House, browser: Browser) -> Iterator[Page]:
    page = house.be("imke", browser, **room.TABLET)
    room.open_workshop(page, "In whatever order")
    room.press(page, "Begin")
    yield page
    page.context.close()


@pytest.fixture
def day(house: House, browser: Browser) -> Iterator[Page]:
    page = opened(house, browser, "A day of losses")
    yield page
    page.context.close()


def key(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def answered(page: Page, times: int) -> None:
    expect(page.locator("body")).to_have_attribute("data-answers", str(times))


def test_an_answer_that_comes_after_a_later_one_leaves_the_later(console: Page) -> None:
    """The first key's answer is on its way for long; the room, and its console, went on."""
    held: list[tuple[Route, APIResponse]] = []
    console.evaluate(COUNTS_ANSWERS, "POST")
    console.route("**/move/", lambda route: held.append((route, route.fetch())), times=1)
    key(console, "Open the cards")
    room.press(console, "Next step")
    answered(console, 1)
    [(route, answer)] = held
    assert "Next step" in answer.text()
    route.fulfill(response=answer)
    answered(console, 2)
    expect(console.get_by_text("step 2 of")).to_be_visible()
    expect(console.get_by_role("button", name="Next step")).to_have_count(0)


def test_a_drawing_that_was_asked_for_before_a_key_is_let_go(console: Page) -> None:
    """Somebody else's change makes the console read; the answer comes after the key's."""
    held: list[tuple[Route, APIResponse]] = []
    here = re.compile(r"/workshops/\w+/$")
    console.route(here, lambda route: held.append((route, route.fetch())), times=1)
    console.locator("#part").dispatch_event("changed")
    console.wait_for_timeout(1)  # lets the driver take the request
    room.press(console, "Open the cards")
    expect(console.get_by_role("button", name="Next step")).to_be_visible()
    console.evaluate(
        """() => { window.stale = 0; new MutationObserver(() => {
          window.stale += document.querySelector("[value=next]") === null;
        }).observe(document.querySelector("#part"), { childList: true, subtree: true }); }"""
    )
    [(route, answer)] = held
    assert "Next step" not in answer.text()
    console.evaluate(COUNTS_ANSWERS, "GET")
    route.fulfill(response=answer)
    expect(console.locator("body")).not_to_have_attribute("data-answers", "0")
    expect(console.get_by_role("button", name="Next step")).to_be_visible()
    assert console.evaluate("stale") == 0


def test_a_key_that_is_not_answered_says_so_and_can_be_pressed_again(console: Page) -> None:
    """Neither a proxy's page nor silence takes the console away."""
    console.evaluate(COUNTS_ANSWERS, "POST")
    console.route("**/move/", lambda route: route.fulfill(status=502, body=FALLEN), times=1)
    key(console, "Open the cards")
    expect(console.get_by_role("alert")).to_contain_text("No answer came")
    expect(console.get_by_role("alert")).to_be_in_viewport()
    console.route("**/move/", lambda route: route.abort(), times=1)
    key(console, "Open the cards")
    answered(console, 2)
    expect(console.get_by_role("alert")).to_have_count(1)
    expect(console.get_by_text("Bad gateway")).to_have_count(0)
    room.press(console, "Open the cards")
    expect(console.get_by_role("button", name="Next step")).to_be_visible()
    expect(console.get_by_role("alert")).to_have_count(0)


def test_a_reading_that_fails_is_asked_for_again(console: Page) -> None:
    here = re.compile(r"/workshops/\w+/$")
    console.route(here, lambda route: route.fulfill(status=502, body=FALLEN), times=1)
    with console.expect_response(lambda answer: bool(here.search(answer.url)) and answer.ok):
        console.locator("#part").dispatch_event("changed")
    console.route(here, lambda route: route.abort(), times=1)
    with console.expect_response(lambda answer: bool(here.search(answer.url)) and answer.ok):
        console.locator("#part").dispatch_event("changed")
    expect(console.get_by_text("Bad gateway")).to_have_count(0)


def test_a_console_whose_workshop_closed_elsewhere_shows_day_100(console: Page) -> None:
    """Another device closes the workshop: no page is drawn into a page."""
    other = console.context.new_page()
    other.goto(f"{console.url}closing/")
    other.get_by_label("Some leave without").check()
    other.get_by_role("button", name="Close the workshop").click()
    expect(console.locator("h1")).to_contain_text("We meet again on")
    expect(console.locator("main")).to_have_count(1)


@pytest.mark.parametrize("fails", ["page", "nothing"])
def test_words_whose_sending_failed_are_kept_and_stored_once(day: Page, fails: str) -> None:
    """They stay in their field while others change the day, and go when they are sent again."""

    def lost(route: Route) -> None:
        if fails == "page":
            route.fetch()  # stored, and the answer lost on its way back
            route.fulfill(status=502, body=FALLEN)
        else:
            route.abort()

    day.route("**/moments/", lost, times=1)
    day.get_by_label("Time", exact=True).fill("18:15")
    words = day.get_by_label("What happens")
    words.fill("A look at the card")
    words.press("Enter")
    expect(day.get_by_role("alert")).to_contain_text(KEPT)
    with day.expect_response(re.compile("/day/$")):
        day.locator("#part").dispatch_event("changed")
    expect(words).to_have_value("A look at the card")
    words.press("Enter")
    expect(words).to_have_value("")
    expect(day.get_by_role("alert")).to_have_count(0)
    expect(day.get_by_role("heading", name="A look at the card")).to_have_count(1)


def test_a_move_that_is_lost_is_not_shown_as_made(day: Page) -> None:
    day.route("**/move/", lambda route: route.abort(), times=1)
    handle(day, "Paying").focus()
    day.keyboard.press("ArrowRight")
    expect(day.get_by_role("alert")).to_be_in_viewport()
    expect(handle(day, "Paying")).to_have_attribute("aria-valuetext", "21:20")
    expect(time_of(day, "Paying")).to_have_text("21:20")


def test_who_is_signed_out_elsewhere_keeps_what_is_typed(day: Page) -> None:
    """A page that reads itself anew does not go to the sign-in while somebody types on it."""
    words = day.get_by_label("What happens")
    words.fill("A look at the card")
    day.context.clear_cookies()
    with day.expect_response(re.compile("/sign-in|/login|/demo")):
        day.locator("#part").dispatch_event("changed")
    expect(words).to_have_value("A look at the card")
    expect(day.locator("main")).to_have_count(1)


def test_a_look_that_a_newer_one_replaced_is_no_loss(house: House, browser: Browser) -> None:
    """Who ticks on while who answers with whom is reckoned is told nothing of the older look."""
    ruth = house.be("ruth", browser)
    ruth.goto("/waves/new/")
    ruth.get_by_label("What it is called").fill("Spring")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    ruth.route("**/waves/new/seats/", hold, times=1)
    where = ruth.get_by_label("Where")
    places = where.locator("option").evaluate_all("each => each.map(({ value }) => value)")
    where.select_option(places[1])
    with ruth.expect_response("**/waves/new/seats/"):
        where.select_option(places[2])
    expect(ruth.locator("#seats")).to_be_visible()
    assert len(held) == 1
    expect(ruth.get_by_text("No answer came")).to_have_count(0)
    ruth.route("**/waves/new/seats/", lambda route: route.abort(), times=1)
    where.select_option(places[1])
    expect(ruth.get_by_text("No answer came")).to_be_visible()
    ruth.context.close()
