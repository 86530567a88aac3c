"""From an empty plan to a result; and what becomes of a line that two people write at once."""

import csv
import io
import json
import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys import plan_pages as plans
from tests.journeys import steps
from tests.journeys.house import IN_A_BROWSER, House
from tests.journeys.plan_pages import Have
from tests.journeys.test_day import handle, time_of, undo
from tests.journeys.wave_steps import run

pytestmark = IN_A_BROWSER

ANSWER = "The floor and the dish room. With plates at hand nobody has to say sorry."
PLATES = Have("A word from the pass before a plate is late", "Kitchen", "Four plates together")
TRAYS = Have("Trays whose handles hold", "Maintenance")
RUNNER = Have("A second runner after eight")


def test_a_plan_goes_from_nothing_into_action(house: House, browser: Browser) -> None:
    imke = house.be("imke", browser)
    plan = _ask_the_question(imke)
    _call_the_group(imke)
    _write_the_day(imke)
    _write_be_do_have(imke)
    _set_targets_in_pairs(imke)
    _propose_the_roll_out(imke)
    _start(imke)
    _ask_promise_do_judge(house, browser, plan)
    _says_when_a_result_comes(imke, plan)
    _takes_it_home(imke, plan)
    imke.context.close()


def _ask_the_question(imke: Page) -> str:
    plan = plans.open_plan(imke, "A Saturday at Mill")
    expect(plans.step(imke, "The question")).to_have_attribute("aria-current", "step")
    imke.get_by_label("Whom do we serve first").fill(ANSWER)
    imke.get_by_role("button", name="Keep it").click()
    imke.wait_for_url(plan)
    expect(imke.get_by_role("heading", level=1)).to_contain_text("2 things are missing")
    expect(imke.locator("main blockquote")).to_have_text(ANSWER)
    return plan


def _call_the_group(imke: Page) -> None:
    plans.go_to_step(imke, "The group")
    heading = imke.get_by_role("heading", level=1)
    plans.seat(imke, "Nadia")
    expect(heading).to_contain_text("1 function is at the table.")
    expect(heading).to_contain_text("ask those who are missing.")
    call = imke.get_by_role("region", name="Who could come")
    expect(call).to_contain_text(re.compile("Missing:.*Floor"))
    expect(plans.step(imke, "The group")).to_have_attribute("aria-current", "step")
    plans.seat(imke, "Maria", username="maria")
    plans.seat(imke, "Dragan", username="dragan")
    expect(heading).to_have_text("3 functions are at the table.")


def _write_the_day(imke: Page) -> None:
    plans.go_to_step(imke, "The day")
    imke.get_by_role("button", name=plans.OWN).click()
    expect(imke.get_by_role("heading", level=3)).to_have_count(10)
    imke.get_by_label("Time", exact=True).fill("18:10")
    imke.get_by_label("What happens").fill("Getting a taxi")
    imke.get_by_role("button", name="Add it").click()
    expect(imke.get_by_role("heading", level=1)).to_contain_text("in 11 moments.")
    _drag(imke, "Finding a table", by=80)
    expect(time_of(imke, "Finding a table")).not_to_have_text("17:40")
    handle(imke, "Paying").focus()
    imke.keyboard.press("ArrowRight")
    expect(time_of(imke, "Paying")).to_have_text("21:25")
    _say_who_is_there(imke)


def _say_who_is_there(imke: Page) -> None:
    """Moments at which nobody meets the customer are flagged until somebody does."""
    flagged = imke.locator(".day > li", has_text="nobody meets the customer here")
    expect(flagged.filter(has_text="Getting a taxi")).to_be_visible()
    expect(imke.get_by_role("heading", level=1)).to_contain_text("nobody meets them")
    expect(plans.step(imke, "The day")).to_have_attribute("aria-current", "step")
    day = imke.url
    for name in flagged.get_by_role("heading").all_inner_texts():
        imke.get_by_role("link", name=name, exact=True).click()
        heading = imke.get_by_role("heading", level=1)
        expect(heading).to_contain_text("Nobody meets the customer here.")
        imke.get_by_label("Host stand", exact=True).select_option(label="in sight")
        imke.get_by_role("button", name="Keep who meets the customer").click()
        expect(plans.needs(imke, "Host stand")).to_be_visible()
        imke.goto(day)
    expect(flagged).to_have_count(0)
    expect(plans.step(imke, "Be, do, have")).to_have_attribute("aria-current", "step")


def _drag(page: Page, name: str, *, by: int) -> None:
    circle = handle(page, name).locator("circle")
    circle.scroll_into_view_if_needed()
    box = circle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=8)
    expect(page.locator(".tip")).to_contain_text(name)
    page.mouse.up()


def _write_be_do_have(imke: Page) -> None:
    """First what they have; then what they do; a HAVE draws an edge, is a gap, or an orphan."""
    imke.get_by_role("link", name="Food arrives", exact=True).click()
    floor = plans.needs(imke, "Floor")
    expect(floor.get_by_text("Opens after the first HAVE.")).to_have_count(2)
    expect(imke.get_by_text("Add what they do")).to_have_count(0)
    added = plans.add_have(imke, "Floor", RUNNER)
    expect(added).to_contain_text("no provider yet")
    plans.add_line(imke, "Floor", "Four plates together", column="do")
    plans.add_line(imke, "Floor", "proud of what they carry", column="be")
    edge = plans.add_have(imke, "Floor", TRAYS).get_by_role("link", name="Maintenance")
    drawn = edge.get_attribute("href") or ""
    expect(plans.line(imke, TRAYS.words)).to_contain_text("makes no promise to a customer possible")
    added = plans.add_have(imke, "Floor", PLATES)
    expect(added).to_contain_text("so that: Four plates together")

    at_moment = imke.url
    imke.goto(drawn)
    expect(imke.get_by_role("heading", level=1)).to_contain_text(TRAYS.provider)
    expect(imke.locator("main")).to_contain_text(TRAYS.words)
    imke.goto(at_moment)
    plans.go_to_step(imke, "Be, do, have")
    heading = imke.get_by_role("heading", level=1)
    expect(heading).to_contain_text("1 gap: a HAVE that nobody gives.")
    expect(heading).to_contain_text("2 orphans name no promise to the customer.")
    imke.get_by_label("gaps").check()
    imke.get_by_role("button", name="Show", exact=True).click()
    expect(imke.locator("main tbody tr")).to_have_count(1)
    expect(imke.locator("main tbody tr")).to_contain_text(RUNNER.words)


def _set_targets_in_pairs(imke: Page) -> None:
    pass
def _propose_the_roll_out(imke: Page) -> None:
    pass
def _start(imke: Page) -> None:
    pass
def _ask_promise_do_judge(*a) -> None:
    pass
def _says_when_a_result_comes(*a) -> None:
    pass
def _takes_it_home(*a) -> None:
    pass
