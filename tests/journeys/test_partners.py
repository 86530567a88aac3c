"""Two waves from their cards to an ask, and what is given away: nothing."""

import re
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.journeys import wave_steps as waves
from tests.journeys.house import IN_A_BROWSER, House
from tests.journeys.test_keyboard import press, write

pytestmark = IN_A_BROWSER

DISH, KITCHEN, FLOOR = "Dish room at Mill", "Kitchen at Mill", "Floor at Mill"
EDGES = (
    f"{DISH} → {KITCHEN}",
    f"{KITCHEN} → {FLOOR}",
    f"Bar at Mill → {FLOOR}",
    "Booking system → Host stand at Mill",
)
APART = {"edges": {"mill-dish > mill-kitchen": [2, 4]}}
TOGETHER = {"edges": {"mill-dish > mill-kitchen": [4, 4]}}
RARE = "Only Dragan knows when table 14 was cleared on Tuesday."


def test_two_waves_lead_to_an_ask_and_show_what_moved(house: House, browser: Browser) -> None:
    ruth = house.be("ruth", browser)
    first = waves.open_wave(ruth, "Mill, both sides", edges=EDGES)
    _promises(ruth, first)
    _two_phones_answer(house, browser, first)
    waves.answer_rest(house, first, APART)
    _shows_nobody(ruth, first)
    waves.end_wave(ruth, first)
    waves.wait_until_counted(ruth, first)
    _a_leader_sees_and_asks(house, browser)

    second = waves.open_wave(ruth, "Mill, once more", edges=EDGES)
    waves.answer_rest(house, second, TOGETHER)
    waves.end_wave(ruth, second)
    waves.wait_until_counted(ruth, second)
    with _attacking(house) as attack:
        _shows_what_moved(ruth, second)
        printed = attack.communicate()[0]
    assert attack.returncode == 0, printed
    for title in ("Mill, both sides", "Mill, once more"):
        assert title in printed
    assert printed.count("E2 worlds: answers that are certain") == printed.count("rows of the base")
    assert "broken" not in printed
    ruth.context.close()


def _promises(ruth: Page, wave: waves.OpenWave) -> None:
    """Everybody can read what is promised, also without an account."""
    ruth.goto(f"/waves/{wave.ref}/promise/")
    expect(ruth.get_by_role("heading", level=1)).to_contain_text("together with at least 5 in all")
    kept, not_kept = (ruth.get_by_role("region", name=name)
                      for name in ("What is kept", "What is not kept"))  # fmt: skip
    expect(kept).to_contain_text("Answers are then erased, and so is the key.")
    expect(not_kept).to_contain_text("No such list exists, so reminders go to everybody.")


def _two_phones_answer(house: House, browser: Browser, wave: waves.OpenWave) -> None:
    """One with a printed card and a double tap, one that took a card from a screen."""
    printed = waves.phone(house, browser, wave.first_cards[0])
    expect(printed.get_by_role("heading", level=1)).to_contain_text("you are one of 7")
    waves.answer_all(printed, step=3, words=RARE)
    expect(printed.get_by_role("heading", level=1)).to_contain_text("Look at your answers")
    printed.get_by_role("button", name="Send").dblclick()
    expect(printed.get_by_role("heading", level=1)).to_contain_text("Your answer is in the box.")
    assert printed.context.cookies() == []
    printed.goto(wave.first_cards[0])
    expect(printed.get_by_role("heading", level=1)).to_contain_text("is in the box")
    expect(printed.get_by_role("button", name="Begin")).to_have_count(0)

    drawn = waves.take_card(house, browser, wave.last_screen)
    assert drawn.url not in wave.first_cards
    waves.answer_all(drawn, step=1)
    drawn.get_by_role("button", name="Send").click()
    expect(drawn.get_by_role("heading", level=1)).to_contain_text("Your answer is in the box.")
    for page in (printed, drawn):
        page.context.close()


def _shows_nobody(ruth: Page, wave: waves.OpenWave) -> None:
    """Whoever opened a wave reads how much of the whole came back, and of whom nothing."""
    ruth.goto(f"/waves/{wave.ref}/")
    expect(ruth.get_by_role("heading", level=1)).to_contain_text("More than three quarters")
    told = ruth.locator("main").inner_text()
    assert "No list of who has not answered exists" in told
    assert not re.search("Maria|Nadia|Dragan|Bea", told)
    for path in (f"/gaps/{wave.ref}/", f"/waves/{wave.ref}/cards/", f"/gaps/{wave.ref}/base.csv"):
        assert ruth.request.get(path).status in {404, 405}


