"""Pages of a plan are for everybody: in light and dark, on a phone, by keyboard, within policy."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import plan_pages as plans
from tests.journeys.house import IN_A_BROWSER, PHONE, House
from tests.journeys.pages import Kind, at, follow
from tests.journeys.plan_pages import Have
from tests.journeys.test_access import MODES, findings
from tests.journeys.test_day import handle, time_of
from tests.journeys.test_keyboard import press, sign_in, tab_to, write
from tests.journeys.test_strictness import listen

pytestmark = IN_A_BROWSER

TOO_SMALL = """
[...document.querySelectorAll("main button, main summary, main input, main select")]
  .filter(each => !["checkbox", "radio", "hidden"].includes(each.type))
  .filter(each => each.offsetHeight > 0 && each.offsetHeight < 44)
  .map(each => each.outerHTML.slice(0, 120))"""


def of_plan(*links: str) -> Kind:
    """A page of the example's plan in action, reached by its links."""

    def go(page: Page) -> None:
        page.goto("/plans/")
        page.get_by_role("link", name="A Friday evening", exact=True).click()
        page.wait_for_url(re.compile(r"/plans/[0-9a-f]{12}/$"))
        follow(page, *links)

    return Kind(" > ".join(("A Friday evening", *links)), go)


IN_ACTION = (
    at("/plans/"),
    at("/plans/new/"),
    at("/plans/leading/"),
    at("/flows/planning/"),
    of_plan(),
    *(
        of_plan(f"/{page}/$")
        for page in (
            "question",
            "group",
            "day",
            "lines",
            "targets",
            "roll-out",
            "start",
            "roadmap",
            "pyramid",
            "results",
        )
    ),
    of_plan("/lines/$", r"/moments/"),
    of_plan("/results/$", r"/results/[0-9a-f]{12}/$"),
)


@pytest.fixture(scope="module")
def pages(house: House, browser: Browser) -> Iterator[list[Page]]:
    """One person at a desk in the light, and with a phone in the dark."""
    opened = [
        house.be("imke", browser, **screen, color_scheme=scheme, bypass_csp=True)
        for screen, scheme in MODES
    ]
    yield opened
    for page in opened:
        page.context.close()


@pytest.mark.parametrize("kind", IN_ACTION, ids=lambda kind: kind.name)
def test_pages_of_a_plan_in_action_are_open_to_everybody(pages: list[Page], kind: Kind) -> None:
    found = [*findings(kind, pages)]
    assert not found, "\n".join(found)
    assert pages[-1].evaluate(TOO_SMALL) == []


def test_pages_of_a_plan_in_action_keep_their_policy(house: House, browser: Browser) -> None:
    page = house.be("imke", browser)
    found = listen(page, house)
    for kind in IN_ACTION:
        kind.go(page)
    page.context.close()
    assert not found, "\n".join(found)


def test_a_plan_that_is_being_made_is_open_to_everybody(pages: list[Page]) -> None:
    """What only a plan in the making shows: empty pages, what is missing, forms unfolded."""
    desk = pages[0]
    plan = plans.open_plan(desk, "For everybody")
    empty = [at(f"{plan}{page}/") for page in ("", "question", "day", "lines", "start", "roll-out")]
    found = [each for kind in empty for each in findings(kind, pages)]
    plans.begin_day(desk, plan)
    desk.get_by_role("link", name="Food arrives", exact=True).click()
    plans.add_have(desk, "Floor", plans.WARM)
    plans.add_line(desk, "Floor", "Four plates together", column="do")
    moment = desk.url
    for page in pages:
        page.goto(moment)
        plans.change(page, plans.WARM.words)
    phone = pages[-1]
    phone.get_by_label("Change the words").fill("Hot plates")
    plans.reword(desk, "Warm plates until closing")
    expect(plans.line(desk, "Warm plates until closing")).to_be_visible()
    plans.reword(phone, "Hot plates")
    expect(phone.get_by_role("alert")).to_contain_text("Warm plates until closing")
    found += findings(Kind("as it stands", lambda _page: None), pages)
    for page in ("", "group/?who=maria", "day/", "lines/", "start/"):
        found += findings(at(f"{plan}{page}"), pages)
    assert not found, "\n".join(found)
    assert phone.evaluate(TOO_SMALL) == []


def test_a_plan_is_written_on_a_phone(house: House, browser: Browser) -> None:
    """Every tap finds its mark, and what was wrong is taken back, at 390 px."""
    phone = house.be("imke", browser, **PHONE)
    plan = plans.open_plan(phone, "In the hand")
    plans.begin_day(phone, plan, first=plans.EVENING, moments=9)
    phone.get_by_label("Time", exact=True).fill("22:10")
    phone.get_by_label("What happens").fill("Outside, in the rain")
    phone.get_by_role("button", name="Add it").tap()
    phone.get_by_role("link", name="Outside, in the rain").tap()
    phone.get_by_label("Floor", exact=True).select_option(label="in sight")
    phone.get_by_role("button", name="Keep who meets the customer").tap()
    plans.add_have(phone, "Floor", Have("An umbrella at the door", "Maintenance"))
    phone.get_by_role("button", name="Undo").tap()
    expect(plans.line(phone, "An umbrella at the door")).to_have_count(0)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    phone.context.close()


def test_a_plan_is_made_and_started_by_keyboard(house: House, browser: Browser) -> None:
    """From the list of plans until it is in action, with the focus seen at every step."""
    page = sign_in(house, browser, "Imke")
    page.goto("/plans/")
    press(page, page.get_by_role("link", name="Open a plan"))
    write(page, "What you call it", "Without a mouse")
    tab_to(page, page.get_by_label("Whose day it is about"))
    page.keyboard.type("Dinner guests at Mill")
    write(page, "Where", "Mill")
    press(page, page.get_by_role("button", name="Open the plan"))
    write(page, "Whom do we serve first", "The dish room: dry racks before the second sitting.")
    press(page, page.get_by_role("button", name="Keep it"))
    press(page, plans.step(page, "The day").get_by_role("link").first)
    _enter(page, page.get_by_role("button", name=plans.OWN))
    expect(page.get_by_role("heading", level=3)).to_have_count(10)
    tab_to(page, handle(page, "Paying"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(time_of(page, "Paying")).to_have_text("21:25")

    page.reload()
    press(page, page.get_by_role("link", name="Food arrives", exact=True))
    have = plans.needs(page, "Floor").get_by_label("They have")
    tab_to(page, have)
    page.keyboard.type(plans.WARM.words)
    tab_to(page, plans.needs(page, "Floor").get_by_label("From whom"))
    page.keyboard.type(plans.WARM.provider)
    _enter(page, plans.needs(page, "Floor").get_by_role("button", name="Add").first)
    expect(plans.line(page, plans.WARM.words)).to_contain_text("Kitchen")
    page.reload()
    press(page, plans.step(page, "Start").get_by_role("link"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("It can start")
    press(page, page.get_by_role("button", name="Start the plan"))
    expect(page.get_by_role("status")).to_contain_text("In action.")
    page.context.close()


def _enter(page: Page, wanted: Locator) -> None:
    tab_to(page, wanted)
    page.keyboard.press("Enter")
