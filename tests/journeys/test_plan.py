"""From an empty plan to a result; and what becomes of a line that two people write at once."""

import csv
import io
import json
import re

from playwright.sync_api import Browser, Page, expect

from tests.journeys import plan_pages as plans
from tests.journeys import steps
from tests.journeys.house import IN_A_BROWSER, House
from tests.journeys.plan_pages import Have
from tests.journeys.test_day import handle, time_of, undo
from tests.journeys.wave_steps import run

pytestmark = IN_A_BROWSER

ANSWER = "The floor and the dish room. With plates at hand nobody has to say sorry."
PLATES = Have("A word from the pass before a plate is late", "Kitchen", "Four plates together")
TRAYS = Have("Trays whose handles hold", "Maintenance")
RUNNER = Have("A second runner after eight")
WAITING, WORD = "minutes a guest waits for an answer", "shifts begun with a word"
CHANGE = re.compile(r"(−?[\d.]+) minutes\s+\(between (−?[\d.]+) and (−?[\d.]+)\)")
TEAMS = ("Bar", "Dish room", "Floor", "Kitchen")
RECKONED_MS = 60_000


def test_a_plan_goes_from_nothing_into_action(house: House, browser: Browser) -> None:
    imke = house.be("imke", browser)
    plan = _ask_the_question(imke)
    _call_the_group(imke)
    _write_the_day(imke)
    _write_be_do_have(imke)
    _set_targets_in_pairs(imke)
    _propose_the_roll_out(imke)
    _start(imke)
    _ask_promise_do_judge(house, browser, plan)
    _says_when_a_result_comes(imke, plan)
    _takes_it_home(imke, plan)
    imke.context.close()


def _ask_the_question(imke: Page) -> str:
    plan = plans.open_plan(imke, "A Saturday at Mill")
    expect(plans.step(imke, "The question")).to_have_attribute("aria-current", "step")
    imke.get_by_label("Whom do we serve first").fill(ANSWER)
    imke.get_by_role("button", name="Keep it").click()
    imke.wait_for_url(f"{plan}?key=*")
    expect(imke.get_by_role("status").get_by_role("button", name="Undo")).to_be_visible()
    expect(imke.get_by_role("heading", level=1)).to_contain_text("2 things are missing")
    expect(imke.locator("main blockquote")).to_have_text(ANSWER)
    return plan


def _call_the_group(imke: Page) -> None:
    plans.go_to_step(imke, "The group")
    heading = imke.get_by_role("heading", level=1)
    plans.seat(imke, "Nadia")
    expect(heading).to_contain_text("1 function is at the table.")
    expect(heading).to_contain_text("ask those who are missing.")
    call = imke.get_by_role("region", name="Who could come")
    expect(call).to_contain_text(re.compile("Missing:.*Floor"))
    expect(plans.step(imke, "The group")).to_have_attribute("aria-current", "step")
    plans.seat(imke, "Maria", username="maria")
    plans.seat(imke, "Dragan", username="dragan")
    expect(heading).to_have_text("3 functions are at the table.")


def _write_the_day(imke: Page) -> None:
    plans.go_to_step(imke, "The day")
    imke.get_by_role("button", name=plans.OWN).click()
    expect(imke.get_by_role("heading", level=3)).to_have_count(10)
    imke.get_by_label("Time", exact=True).fill("18:10")
    imke.get_by_label("What happens").fill("Getting a taxi")
    imke.get_by_role("button", name="Add it").click()
    expect(imke.get_by_role("heading", level=1)).to_contain_text("in 11 moments.")
    _drag(imke, "Finding a table", by=80)
    expect(time_of(imke, "Finding a table")).not_to_have_text("17:40")
    handle(imke, "Paying").focus()
    imke.keyboard.press("ArrowRight")
    expect(time_of(imke, "Paying")).to_have_text("21:25")
    _say_who_is_there(imke)


def _say_who_is_there(imke: Page) -> None:
    """Moments at which nobody meets the customer are flagged until somebody does."""
    flagged = imke.locator(".day > li", has_text="nobody meets the customer here")
    expect(flagged.filter(has_text="Getting a taxi")).to_be_visible()
    expect(imke.get_by_role("heading", level=1)).to_contain_text(
        re.compile("nobody meets (them|the customer)")
    )
    expect(plans.step(imke, "The day")).to_have_attribute("aria-current", "step")
    day = imke.url
    for name in flagged.get_by_role("heading").all_inner_texts():
        imke.get_by_role("link", name=name, exact=True).click()
        heading = imke.get_by_role("heading", level=1)
        expect(heading).to_contain_text("Nobody meets the customer here.")
        imke.get_by_label("Host stand", exact=True).select_option(label="in sight")
        imke.get_by_role("button", name="Keep who meets the customer").click()
        expect(plans.needs(imke, "Host stand")).to_be_visible()
        imke.goto(day)
    expect(flagged).to_have_count(0)
    expect(plans.step(imke, "Be, do, have")).to_have_attribute("aria-current", "step")