def _a_leader_sees_and_asks(house: House, browser: Browser) -> None:
    """Which edge is worst, how sure one can be, and what to press next."""
    nadia = house.be("nadia", browser)
    nadia.get_by_role("navigation", name="Rooms").get_by_role("link", name="Gaps").click()
    heading = nadia.get_by_role("heading", level=1)
    expect(heading).to_contain_text(f"{DISH} and {KITCHEN} see the same work differently.")
    expect(heading).to_contain_text("Of 3 pairs it is the only one that stands out from chance.")
    told = nadia.locator("main").inner_text()
    assert f"Start with {DISH} and {KITCHEN}: these two clearly differ." in told
    gap = re.search(r"with a chance of (\d+) % \((\d+)–\d+\), where 50 % would be no gap", told)
    assert gap, told
    assert int(gap[1]) > int(gap[2]) > 50
    chance = re.search(r"Whether it is the widest gap .* the probability is (\d+) %", told)
    assert chance, told
    assert int(chance[1]) > 80
    assert "Press “Ask” in its row to say what would help." in told
    nobody = waves.row_of(nadia, "Booking system", "Host stand at Mill")
    expect(nobody).to_contain_text("Nobody can answer from this side.")

    loudest = nadia.locator("main a.btn.go")
    expect(loudest).to_have_count(1)
    expect(loudest).to_have_text(f"Ask: {DISH}, {KITCHEN}")
    press(nadia, loudest)
    write(nadia, "What would help you serve?", "Racks back before the second sitting.")
    press(nadia, nadia.get_by_role("button", name="Send the ask"))
    expect(nadia.get_by_role("status")).to_contain_text("Sent to Dish room")
    nadia.context.close()


def _attacking(house: House) -> "subprocess.Popen[str]":
    command = [Path(sys.executable).with_name("upturn"), "attack"]
    environment = house.environment() | {"COLUMNS": "120"}
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True
    )


def _shows_what_moved(page: Page, wave: waves.OpenWave) -> None:
    page.goto(f"/gaps/{wave.ref}/")
    page.get_by_role("link", name="Since the wave before").click()
    expect(page.locator(".where").first).to_contain_text("compared with Mill, both sides")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("moved by more than chance would.")
    expect(heading).to_contain_text("Why, two waves cannot tell.")
    expect(waves.row_of(page, DISH, KITCHEN)).to_contain_text("went up")
    expect(page.locator("main")).to_contain_text("two waves have no comparison")


def test_six_keys_are_seen_from_both_sides(house: House, browser: Browser) -> None:
    ruth = house.be("ruth", browser)
    wave = waves.open_wave(ruth, "Six keys at the Mill", asks="Six keys", place="Mill")
    waves.answer_rest(house, wave, {"servers": 2, "leaders": 4})
    waves.end_wave(ruth, wave)
    closed = waves.run(house, "close", wave.ref)
    assert closed.returncode == 0, closed.stderr
    assert "its ballots are erased" in closed.stdout
    waves.wait_until_counted(ruth, wave)
    heading = ruth.get_by_role("heading", level=1)
    expect(heading).to_contain_text(re.compile(r"\d of 6 questions"))
    expect(ruth.get_by_role("table").first).to_contain_text("Issues are removed together")
    expect(ruth.get_by_role("region", name="What this cannot tell")).to_contain_text("Not who")
    ruth.context.close()


def test_a_rule_is_asked_to_go_and_a_cycle_begins_at_an_ask(house: House, browser: Browser) -> None:
    why = "It sends people to the till twice."
    maria = house.be("maria", browser)
    maria.goto("/rules/")
    hold = maria.get_by_role("region", name="They hold, the first to end first")
    rule = hold.get_by_role("listitem").first.get_by_role("link").first
    name = rule.inner_text()
    rule.click()
    maria.get_by_role("link", name=re.compile("^Ask for it to go")).click()
    write(maria, "Why it should go", why)
    press(maria, maria.get_by_role("button", name="Ask for it to go"))
    maria.goto("/rules/")
    asked = maria.get_by_role("region", name="Somebody asks for them to go")
    expect(asked).to_contain_text(name)

    maria.goto("/")
    asks = maria.get_by_role("region", name="What I asked")
    asks.get_by_role("link").first.click()
    maria.get_by_role("link", name=re.compile("improvement cycle")).first.click()
    expect(maria.locator("main")).to_contain_text("The cycle hangs on this ask")
    maria.get_by_label(re.compile("What did you notice|What you noticed")).fill("Racks wait.")
    maria.get_by_role("button", name="Open the cycle").click()
    expect(maria.locator("main")).to_contain_text("It hangs on an ask:")
    expect(maria.locator("main")).to_contain_text("nobody of a second level owns it yet")
    maria.context.close()
