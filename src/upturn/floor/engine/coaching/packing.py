"""Weeks of sessions packed into what can be spared: HiGHS, or one after the other."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple

import numpy as np

from upturn.floor.engine.coaching.cells import Cell, Cells, cells_of
from upturn.floor.engine.coaching.plan import Method, Session, Slack, Wanted, Why

STARTS_MOST = 20_000
"""Above so many possible starts in a week, sessions are placed one after the other."""
NODES_MOST = 2_000
BANDS = (8.0, 4.0, 3.0, 2.0, 1.0)
"""What a minute is worth below the least, and in each further stretch as long, the last open."""
EARLIER = 1e-4

Choice = tuple[int, int]
"""A session by its number, and a step at which it could begin."""


class Packed(NamedTuple):
    """Sessions, what found no place and why, and how each week was packed."""

    sessions: tuple[Session, ...]
    unplaced: tuple[tuple[Wanted, Why], ...]
    methods: tuple[tuple[str, Method], ...]


def pack(
    slack: Sequence[Slack],
    wanted: Sequence[Wanted],
    *,
    least_min: float,
    starts_most: int = STARTS_MOST,
) -> Packed:
    """Place sessions week by week; what finds no place in one week waits for the next."""
    if not slack:
        return Packed((), tuple((one, Why.OUTSIDE) for one in wanted), ())
    cells = cells_of(slack)
    starts = {at: cells.starts(one) for at, one in enumerate(wanted)}
    minutes: dict[str, float] = defaultdict(float)
    placed: dict[int, int] = {}
    methods = []
    for week, choices in _by_week(starts, cells).items():
        open_ = [choice for choice in choices if choice[0] not in placed]
        if not open_:
            continue
        found, method = _pack_week(cells, wanted, open_, minutes, least_min, starts_most)
        for at in found:
            minutes[wanted[at].agent] += wanted[at].length_s / 60
        placed |= found
        methods.append((week, method))
    sessions = [Session(wanted[at], cells.moment(step)) for at, step in placed.items()]
    left = [at for at in starts if at not in placed]
    return Packed(
        tuple(sorted(sessions, key=lambda one: (one.start, one.wanted.agent))),
        tuple((wanted[at], _why(starts[at])) for at in left),
        tuple(methods),
    )


def _why(starts: list[int] | Why) -> Why:
    return starts if isinstance(starts, Why) else Why.TAKEN


def _by_week(starts: dict[int, list[int] | Why], cells: Cells) -> dict[str, list[Choice]]:
    """All choices by the week in which they begin, the first week first."""
    steps = sorted({step for found in starts.values() if isinstance(found, list) for step in found})
    week = {step: f"{cells.moment(step):%G-W%V}" for step in steps}
    weeks: dict[str, list[Choice]] = {name: [] for name in dict.fromkeys(week.values())}
    for at, found in starts.items():
        for step in found if isinstance(found, list) else ():
            weeks[week[step]].append((at, step))
    return weeks


def _pack_week(
    cells: Cells,
    wanted: Sequence[Wanted],
    choices: list[Choice],
    minutes: dict[str, float],
    least_min: float,
    starts_most: int,
) -> tuple[dict[int, int], Method]:
    if len(choices) <= starts_most:
        found = _search(cells, wanted, choices, minutes, least_min)
        if found:
            return found
    return _one_by_one(cells, wanted, choices, minutes), Method.GREEDY


def _people(wanted: Wanted) -> set[str]:
    return {name for name in (wanted.agent, wanted.coach) if name}


def _one_by_one(
    cells: Cells, wanted: Sequence[Wanted], choices: list[Choice], minutes: dict[str, float]
) -> dict[int, int]:
    """Whoever has least so far comes next, at the start that leaves most to spare."""
    free, busy = dict(cells.free), set[tuple[str, int]]()
    has = dict(minutes)
    options: dict[int, list[int]] = defaultdict(list)
    for at, step in choices:
        options[at].append(step)
    left, placed = set(options), dict[int, int]()

    def spare(at: int, step: int) -> int:
        one = wanted[at]
        over = list(cells.covered(one, step))
        if any((name, cell[1]) in busy for cell in over for name in _people(one)):
            return 0
        return min(free[cell] for cell in over)

    while left:
        at = min(left, key=lambda n: (has.get(wanted[n].agent, 0.0), len(options[n]), n))
        left.remove(at)
        best = max(options[at], key=lambda step: (spare(at, step), -step))
        if spare(at, best) < 1:
            continue
        placed[at] = best
        agent = wanted[at].agent
        has[agent] = has.get(agent, 0.0) + wanted[at].length_s / 60
        for cell in cells.covered(wanted[at], best):
            free[cell] -= 1
            busy |= {(name, cell[1]) for name in _people(wanted[at])}
    return placed


class _Rows:
    """Rows of an inequality `matrix @ x <= limits`, entry by entry."""

    def __init__(self) -> None:
        self.row: list[int] = []
        self.column: list[int] = []
        self.value: list[float] = []
        self.limit: list[float] = []
        self.lower: list[float] = []

    def add(
        self, columns: Sequence[int], values: Sequence[float], *, low: float, high: float
    ) -> None:
        self.row += [len(self.limit)] * len(columns)
        self.column += columns
        self.value += values
        self.limit.append(high)
        self.lower.append(low)


def _search(
    cells: Cells,
    wanted: Sequence[Wanted],
    choices: list[Choice],
    minutes: dict[str, float],
    least_min: float,
) -> tuple[dict[int, int], Method] | None:
    """Most worth by a mixed-integer program; None when the solver found nothing."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - slow to load
    from scipy.sparse import coo_array  # noqa: PLC0415

    rows = _limits(cells, wanted, choices)
    worth, most = _bands(rows, wanted, choices, minutes, least_min)
    n = len(choices)
    order = {step: at for at, step in enumerate(sorted({step for _, step in choices}))}
    early = [EARLIER * order[step] / len(order) for _, step in choices]
    shape = (len(rows.limit), n + len(worth))
    matrix = coo_array((rows.value, (rows.row, rows.column)), shape=shape).tocsr()
    result = milp(
        np.array(early + [-one for one in worth]),
        integrality=np.array([1] * n + [0] * len(worth)),
        bounds=Bounds(0, np.array([1.0] * n + most)),
        constraints=LinearConstraint(matrix, rows.lower, rows.limit),
        options={"node_limit": NODES_MOST, "mip_rel_gap": 0.0},
    )
    if result.x is None:
        return None
    found = {at: step for (at, step), x in zip(choices, result.x, strict=False) if x > 0.5}
    return found, Method.EXACT if result.status == 0 else Method.SEARCHED


