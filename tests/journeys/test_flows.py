"""Both guided ways, finished on the example organisation (S1.23)."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys import wave_steps as waves
from tests.journeys.house import IN_A_BROWSER, House, demo

pytestmark = IN_A_BROWSER
EDGE = "Kitchen at Mill → Floor at Mill"
SECOND = "Dish room at Mill → Kitchen at Mill"
WORDS = "Say so before a dish runs out."


@pytest.fixture(scope="module")
def house(well_read: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of its own: the way ends the plan that other journeys look at."""
    with demo(tmp_path_factory.mktemp("flows"), like=well_read) as opened:
        yield opened


def now(page: Page) -> str:
    """The step that waits, as the way marks it."""
    here = page.locator("ol.plan-way > li[aria-current=step]")
    expect(here).to_have_count(1)
    return here.locator("b").inner_text()


def stands(page: Page, name: str) -> None:
    """The way says what is for now, and offers one button for it."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Now: {name}.")
    assert now(page) == name
    expect(page.locator("main a.btn.go")).to_have_count(1)


def finished(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("steps are behind you.")
    expect(page.locator("ol.plan-way > li[aria-current=step]")).to_have_count(0)
    expect(page.locator("main a.btn.go")).to_have_count(0)


def test_strategic_improvement_planning_goes_to_its_last_step(
    house: House, browser: Browser
) -> None:
    imke = house.be("imke", browser)
    imke.get_by_role("navigation", name="Rooms").get_by_role("link", name="Plan").click()
    imke.get_by_role("link", name="Go through it step by step").click()
    read = waves.run(house, "plan", "read")
    assert read.returncode == 0, read.stderr
    imke.reload()
    stands(imke, "Day 100")
    expect(imke.locator("ol.plan-way")).to_contain_text(re.compile(r"\d+ readings? stands?"))
    expect(imke.locator("ol.plan-way")).to_contain_text(re.compile(r"Day 100 is \d+ \w+ 20\d\d"))
    imke.get_by_role("link", name="Look at the whole plan").click()
    imke.get_by_role("button", name="End the plan").click()
    expect(imke.get_by_role("status")).to_contain_text("Ended.")
    imke.goto("/flows/planning/")
    finished(imke)
    imke.context.close()


def test_a_gap_analysis_goes_from_its_questions_to_a_promise(
    house: House, browser: Browser
) -> None:
    ruth = house.be("ruth", browser)
    wave = waves.open_wave(ruth, "Pass and tables", edges=(EDGE, SECOND))
    way = f"/flows/gaps/?of={wave.ref}"
    ruth.goto(way)
    stands(ruth, "Answers in")
    waves.answer_rest(house, wave, {"edges": {"mill-kitchen > mill-floor": [2, 4]}})
    waves.end_wave(ruth, wave)
    waves.wait_until_counted(ruth, wave)
    ruth.goto(way)
    stands(ruth, "What lies behind it")
    expect(ruth.locator("ol.plan-way")).to_contain_text("stand side by side")

    maria = house.be("maria", browser)
    maria.goto(way)
    stands(maria, "What lies behind it")
    maria.get_by_role("link", name="Name a barrier").click()
    maria.get_by_label("Which of the six").select_option("language")
    maria.get_by_label("What stands in the way").fill("Two names for one dish")
    maria.get_by_role("button", name="Name it").click()
    expect(maria.get_by_role("status")).to_contain_text("Named.")
    maria.goto(way)
    stands(maria, "Asks")
    maria.get_by_role("link", name="Ask on an edge").click()
    ask = maria.locator("main a.btn.go")
    expect(ask).to_contain_text("Kitchen at Mill, Floor at Mill")
    ask.click()
    maria.get_by_label("What would help you serve?").fill(WORDS)
    maria.get_by_role("button", name="Send the ask").click()
    expect(maria.get_by_role("status")).to_contain_text("Sent to Kitchen")
    maria.goto(way)
    stands(maria, "Promises")

    nadia = house.be("nadia", browser)
    steps.promise(nadia, WORDS, what="A slate at the pass")
    maria.reload()
    finished(maria)
    for page in (ruth, maria, nadia):
        page.context.close()
