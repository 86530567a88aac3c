"""The board in a phone's browser: one thumb, no script, and nothing left behind."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import floor_phones as on
from tests.journeys.house import IN_A_BROWSER, PHONE, House

pytestmark = IN_A_BROWSER
LISTS = ("mine", "beside", "rest")
TAPPED = "**/board/tap/"
STILL = """async (row) => {
  const tell = (kind) => row.dispatchEvent(new Event(kind, { bubbles: true }));
  const stays = () => new Promise((go) => setTimeout(() => go(row.isConnected), 100));
  tell("pointerdown");
  row.querySelector("form").requestSubmit();
  tell("pointerup");
  const before = await stays();
  document.body.click();
  return [before, await stays()];
}"""
ASKED_S = """async () => {
  const board = document.querySelector("script[type=module]").src;
  const { overlaid } = await import(new URL("board_state.js", board));
  const base = { now_s: 500, pace: 2, heard: 1_000_000, places: [], needs: new Map() };
  const body = { act: "raise", kind: "request" };
  const taps = [
    { at: 1_010_000, body: { ...body, need: "b", place: "1-1" } },
    { at: 1_020_000, body: { ...body, need: "a", place: "1-2" } },
  ];
  return [...overlaid(base, taps, new Map()).needs.values()].map((need) => need.asked_s);
}"""


@pytest.fixture(scope="module")
def code(house: House, browser: Browser) -> str:
    """The code of a floor of its own: nobody sits there yet, so its rhythm brings nothing."""
    lead = house.be("nadia", browser)
    codes = on.codes_of(lead, on.open_shift(lead, "Bar and hall", sections=3))
    lead.context.close()
    return codes[0]


@pytest.fixture
def phone(house: House, browser: Browser, code: str) -> Iterator[Page]:
    """Whoever serves from the first section, and gives the seat back."""
    page = on.sit_down(on.phone(house, browser), code, "server 1")
    yield page
    page.get_by_role("button", name="Leave this seat").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("The seat is free again.")
    assert page.evaluate(on.WAITING) == {"taps": 0, "kept": []}
    page.context.close()


def test_one_thumb_that_taps_twice_taps_once(phone: Page) -> None:
    for table in ("1-1", "1-2"):
        on.ask(phone, table, "clearing")
    rows = on.row(phone, "1-1", "clearing").or_(on.row(phone, "1-2", "clearing"))
    expect(rows).to_have_count(2)
    with phone.expect_response(TAPPED):
        rows.first.get_by_role("button").dblclick()
    expect(rows).to_have_count(1)
    on.tap(rows.get_by_role("button"))
    expect(rows).to_have_count(0)


def test_a_row_stays_under_a_thumb_until_its_click_has_come(phone: Page) -> None:
    """A screen tells the click after the thumb has left: it would meet the next row's button."""
    on.ask(phone, "1-1", "clearing")
    assert on.row(phone, "1-1", "clearing").evaluate(STILL) == [True, False]


def test_a_need_that_waits_for_the_network_is_as_old_as_its_tap(phone: Page) -> None:
    """Else rows asked for one after the other would change places whenever they are drawn."""
    assert phone.evaluate(ASKED_S) == [520, 540]


def test_the_page_says_the_same_with_and_without_a_script(
    house: House, browser: Browser, phone: Page
) -> None:
    for table, kind in (("1-3", "bill"), ("2-2", "bill"), ("3-4", "request")):
        with phone.expect_response(TAPPED):
            on.ask(phone, table, kind)
        expect(on.row(phone, table, kind)).to_have_count(1)
    plain = house.context(browser, java_script_enabled=False, **PHONE)
    plain.add_cookies(phone.context.cookies())  # type: ignore[arg-type]
    still = plain.new_page()
    still.goto("/board/")
    phone.reload()
    for name in LISTS:
        said, drawn = (page.locator(f"[data-list={name}] li") for page in (still, phone))
        expect(drawn).to_have_count(said.count())
        assert _without_minutes(said.all_text_contents()) == _without_minutes(
            drawn.all_text_contents()
        )
    on.row(still, "1-3", "bill").get_by_role("button").tap()
    expect(still.get_by_role("button", name="Undo")).to_be_visible()
    expect(on.row(phone, "1-3", "bill")).to_have_count(0)
    still.get_by_role("button", name="Undo").tap()
    expect(on.row(phone, "1-3", "bill")).to_have_count(1)
    plain.close()


def _without_minutes(said: list[str]) -> list[str]:
    """Rows as they are read; time goes on between two pages."""
    return [re.sub(r"just now|\d+ min ago", "then", " ".join(row.split())) for row in said]
