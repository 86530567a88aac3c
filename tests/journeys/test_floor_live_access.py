"""The pages of a shift are for everybody: at 360 px, in light and dark, and by keyboard."""

from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect

from tests.journeys import axe
from tests.journeys import floor_phones as on
from tests.journeys.house import IN_A_BROWSER, PHONE, House
from tests.journeys.test_keyboard import tab_to

pytestmark = IN_A_BROWSER
SMALL = PHONE | {"viewport": {"width": 360, "height": 740}}
TOO_SMALL = """[...document.querySelectorAll("button, summary, label")].filter((each) => {
  const box = each.getBoundingClientRect();
  return box.height > 0 && (box.height < 44 || box.width < 44);
}).map((each) => each.textContent)"""


def test_pages_of_a_shift_are_for_everybody(house: House, browser: Browser) -> None:
    """The lead's pages, the guest's, and those of three phones in three languages."""
    lead = house.be("nadia", browser, bypass_csp=True)
    shift = on.open_shift(lead, "Small screens", sections=3)
    codes = on.codes_of(lead, shift)
    guest = house.context(browser, bypass_csp=True, **SMALL).new_page()
    guest.goto(on.code_on(lead, "1-1", shift))
    phones = [
        on.phone(house, browser, bypass_csp=True, locale=locale, **SMALL)
        for locale in ("en", "ar", "de")
    ]
    found = [*_pages_before(phones, guest, codes), *_pages_of_lead(lead, shift)]
    lead.get_by_role("button", name="Close the shift").click()
    for page in phones:
        page.wait_for_url("**/helped/*/")
        found += small_findings(page, "helped")
    phones[0].get_by_label("What helped today?").fill("One walk, three tables.")
    phones[0].get_by_role("button", name="Put it on a practice card").click()
    found += small_findings(phones[0], "on a card")
    lead.reload()
    found += small_findings(lead, "totals")
    lead.goto("/practice/")
    found += small_findings(lead, "practice cards")
    phones[0].goto(codes[1])
    found += small_findings(phones[0], "code of yesterday")
    for page in (*phones, guest, lead):
        page.context.close()
    assert not found, "\n".join(found)


def _pages_before(phones: list[Page], guest: Page, codes: list[str]) -> Iterator[str]:
    """The seats, each board with needs near and far, and what a guest sees before and after."""
    yield from small_findings(guest, "table")
    for number, page in enumerate(phones, start=1):
        page.goto(codes[number])
        yield from small_findings(page, "seat")
        on.sit_down(page, codes[number], f"server {number}")
    for wish in ("Bill", "Coffee refill"):
        guest.get_by_role("button", name=wish, exact=True).tap()
    expect(guest.get_by_role("list", name="What you asked for").locator("li")).to_have_count(2)
    yield from small_findings(guest, "table, heard")
    on.ask(phones[1], "2-3", "request")
    on.ask(phones[2], "3-2", "clearing")
    for page in phones:
        page.reload()  # what the last tap said lies over the page for a while
        expect(on.row(page, "1-1", "bill")).to_have_count(1)
        expect(on.row(page, "3-2", "clearing")).to_have_count(1)
        yield from small_findings(page, "board")
        assert page.evaluate(TOO_SMALL) == []


def _pages_of_lead(lead: Page, shift: str) -> Iterator[str]:
    lead.goto("/floor/")
    yield from small_findings(lead, "shifts")
    lead.goto(shift)
    yield from small_findings(lead, "shift")
    for link in (
        "Codes for the sections",
        "Codes for guests",
        "does not come server 2",
        "other programs",
        "Close the shift",
    ):
        lead.goto(shift)
        lead.get_by_role("link", name=link).click()
        yield from small_findings(lead, link)


def small_findings(page: Page, name: str) -> Iterator[str]:
    """What axe-core says in the light and in the dark, and what sticks out."""
    page.wait_for_load_state()
    was = page.viewport_size
    page.set_viewport_size(SMALL["viewport"])
    axe.begin(page)
    yield from axe.told(page, name)
    if page.evaluate("document.documentElement.scrollWidth") > 360:
        yield f"{name}: wider than the screen"
    if was:
        page.set_viewport_size(was)


def test_a_board_is_served_from_by_keyboard(house: House, browser: Browser) -> None:
    """Somebody asked, it is done, and Z takes it back; the focus is seen at every step."""
    lead = house.be("nadia", browser)
    code = on.codes_of(lead, on.open_shift(lead, "By keyboard", sections=2))[1]
    page = on.sit_down(house.context(browser).new_page(), code, "server 1")
    request = on.row(page, "1-2", "request")

    tab_to(page, page.locator("[data-ask] summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("radio").first)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="1-2")).to_be_checked()
    tab_to(page, page.locator("[data-ask]").get_by_role("button", name="request"))
    page.keyboard.press("Enter")
    expect(request).to_have_count(1)
    tab_to(page, request.get_by_role("button"))
    page.keyboard.press("Enter")
    expect(request).to_have_count(0)
    page.keyboard.press("z")
    expect(request).to_have_count(1)
    for each in (lead, page):
        each.context.close()
