"""Dates are read as they were meant, or not at all."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.graph.engine.tabular_calendar import read_moment, read_week, weigh_dates
from upturn.graph.engine.tabular_dates import DateOrder, read_date
from upturn.graph.engine.tabular_problems import Fault

DAY, MONTH = DateOrder
MOMENTS = st.datetimes(
    min_value=datetime.fromisoformat("1990-01-01"), max_value=datetime.fromisoformat("2068-12-31")
).map(lambda moment: moment.replace(microsecond=0))
TO_THE_MINUTE = MOMENTS.map(lambda moment: moment.replace(second=0))
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
}


@given(MOMENTS)
def test_what_programs_write_is_read_back(moment):
    day = moment.replace(hour=0, minute=0, second=0)
    assert read_date(moment.isoformat()) == moment
    assert read_date(moment.strftime("%Y-%m-%d %H:%M:%S")) == moment
    assert read_date(moment.strftime("%Y/%m/%d %H:%M:%S")) == moment
    assert read_date(moment.strftime("%Y%m%d")) == day
    assert read_date(moment.strftime("%Y%m%d%H%M%S")) == moment
    aware = moment.replace(tzinfo=UTC)
    assert read_date(str(int(aware.timestamp()))) == aware
    assert read_date(str(int(aware.timestamp() * 1_000))) == aware
    assert read_date(moment.strftime("%a, %d %b %Y %H:%M:%S GMT")) == aware
    assert read_date(moment.strftime("%a %b %d %H:%M:%S +0000 %Y")) == aware


@given(MOMENTS)
def test_days_of_a_spreadsheet_are_read_to_the_second(moment):
    days = (moment - datetime.fromisoformat("1899-12-30")) / timedelta(days=1)
    assert read_date(repr(days)) == moment


@given(TO_THE_MINUTE, st.sampled_from("/-"))
def test_numbers_are_read_in_the_order_that_is_said(moment, mark):
    day_first = moment.strftime(f"%d{mark}%m{mark}%Y")
    month_first = moment.strftime(f"%m{mark}%d{mark}%Y")
    day = moment.replace(hour=0, minute=0)
    assert read_date(day_first, DAY) == read_date(month_first, MONTH) == day
    assert read_date(moment.strftime(f"%d{mark}%m{mark}%y %H:%M"), DAY) == moment
    assert read_date(moment.strftime(f"%m{mark}%d{mark}%Y %I:%M %p"), MONTH) == moment
    assert read_date(moment.strftime("%d.%m.%Y, %H:%M Uhr"), MONTH) == moment


@given(MOMENTS.map(datetime.date), st.sampled_from(sorted(MONTHS)))
def test_months_in_words_are_read_in_seven_languages(day, language):
    midnight = datetime.combine(day, datetime.min.time())
    name = MONTHS[language].split()[day.month - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 * (day.day not in (11, 12, 13)), "th")
    for text in (
        f"{day.day} {name} {day.year}",
        f"{day.day}. {name.title()} {day.year}",
        f"{day.day} de {name} de {day.year}",
        f"{name.upper()} {day.day}, {day.year}",
        f"{day.day}{ending} {name} {day.year}",
        f"{day.day:02}-{name}-{day:%y}",
        f"{day.year} {name} {day.day}",
    ):
        assert read_date(text) == midnight, text


def test_abbreviations_weekdays_and_times_around_words():
    afternoon = datetime.fromisoformat("2026-11-03T14:30")
    for text in ("Nov 3, 2026 at 2:30 PM", "Tue 3 Nov 2026 14:30", "03-NOV-2026 14:30:00"):
        assert read_date(text) == afternoon
    assert read_date("2015-02-24 11:35:52 -0800") == datetime(
        2015, 2, 24, 11, 35, 52, tzinfo=timezone(timedelta(hours=-8))
    )


@given(st.integers(1990, 2060), st.integers(1, 12), st.integers(29, 31))
def test_a_day_its_month_does_not_have_is_told_with_the_last_it_has(year, month, day):
    days = monthrange(year, month)[1]
    read = read_date(f"{day}/{month}/{year}")
    if day <= days:
        assert read == datetime.fromisoformat(f"{year}-{month:02}-{day:02}")
    else:
        assert read.problem.code == "no_such_day"
        assert read.numbers["days"] == days
        assert read.suggestions == (f"{days}/{month}/{year}",)


@pytest.mark.parametrize(
    ("text", "code", "suggestions"),
    [
        ("", "date_unreadable", ()),
        ("soon", "date_unreadable", ()),
        ("2 weeks ago", "date_unreadable", ()),
        ("Nov 2026", "date_incomplete", ()),
        ("2026", "date_incomplete", ()),
        ("November", "date_incomplete", ()),
        ("11/14/2026", "no_such_month", ("14/11/2026",)),
        ("13/13/2026", "no_such_month", ()),
        ("2026-13-01", "no_such_month", ()),
        ("2026-11-31", "no_such_day", ("2026-11-30",)),
        ("0/1/2026", "no_such_day", ()),
        ("03/11/2026 25:00", "no_such_time", ()),
        ("3 Nov 2026 13:00 pm", "no_such_time", ()),
        ("03/11/202", "date_unreadable", ()),
        ("3/Nov/Dec/2026", "date_unreadable", ()),
        ("1" * 61, "date_unreadable", ()),
        ("45000.5.1", "date_unreadable", ()),
        ("99999999", "date_unreadable", ()),
    ],
)
def test_what_is_no_date_is_told_why(text, code, suggestions):
    read = read_date(text)
    assert isinstance(read, Fault)
    assert (read.problem.code, read.suggestions) == (code, suggestions)


@given(st.text(max_size=30), st.sampled_from(DateOrder))
def test_any_text_is_a_date_or_a_fault(text, order):
    assert isinstance(read_date(text, order), datetime | Fault)
    assert isinstance(read_week(text, order), date | Fault)
    assert isinstance(read_moment(text, order, zone=ZoneInfo("Asia/Tokyo")), datetime | Fault)


def test_a_date_without_a_zone_is_taken_where_it_was_written():
    zone = ZoneInfo("Europe/Berlin")
    assert read_moment("2026-07-01", DAY, zone=zone).isoformat() == "2026-06-30T22:00:00+00:00"
    assert read_moment("2026-07-01T00:00Z", DAY, zone=zone).hour == 0
    assert isinstance(read_moment("0001-01-01", DAY, zone=zone), Fault)


@given(st.lists(st.dates(date(1990, 1, 1), date(2068, 1, 1)), max_size=30), st.booleans())
def test_the_order_of_a_column_is_decided_by_what_only_fits_one(days, month_first):
    pattern = "%m/%d/%Y" if month_first else "%d/%m/%Y"
    evidence = weigh_dates(day.strftime(pattern) for day in days)
    telling = sum(day.day > 12 for day in days)
    assert (evidence.month_first, evidence.day_first) == (
        (telling, 0) if month_first else (0, telling)
    )
    assert evidence.either == len(days) - telling
    if telling:
        assert evidence.order is (MONTH if month_first else DAY)


def test_dots_and_words_leave_no_question_of_order():
    assert weigh_dates(["03.11.2026", "3 Nov 2026", "2026-11-03"]).plain == 3


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_week_is_its_monday_however_it_is_named(day):
    monday = day - timedelta(days=day.weekday())
    year, week, _ = day.isocalendar()
    for text in (f"{year}-W{week:02}", f"{year}W{week:02}", f"KW {week}/{year}", day.isoformat()):
        assert read_week(text) == monday


def test_a_week_that_a_year_does_not_have():
    assert read_week("2026-W53") == date(2026, 12, 28)
    assert read_week("2025-W53").numbers == {"year": 2025, "week": 53}
