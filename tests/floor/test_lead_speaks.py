"""What a lead reads of a shift in German, Spanish and Arabic, from opening it to the totals."""

import json
import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from tests import factories as f
from tests.floor.drawn import leader, stored
from tests.floor.live import OPENED, key, opened, phone, raised, tap
from tests.floor.shift_pages import address, held, three
from tests.floor.translated import (
    HOUSE,
    LANGUAGES,
    Message,
    assert_no_english,
    page_of,
    says,
    shown,
    translated,
)
from upturn.floor import commands
from upturn.floor.models import Shift
from upturn.people.models import Person

pytestmark = pytest.mark.django_db
in_each = pytest.mark.parametrize("language", LANGUAGES)


def reads(language: str, who: Person | None = None) -> Client:
    client = f.signed_in(who or leader())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    return client


def evening() -> Shift:
    """Three seats are held; a guest of two tables waits, and somebody is on the way to a third."""
    shift = opened(three())
    first, *_others = held(shift)
    mine = [table for table, section in shift.tables.items() if section == first.sections[0]]
    for place in mine[:2]:
        raised(first, place, "coffee", asked=True)
    tap(first, "take", needs=(raised(first, mine[2], "crumbs"),))
    return shift


def sent(client: Client, at: str, **given: str) -> HttpResponse:
    with override(None):
        return client.post(at, given)


@in_each
def test_shifts_are_opened_in_the_language_of_the_lead(language: str) -> None:
    nadia = reads(language)
    says(page_of(nadia, "/floor/", language), language, "How a shift goes", "Bring in a file")
    lab_floor = stored()
    says(page_of(nadia, "/floor/", language), language, "Floors", "Open a shift", "the drawing")
    commands.open_shift(leader(), lab_floor, now=OPENED)
    says(page_of(nadia, "/floor/", language), language, "Open now", "a shift is open")
    server = reads(language, f.person(role="server"))
    says(page_of(server, "/floor/", language), language, "What helped on other shifts")


@in_each
def test_the_frame_speaks_with_its_page(language: str) -> None:
    page = unescape(page_of(reads(language), "/floor/", language))
    for word in ("Home", "Customers", "More", "Find", "What this installation keeps"):
        assert translated(language, HOUSE)[Message(word)][0] in page
        assert f">{word}<" not in page


@in_each
def test_the_board_of_a_lead_speaks(language: str) -> None:
    shift = evening()
    nadia = reads(language)
    page = page_of(nadia, address(shift), language)
    says(page, language, "Codes for the sections", "Close the shift", "does not come", "held")
    part = {"HX-Request": "true"}
    with override(None):
        seats = nadia.get(address(shift), headers=part)
    assert_no_english(shown(seats)[1], language)
    if language == "ar":
        assert ", " not in re.sub(r"<[^>]*>", "", seats.content.decode())
    freed = sent(nadia, address(shift, "free/1/"))
    assert freed["Location"] == address(shift)
    page_of(nadia, address(shift), language)


@in_each
def test_codes_speak_on_the_screen_and_on_paper(language: str) -> None:
    shift = evening()
    nadia = reads(language)
    says(
        page_of(nadia, address(shift, "codes/"), language), language, "one a page", "Show it large"
    )
    large = page_of(nadia, address(shift, "codes/?show=1"), language)
    says(large, language, "Scan it and pick your seat.", "All codes")
    for_guests = page_of(nadia, f"/floor/{shift.floor.ref}/tables/", language)
    says(for_guests, language, "What would you like? Scan and tap.")


@in_each
def test_a_seat_that_stays_empty_is_said_and_undone_in_the_language(language: str) -> None:
    shift = evening()
    nadia = reads(language)
    at = address(shift, "without/1/")
    page = page_of(nadia, at, language)
    says(page, language, "Cut the sections this way", "Who gets which", "How many each", "none")
    stale = {"key": key(), "cut|nowhere": "s1"}
    refused = sent(nadia, at, **stale)
    assert refused.status_code == 409
    assert_no_english(shown(refused)[1], language)
    given = dict(re.findall(r'name="(cut\|[^"]+)" value="([^"]+)"', page))
    done = sent(nadia, at, key=key(), **given)
    says(page_of(nadia, done["Location"], language), language, "The sections are cut anew.")


@in_each
def test_other_programs_are_let_in_in_the_language(language: str) -> None:
    lab_floor = stored()
    nadia = reads(language)
    at = f"/floor/hooks/{lab_floor.ref}/"
    says(page_of(nadia, at, language), language, "Make the address", "Which program sends needs")
    made = sent(nadia, at, name="Kasse", code="once")
    assert_no_english(shown(made)[1], language)
    says(made.content.decode(), language, "Address", "Secret", "Try it from a shell", "End")
    assert_no_english(shown(sent(nadia, at, name="", code="twice"))[1], language)


@in_each
def test_the_close_and_the_totals_speak(language: str) -> None:
    shift = evening()
    nadia = reads(language)
    page = page_of(nadia, address(shift, "close/"), language)
    says(page, language, "Still open", "asked for", "somebody is on the way", "What is erased")
    commands.close_shift(leader(), shift, now=timezone.now())
    totals = page_of(nadia, address(shift), language)
    says(totals, language, "time to notice", "walked by", "Save as CSV", "What helped that day")
    names = {"de": "Wünsche, nötig sind", "es": "hacen falta", "ar": "والمطلوب"}
    assert names[language] in totals
    says(page_of(nadia, "/floor/", language), language, "Closed")


@in_each
def test_too_few_seats_and_a_quiet_shift_speak(language: str) -> None:
    nadia = reads(language)
    lonely, quiet = opened(), opened(three())
    phone(lonely)
    page_of(nadia, address(lonely, "close/"), language)
    held(quiet)
    for shift in (lonely, quiet):
        commands.close_shift(leader(), shift, now=timezone.now())
        page_of(nadia, address(shift), language)


@in_each
def test_refusals_of_a_lead_are_whole_pages_in_the_language(language: str) -> None:
    shift = evening()
    nadia = reads(language)
    for gone in ("/floor/shift/nothing/", address(shift, "without/99/"), "/floor/hooks/nothing/"):
        says(page_of(nadia, gone, language, 404), language)
    maria = reads(language, f.person(role="server"))
    refused = sent(maria, f"/floor/{shift.floor.ref}/open/")
    assert refused.status_code == 403
    page, text = shown(refused)
    assert f'<html lang="{language}"' in page
    assert_no_english(text, language)


@in_each
def test_needs_have_their_usual_names_in_the_language(language: str) -> None:
    shift = opened(three())
    nadia = reads(language)
    state = json.loads(nadia.get(address(shift, "state.json")).content)
    assert {kind["name"] for kind in state["kinds"]} == {"coffee", "bill", "crumbs"}
    first = held(shift)[0]
    raised(first, next(iter(shift.tables)), "bill", asked=True)
    bill = translated(language)[Message("bill", context="what a table needs")][0]
    assert f"</b> {bill}</span>" in unescape(
        page_of(nadia, address(shift, "close/"), language)
    ).replace("</bdi>", "")
