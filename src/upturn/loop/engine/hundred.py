"""Day 100: which day it is, and how well those who wrote knew what would become of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from upturn.commitments.engine import DAYS_TO_THE_LAST_QUESTION, Outcome
from upturn.loop.engine.errors import Incomplete, NoDay
from upturn.stats import Figure, Withheld, share_interval

SATURDAY_SUNDAY = frozenset({5, 6})
"""Days without work, Monday 0. Other weekends: Friday and Saturday are ``frozenset({4, 5})``."""
LOOKS_AHEAD_DAYS = 60
DAYS_OFF_MOST = 400
JUDGED_LEAST = 5


@dataclass(frozen=True, slots=True)
class Known:
    """How often statements came true that were said with one degree of confidence.

    Attributes
    ----------
    sure : int
        1 hardly to 5 very.
    better : Figure or Withheld
        Share judged better, 0..1, with its interval and n; withheld below `JUDGED_LEAST`.
    """

    sure: int
    better: Figure | Withheld


def day_100(
    closed_on: date,
    *,
    days_off: Collection[date] = (),
    weekend: Collection[int] = SATURDAY_SUNDAY,
) -> date:
    """Give the day on which people meet again: the hundredth, or the next working day.

    Parameters
    ----------
    closed_on : date
        Day 0.
    days_off : collection of date
        Holidays of the place.
    weekend : collection of int
        Days of the week without work, Monday 0.

    Raises
    ------
    NoDay
        If none of the next `LOOKS_AHEAD_DAYS` days is a working day.

    Examples
    --------
    >>> day_100(date(2026, 11, 23)).isoformat()
    '2027-03-03'
    >>> day_100(date(2026, 9, 14)).isoformat()  # the hundredth, 23 December, is a Wednesday
    '2026-12-23'
    >>> day_100(date(2026, 9, 16), days_off=[date(2026, 12, 25)]).isoformat()
    '2026-12-28'
    """
    hundredth = closed_on + timedelta(days=DAYS_TO_THE_LAST_QUESTION)
    return working_day(hundredth, days_off=days_off, weekend=weekend)


def working_day(
    first: date,
    *,
    days_off: Collection[date] = (),
    weekend: Collection[int] = SATURDAY_SUNDAY,
) -> date:
    """Give a day, or the first working day after it; raises as `day_100`.

    Examples
    --------
    >>> working_day(date(2026, 12, 25), days_off=[date(2026, 12, 25)]).isoformat()
    '2026-12-28'
    """
    off = frozenset(days_off)
    for more in range(LOOKS_AHEAD_DAYS):
        day = first + timedelta(days=more)
        if day.weekday() not in weekend and day not in off:
            return day
    raise NoDay(
        f"From {first} on, {LOOKS_AHEAD_DAYS} days in a row are holidays or weekend. "
        "Take some out of the list of holidays."
    )


def read_days_off(text: str) -> dict[date, str]:
    """Read a list of holidays: a line each, the date as 2026-12-25 and what day it is.

    Returns
    -------
    dict of date to str
        In the order of the calendar; without words where a line has none.

    Raises
    ------
    Incomplete
        Naming the first line that begins with no date.

    Examples
    --------
    >>> read_days_off("2026-12-25 Christmas")
    {datetime.date(2026, 12, 25): 'Christmas'}
    """
    found: dict[date, str] = {}
    rows = [(at, row.split()) for at, row in enumerate(text.splitlines(), 1) if row.strip()]
    if len(rows) > DAYS_OFF_MOST:
        raise Incomplete(f"{len(rows)} holidays; keep to {DAYS_OFF_MOST}.")
    for at, parts in rows:
        try:
            day = date.fromisoformat(parts[0])
        except ValueError:
            raise Incomplete(
                f"Line {at} begins with “{parts[0][:40]}”. Begin it with a date such as 2026-12-25."
            ) from None
        found[day] = " ".join(parts[1:]) or found.get(day, "")
    return dict(sorted(found.items()))


def calibration(judged: Iterable[tuple[int, str]]) -> tuple[Known, ...]:
    """Say how often statements came true, by how sure their writers were.

    Parameters
    ----------
    judged : iterable of (sure, verdict)
        Statements of all workshops that have met again: 1 to 5, and a value of `Outcome`. Another
        good thing is not what was said, so it counts as not better.

    Returns
    -------
    tuple of Known
        For 1 to 5, always five; each with a Wilson interval at 95 %.

    Notes
    -----
    The interval takes statements for independent. Those of one workshop are not quite: read it as
    the narrowest it can be.

    Examples
    --------
    >>> known = calibration([(4, "better")] * 6 + [(4, "same")] * 2)
    >>> known[3].better.value, known[3].better.n
    (0.75, 8)
    >>> known[0].better
    Withheld(reason='too_few', needed=5, got=0)
    """
    rows = [(sure, Outcome(verdict)) for sure, verdict in judged]
    return tuple(
        Known(sure, _share([found for s, found in rows if s == sure])) for sure in range(1, 6)
    )


def _share(found: Sequence[Outcome]) -> Figure | Withheld:
    if len(found) < JUDGED_LEAST:
        return Withheld("too_few", JUDGED_LEAST, len(found))
    return share_interval(found.count(Outcome.BETTER), len(found))
