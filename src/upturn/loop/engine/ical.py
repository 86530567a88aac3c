"""Day 100 as a calendar file that any calendar takes in (RFC 5545)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

OCTETS_OF_A_LINE = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What goes into the calendar.

    Attributes
    ----------
    uid : str
        Stays the same when the meeting moves, so that calendars move it and do not add another;
        ``"day-100-abc@upturn.example"``.
    title, about, place : str
        `about` and `place` may be empty.
    on : date
    at : time or None
        As the clock on the wall of the place shows it, wherever that is; None for the whole day.
    begins : datetime or None
        The same moment for everybody, wherever they are; then `on` and `at` are not read.
    minutes : int
        How long, if it has a time.
    changed : int
        How often it was moved since it was first given out.
    cancelled : bool
        It does not take place; calendars that have it strike it out.
    remind_days : int
        How many days before to remind.
    """

    uid: str
    title: str
    on: date
    about: str = ""
    place: str = ""
    at: time | None = None
    begins: datetime | None = None
    minutes: int = 60
    changed: int = 0
    cancelled: bool = False
    remind_days: int = 3


def calendar(meeting: Meeting, *, written_at: datetime) -> bytes:
    r"""Write a meeting as an iCalendar file.

    Parameters
    ----------
    meeting : Meeting
    written_at : datetime
        Now, with its zone.

    Returns
    -------
    bytes
        UTF-8, lines of at most 75 octets that end in CRLF.

    References
    ----------
    RFC 5545, sections 3.1 (folding), 3.3.11 (escapes), 3.6.1, 3.6.6 and 3.8.1.11 (status).

    Examples
    --------
    >>> noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> file = calendar(Meeting(uid="1@a", title="Day 100", on=date(2027, 3, 3)), written_at=noon)
    >>> [line for line in file.decode().split("\r\n") if line.startswith("DTSTART")]
    ['DTSTART;VALUE=DATE:20270303']
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Upturn//Day 100//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{_text(meeting.uid)}",
        f"DTSTAMP:{written_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{meeting.changed}",
        *(["STATUS:CANCELLED"] if meeting.cancelled else []),
        *_when(meeting),
        f"SUMMARY:{_text(meeting.title)}",
        *([f"DESCRIPTION:{_text(meeting.about)}"] if meeting.about else []),
        *([f"LOCATION:{_text(meeting.place)}"] if meeting.place else []),
        "TRANSP:OPAQUE" if meeting.at or meeting.begins else "TRANSP:TRANSPARENT",
        *(() if meeting.cancelled else _reminder(meeting)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _reminder(meeting: Meeting) -> tuple[str, ...]:
    said = f"DESCRIPTION:{_text(meeting.title)}"
    trigger = f"TRIGGER:-P{meeting.remind_days}D"
    return "BEGIN:VALARM", "ACTION:DISPLAY", said, trigger, "END:VALARM"


def _when(meeting: Meeting) -> tuple[str, str]:
    if meeting.begins is not None:
        begins = meeting.begins.astimezone(UTC)
        ends = begins + timedelta(minutes=meeting.minutes)
        return f"DTSTART:{begins:%Y%m%dT%H%M%SZ}", f"DTEND:{ends:%Y%m%dT%H%M%SZ}"
    if meeting.at is None:
        after = meeting.on + timedelta(days=1)
        return f"DTSTART;VALUE=DATE:{meeting.on:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"
    begins = datetime.combine(meeting.on, meeting.at)
    ends = begins + timedelta(minutes=meeting.minutes)
    return f"DTSTART:{begins:%Y%m%dT%H%M%S}", f"DTEND:{ends:%Y%m%dT%H%M%S}"


def _text(words: str) -> str:
    kept = "".join(sign for sign in words if sign >= " " or sign == "\n")
    return kept.translate(_ESCAPES)


def _folded(line: str) -> bytes:
    """Fold by octets, never inside a letter."""
    rows, row = [], b""
    for sign in line:
        octets = sign.encode("utf-8", "replace")
        if len(row) + len(octets) > OCTETS_OF_A_LINE:
            rows.append(row)
            row = b" "
        row += octets
    return b"".join(each + b"\r\n" for each in [*rows, row])
