"""Words are stopped on their author's device; the steward alone opens what an author asks about."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.urls import reverse
from playwright.sync_api import Browser, Page, Request, expect

from tests.exchange import factories as make
from tests.exchange import talk
from tests.journeys.house import IN_A_BROWSER, PHONE, chromium_that_seals, sent_in
from upturn.exchange.engine.ballot import write_key_file
from upturn.exchange.models import GuardRecord, Held, Post, Round
from upturn.exchange.queries.guarding import digest_in
from upturn.exchange.queries.sittings import COOKIE

pytestmark = [IN_A_BROWSER, pytest.mark.django_db(transaction=True)]
VECTORS = Path(__file__).parents[1] / "vectors" / "guard.json"
SOFT = next(
    row["text"]
    for row in json.loads(VECTORS.read_text("utf-8"))
    if row["stop"] == "soft" and not row["private_words"] and len(row["text"]) < 100
)
"""A sentence that the rules as they ship stop until its author says why it is fine."""
HARD = "We charge 42 euros an hour for weekend work."
FINE = "We thank each other after every shift."
OWN_WORDS = "Zanzibar Heron"


browser = pytest.fixture(chromium_that_seals)


@dataclass
class Device:
    """A party's browser, and everything it sent."""

    page: Page
    sent: list[Request] = field(default_factory=list)

    def bodies(self) -> str:
        return "\n".join(sent_in(each) for each in self.sent)

    def posts(self, end: str) -> list[Request]:
        return [each for each in self.sent if each.method == "POST" and each.url.endswith(end)]


def device(browser: Browser, address: str, company: make.Company, **how: Any) -> Device:
    context = browser.new_context(base_url=address, **PHONE | how)
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": COOKIE, "value": company.cookie, "url": address}])
    made = Device(context.new_page())

    def note(request: Request) -> None:
        made.sent.append(request)

    context.on("request", note)
    return made


@dataclass
class Scene:
    made: make.Made
    round: Round

    @property
    def at(self) -> str:
        return reverse("exchange:round", args=[self.made.exchange.ref, self.round.ref])


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    talk.begin_now(monkeypatch)
    made = make.opened()
    return Scene(made, talk.asked(made))


def write(page: Page, words: str) -> None:
    page.get_by_label("Your company’s answer").fill(words)


def panel(page: Page) -> Any:
    return page.locator(".field .guard")


def test_a_soft_stop_says_the_rule_and_a_reason_lets_it_pass(
    browser: Browser, address: str, scene: Scene
) -> None:
    amber = device(browser, address, scene.made["Amber"])
    page = amber.page
    page.goto(scene.at)
    write(page, f"{FINE} {SOFT}")
    expect(panel(page).locator("mark")).to_have_text(SOFT)
    assert SOFT not in amber.bodies()
    page.get_by_role("button", name="Hand it in").click()
    expect(panel(page)).to_be_focused()
    expect(panel(page)).to_have_attribute("role", "alert")
    assert amber.posts(scene.at) == []
    panel(page).get_by_role("button", name="This is fine because …").click()
    panel(page).get_by_role("button", name="everybody can read it elsewhere").click()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Your company has handed in.")).to_be_visible()
    assert Post.objects.get(round=scene.round).words == f"{FINE} {SOFT}"
    record = GuardRecord.objects.get()
    assert (record.action, record.stop) == ("reason", "soft")
    assert record.text_digest == digest_in(scene.made.exchange, f"{FINE} {SOFT}")


def test_what_was_changed_is_logged_as_changed_and_the_first_wording_stays_here(
    browser: Browser, address: str, scene: Scene
) -> None:
    amber = device(browser, address, scene.made["Amber"])
    page = amber.page
    page.goto(scene.at)
    write(page, HARD)
    expect(panel(page)).to_be_visible()
    expect(panel(page).get_by_role("button", name="This is fine because …")).to_have_count(0)
    page.get_by_role("button", name="Hand it in").click()
    panel(page).get_by_role("button", name="Change it").click()
    expect(page.get_by_label("Your company’s answer")).to_be_focused()
    write(page, FINE)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Your company has handed in.")).to_be_visible()
    assert {each.action for each in GuardRecord.objects.all()} == {"edited"}
    assert "42 euros" not in amber.bodies()
    assert "42 euros" not in _database()


