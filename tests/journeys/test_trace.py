"""From Monday's alarm to a trace that the asking side has confirmed, and to one that cannot tell.

Nothing here knows what was planted: everybody follows what the pages say.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys import axe, steps
from tests.journeys.house import IN_A_BROWSER, House
from tests.journeys.test_access import MODES
from tests.journeys.test_keyboard import press, tab_to
from tests.journeys.test_story import let_pass

pytestmark = IN_A_BROWSER

FITS = "The pattern fits a change at"
CLOSED = re.compile(r"(\d+) (?:is|are) closed, (\d+)")


def test_an_alarm_comes_back_as_a_confirmed_trace(house: House, browser: Browser) -> None:
    words = "One evening, together, at the machine itself."
    nadia = house.be("nadia", browser)
    steps.wait_until_screened(nadia)
    _open_alarm_at_home(nadia)
    _says_what_a_trace_must(nadia)
    trace, before = nadia.url, _closed(nadia)

    way = _ask_buttons(nadia).first
    expect(way).to_have_text(re.compile("^Ask: .+ serves .+"))
    way.click()
    server, served = _both_sides(nadia)
    asking, serving = (_leader_of(party, house, browser) for party in (served, server))
    asking.goto(nadia.url)
    steps.ask_with_trace(asking, words)
    expect(asking.get_by_role("status")).to_contain_text("with the trace")
    asked = asking.url

    expect(steps.ask_at_home(serving, words)).to_contain_text("waits for you")
    steps.promise(serving, words, what="We run it at eight and look at it with you.")
    let_pass(house, asked, days=3)
    steps.say_done(serving, words)
    serving.goto(asked)
    expect(serving.get_by_role("link", name="open it")).to_have_attribute(
        "href", re.compile(re.escape(trace.removeprefix(house.address)))
    )

    asking.goto(asked)
    steps.judge(asking, outcome="better")
    steps.reload_until(asking, asking.get_by_text("The trace is confirmed."))
    nadia.goto(trace)
    came = nadia.get_by_role("region", name="What came of it")
    expect(came).to_contain_text("By the verdict of the side that asked: confirmed")
    assert _closed(nadia) == (before[0] + 1, before[1] + 1)
    _servers_read_the_same(house, browser, trace, nadia)
    for page in (nadia, asking, serving):
        page.context.close()


def test_what_these_figures_cannot_tell_says_whom_to_ask_for_what(
    house: House, browser: Browser
) -> None:
    ruth = house.be("ruth", browser)
    steps.wait_until_screened(ruth)
    _open_one_that_cannot_tell(ruth)
    expect(ruth.get_by_role("heading", level=1)).to_contain_text("cannot tell")
    figures = ruth.get_by_role("complementary", name="In figures")
    expect(figures).to_contain_text("Cannot tell.")
    expect(figures.locator("li").first).to_be_visible()
    expect(ruth.locator("main")).not_to_contain_text(FITS)
    helps = ruth.get_by_role("region", name="What would help to tell")
    expect(helps).to_contain_text("a normal answer")
    expect(helps).to_contain_text("One weekly measure would help most: of")
    whom = helps.locator("b").inner_text().split(" at ")[0]
    helps.get_by_role("link", name=f"Ask {whom} for one figure a week").click()
    expect(ruth.get_by_role("heading", level=1)).to_contain_text(whom)
    ruth.context.close()


@pytest.mark.parametrize(("screen", "scheme"), MODES)
def test_the_way_to_an_ask_is_open_on_every_screen(
    house: House, browser: Browser, screen: dict[str, Any], scheme: str
) -> None:
    words = f"As seen by {screen['viewport']['width']} {scheme}."
    page = house.be("nadia", browser, **screen, color_scheme=scheme, bypass_csp=True)
    steps.wait_until_screened(page)
    _is_open_to_everybody(page)
    _open_alarm_at_home(page)
    for details in page.locator("main details").all():
        details.locator("summary").click()
    _is_open_to_everybody(page)
    _ask_buttons(page).first.click()
    _is_open_to_everybody(page)
    _served_side(page, house, browser, screen=screen, scheme=scheme, words=words)
    page.context.close()


def test_from_the_alarm_to_the_ask_without_a_mouse(house: House, browser: Browser) -> None:
    page = house.be("nadia", browser)
    steps.wait_until_screened(page)
    page.goto("/")
    press(page, _alarms(page).first.get_by_role("link"))
    tab_to(page, page.locator("main summary").first)
    page.keyboard.press("Enter")
    expect(page.locator("main details[open]")).to_have_count(1)
    press(page, _ask_buttons(page).first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("What would help")
    page.context.close()


def _alarms(page: Page) -> Locator:
    """Alarms on one's home page whose trace names a party."""
    below = page.get_by_role("region", name=re.compile("went down"))
    return below.get_by_role("listitem").filter(has_text=FITS)


