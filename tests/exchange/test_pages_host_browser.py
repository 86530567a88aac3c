"""From nothing to an open exchange in real browsers: keys, words, charter, answers nobody reads."""

import json
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.exchange import factories as make
from tests.exchange.pages import convener_of
from tests.factories import person
from tests.journeys.house import (
    DESKTOP,
    IN_A_BROWSER,
    PHONE,
    WAIT_MS,
    chromium_that_seals,
    sent_in,
)
from upturn.exchange.commands import hosting
from upturn.exchange.engine import READINESS
from upturn.exchange.models import BuyIn, Exchange, ExchangeParty
from upturn.people.models import Person

pytestmark = [IN_A_BROWSER, pytest.mark.django_db(transaction=True)]

TOPIC = "Quiet hours at noon"
THREE = ("Amber", "Birch", "Cedar")
NOTE = "Fears for the contract"
HANDED_IN_S = 60


browser = pytest.fixture(chromium_that_seals)


@dataclass
class Device:
    """A browser of its own for one party, what it sent, and its key file."""

    page: Page
    sent: list[str]
    key_file: Path

    def go(self, made: Exchange, name: str) -> Page:
        self.page.wait_for_load_state("networkidle")  # it may be handing in its part
        self.page.goto(f"/exchanges/{made.ref}/{name}/")
        return self.page


def device(browser: Browser, address: str, folder: Path, **how: Any) -> Device:
    context = browser.new_context(base_url=address, accept_downloads=True, **DESKTOP | how)
    context.set_default_timeout(WAIT_MS)
    sent: list[str] = []

    def note(request: Request) -> None:
        sent.append(sent_in(request))

    context.on("request", note)
    return Device(context.new_page(), sent, folder)


def host_in(browser: Browser, address: str, client: Client) -> Page:
    context: BrowserContext = browser.new_context(base_url=address, **DESKTOP)
    context.set_default_timeout(WAIT_MS)
    session = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": address}]
    )
    return context.new_page()


def invite(host: Page, name: str, kind: str = "member") -> str:
    host.get_by_label("Name", exact=True).fill(name)
    host.get_by_label("What it is here").select_option(kind)
    host.get_by_role("button", name="Invite", exact=True).click()
    code = host.locator("#code").inner_text()
    host.get_by_role("link", name="I have it").click()
    return code


def come_in(party: Device, code: str, made: Exchange) -> str:
    """Come in by the door, make a key on the device; gives the six words it shows."""
    party.page.goto("/exchange/")
    party.page.get_by_label("The code").fill(code)
    party.page.get_by_role("button", name="Come in").click()
    party.go(made, "keys")
    with party.page.expect_download() as saved:
        party.page.get_by_role("button", name="Make the key").click()
    party.key_file = party.key_file / f"{code[:4]}.key"
    saved.value.save_as(party.key_file)
    words = party.page.locator("#six")
    expect(words).not_to_have_text("…")
    return words.inner_text()


def compare(host: Page, made: Exchange, name: str, words: str) -> None:
    host.goto(f"/exchanges/{made.ref}/parties/")
    row = host.locator("li.flow", has=host.locator("b", has_text=re.compile(f"^{name}$")))
    row.get_by_label("Six words").fill(words)
    row.get_by_role("button", name="Compare").click()
    expect(row.get_by_label("Six words")).to_have_count(0)


def write_charter(host: Page, made: Exchange) -> None:
    host.goto(f"/exchanges/{made.ref}/charter/write/")
    host.get_by_label("Vision").fill("A rising tide — für alle")
    host.get_by_label("What you are here for", exact=True).fill("To learn")
    host.get_by_label("What you are not here for").fill("Nothing about prices")
    host.get_by_label("Whose work").fill("Our own guests")
    host.get_by_label("What you talk about").fill(f"Care\n{TOPIC}")
    host.get_by_role("button", name="This holds from now on").click()
    host.wait_for_url("**/charter/")


def sign(party: Device, made: Exchange) -> None:
    party.go(made, "charter").get_by_role("button", name="Sign this version").click()
    expect(party.page.get_by_role("button", name="Sign this version")).to_have_count(0)


