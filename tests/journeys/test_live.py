"""Home pages hear what happened elsewhere, without a reload and without disturbing anybody."""

from playwright.sync_api import Browser, expect

from tests.journeys import steps
from tests.journeys.house import IN_A_BROWSER, House

pytestmark = IN_A_BROWSER


def test_an_ask_arrives_while_the_page_is_read(house: House, browser: Browser) -> None:
    words = "Ring the bell when the tray is whole."
    maria, nadia = house.be("maria", browser), house.be("nadia", browser)
    nadia.evaluate("window.reloaded = false")
    chosen = nadia.locator("li.ask").first.get_by_role("link", name="Promise something")
    chosen.focus()
    address = chosen.get_attribute("href")

    steps.raise_from_touchpoint(maria, words)

    expect(nadia.locator("li.ask", has_text=words)).to_be_visible()
    assert nadia.evaluate("window.reloaded") is False
    assert nadia.evaluate("document.activeElement.getAttribute('href')") == address
    for page in (maria, nadia):
        page.context.close()


def test_a_step_of_the_other_side_arrives_too(house: House, browser: Browser) -> None:
    words = "Two trays less on the stairs."
    maria, nadia = house.be("maria", browser), house.be("nadia", browser)
    steps.raise_from_touchpoint(maria, words)
    maria.goto("/")
    steps.promise(nadia, words, what="The stairs stay free.")
    asked = maria.get_by_role("region", name="What I asked").locator("li", has_text=words)
    expect(asked).to_contain_text("Whoever runs the pass promised it")
    for page in (maria, nadia):
        page.context.close()


WATCH = """
window.streams = [];
window.EventSource = class extends EventSource {
  constructor(address) { super(address); window.streams.push(this); }
};
"""
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
CLOSED = 2


def test_a_page_in_the_background_holds_no_stream_and_misses_nothing(
    house: House, browser: Browser
) -> None:
    words = "Cups from the left."
    maria, nadia = house.be("maria", browser), house.be("nadia", browser)
    nadia.add_init_script(WATCH)
    nadia.reload()
    nadia.evaluate(HIDE, True)
    assert nadia.evaluate("streams.map(stream => stream.readyState)") == [CLOSED]

    steps.raise_from_touchpoint(maria, words)
    nadia.evaluate(HIDE, False)

    expect(nadia.locator("li.ask", has_text=words)).to_be_visible()
    for page in (maria, nadia):
        page.context.close()
