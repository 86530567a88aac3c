"""Days off of the house: a day 100 on a holiday moves to a working day, and says so."""

from datetime import date, timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as f
from tests.loop.held import held_with, step
from tests.loop.pages.rooms import address, fresh, pressed, signed_in
from upturn.loop.commands.days_off import as_of
from upturn.loop.engine import working_day
from upturn.loop.models import DayOff, Workshop
from upturn.loop.queries.days_off import days_off_text
from upturn.people.models import Person

pytestmark = pytest.mark.django_db


def keeps(console: Client, text: str) -> int:
    given = {"days": text, "read": as_of(days_off_text())}
    return console.post("/workshops/days-off/", given).status_code


def hundredth() -> date:
    """The hundredth day from today, or the Monday after its weekend."""
    return working_day(timezone.localdate() + timedelta(days=100))


def readable(host: Person) -> Workshop:
    """A workshop that could close now."""
    workshop = held_with(host, step())
    pressed(signed_in(host), workshop, "open_cards")
    return fresh(workshop)


def test_days_off_are_kept_a_date_a_line_in_the_order_of_the_calendar(host: Person) -> None:
    console = signed_in(host)
    assert "No day off" in console.get("/workshops/days-off/").content.decode()
    assert keeps(console, "2027-01-01 New Year\n\n2026-12-25  Christmas") == 302
    page = console.get("/workshops/days-off/").content.decode()
    assert "2026-12-25 Christmas\n2027-01-01 New Year" in page
    assert "<b>2 days</b>" in page
    assert keeps(console, "") == 302
    assert not DayOff.objects.exists()


def test_a_line_that_is_no_date_is_named_and_nothing_is_lost(host: Person) -> None:
    console = signed_in(host)
    keeps(console, "2026-12-25 Christmas")
    given = {"days": "2026-12-25\n26.12.2026", "read": as_of(days_off_text())}
    answer = console.post("/workshops/days-off/", given)
    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "Line 2 begins with “26.12.2026”" in page
    assert "2026-12-25\n26.12.2026" in page
    assert DayOff.objects.get().name == "Christmas"


def test_the_second_of_two_who_change_the_list_is_told(host: Person) -> None:
    console, read = signed_in(host), as_of(days_off_text())
    first = {"days": "2026-12-25", "read": read}
    assert console.post("/workshops/days-off/", first).status_code == 302
    second = {"days": "2027-01-01", "read": read}
    assert console.post("/workshops/days-off/", second).status_code == 409
    assert DayOff.objects.get().day == date(2026, 12, 25)


def test_a_day_100_on_a_holiday_is_offered_and_booked_on_the_next_working_day(
    host: Person,
) -> None:
    console, day = signed_in(host), hundredth()
    keeps(console, f"{day} Founders")
    workshop, later = readable(host), working_day(day + timedelta(days=1))
    page = unescape(console.get(address(workshop, "closing/")).content.decode())
    assert f'value="{later}"' in page
    assert "is no working day" in page or "is a day off here (Founders)" in page
    given = {"day_100_on": day, "without_tasks": "on", "turn": workshop.turn}
    answer = console.post(address(workshop, "closing/"), given, follow=True)
    assert "is a day off here (Founders), so it is" in unescape(answer.content.decode())
    assert fresh(workshop).day_100_on == later
    calendar = console.get(address(workshop, "day-100.ics")).content.decode()
    assert f"DTSTART;VALUE=DATE:{later:%Y%m%d}" in calendar


def test_a_weekend_that_somebody_chose_stands(host: Person) -> None:
    workshop, console = readable(host), signed_in(host)
    saturday = timezone.localdate() + timedelta(days=100)
    saturday += timedelta(days=(5 - saturday.weekday()) % 7)
    given = {"day_100_on": saturday, "without_tasks": "on", "turn": workshop.turn}
    assert console.post(address(workshop, "closing/"), given).status_code == 302
    assert fresh(workshop).day_100_on == saturday


def test_a_holiday_that_is_learned_later_is_said_and_moved_by_people(host: Person) -> None:
    workshop, console, day = readable(host), signed_in(host), hundredth()
    given = {"day_100_on": day, "without_tasks": "on", "turn": workshop.turn}
    console.post(address(workshop, "closing/"), given)
    keeps(console, f"{day} Founders")
    page = console.get("/workshops/days-off/").content.decode()
    assert "Booked on a day off" in page
    assert workshop.name in page
    assert fresh(workshop).day_100_on == day
    meeting = console.get(address(workshop, "day-100/")).content.decode()
    assert "That is a day off here by now: Founders." in meeting
    later = working_day(day + timedelta(days=1))
    assert f'value="{later}"' in meeting
    moved = {"day": later, "turn": fresh(workshop).turn}
    assert console.post(address(workshop, "day-100/move/"), moved).status_code == 302
    assert fresh(workshop).day_100_on == later
    assert "Booked on a day off" not in console.get("/workshops/days-off/").content.decode()


def test_a_list_without_a_working_day_is_said_and_nothing_closes(host: Person) -> None:
    console, first = signed_in(host), timezone.localdate() + timedelta(days=90)
    keeps(console, "\n".join(str(first + timedelta(days=n)) for n in range(120)))
    workshop = readable(host)
    page = unescape(console.get(address(workshop, "closing/")).content.decode())
    assert "60 days in a row are holidays or weekend" in page
    given = {"day_100_on": hundredth(), "without_tasks": "on", "turn": workshop.turn}
    assert console.post(address(workshop, "closing/"), given).status_code == 409
    assert fresh(workshop).state == "open"


def test_who_holds_no_workshops_keeps_no_days_off() -> None:
    server = signed_in(f.person(role="server"))
    assert server.get("/workshops/days-off/").status_code == 404
    assert keeps(server, "2026-12-25") == 404
    assert not DayOff.objects.exists()