def test_the_steward_opens_a_sealed_text_and_lets_it_pass(
    browser: Browser, address: str, scene: Scene
) -> None:
    amber = device(browser, address, scene.made["Amber"])
    page = amber.page
    page.goto(scene.at)
    write(page, HARD)
    panel(page).get_by_role("button", name="Ask the steward").click()
    expect(page.get_by_text("This waits for the steward.")).to_be_visible()
    assert "42 euros" not in amber.bodies()
    assert "42 euros" not in _database()
    _steward_lets_pass(browser, address, scene.made)
    page.reload()
    page.get_by_role("button", name="Put it in").click()
    page.get_by_role("button", name="Hand it in").click()
    expect(page.get_by_text("Your company has handed in.")).to_be_visible()
    assert Post.objects.get(round=scene.round).words == HARD
    assert not Held.objects.exists()


def _steward_lets_pass(browser: Browser, address: str, made: make.Made) -> None:
    desk = device(browser, address, made["Steward"]).page
    desk.goto(reverse("exchange:steward", args=[made.exchange.ref]))
    key = {"name": "own.key", "mimeType": "application/json"}
    written = write_key_file(made["Steward"].key, company="Steward").encode()
    wrong = write_key_file(made["Birch"].key, company="Birch").encode()
    desk.get_by_label("Your key file").set_input_files([{**key, "buffer": wrong}])
    expect(desk.get_by_role("alert")).to_contain_text("does not open with this key")
    desk.get_by_label("Your key file").set_input_files([{**key, "buffer": written}])
    expect(desk.get_by_text(HARD)).to_be_visible()
    desk.get_by_role("button", name="Let it pass", exact=True).click()
    expect(desk.get_by_text("It may pass.")).to_be_visible()


def test_a_text_is_taken_back_from_the_steward(
    browser: Browser, address: str, scene: Scene
) -> None:
    page = device(browser, address, scene.made["Amber"]).page
    page.goto(scene.at)
    write(page, HARD)
    panel(page).get_by_role("button", name="Ask the steward").click()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_label("Your company’s answer")).to_have_value(HARD)
    assert not Held.objects.exists()


def test_the_own_word_list_never_leaves_the_device(
    browser: Browser, address: str, scene: Scene
) -> None:
    amber = device(browser, address, scene.made["Amber"])
    page = amber.page
    page.goto(reverse("exchange:guard_words", args=[scene.made.exchange.ref]))
    page.get_by_label("Words and names that stay inside your company").fill(f"{OWN_WORDS}\nother")
    page.get_by_role("button", name="Keep the list here").click()
    expect(page.get_by_text("Kept on this device.")).to_be_visible()
    page.goto(scene.at)
    write(page, f"We do it as in {OWN_WORDS.lower()}.")
    expect(panel(page)).to_contain_text("own list of words")
    assert OWN_WORDS.casefold() not in amber.bodies().casefold()


def test_nothing_is_sent_when_the_check_cannot_be_fetched(
    browser: Browser, address: str, scene: Scene
) -> None:
    amber = device(browser, address, scene.made["Amber"])
    page = amber.page
    page.route("**/guard/device/*", lambda route: route.abort())
    page.goto(scene.at)
    write(page, FINE)
    page.get_by_role("button", name="Hand it in").click()
    expect(panel(page)).to_contain_text("nothing was sent")
    assert amber.posts(scene.at) == []
    page.unroute("**/guard/device/*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Your company has handed in.")).to_be_visible()


def test_an_answer_is_taken_back_by_the_key_of_its_device(
    browser: Browser, address: str, scene: Scene
) -> None:
    page = device(browser, address, scene.made["Amber"]).page
    page.goto(scene.at)
    write(page, FINE)
    page.get_by_role("button", name="Hand it in").click()
    expect(page.locator("#own")).to_contain_text(FINE)
    other = device(browser, address, scene.made["Amber"]).page
    other.goto(scene.at)
    expect(other.get_by_text("Your company has handed in.")).to_be_visible()
    expect(other.locator("#own")).to_be_hidden()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_label("Your company’s answer")).to_be_visible()
    assert Post.objects.get(round=scene.round).words == ""


def _database() -> str:
    """Every value of every table of the room, written out."""
    models = apps.get_app_config("exchange").get_models()
    return repr([list(model._default_manager.values_list()) for model in models])
