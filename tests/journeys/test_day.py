"""The customer's day in a browser: begun, moved by hand and by key, written by two at once."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.house import IN_A_BROWSER, PHONE, House

pytestmark = IN_A_BROWSER


def opened(house: House, browser: Browser, name: str, **options: object) -> Page:
    """A day begun from the touchpoints of dinner guests at Mill."""
    page = house.be("imke", browser, **options)
    page.goto("/plans/new/")
    page.get_by_label("What you call it").fill(name)
    page.get_by_label("Whose day it is about").select_option(label="Dinner guests at Mill")
    page.get_by_label("Where").fill("Mill")
    page.get_by_role("button", name="Open").first.click()
    page.wait_for_url(re.compile(r"/plans/\w+/question/"))
    page.goto(page.url.replace("question/", "day/"))
    page.get_by_role("button", name="Your own touchpoints").click()
    expect(page.get_by_role("heading", level=3)).to_have_count(10)
    return page


def handle(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def time_of(page: Page, name: str) -> Locator:
    return page.locator(".day > li", has=page.get_by_role("link", name=name, exact=True)).locator(
        "time"
    )


def undo(page: Page) -> None:
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()


def test_a_moment_is_moved_with_the_keyboard_and_it_is_said(house: House, browser: Browser) -> None:
    page = opened(house, browser, "Keys")
    paying = handle(page, "Paying")
    paying.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    expect(paying).to_have_attribute("aria-valuetext", "20:55")
    expect(time_of(page, "Paying")).to_have_text("20:55")
    expect(page.locator("#said")).to_have_text("Paying, now 20:55")
    expect(handle(page, "Paying")).to_be_focused()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Escape")
    expect(handle(page, "Paying")).to_have_attribute("aria-valuetext", "20:55")
    page.keyboard.press("z")
    expect(time_of(page, "Paying")).to_have_text("21:20")
    page.context.close()


def test_a_moment_is_dragged_and_put_back(house: House, browser: Browser) -> None:
    page = opened(house, browser, "Hands")
    circle = handle(page, "Finding a table").locator("circle")
    circle.scroll_into_view_if_needed()
    box = circle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=4)
    page.mouse.move(x + 80, y, steps=4)
    expect(page.locator(".tip")).to_contain_text("Finding a table")
    page.mouse.up()
    expect(time_of(page, "Finding a table")).not_to_have_text("17:40")
    undo(page)
    expect(time_of(page, "Finding a table")).to_have_text("17:40")
    page.context.close()


def test_moments_are_added_one_after_the_other_without_leaving_the_keyboard(
    house: House, browser: Browser
) -> None:
    page = opened(house, browser, "Adding")
    for at, name in (("18:10", "Getting a taxi"), ("18:40", "Looking at the card outside")):
        page.get_by_label("Time", exact=True).fill(at)
        page.get_by_label("What happens").fill(name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=name)).to_be_visible()
        expect(page.get_by_label("Time", exact=True)).to_be_focused()
        expect(page.get_by_label("What happens")).to_have_value("")
    expect(page.get_by_role("heading", level=3)).to_have_count(12)
    page.context.close()


def test_a_move_of_somebody_else_comes_in_and_leaves_what_is_typed(
    house: House, browser: Browser
) -> None:
    imke = opened(house, browser, "Together")
    ruth = house.be("ruth", browser)
    ruth.goto(imke.url)
    with ruth.expect_event("console", lambda said: said.text == "open"):
        ruth.evaluate(
            "new EventSource('/live/?topic=organisation').onopen = () => console.log('open')"
        )
    ruth.get_by_label("What happens").fill("A song for the bir")
    handle(imke, "Paying").focus()
    imke.keyboard.press("ArrowRight")
    expect(time_of(ruth, "Paying")).to_have_text("21:25")
    expect(ruth.get_by_label("What happens")).to_have_value("A song for the bir")
    expect(ruth.get_by_label("What happens")).to_be_focused()
    for page in (imke, ruth):
        page.context.close()


def test_whoever_moves_second_sees_both_times(house: House, browser: Browser) -> None:
    imke = opened(house, browser, "Both")
    ruth = house.be("ruth", browser)
    ruth.goto(imke.url)
    ruth.route("**/live/**", lambda route: route.abort())  # so that she hears of nothing
    ruth.reload()
    handle(imke, "Paying").focus()
    imke.keyboard.press("ArrowRight")
    expect(time_of(imke, "Paying")).to_have_text("21:25")
    handle(ruth, "Paying").focus()
    ruth.keyboard.press("ArrowLeft")
    expect(ruth.get_by_role("alert")).to_contain_text(
        "“Paying” stands at 21:25; you put it at 21:15"
    )
    ruth.get_by_role("button", name="Put it at 21:15 all the same").click()
    expect(time_of(ruth, "Paying")).to_have_text("21:15")
    expect(time_of(imke, "Paying")).to_have_text("21:15")
    for page in (imke, ruth):
        page.context.close()


def test_be_do_have_are_written_one_after_the_other_and_change_back(
    house: House, browser: Browser
) -> None:
    page = opened(house, browser, "Lines")
    page.get_by_role("link", name="Food arrives", exact=True).click()
    floor = page.get_by_role("region", name="What Floor needs to be, do and have")
    expect(floor.get_by_text("Opens after the first HAVE.")).to_have_count(2)
    for words, provider in (("Warm plates until ten", "Dish room"), ("A second runner", None)):
        floor.get_by_label("They have").fill(words)
        if provider:
            floor.get_by_label("From whom").select_option(label=provider)
        floor.get_by_label("They have").press("Enter")
        expect(floor.locator("li > p", has_text=words)).to_be_visible()
        expect(floor.get_by_label("They have")).to_have_value("")
    expect(floor.get_by_text("no provider yet")).to_be_visible()
    floor.get_by_text("Add what they do").click()
    floor.get_by_label("They do").fill("Four plates together")
    floor.get_by_label("They do").press("Enter")
    expect(floor.locator("li > p", has_text="Four plates together")).to_be_visible()
    undo(page)
    expect(floor.locator("li > p", has_text="Four plates together")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_the_day_without_moving_sideways(
    house: House, browser: Browser, scheme: str
) -> None:
    page = opened(house, browser, f"Phone {scheme}", **PHONE, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    expect(page.locator(".day-line").first).to_be_hidden()
    expect(page.locator(".dot-row").first).to_be_visible()
    page.context.close()


def test_a_day_is_written_without_script(house: House, browser: Browser) -> None:
    page = opened(house, browser, "Scripted")
    plain = house.be("imke", browser, java_script_enabled=False)
    plain.goto(page.url)
    expect(plain.locator("svg.rail")).to_be_hidden()
    plain.get_by_label("Time", exact=True).fill("18:15")
    plain.get_by_label("What happens").fill("A look at the card")
    plain.get_by_role("button", name="Add it").click()
    plain.get_by_role("link", name="A look at the card").click()
    plain.get_by_label("Time", exact=True).fill("18:25")
    plain.get_by_role("button", name="Keep the moment").click()
    expect(plain.get_by_role("heading", level=1)).to_contain_text("18:25, A look at the card")
    plain.get_by_role("button", name="Undo").click()
    expect(time_of(plain, "A look at the card")).to_have_text("18:15")
    for each in (page, plain):
        each.context.close()
