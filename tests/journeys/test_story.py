"""Steps 3 to 7 of the main job: from a customer's words to the verdict of those who asked."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys.house import DESKTOP, IN_A_BROWSER, PHONE, House

pytestmark = IN_A_BROWSER


def test_a_customers_words_come_back_as_a_verdict(house: House, browser: Browser) -> None:
    words = "Say so when a plate leaves without its side."
    maria, nadia, ruth = (house.be(who, browser) for who in ("maria", "nadia", "ruth"))

    steps.wait_until_read(maria)
    _see_who_serves_whom(maria)
    _read_what_customers_say(maria)
    steps.raise_from_touchpoint(maria, words)
    expect(maria.get_by_role("status")).to_contain_text("Sent to Kitchen")

    asks = nadia.locator("main section").first
    nadia.reload()
    expect(asks).to_contain_text(words)
    expect(steps.ask_at_home(nadia, words)).to_contain_text("waits for you")
    steps.ask_back(nadia, words, question="At lunch too?")
    steps.open_asked(maria, words)
    expect(maria.locator("main")).to_contain_text("At lunch too?")
    steps.reply(maria, answer="Above all at lunch.")

    what = "We call the missing side before the tray goes."
    steps.promise(nadia, words, what=what)
    ruth.reload()
    expect(ruth.get_by_role("region", name="Promises due")).to_contain_text(what)
    steps.open_asked(maria, words)
    expect(maria.locator("main")).to_contain_text("A red card on the tray")

    steps.say_done(nadia, words)
    steps.open_asked(maria, words)
    steps.judge(maria, outcome="better")
    steps.thank(maria, "Lunch was calm today.")
    nadia.get_by_role("link", name="Upturn", exact=True).click()
    expect(nadia.get_by_role("region", name="Thanks")).to_contain_text("Lunch was calm today.")

    let_pass(house, maria.url, days=100)
    steps.open_asked(maria, words)
    steps.judge(maria, outcome="another good thing", button="Is it better, on day 100?")
    expect(maria.locator("main")).to_contain_text("This ask is settled.")

    ruth.reload()
    expect(ruth.get_by_role("heading", level=1)).to_contain_text("thin")
    assert ruth.get_by_role("region", name="The thin path, from the top").locator("li").count() > 1
    said = ruth.get_by_role("complementary", name="What the asking sides said")
    expect(said.locator("li", has_text=words).first).to_contain_text("on day 100")
    for page in (maria, nadia, ruth):
        page.context.close()


def _see_who_serves_whom(page: Page) -> None:
    page.get_by_role("navigation", name="Rooms").get_by_role("link", name="Pyramid").click()
    table = page.locator("#edges")
    table.locator("summary").click()
    edge = table.get_by_role("link", name=re.compile("Kitchen, Floor$"))
    drawn = page.locator("figure.pic svg.wide-only a")
    expect(drawn.and_(page.locator(f"[href='{edge.get_attribute('href')}']"))).to_be_visible()
    edge.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kitchen at Mill serves")
    expect(page.get_by_role("link", name="Ask on this edge")).to_be_visible()


def _read_what_customers_say(page: Page) -> None:
    steps.walk_to_touchpoint(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("of 10")
    assert page.get_by_role("region", name="What they speak of").locator("blockquote").count() > 2
    servers = page.get_by_role("region", name="Who serves this moment, and who serves them")
    expect(servers.get_by_role("link", name="Ask Kitchen").first).to_be_visible()
    expect(servers.locator("summary").first).to_contain_text("2 steps below this moment")
    readers = page.get_by_role("region", name="Who has read these words in the last 30 days")
    expect(readers.get_by_role("row", name=re.compile("serve customers"))).to_contain_text("of")


def let_pass(house: House, address: str, *, days: int) -> None:
    """Let days pass for the ask on the page at ``address``, in another process."""
    ref = re.search("/asks/([0-9a-f]+)/", address)
    assert ref
    command = [sys.executable, Path(__file__).with_name("travel.py"), ref[1], str(days)]
    subprocess.run(command, env=house.environment(), check=True)


def test_the_holder_of_a_ticket_judges_without_signing_in(house: House, browser: Browser) -> None:
    words = "Nobody says sorry when we wait."
    maria, nadia = house.be("maria", browser), house.be("nadia", browser)
    steps.raise_from_touchpoint(maria, words, raised_as="with a private ticket")
    code = maria.locator(".num.big").inner_text()
    assert re.fullmatch("[0-9A-Z]{5}(-[0-9A-Z]{5}){3}", code)
    steps.promise(nadia, words, what="Whoever sends late comes to the pass and says so.")
    steps.say_done(nadia, words)
    maria.goto(nadia.url)
    expect(maria.get_by_role("link", name="Is it better?")).to_have_count(0)

    holder = house.context(browser).new_page()
    holder.goto("/ticket/")
    holder.get_by_label("The code you wrote down").fill(code.lower().replace("-", " "))
    holder.get_by_role("button", name="Open the ask").click()
    expect(holder.locator("main")).to_contain_text(words)
    steps.judge(holder, outcome="the same")
    assert code not in holder.url
    steps.ask_at_home(nadia, "x")
    nadia.goto(maria.url)
    expect(nadia.locator("main")).to_contain_text("the same")
    for page in (maria, nadia, holder):
        page.context.close()


@pytest.mark.parametrize(
    ("screen", "scheme"),
    [(DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")],
    ids=["desktop-dark", "phone-light", "phone-dark"],
)
def test_the_loop_goes_round_on_every_screen(
    house: House, browser: Browser, screen: dict[str, Any], scheme: str
) -> None:
    words = f"Warm plates until the last order, as seen by {len(screen)} {scheme}."
    maria, nadia = (
        house.be(who, browser, **screen, color_scheme=scheme) for who in ("maria", "nadia")
    )
    steps.raise_from_touchpoint(maria, words)
    steps.promise(nadia, words, what="The warmer stays on.")
    steps.say_done(nadia, words)
    steps.open_asked(maria, words)
    steps.judge(maria, outcome="better")
    steps.open_asked(maria, words)
    expect(maria.locator("main")).to_contain_text("said better")
    for page in (maria, nadia):
        page.context.close()
