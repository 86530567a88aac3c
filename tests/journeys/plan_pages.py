"""What people do with a plan, by what they read and press."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.house import House

OWN = "Your own touchpoints"
EVENING = "An evening in a restaurant"


class Have(NamedTuple):
    """What those have who serve: words, from whom, and what it makes possible."""

    words: str
    provider: str = ""
    enables: str = ""


WARM = Have("Warm plates until ten", "Kitchen")


def days_on(days: int) -> str:
    """A day from now, as a date field takes it."""
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011


def open_plan(page: Page, name: str, *, place: str = "Mill") -> str:
    """From the list of plans to the question of a new one; gives the address of the plan."""
    page.goto("/plans/")
    page.get_by_role("link", name="Open a plan").click()
    page.get_by_label("What you call it").fill(name)
    page.get_by_label("Whose day it is about").select_option(label="Dinner guests at Mill")
    page.get_by_label("Where").fill(place)
    page.get_by_role("button", name="Open the plan").click()
    page.wait_for_url(re.compile(r"/plans/\w+/question/$"))
    return page.url.removesuffix("question/")


def begin_day(page: Page, plan: str, *, first: str = OWN, moments: int = 10) -> None:
    """Put the moments of a template on an empty day."""
    page.goto(f"{plan}day/")
    page.get_by_role("button", name=first).click()
    expect(page.get_by_role("heading", level=3)).to_have_count(moments)


def step(page: Page, name: str) -> Locator:
    """A step at the head of every page of a plan; its first page says more of each."""
    steps = page.locator(".plan-steps, .plan-way").get_by_role("listitem")
    return steps.filter(has=page.get_by_role("link", name=name, exact=True))


def go_to_step(page: Page, name: str) -> None:
    step(page, name).get_by_role("link").first.click()
    expect(page.get_by_role("navigation", name="Steps of this plan")).to_be_visible()


def needs(page: Page, party: str) -> Locator:
    """What a party needs to be, do and have at the moment that is open."""
    return page.get_by_role("region", name=f"What {party} needs to be, do and have")


def line(page: Page, words: str) -> Locator:
    """A line as it stands at its moment."""
    return page.locator("#bdh li[id]").filter(has=page.get_by_text(words, exact=True))


def add_have(page: Page, party: str, have: Have) -> Locator:
    """Write a HAVE down, unfolding the form where it is folded."""
    form = unfolded(page, party, "Add what they have")
    form.get_by_label("They have").fill(have.words)
    if have.provider:
        form.get_by_label("From whom").select_option(label=have.provider)
    if have.enables:
        form.get_by_label("So that they can").select_option(label=have.enables)
    return _added(page, form, have.words)


def add_line(page: Page, party: str, words: str, *, column: str) -> Locator:
    """Write down what they do, or how they are."""
    fold, label = {
        "do": ("Add what they do", "They do"),
        "be": ("Add how they are", "They are"),
    }[column]
    form = unfolded(page, party, fold)
    form.get_by_label(label).fill(words)
    return _added(page, form, words)


def change(page: Page, words: str) -> None:
    """Open the form that changes a line."""
    line(page, words).get_by_role("link", name=re.compile("^(Change|Find who could)")).click()
    expect(page.get_by_label("Change the words")).to_have_value(words)


def reword(page: Page, words: str) -> None:
    """Give the line that is open other words."""
    form = page.locator("#bdh form").filter(has=page.get_by_label("Change the words"))
    form.get_by_label("Change the words").fill(words)
    form.get_by_role("button", name="Keep it").click()


def unfolded(page: Page, party: str, fold: str) -> Locator:
    """The form that adds to one column of a party, open."""
    details = needs(page, party).locator("details").filter(has_text=fold)
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    return details.locator("form")


def _added(page: Page, form: Locator, words: str) -> Locator:
    form.get_by_role("button", name="Add").click()
    added = line(page, words)
    expect(added).to_be_visible()
    return added


def seat(page: Page, name: str, *, username: str = "") -> None:
    """Give somebody a seat, from the list or by user name."""
    if username:
        page.get_by_label("Somebody else, by user name").fill(username)
        page.get_by_role("button", name="Look").click()
        page.wait_for_url(f"**/group/?who={username}")
    page.get_by_role("button", name=re.compile(f"^Give a seat.*{name}")).first.click()
    taken = page.get_by_role("button", name=re.compile(f"^Take the seat away.*{name}"))
    expect(taken).to_be_visible()


def add_outcome(page: Page, *, side: str, figure: str, better: str, unit: str) -> Locator:
    """Name one side of the pair that waits for it."""
    page.get_by_label("Whose side").select_option(label=side)
    page.get_by_label("Seen by which figure").select_option(label=figure)
    page.get_by_label("Better is").select_option(label=better)
    page.get_by_label("In (optional)").fill(unit)
    page.get_by_role("button", name="Add the outcome").click()
    row = outcome(page, figure)
    expect(row).to_be_visible()
    return row


def outcome(page: Page, figure: str) -> Locator:
    return page.locator("main li[id]").filter(has_text=f": {figure}")


def measure_baseline(page: Page, figure: str) -> None:
    outcome(page, figure).get_by_role("button", name="Measure the baseline").click()
    expect(outcome(page, figure)).to_contain_text("Baseline, weeks from")


def set_target(page: Page, figure: str, value: str, *, days: int = 90) -> None:
    row = outcome(page, figure)
    row.get_by_text("Set a target", exact=True).click()
    row.get_by_label("Target").fill(value)
    row.get_by_label("by", exact=True).fill(days_on(days))
    row.get_by_role("button", name="Set the target").click()
    expect(outcome(page, figure)).to_contain_text(f"Target: {value} by")


def draw_lots(
    page: Page, houses: Sequence[str], teams: Sequence[str], *, steps: int, seed: int
) -> None:
    """Say which teams of which houses take part, and deal them to steps."""
    page.locator("summary", has_text="Team by team").click()
    for name in (*houses, *teams):
        page.get_by_label(name, exact=True).check()
    page.get_by_role("button", name="These take part").click()
    units = len(houses) * len(teams)
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{units} units take part.")
    page.get_by_label("In how many steps").fill(str(steps))
    page.get_by_label("The first begins on").fill(days_on(7))
    page.get_by_label("Number that draws the lots").fill(str(seed))
    page.get_by_role("button", name="Draw the lots").click()
    expect(page.get_by_text(f"Dealt by lot with the number {seed}")).to_be_visible()


def written_plan(house: House, browser: Browser, name: str) -> tuple[Page, str]:
    """A plan on whose day one HAVE of the floor stands, open at its moment; and its address."""
    page = house.be("imke", browser)
    plan = open_plan(page, name)
    begin_day(page, plan)
    page.get_by_role("link", name="Food arrives", exact=True).click()
    add_have(page, "Floor", WARM)
    return page, plan
