"""Rules other tools publish by, and the house's own, as surfaces for the attacks."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.attacks.surface import Cell, Members, Surface
from upturn.privacy.freezing import freeze_blocks, pre_blocks
from upturn.privacy.guard import guard_unanimous, without_thin
from upturn.privacy.simulation import Organisation

Masks = list[NDArray[np.bool_]]


def filtering_policy(
    organisation: Organisation,
    *,
    filters: int,
    k: int = 5,
    hidden_at_least: int = 0,
    questions: Sequence[int] = (0,),
) -> Surface:
    """Publish as tools do that filter rows and hide what is small.

    Parameters
    ----------
    organisation : Organisation
    filters : int
        0: teams, departments, divisions and the whole; 1: each also by gender, tenure and role;
        2: also by gender and tenure together, and by several values of tenure.
    k : int
        Answers a cell needs.
    hidden_at_least : int
        What hidden units of one parent must come to together, or the next smallest is hidden too:
        0 for the naive rule, 2 for a suppression threshold of 2, k for the remainder rule, which
        also hides what a filter keeps where fewer than k are left.
    questions : sequence of int

    Returns
    -------
    Surface
    """
    levels = _levels(organisation)
    shown: Masks = [levels[-1][0]]
    for above, below in zip(levels[:0:-1], levels[-2::-1], strict=True):
        for parent in above:
            children = [one for one in below if (one & parent).any()]
            shown += _siblings(children, k=k, hidden_at_least=hidden_at_least)
    scopes = [one for one in shown if one.sum() >= k]
    cells: dict[bytes, NDArray[np.bool_]] = {one.tobytes(): one for one in scopes}
    for scope in scopes:
        for value in _filters(organisation, filters):
            part = scope & value
            rest = int(scope.sum() - part.sum())
            if part.sum() >= k and not 0 < rest < k * (hidden_at_least >= k):
                cells[part.tobytes()] = part
    members = [np.flatnonzero(one) for one in cells.values()]
    return counted(organisation, members, questions)


def _levels(organisation: Organisation) -> list[Masks]:
    """Who answered, by team, department, division and all together."""
    department = organisation.department[organisation.team]
    division = organisation.division[department]
    rows = (organisation.team, department, division, np.zeros_like(division))
    return [[(row == one) & organisation.answered for one in np.unique(row)] for row in rows]


def _siblings(parts: Masks, *, k: int, hidden_at_least: int) -> Masks:
    """Show parts of at least k; hide more until what is hidden comes to enough."""
    ordered = sorted((one for one in parts if one.any()), key=lambda one: int(one.sum()))
    hidden = sum(int(one.sum()) for one in ordered if one.sum() < k)
    shown = [one for one in ordered if one.sum() >= k]
    while shown and 0 < hidden < hidden_at_least:
        hidden += int(shown.pop(0).sum())
    return shown


def _filters(organisation: Organisation, filters: int) -> Iterator[NDArray[np.bool_]]:
    """Whom each filter keeps."""
    gender, tenure, role = (
        [column == value for value in np.unique(column)] for column in organisation.attributes.T
    )
    if filters >= 1:
        yield from (*gender, *tenure, *role)
    if filters >= 2:
        yield from (one & other for one in gender for other in tenure)
        for size in range(2, len(tenure)):
            yield from (np.logical_or.reduce(several) for several in combinations(tenure, size))


def blocks_policy(
    organisation: Organisation,
    *,
    rng: np.random.Generator,
    k: int = 5,
    questions: Sequence[int] = (0,),
) -> Surface:
    """Publish as the house does: guarded counts of blocks, and sums of them.

    Parameters
    ----------
    organisation : Organisation
    rng : numpy.random.Generator
        For the guard.
    k : int
    questions : sequence of int

    Returns
    -------
    Surface
        Cells of the blocks, of all blocks under one parent, and of each side as a whole.
    """
    members = block_members(organisation, k=k)
    table = histograms(organisation, list(members.values()), questions)
    table = guard_unanimous(without_thin(table, k=k), rng=rng)
    groups = [[row] for row in range(len(members))] + _unions(list(members))
    people = list(members.values())
    cells = []
    for column, question in enumerate(questions):
        for rows in groups:
            shown = [row for row in rows if table[row, column].any()]
            if shown:
                who = np.concatenate([people[row] for row in shown])
                counts = tuple(table[shown, column].sum(axis=0).tolist())
                cells.append(Cell(who, question, counts))
    return Surface(organisation.people, tuple(cells))


def _unions(members: Sequence[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> list[list[int]]:
    """Rows of each side under each parent."""
    groups: dict[tuple[str, str], list[int]] = {}
    for row, (side, parents, _units) in enumerate(members):
        for parent in parents:
            groups.setdefault((side, parent), []).append(row)
    return list(groups.values())


def block_members(
    organisation: Organisation, *, k: int
) -> dict[tuple[str, tuple[str, ...], tuple[str, ...]], Members]:
    """Freeze the blocks of an organisation and say who is in each.

    Returns
    -------
    dict of (side, parents, units) to int array
    """
    names, seats = organisation.seat()
    number = {name: n for n, name in enumerate(names)}
    by_unit = organisation.answered_by()
    before = pre_blocks(organisation.units(), k=k)
    answered = {one.key: sum(by_unit[unit] for unit in one.units) for one in before}
    units = {one.key: one.units for one in before}
    found = {}
    for block in freeze_blocks(before, answered=answered, k=k).blocks:
        inside = tuple(unit for one in block.pre_blocks for unit in units[one])
        mine = np.isin(seats, [number[unit] for unit in inside]) & organisation.answered
        found[block.side, block.parents, inside] = np.flatnonzero(mine)
    return found


def histograms(
    organisation: Organisation, members: Sequence[Members], questions: Sequence[int]
) -> NDArray[np.int64]:
    """Count answers.

    Returns
    -------
    int64 array, (groups, questions, 5)
    """
    answers = organisation.answers[:, list(questions)]
    return np.stack(
        [(answers[who][:, :, None] == np.arange(1, 6)).sum(axis=0) for who in members]
    ).astype(np.int64)


def counted(
    organisation: Organisation, members: Sequence[Members], questions: Sequence[int]
) -> Surface:
    """Publish the plain counts of these groups."""
    table = histograms(organisation, members, questions)
    cells = tuple(
        Cell(who, question, tuple(table[row, column].tolist()))
        for row, who in enumerate(members)
        for column, question in enumerate(questions)
    )
    return Surface(organisation.people, cells)
