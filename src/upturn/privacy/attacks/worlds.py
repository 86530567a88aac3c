"""E2: whose answer, or whose end of the scale, is the same in every world that fits the counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from upturn.privacy.attacks.incidence import components, incidence, independent_rows
from upturn.privacy.attacks.surface import Cell, Members, Surface
from upturn.privacy.errors import NoSuchWorld
from upturn.privacy.guard import HIGH_END, LOW_END, SCALE

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

WRONG = 1e-3  # answers by which a cell may miss what others make of it, for rounding


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Cells of one question that touch each other, and the people in them.

    Parameters
    ----------
    question : int
    matrix : float array, (cells, classes)
    counts : int64 array, (cells, categories)
        The last category for who left the question out.
    sizes : int64 array, (classes,)
    people : tuple of int array, (classes,)
    """

    question: int
    matrix: Floats
    counts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    people: tuple[Members, ...]

    def sets(self) -> tuple[Bools, ...]:
        """Give what is worth knowing: each single answer, then each end of a scale of five.

        Returns
        -------
        tuple of bool array, (categories,)
        """
        return _sets(self.counts.shape[1])


@lru_cache
def _sets(categories: int) -> tuple[Bools, ...]:
    alone = [np.arange(categories) == one for one in range(categories - 1)]
    if categories - 1 != SCALE:
        return tuple(alone)
    ends = [np.isin(np.arange(categories), end) for end in (LOW_END, HIGH_END)]
    return (*alone, *ends)


@dataclass(frozen=True, slots=True, eq=False)
class WorldsFound:
    """What is certain.

    Parameters
    ----------
    exact : tuple of (question, person, category)
        Whose answer is known.
    ends : tuple of (question, person, end)
        Of whom it is known at which end of a scale of five he or she is, 0 the lower; those whose
        answer is known among them.
    """

    exact: tuple[tuple[int, int, int], ...]
    ends: tuple[tuple[int, int, int], ...]