def _drag(page: Page, name: str, *, by: int) -> None:
    circle = handle(page, name).locator("circle")
    circle.scroll_into_view_if_needed()
    box = circle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=8)
    expect(page.locator(".tip")).to_contain_text(name)
    page.mouse.up()


def _write_be_do_have(imke: Page) -> None:
    """First what they have; then what they do; a HAVE draws an edge, is a gap, or an orphan."""
    imke.get_by_role("link", name="Food arrives", exact=True).click()
    floor = plans.needs(imke, "Floor")
    expect(floor.get_by_text("Opens after the first HAVE.")).to_have_count(2)
    expect(imke.get_by_text("Add what they do")).to_have_count(0)
    added = plans.add_have(imke, "Floor", RUNNER)
    expect(added).to_contain_text("no provider yet")
    plans.add_line(imke, "Floor", "Four plates together", column="do")
    plans.add_line(imke, "Floor", "proud of what they carry", column="be")
    edge = plans.add_have(imke, "Floor", TRAYS).get_by_role("link", name="Maintenance")
    drawn = edge.get_attribute("href") or ""
    expect(plans.line(imke, TRAYS.words)).to_contain_text("makes no promise to a customer possible")
    added = plans.add_have(imke, "Floor", PLATES)
    expect(added).to_contain_text("so that: Four plates together")

    at_moment = imke.url
    imke.goto(drawn)
    expect(imke.get_by_role("heading", level=1)).to_contain_text(TRAYS.provider)
    expect(imke.locator("main")).to_contain_text(TRAYS.words)
    imke.goto(at_moment)
    plans.go_to_step(imke, "Be, do, have")
    heading = imke.get_by_role("heading", level=1)
    expect(heading).to_contain_text("1 gap: a HAVE that nobody gives.")
    expect(heading).to_contain_text("2 orphans name no promise to the customer.")
    imke.get_by_label("gaps").check()
    imke.get_by_role("button", name="Show", exact=True).click()
    expect(imke.locator("main tbody tr")).to_have_count(1)
    expect(imke.locator("main tbody tr")).to_contain_text(RUNNER.words)


def _set_targets_in_pairs(imke: Page) -> None:
    """A target waits for the other side, the other side for those who take part."""
    plans.go_to_step(imke, "Targets")
    plans.add_outcome(imke, side="customers", figure=WAITING, better="less", unit="minutes")
    waits = imke.get_by_text("missing: a target waits for it")
    expect(waits).to_have_count(1)
    plans.add_outcome(imke, side="those who serve", figure=WORD, better="more", unit="of seven")
    expect(waits).to_have_count(0)
    imke.get_by_role("link", name="Say first which houses or teams do").click()
    plans.draw_lots(imke, ("Harbour", "Orchard"), TEAMS, steps=3, seed=2026)
    plans.go_to_step(imke, "Targets")
    for figure, target in ((WAITING, "2.5"), (WORD, "6.5")):
        plans.measure_baseline(imke, figure)
        plans.set_target(imke, figure, target)
    expect(plans.step(imke, "Targets")).to_have_class(re.compile(r"\bdone\b"))


def _propose_the_roll_out(imke: Page) -> None:
    """What these steps would find, and what all at once would: nothing."""
    plans.go_to_step(imke, "Roll-out")
    heading = imke.get_by_role("heading", level=1)
    expect(heading).to_contain_text(  # comes by itself, from the worker
        "With 8 units in 3 steps you would see an effect of", timeout=RECKONED_MS
    )
    found = re.search(r"effect of ([\d.]+) minutes with 80 %", heading.inner_text())
    assert found
    assert 0 < float(found[1]) < 5
    power = imke.get_by_role("region", name="What it could find")
    power.get_by_text("With other numbers of steps").click()
    expect(power.get_by_role("row", name=re.compile(f"{WAITING} 1 "))).to_contain_text(
        "Nobody is left to compare with."
    )


