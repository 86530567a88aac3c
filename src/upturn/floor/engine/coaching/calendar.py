"""A plan of sessions on its way out: rows of a table, and a calendar (RFC 5545)."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import blake2b

from upturn.floor.engine.coaching.plan import Plan, Session

COLUMNS = ("start", "end", "agent", "coach", "minutes", "queues")
OCTETS_MOST = 75


def plan_rows(plan: Plan) -> Iterator[tuple[str | float, ...]]:
    """Give one row a session, as `COLUMNS` names them."""
    for one in plan.sessions:
        yield (
            one.start.isoformat(" ", "minutes"),
            one.end.isoformat(" ", "minutes"),
            one.wanted.agent,
            one.wanted.coach,
            one.wanted.length_s / 60,
            "+".join(one.wanted.queues),
        )


def to_calendar(plan: Plan, *, made: datetime, title: str) -> bytes:
    r"""Write a plan as a calendar.

    Parameters
    ----------
    plan : Plan
    made : datetime
        Aware; when the calendar is written.
    title : str
        Of an event; {agent} and {coach} stand for their ids.

    Returns
    -------
    bytes
        UTF-8, lines folded at 75 octets and ended by CRLF, times in UTC. A session keeps its UID
        when the plan is made again, so that a calendar moves it instead of doubling it.

    References
    ----------
    RFC 5545, sections 3.1 (folding), 3.3.11 (escaping), 3.8.4.7 (UID).
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Upturn//Coaching//EN"]
    seen: Counter[str] = Counter()
    for one in plan.sessions:
        key = _key(one)
        seen[key] += 1
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_digest(key, seen[key])}@upturn",
            f"DTSTAMP:{_utc(made)}",
            f"DTSTART:{_utc(one.start)}",
            f"DTEND:{_utc(one.end)}",
            "SUMMARY:" + _escaped(title.format(agent=one.wanted.agent, coach=one.wanted.coach)),
            "END:VEVENT",
        ]
    return b"".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _key(one: Session) -> str:
    wanted = one.wanted
    window = [
        f"{end.astimezone(UTC):%Y%m%dT%H%M}" if end else ""
        for end in (wanted.earliest, wanted.latest)
    ]
    return "\0".join((wanted.agent, wanted.coach, f"{wanted.length_s:g}", *wanted.queues, *window))


def _digest(key: str, occurrence: int) -> str:
    return blake2b(f"{key}\0{occurrence}".encode(), digest_size=16).hexdigest()


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    r"""Escape what ends or parts a text.

    >>> _escaped("a;b,c\nd")
    'a\\;b\\,c\\nd'
    """
    one_line = text.replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n")
    return one_line.replace("\n", "\\n").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> bytes:
    """Break a line so that none has more than 75 octets, never within a character."""
    parts, now = [], b""
    for letter in line:
        octets = letter.encode()
        if len(now) + len(octets) > OCTETS_MOST:
            parts.append(now)
            now = b" "
        now += octets
    return b"\r\n".join([*parts, now]) + b"\r\n"