def parts_of(cells: Sequence[Cell], people: int) -> Iterator[Part]:
    """Split the cells of one question into parts that can be looked at alone.

    Parameters
    ----------
    cells : sequence of Cell
        Of one question.
    people : int

    Yields
    ------
    Part
        Without cells that are sums and differences of others.

    Raises
    ------
    NoSuchWorld
        If such a cell says something else than those it is made of.
    """
    found = _structure(tuple(cell.who.astype(np.int64).tobytes() for cell in cells), people)
    answers = np.array([cell.counts for cell in cells], dtype=np.int64)
    counts = np.column_stack([answers, found.members - answers.sum(axis=1)])
    if np.abs(found.shares.T @ counts[found.kept] - counts[found.rest]).max(initial=0) > WRONG:
        raise NoSuchWorld(cells[0].question)
    for rows, columns in found.parts:
        yield Part(
            cells[0].question,
            found.matrix[np.ix_(rows, columns)],
            counts[found.kept][rows],
            found.sizes[columns],
            tuple(found.people[column] for column in columns),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """What cells are made of, whatever was answered; questions with the same cells share it.

    Parameters
    ----------
    members : int array, (cells,)
    kept, rest : list of int, int array
        Cells that say something of their own, and those that are ``shares`` of them.
    shares : float array, (kept, rest)
    matrix : float array, (kept, classes)
    sizes : int array, (classes,)
    people : tuple of int array, (classes,)
    parts : list of (int array, int array)
        Rows of `matrix` and classes.
    """

    members: NDArray[np.int64]
    kept: list[int]
    rest: NDArray[np.int64]
    shares: Floats
    matrix: Floats
    sizes: NDArray[np.int64]
    people: tuple[Members, ...]
    parts: list[tuple[NDArray[np.intp], NDArray[np.intp]]]


@lru_cache(maxsize=4)
def _structure(names: tuple[bytes, ...], people: int) -> Structure:
    members = [np.frombuffer(name, dtype=np.int64) for name in names]
    found = incidence(members, people)
    kept = independent_rows(found.matrix)
    rest = np.setdiff1d(np.arange(len(names)), kept)
    matrix = found.matrix[kept]
    return Structure(
        np.array([len(who) for who in members]),
        kept,
        rest,
        np.asarray(np.linalg.lstsq(matrix.T, found.matrix[rest].T, rcond=None)[0], dtype=float),
        matrix,
        found.sizes,
        tuple(np.flatnonzero(found.of_person == one) for one in range(len(found.sizes))),
        components(matrix),
    )


def worlds(surface: Surface) -> WorldsFound:
    """Find every answer, and every end of a scale, that all consistent worlds agree on.

    Parameters
    ----------
    surface : Surface

    Returns
    -------
    WorldsFound

    Raises
    ------
    NoSuchWorld
        If no world fits.

    Notes
    -----
    People no cell tells apart are one variable a category. One linear programme finds all that is
    certain in fractional worlds; what it leaves is settled by integer programmes (HiGHS), each of
    which finds a world that contradicts as many of the remaining suspicions as possible. Where a
    part is a single cell, who left the question out is taken as known.

    References
    ----------
    Freund, Roundy, Todd (1985), Sloan WP 1674-85: all implied equations by one linear programme.
    """
    found: list[tuple[int, int, int, int]] = []
    for cells in surface.questions().values():
        for part in parts_of(cells, surface.people):
            for one, klass in np.argwhere(certain(part)):
                ends = int(one) - part.counts.shape[1] + 1
                found += [(part.question, int(who), int(one), ends) for who in part.people[klass]]
    return WorldsFound(
        tuple((question, who, one) for question, who, one, end in found if end < 0),
        tuple((question, who, end) for question, who, _, end in found if end >= 0),
    )


def certain(part: Part, *, integers: bool = True) -> NDArray[np.bool_]:
    """Say for each set of `Part.sets` of which classes all people are in it, in every world.

    Parameters
    ----------
    part : Part
    integers : bool
        Whether answers are whole; without, less is certain and it is faster.

    Returns
    -------
    bool array, (sets, classes)
    """
    known = _inside(part, possible(part))
    return _settle(part, known) if integers and len(part.sizes) > 1 else known


def possible(part: Part) -> Bools:
    """Say which categories the people of each class can have in some fractional world.

    Parameters
    ----------
    part : Part

    Returns
    -------
    bool array, (classes, categories)
    """
    if len(part.sizes) > 1:
        return _support(part)
    alone = part.counts[:1] > 0
    if alone[:, :-1].any():
        alone[:, -1] = False  # who left it out may be known
    return np.asarray(alone)


def _inside(part: Part, support: Bools) -> Bools:
    """Which sets hold all categories a class can have."""
    return np.stack([~(support & ~one).any(axis=1) for one in part.sets()])


def _equations(part: Part) -> tuple[object, Floats]:
    """Counts of cells, and sizes of classes, as equations in classes x categories."""
    from scipy.sparse import csr_array, eye_array, kron, vstack  # noqa: PLC0415 - slow to load

    categories = part.counts.shape[1]
    cells = kron(csr_array(part.matrix), eye_array(categories))
    sizes = kron(eye_array(len(part.sizes)), np.ones((1, categories)))
    return vstack([cells, sizes]).tocsr(), np.concatenate(
        [part.counts.reshape(-1), part.sizes]
    ).astype(np.float64)


def _support(part: Part) -> Bools:
    """Which categories each class can have in some fractional world.

    Worlds scaled by a common factor of at least 1 can have every possible entry above 1 at once.
    """
    from scipy.optimize import linprog  # noqa: PLC0415
    from scipy.sparse import csr_array, hstack  # noqa: PLC0415

    matrix, given = _equations(part)
    width = part.counts.shape[1] * len(part.sizes)
    found = linprog(
        np.concatenate([-np.ones(width), np.zeros(width + 1)]),
        A_eq=hstack([matrix, matrix, csr_array(-given[:, None])]).tocsr(),
        b_eq=np.zeros(len(given)),
        bounds=[(0, 1)] * width + [(0, None)] * width + [(1, None)],
        method="highs",
    )
    if found.x is None:
        raise NoSuchWorld(part.question)
    return np.asarray(found.x[:width] > 0.5).reshape(len(part.sizes), -1)


def _settle(part: Part, known: Bools) -> Bools:
    """Contradict by whole worlds what one whole world suggests and fractional ones left open."""
    suspected = _suggested(part, _whole_world(part, np.zeros_like(known))) & ~known
    while suspected.any():
        left = suspected & _suggested(part, _whole_world(part, suspected))
        if (left == suspected).all():
            break
        suspected = left
    return known | suspected


def _suggested(part: Part, world: Floats) -> Bools:
    """Say which classes have all their people in which set, in one world."""
    return np.stack([world[:, one].sum(axis=1) >= part.sizes for one in part.sets()])


def _whole_world(part: Part, suspected: Bools) -> Floats:
    """Find a world of whole answers in which as many suspicions as possible are wrong.

    Returns
    -------
    float array, (classes, categories)
    """
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
    from scipy.sparse import csr_array, hstack, vstack  # noqa: PLC0415

    matrix, given = _equations(part)
    categories, which = part.counts.shape[1], np.argwhere(suspected)
    outside = ~np.stack(part.sets())
    width, n = categories * len(part.sizes), len(which)
    rows = np.zeros((n, width))
    for row, (one, klass) in enumerate(which):
        rows[row, klass * categories : (klass + 1) * categories] = outside[one]
    if n:
        matrix = vstack(
            [
                hstack([matrix, csr_array((len(given), n))]),
                hstack([csr_array(rows), csr_array(-np.eye(n))]),
            ]
        ).tocsr()
    found = milp(
        np.concatenate([np.zeros(width), -np.ones(n)]),
        constraints=LinearConstraint(
            matrix, np.append(given, np.zeros(n)), np.append(given, np.full(n, np.inf))
        ),
        integrality=np.ones(width + n),
        bounds=Bounds(0, np.append(np.full(width, np.inf), np.ones(n))),
    )
    if found.x is None:
        raise NoSuchWorld(part.question)
    return np.asarray(np.rint(found.x[:width])).reshape(len(part.sizes), -1)
