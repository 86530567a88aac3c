"""Everything but the live part works where scripts do not run."""

from playwright.sync_api import Browser, expect

from tests.journeys import steps
from tests.journeys.house import IN_A_BROWSER, PHONE, House

pytestmark = IN_A_BROWSER


def test_from_an_ask_to_its_verdict(house: House, browser: Browser) -> None:
    words = "Write the table on the docket."
    maria, nadia = (
        house.be(who, browser, java_script_enabled=False, **PHONE) for who in ("maria", "nadia")
    )
    steps.raise_from_touchpoint(maria, words)
    steps.ask_back(nadia, words, question="With the seat?")
    steps.open_asked(maria, words)
    steps.reply(maria, answer="The table is enough.")
    steps.promise(nadia, words, what="The docket carries the table.")
    steps.say_done(nadia, words)
    steps.open_asked(maria, words)
    steps.judge(maria, outcome="better")
    steps.thank(maria, "No more running about.")
    expect(maria.locator("main")).to_contain_text("No more running about.")
    for page in (maria, nadia):
        page.context.close()


def test_a_menu_opens_and_a_name_is_found(house: House, browser: Browser) -> None:
    page = house.be("oskar", browser, java_script_enabled=False, **PHONE)
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Bring in data").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Nothing is stored")
    page.get_by_role("link", name="Find").click()
    page.get_by_label("Name").fill("dish")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="Dish room at Mill").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dish room")
    page.context.close()
