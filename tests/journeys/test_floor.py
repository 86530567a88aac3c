"""From an empty sheet to a result: a floor is drawn, run, watched, and practised on."""

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.house import IN_A_BROWSER, PHONE, House

pytestmark = IN_A_BROWSER
RUN_MS = 240_000  # the first run after an update compiles


def test_a_floor_is_drawn_run_and_understood(house: House, browser: Browser) -> None:
    nadia = house.be("nadia", browser)
    _open_lab(nadia)
    nadia.get_by_role("link", name="Draw a floor").click()
    nadia.get_by_label("What it is called").fill("Two rooms")
    nadia.get_by_label("How many sections").fill("2")
    nadia.get_by_label("How many tables in each").fill("6")
    nadia.get_by_role("button", name="Draw it").click()
    _draw(nadia)
    nadia.get_by_role("button", name="Save the floor").click()
    expect(nadia.get_by_role("status")).to_contain_text("Saved.")
    expect(nadia.get_by_role("heading", level=1)).to_have_text("Two rooms: 3 sections, 3 servers.")

    nadia.get_by_role("link", name="Compare policies on it").click()
    busy = nadia.get_by_label("How busy")
    busy.focus()
    nadia.keyboard.press("ArrowRight")
    expect(nadia.locator("output").first).to_have_text("105")
    nadia.get_by_label("How many such shifts").fill("30")
    nadia.get_by_role("button", name="Run it").dblclick()
    follows = nadia.get_by_role("heading", name="What follows", exact=True)
    expect(follows).to_be_visible(timeout=RUN_MS)
    expect(nadia.get_by_role("heading", level=1)).to_contain_text("needs wait least")
    expect(nadia.locator(".where")).to_contain_text("105 % of the needs")
    result = nadia.url
    with nadia.expect_download() as saved:
        nadia.get_by_role("link", name="Figures as CSV").click()
    assert "wait_p95_s" in saved.value.path().read_text(encoding="utf-8")
    _watch(nadia)
    nadia.goto(result)
    nadia.get_by_role("link", name="Two rooms").click()
    expect(
        nadia.get_by_role("complementary", name="What was run on it").get_by_role("link")
    ).to_have_count(1)
    nadia.context.close()


def _open_lab(page: Page) -> None:
    page.get_by_text("More", exact=True).click()
    page.get_by_role("link", name="Lab", exact=True).click()


def _at(page: Page) -> tuple[str, str]:
    """Where the first table stands, by the table that is sent."""
    return page.locator("#id_place-0-x_m").input_value(), page.locator(
        "#id_place-0-y_m"
    ).input_value()


def _draw(page: Page) -> None:
    """By keyboard and by mouse; every step is in the table below, and can be taken back."""
    plan = page.get_by_role("application")
    first = plan.get_by_role("button").first
    before = _at(page)
    first.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert _at(page) == (str(float(before[0]) + 1).removesuffix(".0"), str(float(before[1]) + 0.5))
    page.keyboard.press("z")
    page.keyboard.press("z")
    page.keyboard.press("z")
    assert tuple(map(float, _at(page))) == tuple(map(float, before))

    box = _box(first)
    page.mouse.move(box[0], box[1])
    page.mouse.down()
    page.mouse.move(box[0] + 60, box[1] + 90, steps=4)
    page.mouse.up()
    moved = _at(page)
    assert float(moved[0]) > float(before[0])
    assert float(moved[1]) > float(before[1])
    assert all(float(metres) % 0.5 == 0 for metres in moved)

    tables = plan.get_by_role("button")
    count = tables.count()
    page.keyboard.press("n")
    page.keyboard.press("Delete")
    expect(tables).to_have_count(count - 1)
    page.get_by_role("button", name="Undo").click()
    expect(tables).to_have_count(count)
    for _ in range(6):
        page.get_by_role("button", name="Add a table").click()
        section = page.get_by_label("Section", exact=True)
        if section.locator("option").count() == 2:
            page.get_by_role("button", name="New section").click()
        else:
            section.select_option("3")
    expect(tables).to_have_count(count + 6)


def _box(place: Locator) -> tuple[float, float]:
    box = place.locator(".disc").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def _watch(page: Page) -> None:
    """The film plays, stops, steps and is scrubbed by keyboard; its table says the same."""
    page.get_by_role("link", name="Watch an hour of it").click()
    clock = page.locator("[data-clock]")
    expect(clock).to_have_text("0:00")
    page.get_by_role("button", name="Play").click()
    expect(clock).not_to_have_text("0:00")
    page.get_by_role("button", name="Pause").click()
    scrub = page.get_by_label("Where in the hour")
    scrub.focus()
    page.keyboard.press("End")
    expect(clock).to_have_text("60:00")
    page.keyboard.press("Home")
    page.get_by_role("button", name="On", exact=True).click()
    expect(clock).to_have_text("0:15")
    expect(page.locator(".seat")).to_have_count(3)
    page.get_by_text("The same as a table").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text(re.compile(r"^\d:\d\d"))


def test_without_motion_the_film_goes_step_by_step(house: House, browser: Browser) -> None:
    page = house.be("maria", browser, reduced_motion="reduce", **PHONE)
    page.goto("/lab/")
    page.get_by_role("region", name="What was run last").get_by_role("link").last.click()
    watch = page.get_by_role("link", name="Watch an hour of it")
    expect(watch).to_be_visible(timeout=RUN_MS)
    watch.click()
    expect(page.get_by_role("button", name="On", exact=True)).to_be_visible()
    expect(page.locator("[data-play]")).to_be_hidden()
    page.context.close()


def test_a_server_practises_on_a_phone_without_a_script(house: House, browser: Browser) -> None:
    maria = house.be("maria", browser, java_script_enabled=False, **PHONE)
    maria.goto("/lab/")
    maria.get_by_role("link", name="Four sections of seven", exact=True).click()
    expect(maria.get_by_role("link", name="Change it")).to_have_count(0)
    maria.get_by_role("link", name="Practise ten minutes").click()
    _wait_for_the_planner(maria)
    _go(maria, lambda stops: stops.last)
    expect(maria.get_by_role("heading", level=1)).to_contain_text("Ten minutes are over.")
    maria.get_by_role("link", name="Try the same ten minutes again").click()
    _go(maria, lambda stops: stops.first)
    expect(maria.locator("main")).to_contain_text("Guests waited less than at your first try.")
    maria.context.close()


def _wait_for_the_planner(page: Page) -> None:
    """Without a script somebody looks again by hand."""
    for _ in range(RUN_MS // 1000):
        if page.get_by_role("link", name="Look whether it is ready").count() == 0:
            return
        page.wait_for_timeout(1000)
        page.get_by_role("link", name="Look whether it is ready").click()
    raise AssertionError("The planner is never ready.")


def _go(page: Page, chooses: Callable[[Locator], Locator]) -> None:
    stops = page.locator("a.stop")
    for _ in range(200):
        if stops.count() == 0:
            return
        chooses(stops).click()
        page.wait_for_load_state()
    raise AssertionError("The ten minutes never end.")