def seal(party: Device, made: Exchange, said: str, *, without: str = "") -> None:
    page = party.go(made, "answer")
    page.get_by_label(said, exact=True).check(force=True)
    if without:
        page.get_by_label(without).check()
    page.get_by_role("button", name="Seal my answer").click()
    expect(page.get_by_role("heading", name="What you said")).to_be_visible()


def all_hand_in(parties: Iterable[Device], made: Exchange) -> None:
    """Each device visits, and hands in its part by itself, at its own pace."""
    for party in parties:
        party.go(made, "trust")
    due = BuyIn.objects.filter(party__exchange=made, token="").exclude(commitment="")
    ends = time.monotonic() + HANDED_IN_S
    while due.exists():
        assert time.monotonic() < ends, list(due.values_list("party__name", flat=True))
        party.page.wait_for_timeout(100)


def prepared_by_pages(host: Page, keeps: Person) -> Exchange:
    host.goto("/exchanges/new/")
    host.get_by_label("Name", exact=True).fill("Rising tide")
    host.get_by_label("Peers without a client").check()
    host.get_by_role("button", name="Begin to prepare").click()
    host.wait_for_url("**/desk/")
    made = Exchange.objects.get()
    host.goto(f"/exchanges/{made.ref}/ready/")
    for item in READINESS[2:]:
        hosting.note_readiness(keeps, made, item.code, found="Talked over.", today=make.TODAY)
    host.reload()
    for _item in range(2):
        host.locator("details[open] textarea").first.fill("Talked over.")
        host.locator("details[open] .go").click()
        host.wait_for_load_state()
    host.get_by_label("Name of counsel").fill("R. Okafor")
    host.get_by_label("What counsel said").fill("Read, and fine.")
    host.get_by_role("button", name="Log the sign-off").click()
    expect(host.get_by_role("heading", level=1)).to_contain_text("counsel has signed off")
    return made