def _limits(cells: Cells, wanted: Sequence[Wanted], choices: list[Choice]) -> _Rows:
    """Once each; never more than can be spared; nobody in two places."""
    once: dict[int, list[int]] = defaultdict(list)
    spared: dict[Cell, list[int]] = defaultdict(list)
    people: dict[tuple[str, int], list[int]] = defaultdict(list)
    for column, (at, step) in enumerate(choices):
        once[at].append(column)
        over = list(cells.covered(wanted[at], step))
        for cell in over:
            spared[cell].append(column)
        for moment in {cell[1] for cell in over}:
            for name in _people(wanted[at]):
                people[name, moment].append(column)
    rows = _Rows()
    for columns, most in (
        *((columns, 1) for columns in once.values()),
        *((columns, cells.free[cell]) for cell, columns in spared.items()),
        *((columns, 1) for columns in people.values()),
    ):
        if len(columns) > most:
            rows.add(columns, [1.0] * len(columns), low=-np.inf, high=most)
    return rows


def _bands(
    rows: _Rows,
    wanted: Sequence[Wanted],
    choices: list[Choice],
    minutes: dict[str, float],
    least_min: float,
) -> tuple[list[float], list[float]]:
    """Split an agent's minutes into stretches of falling worth; (worth, most) of each."""
    worth: list[float] = []
    most: list[float] = []
    columns = count(len(choices))
    by_agent: dict[str, list[int]] = defaultdict(list)
    for column, (at, _) in enumerate(choices):
        by_agent[wanted[at].agent].append(column)
    for agent, own in by_agent.items():
        before = minutes.get(agent, 0.0)
        tops = [least_min * (band + 1) for band in range(len(BANDS) - 1)]
        room = [min(max(top - before, 0.0), least_min) for top in tops] + [np.inf]
        stretches = [next(columns) for _ in BANDS]
        worth += BANDS
        most += room
        lengths = [wanted[choices[column][0]].length_s / 60 for column in own]
        rows.add(own + stretches, lengths + [-1.0] * len(BANDS), low=0.0, high=0.0)
    return worth, most
