"""The answering pages in a browser: phone, keyboard, no connection, no script, two directions."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings

from tests.journeys import axe
from tests.journeys.house import DESKTOP, IN_A_BROWSER, PHONE, any_chromium
from tests.partners.sheets import complete, sheet
from upturn.partners import commands, engine, queries
from upturn.partners.engine import Sheet
from upturn.partners.engine.errors import NotCast
from upturn.partners.queries import Refused
from upturn.partners.views import answering

pytestmark = IN_A_BROWSER

TAP_PX = 44
# Both directions at both widths, each in the colours of both schemes.
MODES = tuple(product(("en", "ar"), ((PHONE, "light"), (DESKTOP, "dark"))))
KINDS = "pick", "split", "words"


def asked_of(token: str) -> Sheet:
    """The instrument that a token begins with; of the signs one screen of each kind."""
    if not token.startswith("signs"):
        return sheet(token.partition("-")[0])
    signs = engine.instrument("signs")
    kept = {"sign-1", "morale", "time-customers", "time-inside", "time-again", "words"}
    return sheet(
        instrument=replace(signs, items=tuple(item for item in signs.items if item.key in kept))
    )


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *given: Any) -> None:  # noqa: A002 - its own name
        pass


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Box(dict[str, Any]):
    """Where the answers go, and the address at which they are asked for."""

    address = ""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with any_chromium() as opened:
        yield opened


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path) -> Iterator[Box]:
    """A server without a database: what it asks comes from here, what it gets goes in here."""
    held = Box()

    def found(token: str) -> Sheet | Refused:
        return Refused("used") if token in held else asked_of(token)

    def cast(token: str, answers: Mapping[str, int], words: Mapping[str, str]) -> None:
        if token in held:
            raise NotCast("used")
        held[token] = (dict(answers), dict(words))

    monkeypatch.setattr(queries, "sheet", found)
    monkeypatch.setattr(commands, "cast", cast)
    monkeypatch.setattr(answering, "organisation_name", lambda: "Mill")
    monkeypatch.setattr(answering, "house_words", lambda: ("Dish", "room", "Mill"))
    settings.DATA, settings.DEMO, settings.WHITENOISE_AUTOREFRESH = tmp_path, False, True
    settings.ALLOWED_HOSTS = ["*"]
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Threads, Quiet)
    held.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield held
    server.shutdown()
    server.server_close()


def opened(browser: Browser, box: Box, path: str, **how: Any) -> Page:
    context = browser.new_context(base_url=box.address, **{**PHONE, **how})
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.goto(f"/answer/{path}")
    return page


def on(page: Page) -> Any:
    """The screen that is shown."""
    return page.locator(".screen:not([hidden])")


def go_on(page: Page) -> None:
    page.locator(".thumb button:last-child").click()


def answered(page: Page, step: Any) -> None:
    """Give an answer: the second choice, three, three and four hours, some words."""
    kind = step.get_attribute("data-kind")
    if kind == "pick":
        step.locator(".answers label").nth(1).click()
    elif kind == "split":
        for field, hours in zip(step.locator("input").all(), "334", strict=True):
            field.fill(hours)
    else:
        step.locator("textarea").fill("More plates.")


def to_the_look(page: Page) -> None:
    go_on(page)
    for _step in page.locator(".step").all():
        answered(page, on(page))
        go_on(page)


def is_in_the_box(page: Page) -> None:
    expect(page.get_by_role("heading", name="in the box")).to_be_visible()


def test_one_question_a_screen_and_nothing_leaves_before_the_last_tap(
    browser: Browser, box: Box
) -> None:
    page = opened(browser, box, "signs/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    expect(on(page)).to_contain_text("you are one of 14")
    expect(page.locator(".thumb")).to_contain_text("Questions: 4. Time: about 60 seconds.")
    to_the_look(page)
    assert set(sent) <= {"GET"}
    assert box == {}
    assert page.locator(".looked > div").count() == 4
    go_on(page)
    is_in_the_box(page)
    assert box["signs"] == (complete(asked_of("signs")), {"words": "More plates."})
    assert page.evaluate("sessionStorage.length") == 0
    assert page.context.cookies() == []
    page.reload()
    page.context.close()


def test_the_keyboard_alone_is_enough(browser: Browser, box: Box) -> None:
    page = opened(browser, box, "pulse/", **DESKTOP)
    page.locator(".thumb button:last-child").focus()
    page.keyboard.press("Enter")
    for _step in range(8):
        expect(on(page).locator("legend")).to_be_focused()
        page.keyboard.press("Tab")
        if on(page).get_attribute("data-kind") == "pick":
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Tab")
        else:
            page.keyboard.type("Plates.")
            page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.locator(".thumb button:last-child")).to_be_focused()
        page.keyboard.press("Enter")
    expect(on(page).locator("h1")).to_be_focused()
    page.locator(".thumb button:last-child").press("Enter")
    is_in_the_box(page)
    assert box["pulse"][0] == complete(sheet("pulse"))
    page.context.close()


def test_a_draft_outlives_a_reload_and_another_language_but_not_the_tab(
    browser: Browser, box: Box
) -> None:
    page = opened(browser, box, "keys/")
    go_on(page)
    answered(page, on(page))
    page.reload()
    go_on(page)
    expect(on(page).locator(":checked")).to_have_value("2")
    page.get_by_role("link", name="العربيّة").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    go_on(page)
    expect(on(page).locator(":checked")).to_have_value("2")
    another = page.context.new_page()
    another.goto("/answer/keys/")
    go_on(another)
    expect(on(another).locator(":checked")).to_have_count(0)
    page.context.close()


def test_a_lost_connection_loses_nothing(browser: Browser, box: Box) -> None:
    page = opened(browser, box, "keys/")
    to_the_look(page)
    page.context.set_offline(True)
    go_on(page)
    expect(page.get_by_role("alert").filter(has_text="No connection")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 1
    page.context.set_offline(False)
    go_on(page)
    is_in_the_box(page)
    assert list(box) == ["keys"]
    page.context.close()


def test_an_answer_that_was_lost_on_its_way_back_is_found_in_the_box(
    browser: Browser, box: Box
) -> None:
    page = opened(browser, box, "keys/")
    to_the_look(page)

    def swallowed(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/answer/keys/**", swallowed, times=1)
    go_on(page)
    expect(page.get_by_role("alert").filter(has_text="No connection")).to_be_visible()
    go_on(page)
    is_in_the_box(page)
    assert page.evaluate("sessionStorage.length") == 0
    page.context.close()


def test_a_double_tap_sends_once(browser: Browser, box: Box) -> None:
    page = opened(browser, box, "keys/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    to_the_look(page)
    page.locator(".thumb button:last-child").dblclick()
    is_in_the_box(page)
    assert sent.count("POST") == 1
    page.context.close()


def test_hours_never_make_more_than_ten_nor_go_on_with_less(browser: Browser, box: Box) -> None:
    page = opened(browser, box, "signs/")
    go_on(page)
    while on(page).get_attribute("data-kind") != "split":
        go_on(page)
    more = on(page).locator("[data-by='1']")
    for _tap in range(7):
        more.first.click()
    go_on(page)
    expect(page.locator(".thumb")).to_contain_text("The hours make 7. Let them make 10")
    for _tap in range(6):
        more.last.click()
    values = [field.input_value() for field in on(page).locator("input").all()]
    assert values == ["4", "0", "6"]
    go_on(page)
    expect(on(page)).to_contain_text("I like coming to work here")
    page.context.close()


def test_without_a_script_it_is_one_form(browser: Browser, box: Box) -> None:
    page = opened(browser, box, "keys/", java_script_enabled=False)
    for step in page.locator(".step").all():
        answered(page, step)
    page.get_by_role("button", name="Send").click()
    is_in_the_box(page)
    assert box["keys"] == (complete(sheet("keys")), {"words": "More plates."})
    page.context.close()


def test_the_last_look_lets_one_answer_be_changed(browser: Browser, box: Box) -> None:
    page = opened(browser, box, "keys/")
    to_the_look(page)
    page.locator(".looked .btn").nth(2).click()
    on(page).locator(".answers label").nth(4).click()
    go_on(page)
    expect(page.locator(".looked > div").nth(2)).to_contain_text("Entirely")
    page.locator(".looked .btn").first.click()
    on(page).get_by_role("button", name="Leave out").click()
    expect(page.locator(".looked > div").first).to_contain_text("left out")
    go_on(page)
    is_in_the_box(page)
    assert box["keys"][0] == {f"key-{n}": 2 for n in (2, 4, 5, 6)} | {"key-3": 5}
    page.context.close()


SAID = {
    "en": [
        "Only I ask Tadeusz on Friday for plates because the zorblatt leaks since 12.5.",
        "We need more people on late shifts. Nobody repairs the dishwasher!",
        "Maria said: it’s my wife's birthday at 14:30, room 7.",
        "",
    ],
    "de": [
        "Nur ich frage am Freitag den Tadeusz nach Schüsseln, seit 3.10.2026.",
        "Die Spätschicht braucht Spülmaschinentabs und einen Dienstplan.",
        "Meine Frau arbeitet im Küchenlager; GRÖSSERE Teller wären gut.",
    ],
    "es": [
        "Solo yo le pregunto a Ximena el viernes por los platos, nº 12.",
        "¿Por qué limpiamos siempre lo mismo? Faltan compañeros por la noche.",
    ],
    "ar": [
        "أنا فقط أسأل تاديوش يوم الجمعة عن الأطباق ١٢.",
        "نحتاج إلى عمال أكثر في المساء، والأطباق لا تصل في الوقت.",
    ],
}
MARK = """async ({texts, language, house}) => {
  const { knownWords, rareWords } = await import("/static/partners/rare.js");
  const given = await (await fetch(`/answer/words/${language}.json`)).json();
  const known = knownWords(given, house);
  const marked = texts.map((text) => rareWords(text, language, known));
  return marked.map((marks) => marks.map(({words, rarity}) => [words, rarity]));
}"""


@pytest.mark.parametrize("language", engine.LANGUAGES)
def test_the_device_marks_the_same_words_as_the_plain_version(
    browser: Browser, box: Box, language: str
) -> None:
    page = opened(browser, box, "keys/")
    given = {"texts": SAID[language], "language": language, "house": "Dish room Mill"}
    known = engine.known_words(language, house=["Dish room Mill"])
    plain = [
        [[mark.words, mark.rarity.value] for mark in
         engine.rare_marks(text, language=language, known=known)]
        for text in SAID[language]
    ]  # fmt: skip
    assert page.evaluate(MARK, given) == plain
    assert {"alone", "date"} <= {rarity for marks in plain for _words, rarity in marks}
    page.context.close()


def test_rare_words_are_named_before_anything_is_sent(browser: Browser, box: Box) -> None:
    page = opened(browser, box, "keys/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    go_on(page)
    while on(page).get_attribute("data-kind") != "words":
        go_on(page)
    on(page).locator("textarea").fill("Tell the chef that Tadeusz waits for the zorblatt.")
    note = on(page).locator(".rare")
    expect(note).to_contain_text("Tadeusz may be a name")
    expect(note).to_contain_text("zorblatt seldom written here")
    assert [each for each in sent if "/answer/" in each] == [
        f"GET {box.address}/answer/words/en.json"
    ]
    page.context.close()


@pytest.mark.parametrize(("language", "mode"), MODES)
def test_every_screen_is_open_to_everybody(
    browser: Browser, box: Box, language: str, mode: tuple[dict[str, Any], str]
) -> None:
    screen, scheme = mode
    page = opened(
        browser, box, f"signs/?language={language}", **screen, color_scheme=scheme, bypass_csp=True
    )
    found, seen = findings(page, "promise"), set()
    go_on(page)
    for _step in page.locator(".step").all():
        kind = on(page).get_attribute("data-kind")
        answered(page, on(page))
        if kind not in seen:
            found += findings(page, kind)
            seen.add(kind)
        go_on(page)
    found += findings(page, "look")
    go_on(page)
    expect(page.locator("#sheet")).to_have_count(0)
    found += findings(page, "sent")
    page.reload()
    page.goto(f"/answer/signs/?language={language}")
    found += findings(page, "used")
    assert seen == set(KINDS)
    assert found == []
    page.context.close()


SMALL = """(least) => [...document.querySelectorAll(".thumb .btn, .answers label, .step .btn")]
  .filter((each) => each.checkVisibility())
  .filter((each) => each.getBoundingClientRect().height < least)
  .map((each) => each.textContent)"""


def findings(page: Page, place: str) -> list[str]:
    """What axe-core says, what is wider than the screen, what is too small for a thumb."""
    axe.begin(page)
    found = [*axe.told(page, place)]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append(f"{place}: wider than the screen")
    return found + [f"{place}: {small} is small" for small in page.evaluate(SMALL, TAP_PX)]
