"""Walking, trips, idle time, and how evenly credit and work are spread over synthetic servers."""

from typing import NamedTuple

import numpy as np

from upturn.floor.engine.lab.measures import Cell, Measure, count_by, figure_of, gini, ratio_values
from upturn.floor.engine.laid import Flags, Floats, Ints
from upturn.floor.engine.runs import Runs
from upturn.floor.engine.shapes import Kind
from upturn.stats import Figure, Withheld

HOUR_S = 3600.0


class SectionRow(NamedTuple):
    """Needs an hour: met at its tables (the owner's credit), by others there, elsewhere by its own.

    `received` are needs at its tables that others met; `given` are needs at other tables that its
    server met.
    """

    section: str
    credit_per_hour: Figure | Withheld
    received_per_hour: Figure | Withheld
    given_per_hour: Figure | Withheld


class SeatRow(NamedTuple):
    """One synthetic server: needs met an hour, and the share of the shift walking and serving."""

    seat: str
    section: str
    met_per_hour: Figure | Withheld
    at_work_share: Figure | Withheld


def balance_values(runs: Runs, warm_up_s: float) -> dict[Cell, Floats]:
    """Give walking, trips, idle time and the two Gini figures, one value a replication.

    Parameters
    ----------
    runs : Runs
    warm_up_s : float
        Needs that came before do not count for the balance. Walking is of the whole run.

    Returns
    -------
    dict of Cell to float array, (replications,)
    """
    work, records = runs.work, runs.records
    begun = np.isfinite(records.started_s)
    shift = shift_seconds(runs)
    spent = (work.walk_s + work.busy_s).sum(1)
    found = {Cell(Measure.IDLE): ratio_values(shift.sum(1) - spent, shift.sum(1))}
    if not any(node.kind is Kind.TABLE for node in runs.floor.nodes):
        return found
    metres = (work.walk_s * [server.speed_m_s for server in runs.floor.servers]).sum(1)
    needs = count_by(records.replication, runs.reps, begun)
    credit, met = credit_by_owner(runs, warm_up_s), met_by_server(runs, warm_up_s)
    return found | {
        Cell(Measure.WALK_A_NEED): ratio_values(metres, needs),
        Cell(Measure.WALK_AN_HOUR): ratio_values(metres, shift.sum(1) / HOUR_S),
        Cell(Measure.NEEDS_A_TRIP): ratio_values(needs, work.trips.sum(1).astype(np.float64)),
        Cell(Measure.CREDIT_GINI): gini(credit[:, _owners(runs)]),
        Cell(Measure.WORK_GINI): gini(met),
    }


def shift_seconds(runs: Runs) -> Floats:
    """Seconds on shift until the last need was met, at least to the horizon; (reps, servers)."""
    records = runs.records
    ended = np.where(np.isfinite(records.ended_s), records.ended_s, 0.0)
    until = np.full(runs.reps, runs.hours * HOUR_S)
    np.maximum.at(until, records.replication, ended)
    starts = np.array([server.starts_s for server in runs.floor.servers])
    ends = np.array([server.ends_s for server in runs.floor.servers])
    return np.asarray((np.minimum(ends, until[:, None]) - starts).clip(0))


def credit_by_owner(runs: Runs, warm_up_s: float) -> Floats:
    """Needs begun at each owner's own tables, whoever met them; (replications, servers)."""
    return _by_seat(runs, runs.records.owner, _counted(runs, warm_up_s))


def met_by_server(runs: Runs, warm_up_s: float) -> Floats:
    """Needs begun by each server, at whichever table; (replications, servers)."""
    return _by_seat(runs, runs.records.server, _counted(runs, warm_up_s))


def sections(runs: Runs, warm_up_s: float) -> tuple[SectionRow, ...]:
    """Help given and received, by section; needs an hour."""
    records, hours = runs.records, _hours(runs, warm_up_s)
    helped = _counted(runs, warm_up_s) & (records.owner >= 0) & (records.server != records.owner)
    credit = credit_by_owner(runs, warm_up_s) / hours
    received = _by_seat(runs, records.owner, helped) / hours
    given = _by_seat(runs, records.server, helped) / hours
    seat = {server.id: at for at, server in enumerate(runs.floor.servers)}
    return tuple(
        SectionRow(
            section.id,
            *(figure_of(part[:, seat[section.owner]]) for part in (credit, received, given)),
        )
        for section in runs.floor.sections
    )


def seats(runs: Runs, warm_up_s: float) -> tuple[SeatRow, ...]:
    """What each synthetic server met and how busy it was."""
    met = met_by_server(runs, warm_up_s) / _hours(runs, warm_up_s)
    shift = shift_seconds(runs)
    at_work = runs.work.walk_s + runs.work.busy_s
    return tuple(
        SeatRow(
            server.id,
            server.section,
            figure_of(met[:, at]),
            figure_of(ratio_values(at_work[:, at], shift[:, at])),
        )
        for at, server in enumerate(runs.floor.servers)
    )


def _hours(runs: Runs, warm_up_s: float) -> float:
    return runs.hours - warm_up_s / HOUR_S


def _counted(runs: Runs, warm_up_s: float) -> Flags:
    return np.asarray(runs.records.created_s >= warm_up_s)


def _by_seat(runs: Runs, seat: Ints, which: Flags) -> Floats:
    servers = len(runs.floor.servers)
    kept = which & (seat >= 0) & np.isfinite(runs.records.started_s)
    number = runs.records.replication * servers + seat
    return count_by(number, runs.reps * servers, kept).reshape(runs.reps, servers)


def _owners(runs: Runs) -> list[int]:
    names = {section.owner for section in runs.floor.sections}
    return [at for at, server in enumerate(runs.floor.servers) if server.id in names]
