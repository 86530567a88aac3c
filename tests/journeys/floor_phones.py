"""A shift as people at tables and with phones in their hands see it."""

import re
from typing import Any

from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.house import PHONE, House

NETWORK_MS = 25_000
"""How long a phone may take to notice that there is a network again."""
READY_MS = 240_000
"""On a new machine the planner of rounds is compiled first."""
MEANT_MS = 40_000
"""What is meant for one seat may go to another after a while (`MEANT_S`)."""
NO_TWO_TAPS = """() => performance.now() - (window.tappedAt ?? -Infinity) > 350"""
TAPPED = (
    """document.addEventListener("submit", () => { window.tappedAt = performance.now(); }, true);"""
)
WAITING = """async () => {
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
HOLD = """() => {
  const real = window.fetch;
  const held = new Promise((go) => { window.letGo = go; });
  window.fetch = async (url, how) => {
    if (how?.method === "POST") await held;
    return real(url, how);
  };
}"""


def said(language: str, words: str) -> str:
    """The words of a page as a phone of another language shows them."""
    with override(language):
        return gettext(words)


def to_the_floor(lead: Page) -> None:
    lead.get_by_text("More", exact=True).click()
    lead.get_by_role("link", name="Floor", exact=True).click()


def open_shift(lead: Page, name: str, *, sections: int = 4, tables: int = 4) -> str:
    """Draw a floor and open a shift on it, from wherever the lead stands; give its address."""
    to_the_floor(lead)
    lead.get_by_role("link", name="Draw another floor").click()
    lead.get_by_label("What it is called").fill(name)
    lead.get_by_label("How many sections").fill(str(sections))
    lead.get_by_label("How many tables in each").fill(str(tables))
    lead.get_by_role("button", name="Draw it").click()
    lead.get_by_role("button", name="Save the floor").click()
    expect(lead.get_by_role("status")).to_contain_text("Saved.")
    lead.get_by_role("button", name="Open a shift on it").click()
    lead.wait_for_url("**/floor/shift/*/")
    return lead.url


def codes_of(lead: Page, shift: str) -> list[str]:
    """What the codes of a shift say: first of the whole floor, then of each section."""
    lead.goto(shift)
    lead.get_by_role("link", name="Codes for the sections").click()
    sheets = lead.locator("li.sheet")
    expect(sheets.first).to_contain_text("The whole floor")
    return sheets.locator("[dir=ltr]").all_inner_texts()


def code_on(lead: Page, table: str, shift: str) -> str:
    """Where the code leads that stands on a table."""
    lead.goto(shift)
    lead.get_by_role("link", name="Codes for guests").click()
    return lead.get_by_role("link", name=table, exact=True).get_attribute("href") or ""


def sit_down(page: Page, code: str, seat: str, *, nickname: str = "") -> Page:
    """Read what is promised, and pick a seat; in whatever language the phone speaks."""
    page.goto(code)
    expect(page.locator("dl.promise dt")).to_have_count(3)
    page.locator("#nickname").fill(nickname)
    page.get_by_role("button", name=seat).click()
    page.wait_for_url("**/board/")
    return page


def phone(house: House, browser: Browser, **how: Any) -> Page:
    """A telephone of one's own, which remembers when its thumb tapped last."""
    page = house.context(browser, **PHONE | how).new_page()
    page.add_init_script(TAPPED)
    return page


def tap(button: Locator) -> None:
    """With a thumb; a second tap at once would be taken for one tap too many."""
    button.page.wait_for_function(NO_TWO_TAPS)
    button.tap()


def ask(page: Page, table: str, kind: str) -> None:
    """Put a need on the board: which table, what for."""
    panel = page.locator("[data-ask]")
    panel.locator("summary").click()
    panel.locator("label").filter(has_text=re.compile(f"^{table}$")).click()
    panel.locator(f'button[value="{kind}"]').click()


def label(page: Page, kind: str) -> str:
    """What a phone calls a kind of need, in its own language."""
    return page.locator(f'[data-kinds] button[value="{kind}"]').text_content() or ""


def row(page: Page, table: str, kind: str) -> Locator:
    """The one row of a need."""
    rows = page.locator("li[data-ref]").filter(has=page.locator("[data-short]", has_text=table))
    return rows.filter(has=page.locator("[data-what]", has_text=label(page, kind)))


def done(page: Page, table: str, kind: str) -> None:
    tap(row(page, table, kind).locator("button"))


def meet_next(page: Page) -> None:
    """The next stop of a round that was taken, with the large button."""
    taken = page.locator("[data-when=taken]")
    ref = taken.locator("[name=need]").input_value()
    tap(taken.locator("[data-next]"))
    expect(page.locator(f'li[data-ref="{ref}"]')).to_have_count(0)


def with_round(page: Page, *places: str) -> None:
    """Wait until the round on top goes to these places."""
    stops = page.locator("[data-stops] [data-place]")
    expect(page.locator("[data-thumb] [data-when=open]")).to_be_visible(timeout=READY_MS)
    for place in places:
        stop = stops.filter(has_text=re.compile(f"^{place}$")).first
        expect(stop).to_be_visible(timeout=MEANT_MS)


def sent(page: Page) -> None:
    """Wait until no tap of this phone waits for an answer."""
    page.wait_for_function(f"({WAITING})().then((found) => found.taps === 0)")


def status(page: Page) -> Locator:
    return page.locator("[data-status]")


def own_tables(page: Page) -> Locator:
    return page.locator("[data-spot].table.own")
