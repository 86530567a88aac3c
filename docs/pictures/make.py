"""Make the pictures of the documentation anew: ``python -m docs.pictures.make``.

Needs Chromium and the test dependencies. Everything shown is the example organisation.
"""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Locator, Page

from tests.journeys import workshop_phones as room
from tests.journeys.house import House, chromium, demo
from tests.journeys.steps import wait_until_read
from tests.journeys.wave_steps import run

FOLDER = Path(__file__).parent
HOMES = {"home-server": "maria", "home-leader": "nadia", "home-executive": "ruth"}
CARDS = (
    "They come back",
    "They come back next week",
    "They tell us when a plate is cold",
    "They say so at once when a plate is cold",
    "They book the same table again",
    "They choose the dish of the day",
)
BYTES_MAX = 200_000


def draw_pyramid(house: House, browser: Browser) -> None:
    """The picture of one house with the sentence above it, without what frames a page."""
    page = house.be("maria", browser, color_scheme="light")
    wait_until_read(page)
    page.goto("/pyramid/?place=Mill")
    top = page.locator("main .lead").bounding_box()
    end = page.locator("main figure.pic > ul").bounding_box()
    if top is None or end is None:
        raise SystemExit("The page of the pyramid has changed: nothing to draw was found.")
    height = end["y"] + end["height"] - top["y"]
    _save(page, "pyramid", {"x": 0, "y": top["y"] - 24, "width": 1280, "height": height + 36})
    page.context.close()


def draw_plan(house: House, browser: Browser) -> None:
    """The customer's day of the example's plan, and what came of it."""
    read = run(house, "plan", "read")
    if read.returncode:
        raise SystemExit(read.stderr)
    page = house.be("ruth", browser, color_scheme="light")
    wait_until_read(page)
    page.goto("/plans/")
    page.get_by_role("link", name="A Friday evening", exact=True).click()
    plan = page.url
    page.goto(f"{plan}day/")
    _save_down_to(page, "plan-day", page.locator("#map"))
    page.goto(f"{plan}results/")
    page.get_by_role("link", name="minutes a guest waits for an answer").first.click()
    _save_down_to(page, "plan-result", page.locator("figure.pic").last)
    page.context.close()


def draw_workshop(house: House, browser: Browser) -> None:
    """The screen while the room writes, and the console once the cards are open, in groups."""
    page = house.be("imke", browser, color_scheme="light", **room.TABLET)
    room.open_workshop(page, "Warm plates at Mill")
    size = {"width": 1280, "height": 720}
    wall = room.screen(house, browser, page, color_scheme="light", viewport=size)
    phones = [
        room.come_in(house, browser, room.code_of(page), color_scheme="light") for _card in CARDS
    ]
    room.press(page, "Begin")
    for at, (phone, words) in enumerate(zip(phones, CARDS, strict=True)):
        if at == len(CARDS) - 2:
            wall.get_by_text(f"{at} of {len(CARDS)} have handed in").wait_for()
            _save(wall, "workshop-screen", {"x": 0, "y": 0, **size})
        room.hand_in(phone, 0, words)
    page.get_by_role("button", name="Group what is alike").click()
    page.locator("section.group").first.wait_for()
    _save_down_to(page, "workshop-console", page.locator("#part .split > div"))
    for each in (*phones, wall, page):
        each.context.close()


def draw_home(house: House, browser: Browser, name: str, username: str) -> None:
    """What somebody sees first, down to where the screen ends."""
    page = house.be(username, browser, color_scheme="light")
    wait_until_read(page)
    _save(page, name, {"x": 0, "y": 0, "width": 1280, "height": 640})
    page.context.close()


def _save_down_to(page: Page, name: str, last: Locator) -> None:
    """From the sentence of a page to the end of something on it, without what frames the page."""
    top, end = page.locator("main h1").bounding_box(), last.bounding_box()
    if top is None or end is None:
        raise SystemExit(f"The page of {name} has changed: nothing to draw was found.")
    height = end["y"] + end["height"] - top["y"]
    width = page.evaluate("innerWidth")
    _save(page, name, {"x": 0, "y": top["y"], "width": width, "height": height + 12})


def _save(page: Page, name: str, clip: dict[str, float]) -> None:
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, clip=clip, full_page=True)
    if path.stat().st_size > BYTES_MAX:
        raise SystemExit(f"{path} has {path.stat().st_size} bytes; {BYTES_MAX} are allowed.")


def main() -> None:
    """Serve the example organisation from an empty folder and look at it."""
    found = shutil.which("chromium")
    if found is None:
        raise SystemExit("No browser: apt-get install chromium")
    with TemporaryDirectory() as data, demo(Path(data)) as house, chromium(found) as browser:
        draw_pyramid(house, browser)
        for name, username in HOMES.items():
            draw_home(house, browser, name, username)
        draw_plan(house, browser)
        draw_workshop(house, browser)


if __name__ == "__main__":
    main()
