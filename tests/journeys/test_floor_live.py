"""A shift on the servers' own phones: four of them, a lead, a guest, one without a network."""

import re
from typing import NamedTuple

from playwright.sync_api import Browser, Page, expect

from tests.journeys import floor_phones as on
from tests.journeys.house import IN_A_BROWSER, PHONE, House

pytestmark = IN_A_BROWSER
CARD = "The pot goes round twice before anybody asks."


class Crew(NamedTuple):
    """Who is on the shift: four phones in three languages, each with a section of its own."""

    maria: Page
    german: Page
    arab: Page
    fourth: Page


def test_a_shift_from_its_first_code_to_its_last_card(house: House, browser: Browser) -> None:
    lead = house.be("nadia", browser)
    shift = on.open_shift(lead, "Evening", sections=5)
    codes = on.codes_of(lead, shift)
    guest = house.context(browser, **PHONE).new_page()
    guest.goto(on.code_on(lead, "2-1", shift))
    late = on.phone(house, browser)
    late.goto(codes[1])
    crew = _sit_down(house, browser, codes)
    _the_seat_is_taken(late)
    lead.goto(shift)
    expect(lead.get_by_role("heading", name="4 seats are held")).to_be_visible()

    _needs_arrive(guest, crew, lead)
    _a_round_is_taken_and_met(crew, lead)
    _two_meet_one_need(crew)
    _declined_and_undone(crew, lead)
    _without_a_network(crew)
    _somebody_does_not_come(crew, lead, shift)
    _closed(crew, lead)
    late.goto(codes[1])
    expect(late.get_by_role("heading", level=1)).to_contain_text("of a shift that was closed on")
    for page in (*crew, lead, guest, late):
        page.context.close()


def _sit_down(house: House, browser: Browser, codes: list[str]) -> Crew:
    locales = ("en", "de", "ar", "en")
    crew = Crew(*(on.phone(house, browser, locale=locale) for locale in locales))
    for number, (page, locale) in enumerate(zip(crew, locales, strict=True), start=1):
        nickname = "Maria" if page is crew.maria else ""
        on.sit_down(page, codes[number], f"server {number}", nickname=nickname)
        expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{locale}"))
        expect(on.own_tables(page)).to_have_count(4)
    expect(crew.arab.locator("html")).to_have_attribute("dir", "rtl")
    leave = on.said("ar", "Leave this seat")
    expect(crew.arab.get_by_role("button", name=leave, exact=True)).to_be_visible()
    expect(crew.maria.locator("[data-seat]")).to_have_text("Maria")
    return crew


def _the_seat_is_taken(late: Page) -> None:
    """Two phones scanned the same code; the seat is the first one's, and the other is told."""
    late.get_by_role("button", name="server 1").tap()
    expect(late.get_by_role("alert")).to_contain_text("Somebody serves from")
    expect(late.get_by_role("button", name="server 1")).to_have_count(0)
    expect(late.get_by_role("button", name="server 5")).to_be_visible()


def _needs_arrive(guest: Page, crew: Crew, lead: Page) -> None:
    """A guest taps and a colleague says so: everybody sees it; the bill is its owner's alone."""
    for wish in ("Bill", "Coffee refill"):
        guest.get_by_role("button", name=wish, exact=True).tap()
        expect(guest.get_by_role("list", name="What you asked for")).to_contain_text(wish)
    expect(guest.get_by_role("heading", level=1)).to_contain_text("We heard you.")
    on.ask(crew.arab, "2-3", "request")
    for page in (*crew, lead):
        for table, kind in (("2-1", "bill"), ("2-1", "coffee refill"), ("2-3", "request")):
            expect(on.row(page, table, kind)).to_have_count(1)
    expect(on.row(crew.german, "2-1", "bill").locator("button")).to_be_visible()
    for page in (crew.maria, crew.arab):
        expect(on.row(page, "2-1", "bill").locator("button")).to_be_hidden()
        expect(on.row(page, "2-1", "coffee refill").locator("button")).to_be_visible()
    expect(on.row(crew.maria, "2-1", "bill")).to_contain_text("server 2’s alone")


def _a_round_is_taken_and_met(crew: Crew, lead: Page) -> None:
    """One tap takes what the round on top says; the others see that somebody is on the way."""
    german = crew.german
    on.with_round(german, "2-1")
    for page in (crew.maria, crew.arab, crew.fourth):
        bill = on.label(page, "bill")
        expect(page.locator("[data-stops]")).not_to_contain_text(bill, ignore_case=True)
    on.tap(german.get_by_role("button", name=on.said("de", "Take the round"), exact=True))
    expect(on.row(crew.maria, "2-1", "bill")).to_contain_text("somebody is on the way")
    while on.row(german, "2-1", "bill").count() > 0:
        on.meet_next(german)
    for page in (*crew, lead):
        expect(on.row(page, "2-1", "bill")).to_have_count(0)


