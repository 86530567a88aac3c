"""The main job done without a mouse, and one always sees where one is."""

import re
from datetime import date, timedelta

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.house import IN_A_BROWSER, House

pytestmark = IN_A_BROWSER

FOCUS = """() => {
  const here = document.activeElement;
  const radio = here.matches("input[type=radio]");
  const shown = radio ? [here.closest("label"), here.nextElementSibling]
    : [here, here.querySelector(":scope > circle")];
  return shown.filter(Boolean).some(each => {
    const {outlineStyle, outlineWidth} = getComputedStyle(each);
    const {width, height} = each.getBoundingClientRect();
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width > 1 && height > 1;
  });
}"""


def tab_to(page: Page, wanted: Locator, *, most: int = 90) -> None:
    """Press Tab until ``wanted`` has the focus, which is visible at each stop on the way.

    A page under way would take the focus back as it arrives, so ``wanted`` must be there first.
    """
    wanted.wait_for(state="attached")
    for _ in range(most):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS), page.evaluate("document.activeElement.outerHTML")
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return
    raise AssertionError(f"No way to {wanted} in {most} steps of Tab")


def press(page: Page, wanted: Locator) -> None:
    tab_to(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, label: str, words: str) -> None:
    tab_to(page, page.get_by_label(label))
    page.keyboard.type(words)


def sign_in(house: House, browser: Browser, name: str) -> Page:
    page = house.context(browser).new_page()
    page.goto("/demo/")
    press(page, page.get_by_role("button", name=f"Be {name}"))
    return page


def test_from_an_ask_to_its_verdict(house: House, browser: Browser) -> None:
    words = "Trays with both handles free."
    maria, nadia = sign_in(house, browser, "Maria"), sign_in(house, browser, "Nadia")

    _skip_to_the_page(maria)
    _find(maria, "kitchen", "Kitchen at Mill")
    edge = maria.get_by_role("link", name=re.compile("Kitchen at Mill.*serves.*Floor at Mill"))
    press(maria, edge)
    press(maria, maria.get_by_role("link", name="Ask on this edge"))
    write(maria, "What would help you serve?", words)
    tab_to(maria, maria.get_by_label("as a team"))
    maria.keyboard.press("ArrowRight")
    expect(maria.get_by_label("as yourself")).to_be_checked()
    press(maria, maria.get_by_role("button", name="Send the ask"))

    asks = nadia.locator("li.ask")
    ask = nadia.locator("li.ask", has_text=words)
    tab_to(nadia, asks.first.get_by_role("link").first)
    _walk_down_to(nadia, ask.get_by_role("link").first)
    press(nadia, ask.get_by_role("link", name="Promise something"))
    write(nadia, "What you will do", "Small trays at the pass.")
    write(nadia, "Who does it", "The early shift")
    day = date.today() + timedelta(days=5)  # noqa: DTZ011
    write(nadia, "By when", f"{day:%m%d%Y}")
    write(nadia, "The sign by which they will notice", "Nobody asks for a cloth.")
    press(nadia, nadia.get_by_role("button", name="Promise something"))
    press(nadia, nadia.get_by_role("link", name="Say it is done"))
    press(nadia, nadia.get_by_role("button", name="Say it is done"))

    maria.reload()
    press(maria, maria.get_by_role("link", name="Is it better?"))
    tab_to(maria, maria.get_by_label("better", exact=True))
    maria.keyboard.press("Space")
    press(maria, maria.get_by_role("button", name="Is it better?"))
    expect(maria.get_by_role("status")).to_contain_text("Your verdict is with them.")
    for page in (maria, nadia):
        page.context.close()


def _skip_to_the_page(page: Page) -> None:
    skip = page.get_by_role("link", name="Skip to the page")
    tab_to(page, skip, most=1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def _find(page: Page, words: str, name: str) -> None:
    """The slash finds; the field has the focus; arrows walk what was found."""
    with page.expect_navigation():
        page.keyboard.press("/")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type(words)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, page.locator("[data-walk] a").first)
    _walk_down_to(page, page.get_by_role("link", name=name))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _walk_down_to(page: Page, wanted: Locator, *, most: int = 30) -> None:
    for _ in range(most):
        if wanted.evaluate("wanted => wanted === document.activeElement"):
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"No way to {wanted} in {most} steps of the arrow")
