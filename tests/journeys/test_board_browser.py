"""The board in a real phone's browser: at once, offline, one-handed, and erased at the end."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.journeys.house import IN_A_BROWSER, PHONE, House

pytestmark = IN_A_BROWSER
SMALL = PHONE | {"viewport": {"width": 360, "height": 740}}
STORED = """async () => {
  const open = indexedDB.open("upturn-board");
  const base = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const all = (name) => new Promise((done) => {
    const asked = base.transaction(name).objectStore(name).getAllKeys();
    asked.onsuccess = () => done(asked.result);
  });
  const found = { taps: (await all("taps")).length, kept: await all("kept") };
  base.close();
  return found;
}"""


@pytest.fixture(scope="module")
def code(house: House, browser: Browser) -> str:
    """The code of the whole floor, as the lead shows it."""
    lead = house.be("nadia", browser)
    lead.goto("/floor/")
    shift = re.search(r"/floor/shift/[0-9a-f]+/", lead.content())
    assert shift
    lead.goto(f"{shift[0]}codes/")
    found = re.search(r"/seat/([0-9a-f]+-0-[0-9a-f]+)/", lead.content())
    lead.context.close()
    assert found
    return found[1]


def phone(house: House, browser: Browser, code: str, seat: str, **how: object) -> Page:
    """Scan the code and serve from a seat."""
    page = house.context(browser, **PHONE | how).new_page()
    page.goto(f"/seat/{code}/")
    page.locator(f'button[value="server of {seat}"]').click()
    page.wait_for_url("**/board/")
    return page


def gone(context: BrowserContext) -> None:
    """Give the seat back, so that the next test finds it free."""
    page = context.pages[0]
    page.get_by_role("button", name="Leave this seat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The seat is free again.")
    context.close()


def ask(page: Page, table: str, kind: str) -> None:
    """Two taps: which table, what for."""
    panel = page.locator("[data-ask]")
    panel.locator("summary").click()
    panel.locator("label").filter(has_text=re.compile(f"^{table}$")).click()
    panel.get_by_role("button", name=kind, exact=True).click()


def row(page: Page, table: str, kind: str = "clearing") -> Locator:
    """The one row of a need, which is named for readers of screens as well."""
    return page.locator("li[data-ref]", has_text=f"{table}, {kind}")


def test_a_tap_reaches_the_other_phone_and_can_be_undone(
    house: House, browser: Browser, code: str
) -> None:
    one, two = (phone(house, browser, code, seat) for seat in ("bar", "middle"))
    ask(one, "bar 1", "clearing")
    near = row(two, "bar 1")
    expect(near).to_contain_text("learing")
    near.get_by_role("button").click()
    expect(near).to_have_count(0)
    mine = row(one, "bar 1")
    expect(mine).to_have_count(0)
    two.get_by_role("button", name="Undo").click()
    expect(mine).to_have_count(1)
    mine.get_by_role("button").click()
    expect(mine).to_have_count(0)
    for page in (one, two):
        gone(page.context)


def test_taps_without_a_network_are_kept_and_sent_in_their_order(
    house: House, browser: Browser, code: str
) -> None:
    one, two = (phone(house, browser, code, seat) for seat in ("window", "terrace"))
    one.context.set_offline(True)
    ask(one, "window 6", "clearing")
    ask(one, "window 7", "clearing")
    row(one, "window 7").get_by_role("button").click()
    expect(one.locator("[data-status]")).to_contain_text("no network, 3 taps kept")
    one.context.set_offline(False)
    expect(one.locator("[data-status]")).to_contain_text("live", timeout=25_000)
    expect(row(two, "window 6")).to_have_count(1)
    expect(row(two, "window 7")).to_have_count(0)
    one.wait_for_function(f"({STORED})().then((found) => found.taps === 0)")
    for page in (one, two):
        gone(page.context)


def test_a_board_that_is_opened_without_a_network_shows_what_it_knew(
    house: House, browser: Browser, code: str
) -> None:
    page = phone(house, browser, code, "bar")
    ask(page, "bar 3", "clearing")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(row(page, "bar 3")).to_have_count(1)
    page.goto("about:blank")
    page.context.set_offline(True)
    page.goto("/board/")
    expect(row(page, "bar 3")).to_have_count(1)
    expect(page.locator("[data-status]")).to_contain_text("no network")
    expect(page.locator("[data-spot].own")).to_have_count(7)
    page.context.set_offline(False)
    expect(page.locator("[data-status]")).to_contain_text("live", timeout=25_000)
    gone(page.context)


def test_one_thumb_that_taps_twice_taps_once(house: House, browser: Browser, code: str) -> None:
    page = phone(house, browser, code, "middle")
    for table in ("middle 1", "middle 2"):
        ask(page, table, "clearing")
        page.wait_for_timeout(400)
    rows = row(page, "middle 1").or_(row(page, "middle 2"))
    expect(rows).to_have_count(2)
    rows.first.get_by_role("button").dblclick()
    page.wait_for_timeout(600)
    expect(rows).to_have_count(1)
    rows.first.get_by_role("button").click()
    gone(page.context)


def test_the_page_says_the_same_with_and_without_a_script(
    house: House, browser: Browser, code: str
) -> None:
    page = phone(house, browser, code, "terrace")
    ask(page, "terrace 2", "bill")
    ask(page, "window 2", "bill")
    expect(row(page, "window 2", "bill")).to_be_visible()
    page.wait_for_timeout(800)
    lists = [page.locator(f"[data-list={name}]").inner_text() for name in ("mine", "beside")]
    plain = house.context(browser, java_script_enabled=False, **PHONE)
    plain.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    still = plain.new_page()
    still.goto("/board/")
    assert [
        still.locator(f"[data-list={name}]").inner_text() for name in ("mine", "beside")
    ] == lists
    row(still, "terrace 2", "bill").get_by_role("button").click()
    expect(still.get_by_role("button", name="Undo")).to_be_visible()
    plain.close()
    gone(page.context)


def test_leaving_erases_the_phone(house: House, browser: Browser, code: str) -> None:
    page = phone(house, browser, code, "bar")
    ask(page, "bar 5", "clearing")
    expect(row(page, "bar 5")).to_have_count(1)
    page.wait_for_timeout(400)
    row(page, "bar 5").get_by_role("button").click()
    page.get_by_role("button", name="Leave this seat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The seat is free again.")
    assert page.evaluate(STORED) == {"taps": 0, "kept": []}
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_the_board_is_for_everybody(
    house: House, browser: Browser, code: str, scheme: str, locale: str
) -> None:
    """Nothing sticks out at 360 px, axe finds nothing, and every target is large enough."""
    page = phone(
        house, browser, code, "window", color_scheme=scheme, locale=locale, bypass_csp=True, **SMALL
    )
    page.wait_for_timeout(300)
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run().then((said) => said.violations.map((each) => each.id))")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    small = page.evaluate(
        """[...document.querySelectorAll("button, summary, label")].filter((each) => {
          const box = each.getBoundingClientRect();
          return box.height > 0 && (box.height < 44 || box.width < 44);
        }).map((each) => each.textContent)"""
    )
    assert small == []
    page.locator("[data-leave] button").click()
    page.context.close()
