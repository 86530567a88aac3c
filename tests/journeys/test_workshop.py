"""The shipped script with six phones, from a code on the screen to what became of it on day 100."""

import csv
import io
import json
import re
from typing import NamedTuple

from playwright.sync_api import Browser, Page, expect

from tests.journeys import steps
from tests.journeys import workshop_phones as room
from tests.journeys.house import IN_A_BROWSER, PHONE, House
from tests.journeys.test_keyboard import tab_to

pytestmark = IN_A_BROWSER

NAME = "Warm plates at Mill"
UNKIND = "The early shift is useless"
BECAUSE = "It is about people, not about what customers get"
STORY = "At ten to eight I ask the pass: which table waits longest?"
SAYS_THEY_MAY = "That will never work here, the other side will take advantage of me"
EDGE = "Kitchen at Mill → Floor at Mill"


class Said(NamedTuple):
    """A statement of day 100, and what became of it."""

    words: str
    outcome: str
    evidence: str


SAID = (
    Said("On Friday evening every plate came warm", "better", "Two of ninety came back cold"),
    Said("Die Gäste sagten uns am Samstag danke", "better", "Neun Karten im Kasten"),
    Said("عاد الضيوف يوم الثلاثاء", "the same", "As many tables as before"),
    Said("Ana showed the late shift how she asks", "better", "Four of six do it"),
    Said("We took the bill before they asked", "worse", "The wait grew by two minutes"),
    Said("The pass called each table by name", "another good thing", "Guests greet the pass"),
)


class Room(NamedTuple):
    """Six phones, two of them in other languages; which is only known here."""

    expert: Page
    german: Page
    arab: Page
    ana: Page
    far: Page
    last: Page


def test_a_workshop_from_its_code_to_its_verdicts_on_day_100(
    house: House, browser: Browser
) -> None:
    imke = house.be("imke", browser, **room.TABLET)
    console = room.open_workshop(imke, NAME)
    wall = room.screen(house, browser, imke)
    phones = _come_in(house, browser, imke, wall)

    _cards_are_hidden_until_the_last_is_in(imke, wall, phones)
    _an_objection_is_met(imke, wall, phones)
    _an_unkind_card_comes_off_the_wall(imke, wall, phones)
    _a_phone_that_begins_again_has_its_draft(imke, phones)
    _the_house_is_cut_off_in_mid_question(house, imke, wall, phones)
    for at in (4, 5):
        _all_answer(imke, phones, at)
    _experts_first(house, browser, imke, wall, phones)
    for at in (7, 8):
        _all_list(imke, phones, at)
    _what_is_better_in_100_days(imke, wall, phones)
    _nobody_stands_up_without(imke, phones)
    _closed(imke, wall, phones)
    _takes_it_home(imke, console)
    _asked_and_promised(house, browser)
    _day_100(house, imke, wall, console)
    _told_on_day_100(imke, phones)
    for page in (*phones, wall, imke):
        page.context.close()


def _come_in(house: House, browser: Browser, imke: Page, wall: Page) -> Room:
    code = wall.locator("aside .code").inner_text()
    assert code == room.code_of(imke)
    locales = ("en", "de", "ar", "en", "en", "en")
    phones = Room(
        *(
            room.come_in(house, browser, code, expert=at == 0, locale=locale)
            for at, locale in enumerate(locales)
        )
    )
    for page, locale in zip(phones, locales, strict=True):
        expect(page.locator("html")).to_have_attribute("lang", re.compile(f"^{locale}"))
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    expect(phones.arab.locator("html")).to_have_attribute("dir", "rtl")
    expect(imke.locator("[data-of]")).to_have_text("6")
    return phones


def _cards_are_hidden_until_the_last_is_in(imke: Page, wall: Page, phones: Room) -> None:
    """One phone has no network: its card waits on it, and all wait for its card."""
    imke.reload()
    tab_to(imke, imke.get_by_role("button", name="Begin"))
    imke.keyboard.press("Enter")
    expect(imke.get_by_role("button", name="Open the cards")).to_be_visible()
    phones.far.context.set_offline(True)
    room.write(phones.far, 0, "They stay for one more coffee")
    expect(room.waits(phones.far)).to_have_text("1 waits on this phone and goes by itself.")
    for at, page in enumerate(phones):
        if page is not phones.far:
            room.hand_in(page, 0, f"They come back on day {at}")
    for page in (imke, wall):
        counts = page.locator("#part [role=status], footer [role=status]").first
        expect(counts).to_contain_text(re.compile("5 of 6 have handed in."))
    for page in (imke, wall, phones.last):
        assert "They come back on day 0" not in page.content()
    hidden = phones.last.request.get("/workshop/read/0/").text()
    assert "They come back" not in hidden

    phones.far.context.set_offline(False)
    for page in (*phones, wall):
        expect(room.wall(page, 0)).to_have_count(6)
        expect(room.wall(page, 0).filter(has_text="one more coffee")).to_be_visible()
    expect(room.waits(phones.far)).to_be_hidden()


