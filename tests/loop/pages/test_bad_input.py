"""Nothing lost and a sentence each: odd writing on paper and in files, clocks, laptops, nobody."""

import csv
import io
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from tests.loop.held import held, held_with, moment, phone, step
from tests.loop.pages.rooms import address, card, fresh, joined, pressed, sent, signed_in
from upturn.loop import jobs
from upturn.loop.engine import StepKind
from upturn.loop.models import Statement, Workshop
from upturn.loop.queries.walls import wall
from upturn.loop.views.sheets import wall_sheet
from upturn.people.models import Person

pytestmark = pytest.mark.django_db

WRITING = ("👩‍🍳🔥 hot", "أطباق دافئة\nعلى الطاولة", "\u202eabc", "=1+1", "a" * 300, "<b>")


def read_with(host: Person, *cards: str, steps: int = 2) -> tuple[Workshop, Client]:
    workshop = held_with(host, step(many=True), *(step() for _n in range(steps - 1)))
    phone_ = joined(workshop)
    for words in cards:
        assert sent(phone_, "card", card(words)).status_code == 200
    pressed(signed_in(host), workshop, "open_cards")
    return fresh(workshop), phone_


def test_any_writing_comes_down_as_a_table_as_it_was_written(host: Person) -> None:
    workshop, _phone = read_with(host, *WRITING)
    body = b"".join(signed_in(host).get(address(workshop, "wall.csv")))
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert {row["words"].removeprefix("'") for row in rows} == set(WRITING)
    assert not any(row["words"].startswith("=") for row in rows), "no cell is a formula"


def test_any_writing_is_printed_on_the_wall_and_what_has_no_letter_is_named(host: Person) -> None:
    workshop, _phone = read_with(host, *WRITING)
    sheet = wall_sheet(wall(host, workshop, language="en"), language="en")
    shown = repr(sheet.blocks)
    assert all(repr(words)[1:-1] in shown for words in WRITING)
    assert "□ stands for a sign" in sheet.box_note
    for language in ("en", "ar"):
        Workshop.objects.filter(pk=workshop.pk).update(language=language)
        answer = signed_in(host).get(address(workshop, "wall.pdf"))
        assert answer.content.startswith(b"%PDF")


def test_an_empty_room_goes_on_by_the_facilitators_keys_and_says_so(host: Person) -> None:
    workshop, console = held(host), signed_in(host)
    assert (
        "<b data-of>0</b> phones are in. You begin."
        in console.get(address(workshop)).content.decode()
    )
    pressed(console, workshop, "begin")
    assert fresh(workshop).phase == "write", "nobody has handed in, nothing opens"
    pressed(console, workshop, "open_cards")
    page = console.get(address(workshop)).content.decode()
    assert "Nobody wrote a card at this step." in page
    assert signed_in(host).get(address(workshop, "wall.pdf")).content.startswith(b"%PDF")


def test_who_comes_late_is_at_the_step_of_the_room_and_waited_for(host: Person) -> None:
    workshop, early = read_with(host, "Warm plates")
    pressed(signed_in(host), workshop, "next")
    late = joined(workshop)
    told = late.get("/workshop/state.json").json()
    assert (told["step"], told["phase"], told["of"]) == (1, "write", 2)
    sent(early, "card", card("Early", step=1))
    assert fresh(workshop).phase == "write"
    assert b"Warm plates" in late.get("/workshop/read/0/").content
    sent(late, "card", card("Late", step=1))
    assert fresh(workshop).phase == "read"


def test_with_the_laptop_closed_time_opens_the_cards_and_the_console_finds_its_place(
    host: Person,
) -> None:
    workshop = held_with(host, step(minutes=2), step())
    sent(joined(workshop), "card", card("Warm plates", done=False))
    assert jobs.is_needed()
    assert jobs.open_cards(moment(121))
    page = signed_in(host).get(address(workshop)).content.decode()
    assert "The cards are open." in page
    assert "Warm plates" in page
    assert 'value="next" data-key="n"' in page


def test_a_clock_that_jumps_ahead_opens_once_and_one_set_back_opens_nothing_early(
    host: Person,
) -> None:
    workshop = held_with(host, step(minutes=2), step(minutes=2))
    phone(workshop)
    assert jobs.open_cards(moment(-86_400)) is False
    assert fresh(workshop).phase == "write"
    assert jobs.open_cards(moment(86_400 * 400)) is True
    assert jobs.open_cards(moment(86_400 * 400)) is False
    assert fresh(workshop).step == 0
    assert pressed(signed_in(host), workshop, "next") == 302
    left = fresh(workshop).until
    assert left is not None
    assert left <= timezone.now() + timedelta(minutes=2), "a step's time counts from its beginning"


def test_day_100_opens_by_itself_also_when_the_house_slept_and_never_before(
    host: Person,
) -> None:
    workshop = held_with(host, step(StepKind.HUNDRED_DAYS))
    sent(joined(workshop), "card", card("Plates were warm", sure=3))
    console = signed_in(host)
    pressed(console, workshop, "open_cards")
    owned = {"owner": "Ana", "first_step": "Count", "sign": "None come back", "turn": 0}
    console.post(address(workshop, f"closing/{Statement.objects.get().ref}/"), owned)
    day = timezone.localdate() + timedelta(days=100)
    given = {"day_100_on": day, "without_tasks": "on", "turn": fresh(workshop).turn}
    assert console.post(address(workshop, "closing/"), given).status_code == 302
    now = timezone.now()
    assert jobs.meet_again(day - timedelta(days=1), now=now) is False
    assert jobs.meet_again(day - timedelta(days=900), now=now) is False
    assert jobs.meet_again(day + timedelta(days=12), now=now) is True
    assert jobs.meet_again(day + timedelta(days=12), now=now) is False
    page = unescape(console.get(address(workshop, "day-100/")).content.decode())
    assert "It is day 100." in page
    assert "Plates were warm" in page