def _start(imke: Page) -> None:
    plans.go_to_step(imke, "Start")
    expect(imke.get_by_role("heading", level=1)).to_contain_text("It can start")
    imke.get_by_role("button", name="Start the plan").click()
    expect(imke.get_by_role("status")).to_contain_text("In action.")
    plans.go_to_step(imke, "Be, do, have")
    expect(imke.get_by_role("row", name=PLATES.words)).to_contain_text(
        "waits for somebody of Floor at Mill"
    )


def _ask_promise_do_judge(house: House, browser: Browser, plan: str) -> None:
    """Only those who are served ask; the others promise; who asked says whether it is better."""
    maria, nadia = house.be("maria", browser), house.be("nadia", browser)
    maria.goto(f"{plan}lines/")
    maria.get_by_role("row", name=PLATES.words).get_by_role("link", name="Put into action").click()
    maria.get_by_label("By when").fill(plans.days_on(60))
    for who, owner in enumerate(("Maria", "Nadia")):
        maria.get_by_label("in the name of").nth(who).fill(owner)
    maria.get_by_role("button", name="Ask for it").click()
    expect(maria.get_by_role("status")).to_contain_text("In action.")
    line = maria.locator("main li", has_text=PLATES.words).last
    expect(line).to_contain_text("asked, no promise yet")
    expect(line).to_contain_text("Maria (Floor at Mill) and Nadia (Kitchen at Mill)")

    expect(steps.ask_at_home(nadia, PLATES.words)).to_contain_text("A Saturday at Mill")
    steps.promise(nadia, PLATES.words, what="Whoever runs the pass calls the table.")
    maria.reload()
    expect(line.get_by_role("link", name="promised")).to_be_visible()
    steps.say_done(nadia, PLATES.words)
    maria.reload()
    line.get_by_role("link", name="done, they say").click()
    steps.judge(maria, outcome="better")
    maria.goto(f"{plan}roadmap/")
    line.get_by_role("button", name="It is settled").click()
    expect(maria.get_by_role("heading", level=1)).to_contain_text("1 line is settled.")
    for page in (maria, nadia):
        page.context.close()


def _says_when_a_result_comes(imke: Page, plan: str) -> None:
    imke.goto(plan)
    imke.get_by_role("link", name="Results", exact=True).click()
    heading = imke.get_by_role("heading", level=1)
    expect(heading).to_contain_text("what else changed in these weeks?")
    imke.get_by_role("button", name="Nothing I know of").click()
    not_yet = re.compile("first reading comes when a whole week has passed|cannot tell yet")
    expect(heading).to_have_text(not_yet)


def _takes_it_home(imke: Page, plan: str) -> None:
    """A sheet for the wall, a table and a document, all with the words that were written."""
    imke.goto(plan)
    sheet = imke.get_by_role("link", name="As a sheet for the wall (PDF)").get_attribute("href")
    printed = imke.request.get(sheet or "")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.body().startswith(b"%PDF-")
    table, document = (_downloaded(imke, name) for name in ("As a table (CSV)", "As a document"))
    rows = list(csv.DictReader(io.StringIO(table)))
    words = {row["words"] for row in rows}
    assert {PLATES.words, TRAYS.words, RUNNER.words} <= words
    told = json.loads(document)
    assert told["name"] == "A Saturday at Mill"
    assert told["serve_first"] == ANSWER


def _downloaded(page: Page, link: str) -> str:
    with page.expect_download() as arriving:
        page.get_by_role("link", name=link).click()
    return arriving.value.path().read_text(encoding="utf-8-sig")


def test_a_plan_in_action_shows_what_came_of_it_and_by_which_design(
    house: House, browser: Browser
) -> None:
    read = run(house, "plan", "read")
    assert read.returncode == 0, read.stderr
    ruth = house.be("ruth", browser)
    ruth.goto("/plans/")
    ruth.get_by_role("link", name="A Friday evening", exact=True).click()
    ruth.get_by_role("link", name="Results", exact=True).click()
    heading = ruth.get_by_role("heading", level=1)
    expect(heading).to_contain_text(CHANGE)
    found = CHANGE.search(heading.inner_text())
    assert found
    change, low, high = (float(each.replace("−", "-")) for each in found.groups())
    assert low < change < high
    assert low < -1.1 < high, "what the example plants lies within the range"
    expect(ruth.locator("main")).to_contain_text("Read by: staggered roll-out")
    strips = ruth.get_by_role("region", name="On one line of time")
    expect(strips.get_by_role("heading", level=3)).to_have_count(5)
    expect(ruth.get_by_role("region", name="What else changed")).to_contain_text("terrace")
    claims = ruth.get_by_role("region", name="Claimed, not proven")
    expect(claims).to_contain_text("no design stands behind it here")

    ruth.get_by_role("link", name=WAITING).first.click()
    expect(ruth.get_by_role("complementary", name="Read by")).to_contain_text("Staggered roll-out")
    weeks = ruth.locator("summary", has_text="The same as a table")
    weeks.click()
    expect(ruth.get_by_role("columnheader", name="so far, however often one looks")).to_be_visible()
    ruth.context.close()