def _an_objection_is_met(imke: Page, wall: Page, phones: Room) -> None:
    """ "That will never work here": one key, a sentence, and the first question again."""
    phones.last.locator("[data-objecting] summary").click()
    phones.last.locator("#objects").fill(SAYS_THEY_MAY)
    phones.last.locator("[data-objecting] button").click()
    expect(room.wall(wall, 0).filter(has_text=SAYS_THEY_MAY)).to_be_visible()
    imke.keyboard.press("c")
    for page in (*phones, wall):
        expect(page.locator("[data-objection]")).to_be_visible()
    expect(wall.locator("[data-objection]")).to_contain_text("Wow…that sounds challenging.")
    expect(wall.locator("[data-objection]")).to_contain_text(
        "What do you want the customers to do?"
    )
    expect(imke.get_by_role("button", name="Heard: go on")).to_be_visible()
    imke.keyboard.press("n")
    for page in (*phones, wall):
        expect(page.locator("[data-objection]")).to_be_hidden()
    expect(imke.get_by_role("button", name="Next step")).to_be_visible()
    imke.keyboard.press("n")
    room.at_step([*phones, wall], 1)


def _an_unkind_card_comes_off_the_wall(imke: Page, wall: Page, phones: Room) -> None:
    for page in phones[1:]:
        room.hand_in(page, 1, "I look up and smile")
    room.hand_in(phones.expert, 1, UNKIND)
    for page in (*phones, wall):
        expect(room.wall(page, 1).filter(has_text=UNKIND)).to_be_visible()
    card = imke.locator("#part li", has_text=UNKIND)
    card.locator("summary").click()
    card.get_by_label("Why; the writer reads it").fill(BECAUSE)
    card.get_by_role("button", name="Take it off the wall").click()
    for page in (*phones, wall):
        expect(room.wall(page, 1)).to_have_count(5)
        expect(room.wall(page, 1).filter(has_text=UNKIND)).to_have_count(0)
    expect(room.own(phones.expert, 1)).to_contain_text(BECAUSE)
    expect(imke.get_by_text("1 card is off the wall")).to_be_visible()


def _a_phone_that_begins_again_has_its_draft(imke: Page, phones: Room) -> None:
    room.press(imke, "Next step")
    room.at_step([*phones], 2)
    words = "يبتسمون قبل أن نسألهم"
    room.field(phones.arab, 2).fill(words)
    phones.arab.reload()
    expect(room.field(phones.arab, 2)).to_have_value(words)
    phones.arab.locator("[data-hand-in]").click()
    for page in phones:
        if page is not phones.arab:
            room.hand_in(page, 2, "They wave at the door")
    for page in phones:
        expect(room.wall(page, 2)).to_have_count(6)
        expect(room.wall(page, 2).filter(has_text=words)).to_be_visible()


def _the_house_is_cut_off_in_mid_question(
    house: House, imke: Page, wall: Page, phones: Room
) -> None:
    """Two have handed in, one sends while nobody answers, three are typing: nothing is lost."""
    room.press(imke, "Next step")
    room.at_step([*phones, wall], 3)
    for page in phones[:2]:
        room.hand_in(page, 3, "I carry less twice")
    kept = ("أبدأ باكرا", "I eat sitting", "No stairs", "Less noise")
    typing = dict(zip(phones[2:], kept, strict=True))
    for page, words in typing.items():
        room.field(page, 3).fill(words)
    house.cut_off()
    phones.last.locator("[data-hand-in]").click()
    expect(room.waits(phones.last)).to_be_visible()
    house.begin()
    expect(room.waits(phones.last)).to_be_hidden(timeout=room.BACK_MS)
    for page, words in typing.items():
        if page is not phones.last:
            expect(room.field(page, 3)).to_have_value(words)
            page.locator("[data-hand-in]").click()
    for page in (*phones, wall):
        expect(room.wall(page, 3)).to_have_count(6, timeout=room.BACK_MS)
        for words in typing.values():
            expect(room.wall(page, 3).filter(has_text=words)).to_be_visible()
    expect(imke.get_by_text("The cards are open.")).to_be_visible(timeout=room.BACK_MS)