def test_an_exchange_comes_about_and_no_answer_leaves_a_device(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    client = Client()
    keeps = person(role="executive")
    client.force_login(keeps)
    host = host_in(browser, address, client)
    made = prepared_by_pages(host, keeps)

    host.goto(f"/exchanges/{made.ref}/parties/")
    names = {"Amber": "member", "Birch": "member", "Cedar": "member", "Steward": "steward"}
    codes = {name: invite(host, name, kind) for name, kind in names.items()}
    parties = {
        name: device(browser, address, tmp_path, **(PHONE if name == "Birch" else {}))
        for name in names
    }
    words = {name: come_in(parties[name], codes[name], made) for name in names}
    for name, said in words.items():
        compare(host, made, name, said)

    write_charter(host, made)
    for party in parties.values():
        sign(party, made)

    _called(host, made)
    answers = {"Amber": ("Yes", ""), "Birch": ("Yes", TOPIC), "Cedar": ("Yes", "")}
    for name, (said, without) in answers.items():
        seal(parties[name], made, said, without=without)
    all_hand_in([parties[name] for name in answers], made)
    host.goto(f"/exchanges/{made.ref}/calls/")
    expect(host.get_by_role("heading", level=1)).to_have_text("All said yes.")

    birch = parties["Birch"].go(made, "answer")
    assert not [row for row in parties["Birch"].sent if TOPIC in row]
    birch.get_by_role("button", name="Open my answer to all").click()
    expect(birch.get_by_text("opened a yes")).to_be_visible()

    host.goto(f"/exchanges/{made.ref}/desk/")
    host.get_by_role("button", name="Open the exchange").click()
    expect(host.get_by_role("heading", level=1)).to_contain_text("The exchange is open")
    made.refresh_from_db()
    assert list(made.topics.values_list("name", flat=True)) == ["Care"]
    _nothing_secret_left(parties)


def _called(host: Page, made: Exchange) -> None:
    """Call all who are asked; what the host notes stays on the host's device."""
    sent: list[str] = []
    host.on("request", lambda request: sent.append(sent_in(request)))
    for party in ExchangeParty.objects.exclude(kind="steward").order_by("pk"):
        host.goto(f"/exchanges/{made.ref}/calls/{party.ref}/")
        host.get_by_label("What was said").fill(NOTE)
        host.get_by_role("button", name="I called").click()
        host.wait_for_url("**/calls/")
    host.goto(f"/exchanges/{made.ref}/calls/{party.ref}/")
    expect(host.get_by_label("What was said")).to_have_value(NOTE)
    assert sent
    assert not [row for row in sent if NOTE in row]


def _nothing_secret_left(parties: dict[str, Device]) -> None:
    for party in parties.values():
        seed = json.loads(party.key_file.read_text())["seed"]
        assert not [row for row in party.sent if seed in row]


def three_in(
    browser: Browser, address: str, folder: Path, made: make.Made
) -> tuple[Page, dict[str, Device]]:
    """A host, and three leaders with their keys."""
    host = host_in(browser, address, convener_of(made))
    host.goto(f"/exchanges/{made.exchange.ref}/parties/")
    codes = {name: invite(host, name) for name in THREE}
    parties = {name: device(browser, address, folder) for name in THREE}
    for name, party in parties.items():
        come_in(party, codes[name], made.exchange)
    return host, parties


def test_a_no_is_told_from_nobody_s_and_a_browser_that_forgets_finds_it_again(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    made = make.prepared(template="peers")
    _host, parties = three_in(browser, address, tmp_path, made)
    said = {"Amber": "Not yet", "Birch": "Yes", "Cedar": "Yes"}
    for name in THREE:
        seal(parties[name], made.exchange, said[name])

    amber = parties["Amber"]
    amber.page.evaluate("localStorage.clear()")
    page = amber.go(made.exchange, "answer")
    page.get_by_label("Yes", exact=True).check(force=True)
    page.get_by_role("button", name="This is what I said").click()
    expect(page.get_by_text("Your key is not on this device.")).to_be_visible()
    page.get_by_label("Your key file").set_input_files(amber.key_file)
    page.get_by_role("button", name="This is what I said").click()
    expect(page.get_by_text("This is not what you sealed.")).to_be_visible()
    page.get_by_label("Not yet", exact=True).check(force=True)
    page.get_by_role("button", name="This is what I said").click()
    expect(page.get_by_role("heading", name="What you said")).to_be_visible()
    all_hand_in(parties.values(), made.exchange)
    for name in THREE:
        parties[name].go(made.exchange, "answer")
        heading = parties[name].page.get_by_role("heading", level=1)
        expect(heading).to_have_text("Not all said yes. Nobody sees who.")
    assert not amber.page.get_by_text("opened a not yet").count()
    assert not [row for row in amber.sent if "not_yet" in row]
    amber.page.get_by_role("button", name="Open my answer to all").click()
    expect(amber.page.get_by_text("opened a not yet")).to_be_visible()
    assert "not_yet" not in "".join(row for one in ("Birch", "Cedar") for row in parties[one].sent)


def test_a_lost_key_is_replaced_and_others_are_asked_before_they_hand_in_anew(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    made = make.prepared(template="peers")
    host, parties = three_in(browser, address, tmp_path, made)
    for party in parties.values():
        seal(party, made.exchange, "Yes")
    host.goto(f"/exchanges/{made.exchange.ref}/parties/")
    row = host.locator("li.flow", has=host.locator("b", has_text="Cedar"))
    row.get_by_text("Lost key").click()
    row.get_by_role("button", name="Give a new code").click()
    cedar = device(browser, address, tmp_path)
    come_in(cedar, host.locator("#code").inner_text(), made.exchange)
    seal(cedar, made.exchange, "Yes")

    handed = BuyIn.objects.exclude(token="").values_list("party__name", flat=True)
    for name in ("Amber", "Birch"):
        parties[name].go(made.exchange, "trust")
        page = parties[name].go(made.exchange, "answer")
        expect(page.get_by_text("another key than the last time")).to_contain_text("Cedar")
        assert name not in handed.all()
        page.get_by_role("button", name="I asked; go on").click()
        expect(page.get_by_text("another key than the last time")).to_be_hidden()
    all_hand_in([cedar], made.exchange)
    heading = cedar.go(made.exchange, "answer").get_by_role("heading", level=1)
    expect(heading).to_have_text("All said yes.")