def _open_alarm_at_home(page: Page) -> None:
    page.goto("/")
    alarm = _alarms(page).first
    name = alarm.get_by_role("link").inner_text()
    alarm.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{name} is rated lower")


def _ask_buttons(page: Page) -> Locator:
    return page.get_by_role("region", name="Check it").locator("a.btn")


def _says_what_a_trace_must(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("it is not proof")
    path = page.get_by_role("region", name="The path down")
    expect(path.locator("svg.wide-only")).to_be_visible()
    steps_down = path.locator("ol.steps > li")
    assert steps_down.count() >= 1
    expect(path.get_by_role("table")).to_have_count(0)
    path.locator("summary").click()
    assert path.get_by_role("table").locator("tbody tr").count() >= steps_down.count()
    figures = page.get_by_role("complementary", name="In figures")
    expect(figures).to_contain_text(re.compile(r"between .* and .*, n \d"))
    expect(figures).to_contain_text(re.compile("Two methods agree|One method only"))
    against = page.get_by_role("region", name="What speaks against it")
    assert against.get_by_role("listitem").count() >= 1
    words = page.get_by_role("region", name="The same weeks, in two voices")
    assert words.locator("blockquote").count() >= 2
    check = page.get_by_role("region", name="Check it")
    expect(check).to_contain_text("This is association along a path, not proof.")
    assert page.get_by_text(re.compile("caused by|root cause|proves")).count() == 0


def _closed(page: Page) -> tuple[int, int]:
    """How many traces of this class are closed here, and how many of them confirmed."""
    told = page.get_by_role("complementary", name="In figures").inner_text()
    if "None is closed here yet." in told:
        return 0, 0
    found = CLOSED.search(told)
    assert found, told
    return int(found[1]), int(found[2])


def _both_sides(page: Page) -> tuple[str, str]:
    """Keys of who serves and who is served, on the page of an ask with a trace."""
    links = page.locator(".where .link a").evaluate_all("all => all.map(a => a.pathname)")
    keys = [re.fullmatch("/party/(.+)/", path) for path in links]
    assert len(keys) == 2
    assert all(keys)
    return keys[0][1], keys[1][1]  # type: ignore[index] # asserted above


def _leader_of(party: str, house: House, browser: Browser, **options: Any) -> Page:
    command = [sys.executable, Path(__file__).with_name("doors.py"), party]
    done = subprocess.run(
        command, env=house.environment(), check=True, capture_output=True, text=True
    )
    page = house.context(browser, **options).new_page()
    name, _, value = done.stdout.partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": house.address}])
    page.goto("/")
    return page


def _servers_read_the_same(house: House, browser: Browser, trace: str, nadia: Page) -> None:
    """What a server reads is what a leader reads, to the letter."""
    maria = house.be("maria", browser)
    for page in (maria, nadia):
        page.goto(trace)
    both = [page.get_by_role("article", name="The trace").inner_text() for page in (maria, nadia)]
    assert both[0] == both[1]
    maria.context.close()


def _open_one_that_cannot_tell(page: Page) -> None:
    """From the list of alarms, or by tracing what fell, until the answer names a measure."""
    page.goto("/traces/")
    alarms = page.get_by_role("region", name=re.compile("Found in the screening"))
    for path in _paths(alarms.get_by_role("listitem").filter(has_text="Cannot tell.")):
        page.goto(path)
        if _names_a_measure(page):
            return
    for path in _every_moment(page):
        page.goto(path)
        button = page.get_by_role("button", name=re.compile("^Trace it"))
        if button.count():
            button.click()
            if _names_a_measure(page):
                return
    raise AssertionError("No trace says which measure would help.")


def _every_moment(page: Page) -> list[str]:
    """Pages of all touchpoints, place by place."""
    page.goto("/customers/")
    places = page.locator(".where a[href*='place=']").evaluate_all("all => all.map(a => a.href)")
    found = _paths(page.locator("main"))
    for place in places:
        page.goto(place)
        found += _paths(page.locator("main"))
    return found


def _paths(within: Locator) -> list[str]:
    links = within.locator("a[href^='/customers/'], a[href^='/traces/']")
    return list(dict.fromkeys(links.evaluate_all("all => all.map(a => a.pathname)")))


def _names_a_measure(page: Page) -> bool:
    return page.get_by_text("One weekly measure would help most").count() > 0


def _is_open_to_everybody(page: Page) -> None:
    axe.begin(page)
    found = [*axe.told(page, page.url)]
    assert not found, "\n".join(found)
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _served_side(
    page: Page, house: House, browser: Browser, *, screen: dict[str, Any], scheme: str, words: str
) -> None:
    """Whoever leads the served side sends the ask from this screen."""
    _server, served = _both_sides(page)
    asking = _leader_of(served, house, browser, **screen, color_scheme=scheme)
    asking.goto(page.url)
    steps.ask_with_trace(asking, words)
    expect(asking.locator("main")).to_contain_text(words)
    expect(asking.get_by_role("link", name="open it")).to_be_visible()
    asking.context.close()