def _all_answer(imke: Page, phones: Room, at: int) -> None:
    room.press(imke, "Next step")
    room.at_step([*phones], at)
    for number, page in enumerate(phones):
        room.hand_in(page, at, f"Answer {at}.{number}")
    for page in phones:
        expect(room.wall(page, at)).to_have_count(6)


def _experts_first(house: House, browser: Browser, imke: Page, wall: Page, phones: Room) -> None:
    """Who does it already writes first; who is named tells it, and approves each word."""
    room.press(imke, "Next step")
    room.at_step([*phones, wall], 6)
    expect(imke.get_by_text("1 person does it already and speaks first.")).to_be_visible()
    for page in phones[1:]:
        expect(room.field(page, 6)).to_be_hidden()
    room.hand_in(phones.expert, 6, "On Friday nights I say to each table: the kitchen is full")
    _ana_is_asked(house, browser, imke, phones)
    room.press(imke, "Everybody writes")
    for at, page in enumerate(phones[1:]):
        room.hand_in(page, 6, f"I ask the dish room by name, {at}")
    for page in (*phones, wall):
        assert STORY not in page.content()
    for page in phones:
        room.that_was_all(page)
    for page in (*phones, wall):
        expect(room.wall(page, 6)).to_have_count(7)
        expect(room.wall(page, 6).filter(has_text=STORY)).to_contain_text("Ana")


def _ana_is_asked(house: House, browser: Browser, imke: Page, phones: Room) -> None:
    named = room.step(phones.german, 6).locator("[data-nominate]")
    named.locator("summary").click()
    named.locator("[name=nominee]").fill("Ana")
    named.locator("[name=noticed]").fill("Ana fragt zuerst den Pass.")
    named.locator("button").click()
    phones.german.wait_for_url("**/nominated/*/show/")
    address = phones.german.locator("p[dir=ltr]").inner_text()
    ana = house.context(browser, **PHONE).new_page()
    ana.goto(address)
    expect(ana.locator("blockquote")).to_have_text("Ana fragt zuerst den Pass.")
    ana.get_by_role("button", name="Yes, I tell it").click()
    ana.get_by_label("How did you manage to make that happen?").fill(STORY)
    ana.get_by_role("button", name="Keep it, and read it again").click()
    expect(imke.locator("#part")).to_contain_text("tells it now")
    ana.get_by_role("button", name="Show it to the room").click()
    expect(ana.get_by_role("heading", name="The room reads this")).to_be_visible()
    expect(imke.locator("#part")).to_contain_text("approved it")
    ana.context.close()
    phones.german.locator("a[href='/workshop/']").click()
    room.at_step([phones.german], 6)


def _all_list(imke: Page, phones: Room, at: int) -> None:
    """As many as possible: a card each thing, and whoever has no more says so."""
    room.press(imke, "Next step")
    room.at_step([*phones], at)
    for page in phones:
        room.hand_in(page, at, "Bread of our own")
        if page is phones.german:
            room.hand_in(page, at, "Jemand grüßt immer")
            room.hand_in(page, at, "Die Karte passt auf eine Seite")
        room.that_was_all(page)
    for page in phones:
        expect(room.wall(page, at)).to_have_count(8)


def _what_is_better_in_100_days(imke: Page, wall: Page, phones: Room) -> None:
    room.press(imke, "Next step")
    room.at_step([*phones, wall], 9)
    for number, (page, said) in enumerate(zip(phones, SAID, strict=True)):
        here = room.step(page, 9)
        here.locator(".pick label").nth(3).click()
        if page is not phones.far:
            page.locator("#task-9").fill(f"Small step {number}")
        room.hand_in(page, 9, said.words)
        expect(room.own(page, 9)).to_have_count(1 if page is phones.far else 2)
        room.that_was_all(page)
    for page in (*phones, wall):
        for said in SAID:
            expect(room.wall(page, 9).filter(has_text=said.words)).to_be_visible()


