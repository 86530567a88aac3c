"""A wave with blind signatures on a phone: draw a card, exchange it, answer, answer anew."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Request, expect

from tests.journeys.house import IN_A_BROWSER, PHONE, any_path, chromium
from tests.partners.waves_scene import house, opened
from upturn.partners.commands.ballots import unpack
from upturn.partners.models import WaveSeat
from upturn.partners.queries.strong_mode import BROWSER_CODE
from upturn.record import ballot_box, ballot_seal

pytestmark = [IN_A_BROWSER, pytest.mark.django_db(transaction=True)]
ALERT = "#exchange .bad"


@pytest.fixture
def path() -> str:
    if finders.find(BROWSER_CODE) is None:
        pytest.skip("blind_tokens.js was not built: no npm registry")
    return any_path()


@dataclass
class Seen:
    """What a phone sent, by page."""

    sent: list[Request] = field(default_factory=list)

    def at(self, start: str, method: str = "POST") -> list[Request]:
        return [
            one for one in self.sent if one.method == method and f"localhost{start}" in _plain(one)
        ]


def _plain(request: Request) -> str:
    host, _, path = request.url.removeprefix("http://").partition("/")
    return f"{host.partition(':')[0]}/{path}"


def phone(browser: Browser, address: str, **how: Any) -> tuple[Page, Seen]:
    context = browser.new_context(base_url=address, **{**PHONE, **how})
    context.set_default_timeout(15_000)
    seen = Seen()

    def note(request: Request) -> None:
        seen.sent.append(request)

    context.on("request", note)
    return context.new_page(), seen


def answer_all(page: Page, choice: int) -> None:
    page.locator(".thumb button:last-child").click()
    for _step in page.locator(".step").all():
        here = page.locator(".screen:not([hidden])")
        if here.get_attribute("data-kind") == "pick":
            here.locator(".answers label").nth(choice).click()
        page.locator(".thumb button:last-child").click()
    page.locator(".thumb button:last-child").click()
    expect(page.get_by_role("heading", name="in the box")).to_be_visible()


def stored(page: Page) -> dict[str, str]:
    return dict(page.evaluate("Object.entries(localStorage)"))


def swallowed(route: Any) -> None:
    """Let the server answer, and the answer be lost."""
    if route.request.method == "POST":
        route.fetch()
        route.abort()
    else:
        route.continue_()


def drawn(page: Page, code: str, fingerprint: str) -> str:
    """Take a card from the screen; the browser takes along what stands behind the #."""
    page.goto(f"/draw/{code}/#{fingerprint}")
    page.get_by_role("button", name="Take a card").click()
    expect(page.get_by_role("button", name="Exchange the card")).to_be_visible()
    assert page.url.endswith(f"/#{fingerprint}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return page.url.partition("/sign/")[2].partition("/")[0]


def exchanged(page: Page, seen: Seen) -> None:
    """Exchange it, with the first signature lost on its way and the battery dead after."""
    begin = page.get_by_role("button", name="Exchange the card")
    page.route("**/sign/**", swallowed)
    begin.click()
    expect(page.locator(ALERT)).to_contain_text("did not come")
    page.unroute("**/sign/**")
    page.reload()
    begin.click()
    expect(page.get_by_role("heading", name="Your token is on this phone")).to_be_visible()
    first, second = (one.post_data_buffer for one in seen.at("/sign/"))
    assert first == second


def told_nothing(seen: Seen, card: str) -> None:
    posts = seen.at("/redeem/")
    assert len(posts) == 2
    for one in posts:
        headers = one.all_headers()
        assert "cookie" not in headers
        assert "referer" not in headers
        assert card not in f"{one.url}{one.post_data}{headers}"


def test_a_phone_draws_exchanges_answers_and_answers_anew(path: str, address: str) -> None:
    made = house(floor=5)
    wave = opened(made, mode="blind")
    seat = WaveSeat.objects.get()
    with chromium(path) as browser:
        page, seen = phone(browser, address)
        card = drawn(page, wave.codes[seat.key], seat.fingerprint)
        assert card in wave.cards[seat.key]
        exchanged(page, seen)
        kept = stored(page)
        assert set(kept) == {f"card /sign/{card}/", f"token /redeem/{wave.ref}/0/"}
        assert not [word for word in ("blinded", "inverse") if word in "".join(kept.values())]
        page.get_by_role("link", name="To the questions").click()
        answer_all(page, 1)
        page.goto(f"/redeem/{wave.ref}/0/")
        answer_all(page, 3)
        told_nothing(seen, card)
        assert stored(page) == kept
        page.goto(f"/sign/{card}/")
        expect(page.get_by_role("heading", name="Your token is on this phone")).to_be_visible()

        other, heard = phone(browser, address)
        other.goto(f"/sign/{card}/#{seat.fingerprint}")
        other.get_by_role("button", name="Exchange the card").click()
        expect(other.locator(ALERT)).to_contain_text("exchanged already")
        other.goto(f"/redeem/{wave.ref}/0/")
        expect(other.get_by_role("heading", name="no token on this device")).to_be_visible()
        expect(other.locator("#sheet")).to_have_count(0)
        assert heard.at("/redeem/") == []
    assert ballot_box.turnout(wave.ref) == (1, 5)
    private = ballot_seal.read_key(wave.ref)
    ((sealed,),) = ballot_box.ballots(wave.ref).values()
    last = unpack(ballot_seal.unseal(sealed, private=private))
    assert set(last.answers.values()) == {4}


def test_another_key_and_a_missing_fingerprint_send_nothing(path: str, address: str) -> None:
    wave = opened(house(floor=5), mode="blind")
    cards = next(iter(wave.cards.values()))
    with chromium(path) as browser:
        page, seen = phone(browser, address)
        page.goto(f"/sign/{cards[0]}/#{'0' * 64}")
        page.get_by_role("button", name="Exchange the card").click()
        expect(page.locator(ALERT)).to_contain_text("not the one printed on your card")
        page.goto(f"/sign/{cards[1]}/")
        expect(page.locator(ALERT)).to_contain_text("fingerprint at the end of the address")
        assert seen.at("/sign/") == []
        assert stored(page) == {}
    assert ballot_box.turnout(wave.ref) == (0, 5)


def test_without_a_script_it_says_what_it_needs(path: str, address: str) -> None:
    wave = opened(house(floor=5), mode="blind")
    card = next(iter(wave.cards.values()))[0]
    with chromium(path) as browser:
        page, _seen = phone(browser, address, java_script_enabled=False)
        for where in (f"/sign/{card}/", f"/redeem/{wave.ref}/0/"):
            page.goto(where)
            expect(page.get_by_text("a phone whose browser runs JavaScript")).to_be_visible()
            expect(page.get_by_role("button")).to_have_count(0)
