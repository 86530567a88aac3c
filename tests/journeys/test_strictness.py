"""Every kind of page keeps the policy it sends: no report, no error, nothing from elsewhere."""

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.journeys.house import IN_A_BROWSER, House
from tests.journeys.pages import PAGES

pytestmark = IN_A_BROWSER

REPORT = """document.addEventListener("securitypolicyviolation", event =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))"""


@pytest.mark.parametrize("who", PAGES)
def test_pages_keep_their_policy(house: House, browser: Browser, who: str) -> None:
    page = house.be(who, browser)
    page.add_init_script(REPORT)
    found = listen(page, house)
    for kind in PAGES[who]:
        kind.go(page)
    page.context.close()
    assert not found, "\n".join(found)


def listen(page: Page, house: House) -> list[str]:
    """What is going to be reported, and which requests leave the house."""
    found: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        refused = message.location["url"] == page.url and "Failed to load" in message.text
        if message.type in {"error", "warning"} and not refused:
            found.append(f"{page.url}: {message.text}")

    page.on("console", hear)
    page.on("pageerror", lambda error: found.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda request: request.url.startswith(house.address) or found.append(request.url),
    )
    return found
