"""The pages of a workshop are for everybody: at 360 px, in light and dark; practice for anybody."""

from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect

from tests.journeys import workshop_phones as room
from tests.journeys.house import IN_A_BROWSER, PHONE, House
from tests.journeys.test_floor_live_access import SMALL, small_findings
from tests.journeys.test_plan_access import TOO_SMALL
from tests.journeys.test_strictness import listen

pytestmark = IN_A_BROWSER
EXPERTS, HUNDRED = 6, 9
"""The steps at which some speak first, and at which statements are written."""


def test_pages_of_a_workshop_are_for_everybody(house: House, browser: Browser) -> None:
    """Console and screen, and phones in three languages, from the code to what they take along."""
    imke = house.be("imke", browser, bypass_csp=True)
    console = room.open_workshop(imke, "For everybody")
    wall = room.screen(house, browser, imke, bypass_csp=True)
    phones = [
        room.come_in(house, browser, room.code_of(imke), locale=locale, bypass_csp=True, **SMALL)
        for locale in ("en", "ar", "de")
    ]
    found = [*_before(house, browser, imke)]
    found += _while_all_write(imke, wall, phones)
    found += _while_all_read(imke, wall, phones)
    found += _after_it(imke, wall, phones, console)
    for page in (*phones, wall, imke):
        page.context.close()
    assert not found, "\n".join(found)


def _before(house: House, browser: Browser, imke: Page) -> Iterator[str]:
    stranger = house.context(browser, bypass_csp=True, **SMALL).new_page()
    for path in ("/w/", f"/w/{room.code_of(imke).replace(' ', '')}/", "/practise/", "/pocket/"):
        stranger.goto(path)
        yield from small_findings(stranger, path)
        assert stranger.evaluate(TOO_SMALL) == [], path
    stranger.context.close()
    yield from small_findings(imke, "console before it begins")


def _while_all_write(imke: Page, wall: Page, phones: list[Page]) -> Iterator[str]:
    room.press(imke, "Begin")
    expect(imke.get_by_role("button", name="Open the cards")).to_be_visible()
    for page in phones[:2]:
        room.hand_in(page, 0, "Warm plates")
    for page in (imke, wall, *phones):
        yield from small_findings(page, "all write")
    for page in phones:
        assert page.evaluate(TOO_SMALL) == []


def _while_all_read(imke: Page, wall: Page, phones: list[Page]) -> Iterator[str]:
    room.hand_in(phones[2], 0, "Warme Teller")
    for page in (wall, *phones):
        expect(room.wall(page, 0)).to_have_count(3)
    expect(imke.get_by_role("button", name="Group what is alike")).to_be_visible()
    for page in (imke, wall, *phones):
        yield from small_findings(page, "all read")
    imke.locator("#part li summary").first.click()
    yield from small_findings(imke, "a card to move or hide")
    imke.keyboard.press("c")
    for page in (wall, phones[1]):
        expect(page.locator("[data-objection]")).to_be_visible()
        yield from small_findings(page, "objection")
    imke.keyboard.press("n")
    expect(imke.get_by_role("button", name="Next step")).to_be_visible()


def _after_it(imke: Page, wall: Page, phones: list[Page], console: str) -> Iterator[str]:
    for at in range(1, HUNDRED + 1):
        room.press(imke, "Next step")
        room.at_step([wall, *phones], at)
        if at == EXPERTS:
            yield from _findings_at(at, phones[2:])
            room.press(imke, "Everybody writes")
        if at == HUNDRED:
            yield from _findings_at(at, phones)
            room.hand_in(phones[0], at, "Every plate came warm")
        room.press(imke, "Open the cards")
    imke.goto(f"{console}closing/")
    yield from small_findings(imke, "before people stand up")
    room.own_statement(
        imke, "Every plate came warm", owner="Ana", first="Count plates", sign="None comes back"
    )
    imke.get_by_label("Some leave without").check()
    imke.get_by_role("button", name="Close the workshop").click()
    expect(imke.get_by_role("heading", level=1)).to_contain_text("We meet again on")
    for page in (imke, wall, phones[0]):
        expect(page.get_by_text("eet again on").first).to_be_visible()
        yield from small_findings(page, "closed")
    imke.get_by_text("Meet on another day").click()
    imke.get_by_role("button", name="We are together now").click()
    expect(imke.get_by_role("heading", level=1)).to_contain_text("It is day 100.")
    yield from small_findings(imke, "day 100")


def _findings_at(at: int, phones: list[Page]) -> Iterator[str]:
    for page in phones:
        yield from small_findings(page, f"step {at}")


def test_practising_alone_stays_on_the_phone(house: House, browser: Browser) -> None:
    """No account; nothing is sent but the page is asked for; what was typed is still there."""
    page = house.context(browser, **PHONE).new_page()
    told = listen(page, house)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method))
    page.goto("/practise/")
    fields = page.locator("textarea")
    expect(fields).to_have_count(10)
    fields.first.fill("They come back on Tuesdays")
    fields.last.fill("We will be faster")
    hint = page.locator(f"#{fields.last.get_attribute('aria-describedby')}")
    expect(hint).not_to_be_empty()
    page.reload()
    expect(fields.first).to_have_value("They come back on Tuesdays")
    with page.expect_download() as arriving:
        page.get_by_role("link", name="Save my answers").click()
    assert "They come back on Tuesdays" in arriving.value.path().read_text(encoding="utf-8")
    assert set(asked) == {"GET"}
    assert {each["name"] for each in page.context.cookies()} <= {"csrftoken"}
    page.get_by_role("button", name="Forget them on this device").click()
    page.reload()
    expect(fields.first).to_have_value("")
    page.context.close()
    assert not told, "\n".join(told)
