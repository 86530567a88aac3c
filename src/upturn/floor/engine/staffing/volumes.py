"""Volumes of calls by interval, out of a table; nothing in them is guessed."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from itertools import groupby, pairwise

from upturn.floor.engine.errors import BadRows, BadSetting, BadVolumes
from upturn.floor.engine.staffing.interval_rows import Clock, number_in, read_rows, refuse
from upturn.floor.engine.staffing.intervals import Interval
from upturn.graph.engine.tabular import Table
from upturn.graph.engine.tabular_columns import Cells

WORDS = {
    "start": "start, interval, from, time, date, begin, beginn, von, zeit, inicio, début, inizio",
    "calls": "calls, volume, offered, contacts, anrufe, llamadas, appels, chiamate",
    "aht_s": "aht_s, aht, handling time, handle time, bearbeitungszeit",
    "staff": "staff, agents, besetzung, agenten, agentes",
    "queue": "queue, skill, line, warteschlange, cola, file",
}
MOST = 1e6
"""Minutes of an interval, seconds of a call: two years, eleven days."""
RESULTS = ("service_level", "abandoned", "answered_wait_s", "occupancy", "held_share")
"""Columns a table of staff adds; read again, they are passed over."""


def read_volumes(
    table: Table,
    *,
    zone: tzinfo | None = None,
    aht_s: float | None = None,
    with_staff: bool = False,
    per_min: float | None = None,
) -> tuple[Interval, ...]:
    """Read a table of volumes.

    Parameters
    ----------
    table : Table
        Columns start, calls; perhaps aht_s (seconds), staff, queue. Numbers and dates as English
        or continental Europe writes them.
    zone : tzinfo, optional
        Whose clocks the file follows; without it every start names its offset from UTC.
    aht_s : float, optional
        For a file without such a column.
    with_staff : bool
        Whether every row must say how many agents are planned.
    per_min : float, optional
        Length of an interval; without it, the commonest step from one start to the next.

    Returns
    -------
    tuple of Interval
        By queue, then by time, whatever the order of the rows.

    Raises
    ------
    BadSetting
        An `aht_s` or a `per_min` that is no time.
    BadRows, BadVolumes, TabularError
        No row; intervals that are doubled, overlap or leave a gap within a day; hours that the
        change of clocks makes twice or never; times without a zone, or with two kinds of offset;
        numbers that are negative or no numbers; columns nobody knows.

    Notes
    -----
    Between two days there may be any gap: contact centres close.
    """
    for name, value in (("aht_s", aht_s), ("per_min", per_min)):
        if value is not None and not 0 < value <= MOST:
            raise BadSetting(name, value, f"give a number above 0, at most {MOST:,.0f}")
    clock = Clock(table, WORDS["start"].split(", "), zone=zone)
    needed = ("start", "calls", *(() if aht_s else ("aht_s",)), *(("staff",) * with_staff))

    def make(cells: Cells) -> Interval:
        return _interval(cells, clock, aht_s=aht_s, with_staff=with_staff)

    rows = read_rows(table, make, words=WORDS, required=needed, passed_over=RESULTS)
    if not any(row.calls for row in rows):
        raise BadVolumes(
            table.name, "0 calls", "no interval has any calls", "bring the forecast itself in"
        )
    rows.sort(key=lambda row: (row.queue, row.start.astimezone(UTC)))
    return _lengthened(rows, table.name, per_min)


def _interval(cells: Cells, clock: Clock, *, aht_s: float | None, with_staff: bool) -> Interval:
    calls = number_in(cells, clock, field="calls")
    handling_s = number_in(cells, clock, field="aht_s", least=1e-3) or aht_s
    staff = number_in(cells, clock, field="staff")
    missing = [
        field
        for field, value in (("calls", calls), ("aht_s", handling_s), ("staff", staff))
        if value is None and (field != "staff" or with_staff)
    ]
    if missing:
        raise refuse(
            cells,
            clock.file,
            field=missing[0],
            wrong="this cell is empty",
            remedy="write the number, 0 calls included, or leave the row out",
        )
    if staff is not None and not staff.is_integer():
        raise refuse(
            cells, clock.file, field="staff", wrong="agents are whole", remedy="round it down"
        )
    return Interval(
        start=clock.moment(cells, "start"),
        length_s=0.0,
        calls=calls or 0.0,
        aht_s=handling_s or 0.0,
        staff=None if staff is None else int(staff),
        queue=cells.values["queue"],
        row=cells.row,
    )


def _steps(rows: Sequence[Interval]) -> Iterator[tuple[Interval, Interval, float]]:
    for _queue, same in groupby(rows, key=lambda row: row.queue):
        for before, after in pairwise(same):
            apart = after.start.astimezone(UTC) - before.start.astimezone(UTC)
            yield before, after, apart.total_seconds()


def _lengthened(rows: list[Interval], file: str, per_min: float | None) -> tuple[Interval, ...]:
    steps = list(_steps(rows))
    found = Counter(step for _, _, step in steps if step > 0)
    if not per_min and not found:
        raise BadVolumes(
            f"{file}, row {rows[0].row}",
            rows[0].start.isoformat(" ", "minutes"),
            "one interval alone does not say how long it is",
            "add --per-min 30",
        )
    length_s = per_min * 60 if per_min else min(found, key=lambda step: (-found[step], step))
    wrong = [bad for step in steps if (bad := _fault(*step, length_s=length_s, file=file))]
    if wrong:
        raise BadRows(tuple(wrong))
    return tuple(replace(one, length_s=length_s) for one in rows)


def _fault(
    before: Interval, after: Interval, step_s: float, *, length_s: float, file: str
) -> BadVolumes | None:
    same_day = before.start.date() == after.start.date()
    if step_s == length_s or (step_s > length_s and not same_day):
        return None
    shown = after.start.isoformat(" ", "minutes")
    place = f"{file}, row {after.row}, start"
    if step_s == 0:
        return BadVolumes(
            place, shown, f"row {before.row} is the same interval", "leave one of the two out"
        )
    if step_s < length_s:
        return BadVolumes(
            place,
            shown,
            f"it begins before the interval of row {before.row} is over",
            f"let all intervals be {length_s / 60:g} minutes long",
        )
    missing = replace(before, length_s=length_s).end.isoformat(" ", "minutes")
    return BadVolumes(
        place,
        shown,
        f"a gap: {missing} is missing",
        "add a row for it, with 0 calls if none are expected",
    )