def _two_meet_one_need(crew: Crew) -> None:
    """Both tapped before either could know of the other: one is told, and nothing is lost."""
    on.ask(crew.german, "4-1", "clearing")
    both = (crew.arab, crew.fourth)
    for page in both:
        expect(on.row(page, "4-1", "clearing")).to_have_count(1)
        page.evaluate(on.HOLD)
        on.done(page, "4-1", "clearing")
    crew.arab.evaluate("letGo()")
    expect(on.row(crew.german, "4-1", "clearing")).to_have_count(0)
    crew.fourth.evaluate("letGo()")
    expect(crew.fourth.get_by_role("alert")).to_contain_text("Nothing is lost.")
    for page in crew:
        expect(on.row(page, "4-1", "clearing")).to_have_count(0)


def _declined_and_undone(crew: Crew, lead: Page) -> None:
    """Not now, and nobody asks why. What was met by mistake comes back for everybody."""
    maria = crew.maria
    on.ask(crew.fourth, "1-4", "request")
    on.with_round(maria, "1-4")
    on.tap(maria.get_by_role("button", name="Not now", exact=True))
    expect(maria.get_by_role("heading", level=1)).to_have_text("Not now. Nobody asks why.")
    on.done(maria, "1-4", "request")
    for page in (crew.german, lead):
        expect(on.row(page, "1-4", "request")).to_have_count(0)
    on.tap(maria.get_by_role("button", name="Undo"))
    for page in (*crew, lead):
        expect(on.row(page, "1-4", "request")).to_have_count(1)
    on.done(maria, "1-4", "request")


def _without_a_network(crew: Crew) -> None:
    """Five taps below ground, a page opened anew there: all arrive once, in their order."""
    fourth = crew.fourth
    for table in ("4-1", "4-2"):
        on.ask(crew.maria, table, "drinks")
        expect(on.row(fourth, table, "drinks")).to_have_count(1)
    fourth.evaluate("navigator.serviceWorker.ready.then(() => true)")
    fourth.reload()
    fourth.context.set_offline(True)
    on.done(fourth, "4-1", "drinks")
    on.done(fourth, "4-2", "drinks")
    on.ask(fourth, "4-3", "request")
    on.ask(fourth, "4-4", "request")
    on.done(fourth, "4-4", "request")
    expect(on.status(fourth)).to_have_text("no network, 5 taps kept")
    fourth.reload()
    expect(on.status(fourth)).to_have_text("no network, 5 taps kept")
    expect(on.row(fourth, "4-1", "drinks")).to_have_count(0)
    expect(on.row(fourth, "4-3", "request")).to_have_count(1)
    expect(on.row(crew.maria, "4-3", "request")).to_have_count(0)
    fourth.context.set_offline(False)
    expect(on.status(fourth)).to_contain_text("live", timeout=on.NETWORK_MS)
    on.sent(fourth)
    for page in crew:
        expect(on.row(page, "4-3", "request")).to_have_count(1)
        for table, kind in (("4-1", "drinks"), ("4-2", "drinks"), ("4-4", "request")):
            expect(on.row(page, table, kind)).to_have_count(0)


def _somebody_does_not_come(crew: Crew, lead: Page, shift: str) -> None:
    """One tap cuts the sections anew as proposed, and every phone sees its own; and back."""
    lead.goto(shift)
    lead.get_by_role("link", name="does not come server 5").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text("Without server 5")
    sizes = lead.get_by_role("row", name=re.compile(r"^server \d \d+ \d+$")).all_inner_texts()
    then = [int(size.split()[-1]) for size in sizes]
    assert sum(then) == 20, sizes
    lead.get_by_role("button", name="Cut the sections this way").click()
    for page, tables in zip(crew, then, strict=True):
        expect(on.own_tables(page)).to_have_count(tables)
    lead.get_by_role("button", name="Undo").click()
    for page in crew:
        expect(on.own_tables(page)).to_have_count(4)


def _closed(crew: Crew, lead: Page) -> None:
    """What stays is of the floor. One question goes to everybody; an answer becomes a card."""
    lead.get_by_role("link", name="Close the shift").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text("still open")
    lead.get_by_role("button", name="Close the shift").click()
    expect(lead.get_by_role("heading", level=1)).to_contain_text(
        re.compile(r"met \d+ of \d+ needs")
    )
    for page in crew:
        page.wait_for_url("**/helped/*/")
        expect(page.locator("textarea")).to_be_visible()
    maria = crew.maria
    expect(maria.get_by_text("You met 1 at your own tables")).to_be_visible()
    maria.get_by_label("What helped today?").fill(CARD)
    maria.get_by_role("button", name="Put it on a practice card").tap()
    expect(maria.get_by_role("heading", level=1)).to_have_text("It is on a practice card.")
    lead.reload()
    expect(lead.get_by_role("region", name="What helped that day")).to_contain_text(CARD)
    lead.goto("/practice/")
    expect(lead.get_by_role("main")).to_contain_text(CARD)
