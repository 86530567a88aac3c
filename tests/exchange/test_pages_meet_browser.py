"""In real browsers: a GO signed on the client's device, lists made blind, steps nobody is sent."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.exchange import factories as make
from tests.exchange import talk
from tests.journeys.house import DESKTOP, IN_A_BROWSER, PHONE, chromium_that_seals
from upturn.exchange.commands import meetings, people
from upturn.exchange.commands.programmes import ProgrammeMove, make_move, new_programme
from upturn.exchange.engine import Part, Verb
from upturn.exchange.engine.ballot import write_key_file
from upturn.exchange.models import BlindList, Exchange, Programme
from upturn.exchange.queries.sittings import COOKIE

pytestmark = [IN_A_BROWSER, pytest.mark.django_db(transaction=True)]
STEP = "I call two people on Monday"


browser = pytest.fixture(chromium_that_seals)


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:3])


def sits(browser: Browser, address: str, company: make.Company, **how: object) -> Page:
    """A device of a company that lost what it kept: it has its seat and no key."""
    context = browser.new_context(base_url=address, **DESKTOP | how)
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": COOKIE, "value": company.cookie, "url": address}])
    return context.new_page()


def key_file(made: make.Made, name: str, folder: Path) -> Path:
    file = folder / f"{name}.key"
    file.write_text(write_key_file(made[name].key, company=name), encoding="utf-8")
    return file


def with_client(made: make.Made) -> Programme:
    amber = made["Amber"]
    row = new_programme(amber.sitting, talk.checked(), key="p", name="A warm first week")
    part = Part("talk", "On the first day", amber.row.ref)
    moves = [
        ("Client", ProgrammeMove(verb=Verb.EXPECT, words="People know whom they serve.")),
        ("Amber", ProgrammeMove(verb=Verb.BUILD)),
        ("Amber", ProgrammeMove(verb=Verb.CHANGE, part=part)),
        ("Amber", ProgrammeMove(verb=Verb.ASK_CONSENT)),
        *((each.name, ProgrammeMove(verb=Verb.CONSENT, on=1)) for each in made.members),
        ("Amber", ProgrammeMove(verb=Verb.PUT_TO_CLIENT)),
    ]
    for name, asked in moves:
        make_move(made[name].sitting, row.ref, asked, talk.checked(), today=make.TODAY)
    return row


def test_the_client_signs_its_go_with_its_key_file_and_nobody_elses(
    made: make.Made, browser: Browser, address: str, tmp_path: Path
) -> None:
    row = with_client(made)
    page = sits(browser, address, made["Client"], **PHONE)
    page.goto(f"/exchanges/{made.exchange.ref}/programmes/{row.ref}/")
    file = page.get_by_label("Your key file")
    go = page.get_by_role("button", name="Say GO, signed with your key")
    expect(file).to_be_hidden()
    go.click()
    expect(page.locator("#said")).to_contain_text("not on this device")
    file.set_input_files({"name": "a.key", "mimeType": "text/plain", "buffer": b"no key"})
    go.click()
    expect(page.locator("#said")).to_contain_text("no key file")
    file.set_input_files(key_file(made, "Amber", tmp_path))
    go.click()
    expect(page.get_by_role("alert").first).to_contain_text("not your company’s")
    row.refresh_from_db()
    assert row.live_version is None
    page.get_by_role("button", name="Say GO, signed with your key").click()
    page.get_by_label("Your key file").set_input_files(key_file(made, "Client", tmp_path))
    page.get_by_role("button", name="Say GO, signed with your key").click()
    expect(page.locator("h1")).to_contain_text("is live")
    row.refresh_from_db()
    assert (row.state, row.live_version) == ("live", 1)


def test_lists_are_compared_and_no_word_of_them_is_ever_sent(
    made: make.Made, browser: Browser, address: str
) -> None:
    at, sent, words = f"/exchanges/{made.exchange.ref}/people/lists/", [], ""

    def note(request: Request) -> None:
        sent.append(f"{request.url} {request.post_data or ''}")

    pages = {}
    for name in make.NAMES[:3]:
        page = pages[name] = sits(browser, address, made[name])
        page.on("request", note)
        page.goto(at)
        if words:
            page.get_by_label("The words you were given").fill(words.upper())
            page.get_by_role("button", name="Take these words").click()
        else:
            page.get_by_role("button", name="draw twelve").click()
            page.get_by_text("Show the words").click()
            words = page.locator("#spoken").inner_text()
        expect(page.locator("#check")).not_to_be_empty()
        page.get_by_role("group", name="Making use of quiet hours").get_by_text("together").click()
        page.get_by_role("group", name="Tools and knowledge").get_by_text(
            "together" if name != "Cedar" else "never"
        ).click()
        page.get_by_label("More topics").fill(f"Only {name}\nGüte am Telefon")
        page.get_by_role("button", name="hand it in").click()
        expect(page.get_by_text("Your list is in.")).to_be_visible()
    assert len({page.locator("#check").inner_text() for page in pages.values()}) == 1
    page = pages["Amber"]
    page.goto(at)
    expect(page.locator("h1")).to_contain_text("2 topics stand on every company’s list.")
    found = set(page.locator("[data-shared] li").all_inner_texts())
    assert found == {"Güte am Telefon", "Making use of quiet hours for learning"}
    all_sent = " ".join(sent)
    for secret in (*words.split(), "Only", "Telefon", "quiet_hours", "never"):
        assert f"={secret}" not in all_sent
        assert f"+{secret}" not in all_sent
    assert {len(row.digests) for row in BlindList.objects.all()} == {32}


def test_charities_learn_what_both_do_once_both_opened_their_lists(
    made: make.Made, browser: Browser, address: str
) -> None:
    Exchange.objects.filter(pk=made.exchange.pk).update(template="charities")
    at, words, pages = f"/exchanges/{made.exchange.ref}/people/lists/", "amber anchor apple", []
    lines = {
        "Amber": [("Warm meals", "Older people", "North side"), ("Books", "Children", "Harbour")],
        "Birch": [("warm  MEALS", "older people", "north side"), ("Beds", "Anybody", "Harbour")],
    }
    for name, rows in lines.items():
        page = sits(browser, address, made[name])
        pages.append(page)
        page.goto(at)
        page.get_by_label("The words you were given").fill(words)
        page.get_by_role("button", name="Take these words").click()
        expect(page.locator("#check")).not_to_be_empty()
        page.get_by_role("button", name="One more line").click()
        for place, row in enumerate(rows):
            for label, said in zip(("What", "For whom", "Where"), row, strict=True):
                page.get_by_label(label, exact=True).nth(place).fill(said)
        page.locator("form[data-about=services] button:has-text('hand it in')").click()
        other = "Birch" if name == "Amber" else "Amber"
        page.get_by_label(other).check()
        page.get_by_role("button", name="Open it to these").click()
        expect(page.get_by_label(other)).to_be_checked()
    for page, name, own in zip(pages, ("Birch", "Amber"), lines.values(), strict=True):
        page.goto(at)
        expect(page.get_by_text(f"You and {name} both do")).to_be_visible()
        expect(page.locator("[data-of=services] li")).to_have_text([" · ".join(own[0])])


def test_a_step_and_a_worksheet_stay_on_the_device(
    made: make.Made, browser: Browser, address: str
) -> None:
    draft = meetings.MeetingDraft(at=talk.NOW, agenda="Coaching")
    ref = meetings.plan_meeting(made.convener, made.exchange, draft, talk.checked()).ref
    meetings.begin(made["Steward"].sitting, ref)
    meetings.enter(made["Amber"].sitting, ref, accepts=True)
    page, sent = sits(browser, address, made["Amber"], **PHONE), []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.goto(f"/exchanges/{made.exchange.ref}/meetings/{ref}/")
    page.get_by_label("What do you do yourself").fill(STEP)
    page.get_by_role("button", name="I take it along").click()
    expect(page.get_by_text("You have taken one along.")).to_be_visible()
    expect(page.locator("#mine")).to_have_text(STEP)
    page.goto(f"/exchanges/{made.exchange.ref}/meetings/")
    expect(page.locator("#pocket")).to_contain_text(STEP)
    page.get_by_role("button", name="It is done").click()
    page.reload()
    expect(page.locator("#pocket")).to_contain_text("Done.")

    people.draw_pairs(made.convener, made.exchange, seed=1, today=make.TODAY)
    page.goto(f"/exchanges/{made.exchange.ref}/people/")
    page.locator("[data-walk] a").first.click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    page.get_by_label("what have I tried").fill("A board in the hall")
    page.reload()
    expect(page.get_by_label("what have I tried")).to_have_value("A board in the hall")
    page.get_by_role("button", name="Clear this sheet").click()
    page.reload()
    expect(page.get_by_label("what have I tried")).to_have_value("")

    page.goto(f"/exchanges/{made.exchange.ref}/people/")
    calls = page.locator("#calls-due > li")
    before = calls.count()
    page.get_by_role("button", name="We talked").first.click()
    page.reload()
    expect(page.locator("#calls-due > li:visible")).to_have_count(before - 1)
    said = " ".join(sent)
    assert "Monday" not in said
    assert "board" not in said