def _nobody_stands_up_without(imke: Page, phones: Room) -> None:
    """Each statement is carried by somebody, and each phone takes a task along."""
    imke.get_by_role("link", name="Owners, steps, signs").click()
    heading = imke.get_by_role("heading", level=1)
    expect(heading).to_have_text("6 statements have no owner, first step or sign yet.")
    imke.get_by_role("button", name="Close the workshop").click()
    refused = imke.get_by_role("main")
    expect(refused).to_contain_text("1 phone has no small task of its own yet.")
    expect(imke.locator("#signs option[value='They wave at the door']")).to_have_count(1)
    first = room.statement(imke, SAID[0].words)
    first.get_by_label("Who serves whom by it").select_option(label=EDGE)
    for number, said in enumerate(SAID):
        room.own_statement(
            imke,
            said.words,
            owner=f"Team {number}",
            first="Count on Friday",
            sign="Fewer come back",
        )
    expect(heading).to_have_text("Each statement has an owner, a first step and a sign.")
    phones.far.locator("#task-9").fill("Small step of the one who forgot")
    phones.far.locator("[data-hand-in]").click()
    expect(room.own(phones.far, 9)).to_have_count(2)
    expect(phones.far.locator("#task-9")).to_be_hidden()


def _closed(imke: Page, wall: Page, phones: Room) -> None:
    """Nobody is sent away with nothing: each phone has its task, and the day they meet again."""
    imke.get_by_role("button", name="Close the workshop").click()
    expect(imke.get_by_role("status")).to_contain_text("Closed. Day 100 is booked")
    expect(imke.get_by_role("heading", level=1)).to_contain_text("We meet again on")
    for page in (*phones, wall):
        expect(page.locator("[data-closed]")).to_be_visible()
    expect(phones.last.locator("[data-closed]")).to_contain_text("You meet again on")
    phones.last.get_by_role("link", name="Your own small tasks").click()
    expect(phones.last.locator("[data-tasks]")).to_contain_text("Small step 5")
    phones.last.get_by_role("button", name="It is done").click()
    expect(phones.last.locator("[data-is-done]")).to_be_visible()


def _takes_it_home(imke: Page, console: str) -> None:
    """The wall for the wall, a table, a document, and a day for any calendar."""
    sheet, calendar = (imke.request.get(console + end) for end in ("wall.pdf", "day-100.ics"))
    assert sheet.body().startswith(b"%PDF-")
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert re.search(r"DTSTART;VALUE=DATE:\d{8}\r\n", calendar.text())
    rows = list(csv.DictReader(io.StringIO(imke.request.get(console + "wall.csv").text())))
    words = {row["words"] for row in rows}
    assert {said.words for said in SAID} | {STORY, "They stay for one more coffee"} <= words
    assert UNKIND not in words
    told = json.loads(imke.request.get(console + "wall.json").text())
    assert told["name"] == NAME


def _asked_and_promised(house: House, browser: Browser) -> None:
    """Only those who are served can ask; whoever serves promises; both stand on the spine."""
    maria, nadia = house.be("maria", browser), house.be("nadia", browser)
    waiting = maria.get_by_role("region", name="Waits to be sent by your party")
    expect(waiting).to_contain_text(SAID[0].words)
    waiting.get_by_role("button", name="Send it as an ask").click()
    expect(maria.get_by_role("status")).to_contain_text("Sent as an ask of your party.")
    steps.promise(nadia, SAID[0].words, what="The warmer stays on until the last table.")
    maria.goto("/")
    expect(waiting).to_have_count(0)
    asked = maria.get_by_role("region", name="What I asked").locator("li", has_text=SAID[0].words)
    expect(asked).to_contain_text("promised it")
    for page in (maria, nadia):
        page.context.close()


def _day_100(house: House, imke: Page, wall: Page, console: str) -> None:
    """The clock goes on; the day opens by itself, with every statement on the screen."""
    imke.goto(f"{console}day-100/")
    expect(room.statement(imke, SAID[0].words)).to_contain_text("Its ask and promise")
    expect(imke.get_by_label("What shows it")).to_have_count(0)
    room.let_pass(house, console, days=110)
    steps.reload_until(imke, imke.get_by_role("heading", name="It is day 100."))
    for said in SAID:
        expect(room.statement(imke, said.words)).to_be_visible()


def _told_on_day_100(imke: Page, phones: Room) -> None:
    known = imke.get_by_role("region", name="How well the organisation knew")
    for number, said in enumerate(SAID):
        expect(known.locator("svg")).to_have_count(int(number >= 5))
        room.judge(imke, said.words, outcome=said.outcome, evidence=said.evidence)
        expect(room.statement(imke, said.words)).to_contain_text(said.evidence)
    expect(imke.get_by_role("heading", level=1)).to_have_text(
        "It is day 100. 6 of 6 statements are told."
    )
    expect(known.get_by_role("row", name=re.compile("^rather 50 %"))).to_contain_text("6")
    expect(known.get_by_text("five are needed")).to_have_count(4)
    phones.expert.reload()
    expect(phones.expert.get_by_role("link", name="Type the code")).to_be_visible()