def test_two_who_write_one_line_see_both_texts(house: House, browser: Browser) -> None:
    """The second is told, sees what stands and what was written, and decides."""
    imke, _plan = plans.written_plan(house, browser, "Two at one line")
    ruth = house.be("ruth", browser)
    ruth.goto(imke.url)
    for page in (imke, ruth):
        plans.change(page, plans.WARM.words)
    words = ruth.get_by_label("Change the words")
    words.fill("Hot plates, all")
    plans.reword(imke, "Warm plates until closing")
    expect(plans.line(imke, "Warm plates until closing")).to_be_visible()
    plans.add_line(imke, "Floor", "Four plates together", column="do")
    expect(plans.line(ruth, "Four plates together")).to_be_visible()
    expect(words).to_have_value("Hot plates, all")

    words.press_sequentially(" evening")
    ruth.get_by_role("button", name=re.compile(r"^Keep it\W+Floor")).click()
    alert = ruth.get_by_role("alert")
    expect(alert).to_contain_text("Warm plates until closing")
    expect(alert).to_contain_text("Hot plates, all evening")
    expect(plans.line(ruth, "Warm plates until closing")).to_be_visible()
    ruth.get_by_role("button", name="Put yours in its place").click()
    expect(plans.line(ruth, "Hot plates, all evening")).to_be_visible()
    expect(plans.line(imke, "Hot plates, all evening")).to_be_visible()
    undo(ruth)
    for page in (imke, ruth):
        expect(plans.line(page, "Warm plates until closing")).to_be_visible()
        page.context.close()


def test_a_line_of_somebody_else_comes_in_beside_what_is_typed(
    house: House, browser: Browser
) -> None:
    imke, _plan = plans.written_plan(house, browser, "Side by side")
    ruth = house.be("ruth", browser)
    ruth.goto(imke.url)
    form = plans.unfolded(ruth, "Floor", "Add what they have")
    form.get_by_label("They have").fill("A cloth for ev")
    plans.add_line(imke, "Floor", "Four plates together", column="do")
    expect(plans.line(ruth, "Four plates together")).to_be_visible()
    expect(form.get_by_label("They have")).to_have_value("A cloth for ev")
    expect(form.get_by_label("They have")).to_be_focused()
    form.get_by_label("They have").press_sequentially("ery table")
    form.get_by_role("button", name="Add").click()
    for page in (ruth, imke):
        expect(plans.line(page, "A cloth for every table")).to_be_visible()
    plans.change(imke, "A cloth for every table")
    imke.get_by_role("button", name="Take it out").click()
    expect(plans.line(ruth, "A cloth for every table")).to_have_count(0)
    undo(imke)
    for page in (ruth, imke):
        expect(plans.line(page, "A cloth for every table")).to_be_visible()
        page.context.close()


def test_what_works_well_enough_asks_why_and_keeps_what_was_written(
    house: House, browser: Browser
) -> None:
    imke, _plan = plans.written_plan(house, browser, "Protected")
    imke.get_by_label("Why it is to stay").fill("Guests praise it every week")
    imke.get_by_role("button", name="Keep it as it is").click()
    expect(imke.get_by_role("heading", level=1)).to_contain_text("is to stay.")
    form = plans.unfolded(imke, "Floor", "Add what they have")
    form.get_by_label("They have").fill("Larger plates")
    form.get_by_role("button", name="Add").click()
    alert = imke.get_by_role("alert")
    expect(alert).to_contain_text("Guests praise it every week")
    expect(alert.get_by_label("Your line")).to_have_value("Larger plates")
    alert.get_by_label("Why touch it all the same").fill("The old ones chip")
    alert.get_by_role("button", name="Write it all the same").click()
    expect(plans.line(imke, "Larger plates")).to_be_visible()
    imke.context.close()
