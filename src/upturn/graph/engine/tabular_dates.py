"""Dates as people and programs write them: read strictly, never guessed one by one."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum

from upturn.graph.engine.tabular_errors import gettext_noop
from upturn.graph.engine.tabular_problems import Fault, Problem, Remedy
from upturn.graph.engine.tabular_words import MONTHS_IN_WORDS, WORDS_AROUND_DATES, fold

CHARACTERS_MAX = 60
EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zone
EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119
UNIX_SECONDS = range(500_000_000, 5_000_000_000)  # 1985 to 2128

NUMERIC = re.compile(r"(\d{1,4})([./-]) ?(\d{1,2})\2 ?(\d{1,4})(?!\d)")
TIME = re.compile(
    r"(?<!\d)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?(?:([ap])\.?m\b\.?)?"
    r"\s?(z\b|(?:utc|gmt)?[+-]\d\d:?\d\d|utc\b|gmt\b)?",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"[\sT,]*(?:at|um|uhr)?\s*", re.IGNORECASE)
TOKEN = re.compile(r"\d+|[^\W\d_]+")

UNREADABLE = Problem(
    "date_unreadable",
    gettext_noop("This cannot be read as a date."),
    gettext_noop("Write it as 2026-11-03."),
    Remedy.MEND,
)
INCOMPLETE = Problem(
    "date_incomplete",
    gettext_noop("The day, the month or the year is missing."),
    gettext_noop("Write it as 2026-11-03."),
    Remedy.MEND,
)
NO_SUCH_DAY = Problem("no_such_day", gettext_noop("%(month)s has %(days)d days."), "", Remedy.MEND)
NO_SUCH_MONTH = Problem("no_such_month", gettext_noop("A year has 12 months."), "", Remedy.MEND)
NO_SUCH_TIME = Problem(
    "no_such_time",
    gettext_noop("No clock shows this time."),
    gettext_noop("Write it as 2026-11-03 14:30."),
    Remedy.MEND,
)
MONTHS = (
    gettext_noop("January"), gettext_noop("February"), gettext_noop("March"),
    gettext_noop("April"), gettext_noop("May"), gettext_noop("June"), gettext_noop("July"),
    gettext_noop("August"), gettext_noop("September"), gettext_noop("October"),
    gettext_noop("November"), gettext_noop("December"),
)  # fmt: skip


class DateOrder(StrEnum):
    """Which number comes first in 03/11/2026."""

    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class _Wrong(Exception):
    def __init__(
        self, problem: Problem, suggestions: tuple[str, ...] = (), **numbers: int | str
    ) -> None:
        self.fault = Fault(problem, suggestions, numbers)


def read_date(value: str, order: DateOrder = DateOrder.DAY_FIRST) -> datetime | Fault:
    """Read a date, with its time and zone where they stand there.

    Parameters
    ----------
    value : str
        ISO 8601; numbers with ``/ . -`` between them; months in words of seven languages; seconds
        or milliseconds since 1970; days of a spreadsheet.
    order : DateOrder
        For numbers that fit both ways; with dots between them the day always comes first.

    Returns
    -------
    datetime or Fault
        Naive unless the text names a zone.

    >>> read_date("19th March 2015 10:30 PM")
    datetime.datetime(2015, 3, 19, 22, 30)
    >>> read_date("31/11/2026").suggestions
    ('30/11/2026',)
    """
    value = value.strip()
    if value[4:5] == "-":
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass  # a day that does not exist is told below
    try:
        return _read(value, order)
    except _Wrong as wrong:
        return wrong.fault


def _read(value: str, order: DateOrder) -> datetime:
    if len(value) > CHARACTERS_MAX or not value:
        raise _Wrong(UNREADABLE)
    if value.replace(".", "", 1).isdigit() and value.isascii():
        return _from_number(value)
    numeric = NUMERIC.match(value)
    if numeric:
        return _from_numbers(value, numeric, order)
    return _from_words(value)


def _from_number(value: str) -> datetime:
    whole = value.partition(".")[0]
    number = float(value)
    if len(whole) in (8, 14) and whole == value and whole[:2] in ("19", "20"):
        pattern = "%Y%m%d" if len(whole) == 8 else "%Y%m%d%H%M%S"
        try:
            return datetime.strptime(whole, pattern)  # noqa: DTZ007 - the zone is the caller's
        except ValueError:
            raise _Wrong(UNREADABLE) from None
    if int(number) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(seconds=round(number * 86_400))
    for unit in (1, 1_000):
        if int(number / unit) in UNIX_SECONDS:
            return datetime.fromtimestamp(number / unit, UTC)
    raise _Wrong(INCOMPLETE if len(value) == 4 else UNREADABLE)


def _from_numbers(value: str, found: re.Match[str], order: DateOrder) -> datetime:
    first, _, second, third = found.groups()
    if len(first) == 4:
        year, month, day, day_group = int(first), int(second), int(third), 4
    elif len(third) == 3 or len(first) == 3:
        raise _Wrong(UNREADABLE)
    elif order is DateOrder.DAY_FIRST or found[2] == ".":
        year, month, day, day_group = _year(third), int(second), int(first), 1
    else:
        year, month, day, day_group = _year(third), int(first), int(second), 3
    if month > 12 and day <= 12 and len(first) < 4:
        swapped = f"{second}{found[2]}{first}{value[found.end(3) :]}"
        raise _Wrong(NO_SUCH_MONTH, (swapped,))
    clock = _clock(value[found.end() :])
    return _moment(value, (year, month, day), found.span(day_group), clock)


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year < 69 else 1900)


Clock = tuple[int, int, int, tzinfo | None]


def _clock(rest: str) -> Clock:
    """Read the time that follows a date, midnight if nothing does."""
    rest = rest[BETWEEN.match(rest).end() :] if rest else ""  # type: ignore[union-attr]
    if not rest:
        return (0, 0, 0, None)
    found = TIME.fullmatch(rest.removesuffix("Uhr").rstrip())
    if not found:
        raise _Wrong(UNREADABLE)
    return _time(found)


def _time(found: re.Match[str]) -> Clock:
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = (found[4] or "").casefold()
    if (half and not 1 <= hour <= 12) or hour > 23 or minute > 59 or second > 59:
        raise _Wrong(NO_SUCH_TIME)
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return (hour, minute, second, _zone(found[5]))


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    sign = max(text.find("+"), text.find("-"))
    if sign < 0:
        return UTC
    digits = text[sign + 1 :].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset >= timedelta(hours=24):
        raise _Wrong(NO_SUCH_TIME)
    return timezone(-offset if text[sign] == "-" else offset)


def _from_words(value: str) -> datetime:
    found = TIME.search(value)
    rest = value[: found.start()] + " " + value[found.end() :] if found else value
    words = [token for token in TOKEN.findall(fold(rest)) if token not in WORDS_AROUND_DATES]
    numbers = [word for word in words if word.isdigit()]
    months = [MONTHS_IN_WORDS[word] for word in words if word in MONTHS_IN_WORDS]
    if len(months) != 1 or len(numbers) + 1 != len(words):
        raise _Wrong(UNREADABLE)
    if len(numbers) < 2:
        raise _Wrong(INCOMPLETE)
    years_first = len(numbers[0]) == 4
    day, year = reversed(numbers[:2]) if years_first else numbers[:2]
    if len(numbers) > 2 or len(day) > 2 or len(year) not in (2, 4):
        raise _Wrong(UNREADABLE)
    at = value.find(day)
    clock = _time(found) if found else (0, 0, 0, None)
    return _moment(value, (_year(year), months[0], int(day)), (at, at + len(day)), clock)


def _moment(
    value: str, day: tuple[int, int, int], day_span: tuple[int, int], clock: Clock
) -> datetime:
    year, month, of_month = day
    if not 1 <= month <= 12:
        raise _Wrong(NO_SUCH_MONTH)
    if not 1 <= year <= 9999:
        raise _Wrong(UNREADABLE)
    days = monthrange(year, month)[1]
    if not 1 <= of_month <= days:
        last = f"{value[: day_span[0]]}{days}{value[day_span[1] :]}" if of_month else ""
        suggestions = (last,) if 0 < of_month <= 31 and day_span[0] >= 0 else ()
        raise _Wrong(NO_SUCH_DAY, suggestions, month=MONTHS[month - 1], days=days)
    hour, minute, second, zone = clock
    return datetime(year, month, of_month, hour, minute, second, tzinfo=zone)
