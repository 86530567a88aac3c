"""Day 100: its date, its file for calendars, and what it says about our predictions."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.loop.engine import (
    Incomplete,
    Meeting,
    NoDay,
    calendar,
    calibration,
    day_100,
    read_days_off,
)
from upturn.stats import Figure, Withheld, share_interval

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
days = st.dates(date(2024, 1, 1), date(2090, 1, 1))


@given(days, st.sets(st.integers(0, 120), max_size=30), st.sets(st.integers(0, 6), max_size=3))
def test_day_100_is_the_first_working_day_from_the_hundredth_on(
    closed: date, off: set[int], weekend: set[int]
) -> None:
    hundredth = closed + timedelta(days=100)
    days_off = {hundredth + timedelta(days=each) for each in off}
    found = day_100(closed, days_off=days_off, weekend=weekend)
    free = hundredth
    while free in days_off or free.weekday() in weekend:
        free += timedelta(days=1)
    assert found == free


def test_a_day_100_on_a_holiday_moves_past_the_whole_of_it() -> None:
    easter = [date(2027, 3, 26), date(2027, 3, 29)]
    closed = date(2027, 3, 26) - timedelta(days=100)
    assert day_100(closed, days_off=easter) == date(2027, 3, 30)


def test_a_weekend_may_be_friday_and_saturday() -> None:
    closed = date(2027, 3, 5) - timedelta(days=100)  # a Friday
    assert day_100(closed, weekend={4, 5}) == date(2027, 3, 7)


def test_a_calendar_without_working_days_is_refused() -> None:
    with pytest.raises(NoDay, match="60 days in a row"):
        day_100(date(2026, 11, 23), weekend=range(7))


def test_holidays_are_read_a_line_each_with_or_without_names() -> None:
    text = "2026-12-26\n\n2026-12-25  Christmas Day\n2026-12-25"
    found = read_days_off(text)
    assert found == {date(2026, 12, 25): "Christmas Day", date(2026, 12, 26): ""}
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-12-25\n25.12.2026", "Line 2 begins with “25.12.2026”"),
        ("2026-02-30 no day", "Line 1"),
        ("2026-12-25\n" * 401, "401 holidays"),
    ],
)
def test_what_is_no_list_of_holidays_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(Incomplete, match=says):
        read_days_off(text)


def test_the_organisation_learns_how_often_it_was_right_by_how_sure_it_was() -> None:
    judged = [(5, "better")] * 9 + [(5, "other")] + [(2, "worse")] * 6 + [(1, "same")] * 4
    known = calibration(judged)
    assert [each.sure for each in known] == [1, 2, 3, 4, 5]
    assert known[4].better == share_interval(9, 10)
    assert known[0].better == Withheld("too_few", 5, 4)
    sure, unsure = known[4].better, known[1].better
    assert isinstance(sure, Figure) and isinstance(unsure, Figure)
    assert unsure.high < sure.low


def test_an_unknown_verdict_is_not_counted_as_anything() -> None:
    with pytest.raises(ValueError, match="splendid"):
        calibration([(3, "splendid")])


def lines_of(meeting: Meeting) -> list[str]:
    file = calendar(meeting, written_at=NOON)
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    return file.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def test_a_calendar_gets_the_whole_day_with_a_reminder() -> None:
    lines = lines_of(Meeting(uid="day-100-abc@upturn", title="Day 100", on=date(2027, 3, 3)))
    assert lines[:4] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Upturn//Day 100//EN",
        "METHOD:PUBLISH",
    ]
    for line in (
        "UID:day-100-abc@upturn",
        "DTSTAMP:20261123T120000Z",
        "DTSTART;VALUE=DATE:20270303",
        "DTEND;VALUE=DATE:20270304",
        "SUMMARY:Day 100",
        "TRIGGER:-P3D",
    ):
        assert line in lines
    assert [line for line in lines if line.startswith(("BEGIN", "END"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "BEGIN:VALARM",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_a_time_is_the_one_on_the_wall_whatever_the_zone() -> None:
    late = Meeting(uid="1@a", title="A", on=date(2027, 3, 3), at=time(23, 30))
    lines = lines_of(late)
    assert "DTSTART:20270303T233000" in lines
    assert "DTEND:20270304T003000" in lines


def test_a_meeting_that_moved_keeps_its_uid_and_counts_up() -> None:
    lines = lines_of(Meeting(uid="1@a", title="A", on=date(2027, 3, 3), changed=2))
    assert {"UID:1@a", "SEQUENCE:2"} <= set(lines)


def unescaped(text: str) -> str:
    out, signs = "", iter(text)
    for sign in signs:
        out += {"n": "\n"}.get(after := next(signs), after) if sign == "\\" else sign
    return out


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"), min_size=1))
def test_any_title_comes_back_whole_and_no_line_is_longer_than_75_octets(title: str) -> None:
    file = calendar(Meeting(uid="1@a", title=title, on=date(2027, 3, 3)), written_at=NOON)
    rows = file.split(b"\r\n")
    assert max(map(len, rows)) <= 75
    for row in rows:
        row.decode("utf-8")  # no letter is cut in two
    said = [
        row for row in file.replace(b"\r\n ", b"").split(b"\r\n") if row.startswith(b"SUMMARY:")
    ]
    assert [unescaped(row.decode().removeprefix("SUMMARY:")) for row in said] == [title]


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_title_or_place_adds_a_line_of_its_own(title: str, place: str) -> None:
    hostile = f"{title}\r\nATTENDEE:mailto:a@b\r\n{place}"
    lines = lines_of(Meeting(uid="1@a", title=hostile, place=hostile, on=date(2027, 3, 3)))
    assert not any(line.startswith("ATTENDEE") for line in lines)
