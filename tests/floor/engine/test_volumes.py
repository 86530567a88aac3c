"""Files of volumes and rosters: read whole, or refused by row, column, value and remedy."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from upturn.floor.engine.coaching.rosters import read_roster
from upturn.floor.engine.errors import BadRows, BadVolumes, FloorError
from upturn.floor.engine.staffing.intervals import Interval
from upturn.floor.engine.staffing.volumes import read_volumes
from upturn.graph.engine.tabular import open_table
from upturn.graph.engine.tabular_errors import TabularError

BERLIN = ZoneInfo("Europe/Berlin")
HEAD = "start,calls,aht_s"


def volumes(*lines: str, zone: ZoneInfo | None = BERLIN, **more: object) -> tuple[Interval, ...]:
    text = "\n".join(lines) + "\n"
    table = open_table(io.BytesIO(text.encode()), name="volumes.csv")
    return read_volumes(table, zone=zone, **more)  # type: ignore[arg-type]


def refusal(*lines: str, zone: ZoneInfo | None = BERLIN, **more: object) -> str:
    with pytest.raises((FloorError, TabularError)) as refused:
        volumes(*lines, zone=zone, **more)
    return str(refused.value)


def test_a_file_as_programs_write_it() -> None:
    rows = volumes(HEAD, "2026-11-23 08:00,100,180", "2026-11-23 08:30,90,175.5")
    assert [(row.calls, row.aht_s, row.length_s, row.per_hour) for row in rows] == [
        (100, 180, 1800, 200),
        (90, 175.5, 1800, 180),
    ]
    assert rows[0].start == datetime(2026, 11, 23, 7, tzinfo=UTC)


def test_semicolons_decimal_commas_and_continental_dates() -> None:
    rows = volumes(
        "Zeit;Anrufe;Bearbeitungszeit",
        "23.11.2026 08:00;100,5;180,25",
        "23.11.2026 08:15;1.200,0;180",
    )
    assert (rows[0].calls, rows[0].aht_s, rows[1].calls) == (100.5, 180.25, 1200)
    assert rows[0].length_s == 900
    said = refusal("Zeit;Anrufe;AHT", "23.11.2026 08:00;1.200;180", "23.11.2026 08:15;9;180")
    assert "thousands" in said
    assert "1200" in said


def test_the_order_of_rows_does_not_matter_and_reading_twice_is_reading_once() -> None:
    lines = ["2026-11-23 08:00,100,180", "2026-11-23 08:30,90,175", "2026-11-23 09:00,80,170"]
    one, other = volumes(HEAD, *lines), volumes(HEAD, *reversed(lines))
    assert [row.start for row in one] == [row.start for row in other]
    again = [f"{row.start.isoformat()},{row.calls:g},{row.aht_s:g},10,0.9" for row in one]
    assert volumes(f"{HEAD},staff,service_level", *again, zone=None) == tuple(
        Interval(row.start, row.length_s, row.calls, row.aht_s, 10, "", row.row) for row in one
    )


def test_both_hours_of_the_night_on_which_clocks_go_back_have_their_place() -> None:
    rows = volumes(
        HEAD, "2026-10-25 01:00+02:00,5,60", "2026-10-25 02:00+02:00,5,60",
        "2026-10-25 02:00+01:00,5,60", "2026-10-25 03:00+01:00,5,60",
    )  # fmt: skip
    assert [row.start.astimezone(UTC).hour for row in rows] == [23, 0, 1, 2]


def test_the_hour_left_out_in_spring_is_no_gap() -> None:
    rows = volumes(HEAD, "2026-03-29 01:00,5,60", "2026-03-29 03:00,5,60", "2026-03-29 04:00,5,60")
    assert {row.length_s for row in rows} == {3600}


def test_nights_are_no_gaps() -> None:
    lines = [f"2026-11-{day} {hour}:00,10,60" for day in (23, 24, 27) for hour in ("08", "09")]
    assert len(volumes(HEAD, *lines)) == 6


EIGHT = "2026-11-23 08:00,100,180"
NINE = "2026-11-23 09:00,100,180"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([EIGHT, NINE, "2026-11-23 11:00,1,1"], ["row 4", "2026-11-23 10:00", "gap", "0 calls"]),
        ([EIGHT, NINE, NINE], ["row 4", "row 3 is the same interval", "leave one"]),
        ([EIGHT, NINE, "2026-11-23 10:00,1,1", "2026-11-23 10:20,1,1"], ["row 5", "before", "60"]),
        (["2026-10-25 01:00,1,1", "2026-10-25 02:30,1,1"], ["row 3", "02:30", "twice", "+02:00"]),
        (["2026-03-29 02:30,1,1", NINE], ["row 2", "never comes", "2026-03-29 03:30"]),
        ([EIGHT, "2026-11-23 09:00+01:00,1,1"], ["row 3", "some have none", "same way"]),
        (["2026-11-23 09:00+05:00,1,1", NINE], ["row 2", "another offset", "05:00+01:00"]),
        ([EIGHT, "2026-11-23 09:00,-3,180"], ["row 3, calls", "'-3'", "0 or more"]),
        ([EIGHT, "2026-11-23 09:00,nan,180"], ["row 3, calls", "'nan'", "number"]),
        ([EIGHT, "2026-11-23 09:00,,180"], ["row 3, calls", "empty", "leave the row out"]),
        ([EIGHT, "2026-11-23 09:00,5,0"], ["row 3, aht_s", "too little"]),
        ([EIGHT, '2026-11-23 09:00,"1,234",1'], ["row 3, calls", "thousands", "1234", "1.234"]),
        ([EIGHT, "soon,5,10"], ["row 3, start", "'soon'", "date"]),
        ([EIGHT, "2026-11-31 09:00,5,10"], ["row 3, start", "2026-11-31", "30 days"]),
        (["2026-11-23 08:00,0,180", "2026-11-23 09:00,0,180"], ["0 calls", "forecast"]),
        ([EIGHT], ["row 2", "how long", "--per-min"]),
        ([], ["0 rows", "header"]),
        ([EIGHT, "2026-11-23 09:00,5"], ["row 3", "2", "3"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_remedy(lines: Sequence[str], said: list[str]) -> None:
    message = refusal(HEAD, *lines)
    for part in ["volumes.csv", *said]:
        assert part in message, message


def test_times_without_a_zone_and_two_offsets_without_a_zone_are_refused() -> None:
    assert "--time-zone" in refusal(HEAD, EIGHT, NINE, zone=None)
    mixed = ("2026-10-25 01:00+02:00,5,60", "2026-10-25 02:00+01:00,5,60")
    assert "two offsets" in refusal(HEAD, *mixed, zone=None)


def test_a_column_nobody_knows_and_a_column_that_is_missing() -> None:
    assert "'weather'" in refusal(HEAD + ",weather", EIGHT + ",fine")
    assert "aht_s" in refusal("start,calls", "2026-11-23 08:00,5")
    assert volumes("start,calls", "2026-11-23 08:00,5", aht_s=60.0, per_min=30.0)[0].aht_s == 60
    assert "staff" in refusal(HEAD, EIGHT, NINE, with_staff=True)
    assert "whole" in refusal(HEAD + ",staff", EIGHT + ",2.5", NINE + ",2")


def test_every_wrong_row_is_told_five_of_them_in_words() -> None:
    with pytest.raises(BadRows) as refused:
        volumes(HEAD, *[f"2026-11-23 {hour:02}:00,-1,60" for hour in range(8)])
    assert len(refused.value.rows) == 8
    assert str(refused.value).endswith("… and 3 more.")


def roster(*lines: str) -> str:
    table = open_table(io.BytesIO(("\n".join(lines) + "\n").encode()), name="roster.csv")
    try:
        return str(read_roster(table, zone=BERLIN))
    except (BadVolumes, BadRows) as refused:
        return str(refused)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ann,ann,30,,", "coach and agent are one"),
        ("ann,,30,,", "roster.csv, row 2, coach"),
        ("ann,cai,0,,", "roster.csv, row 2, minutes"),
        ("ann,cai,30,2026-11-23 08:00,2026-11-23 08:20", "30 minutes do not fit"),
        ("ann,cai,30,,\nann,cai,30,,", "row 2 says the same"),
        ("ann,cai,30,2026-10-25 02:30,", "comes twice"),
    ],
)
def test_a_roster_that_cannot_be_planned_is_refused(line: str, said: str) -> None:
    assert said in roster("agent,coach,minutes,earliest,latest", line)
