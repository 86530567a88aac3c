"""Who would like to be coached by whom, out of a table. Ids for a plan, and no other figure."""

from datetime import tzinfo

from upturn.floor.engine.coaching.plan import Wanted
from upturn.floor.engine.errors import BadRows, BadVolumes
from upturn.floor.engine.staffing.interval_rows import Clock, number_in, read_rows, refuse
from upturn.graph.engine.tabular import Table
from upturn.graph.engine.tabular_columns import Cells

WORDS = {
    "agent": "agent, who, name, person, agente, agentin, mitarbeiter",
    "coach": "coach, by, trainer, with",
    "minutes": "minutes, length, duration, dauer, minuten, minutos, durée",
    "queues": "queues, queue, skills, skill, warteschlangen",
    "earliest": "earliest, from, not before, after, von, frühestens",
    "latest": "latest, until, to, before, bis, spätestens",
}


def read_roster(table: Table, *, zone: tzinfo | None = None) -> tuple[Wanted, ...]:
    """Read one wanted session a row.

    Parameters
    ----------
    table : Table
        Columns agent, coach, minutes; perhaps queues (joined by +), earliest and latest.
    zone : tzinfo, optional
        As for `read_volumes`.

    Raises
    ------
    BadRows, BadVolumes, TabularError
        The same row twice, a window shorter than its session, an agent who coaches himself or
        herself, and all that `read_rows` refuses.
    """
    clock = Clock(table, [*_names("earliest"), *_names("latest")], zone=zone)

    def make(cells: Cells) -> Wanted:
        return _wanted(cells, clock)

    rows = read_rows(table, make, words=WORDS, required=("agent", "coach", "minutes"))
    first: dict[tuple[object, ...], int] = {}
    wrong = []
    for one in rows:
        key = (one.agent, one.coach, one.length_s, one.queues, one.earliest, one.latest)
        before = first.setdefault(key, one.row)
        if before != one.row:
            place = f"{table.name}, row {one.row}"
            wrong.append(
                BadVolumes(
                    place, one.agent, f"row {before} says the same", "leave one of the two out"
                )
            )
    if wrong:
        raise BadRows(tuple(wrong))
    return tuple(rows)


def _names(field: str) -> list[str]:
    return WORDS[field].split(", ")


def _wanted(cells: Cells, clock: Clock) -> Wanted:
    agent, coach = cells.values["agent"], cells.values["coach"]
    minutes = number_in(cells, clock, field="minutes", least=1)
    for field, missing in (("agent", not agent), ("coach", not coach), ("minutes", not minutes)):
        if missing:
            raise refuse(
                cells, clock.file, field=field, wrong="this cell is empty", remedy="fill it in"
            )
    if agent == coach:
        raise refuse(
            cells, clock.file, field="coach", wrong="coach and agent are one", remedy="name another"
        )
    earliest, latest = (
        clock.moment(cells, field) if cells.values[field] else None
        for field in ("earliest", "latest")
    )
    length_s = 60 * (minutes or 0.0)
    if earliest and latest and (latest - earliest).total_seconds() < length_s:
        raise refuse(
            cells,
            clock.file,
            field="latest",
            wrong=f"{minutes:g} minutes do not fit before this",
            remedy="widen the window or shorten the session",
        )
    queues = tuple(part.strip() for part in cells.values["queues"].split("+") if part.strip())
    return Wanted(agent, coach, length_s, queues, earliest, latest, cells.row)
