"""What somebody can read: published counts, each with the people it is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Members = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """One published histogram.

    Parameters
    ----------
    members : int array
        Positions of the people it is about, or a bool array over all of them.
    question : int
    counts : tuple of int
        Answers in each category. Where they are fewer than the members, the others left the
        question out.
    asked : int array, optional
        Positions of all who were asked, where it is not known who of them answered.
    """

    members: NDArray[np.intp] | NDArray[np.bool_]
    question: int
    counts: tuple[int, ...]
    asked: NDArray[np.intp] | None = None

    @property
    def who(self) -> Members:
        """Positions of its people, in order."""
        if self.members.dtype == np.bool_:
            return np.flatnonzero(self.members)
        return np.sort(self.members)


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Everything published of one wave: pages, exports and answers of the API, of every day.

    Parameters
    ----------
    people : int
        In all; the same people have the same positions in every wave.
    cells : tuple of Cell
    """

    people: int
    cells: tuple[Cell, ...]

    def questions(self) -> dict[int, tuple[Cell, ...]]:
        """Cells of each question."""
        found: dict[int, list[Cell]] = {}
        for cell in self.cells:
            found.setdefault(cell.question, []).append(cell)
        return {question: tuple(cells) for question, cells in found.items()}


def surface_of(
    people: int,
    members: Sequence[Members],
    counts: NDArray[np.int64],
    *,
    categories: Sequence[int] | None = None,
    relations: Sequence[int] | None = None,
) -> Surface:
    """Make a surface of groups and their table of counts.

    Parameters
    ----------
    people : int
    members : sequence of int array, (groups,)
        Positions of the people of each group: those who answered, or all who were asked where it
        is not known who did.
    counts : int64 array, (groups, questions, categories)
        Cells without answers are not published.
    categories : sequence of int, (questions,)
        How many of the columns a question uses; all if not given. The ends of a scale are looked
        at where it is five.
    relations : sequence of int, (groups,)
        What each group answers about: the same question about something else is another question.

    Returns
    -------
    Surface
    """
    used = categories or [counts.shape[2]] * counts.shape[1]
    about = {name: n for n, name in enumerate(dict.fromkeys(relations or [0]))}
    return Surface(
        people,
        tuple(
            Cell(
                who,
                about[relations[group] if relations else 0] * counts.shape[1] + question,
                tuple(counts[group, question, : used[question]].tolist()),
            )
            for group, who in enumerate(members)
            for question in range(counts.shape[1])
            if counts[group, question].any()
        ),
    )


def with_informers(surface: Surface, informers: Iterable[tuple[int, int, int]]) -> Surface:
    """Add what informers say of themselves.

    Parameters
    ----------
    surface : Surface
    informers : iterable of (person, question, category)
        The category from 0.

    Returns
    -------
    Surface
    """
    categories = {cell.question: len(cell.counts) for cell in surface.cells}
    told = tuple(
        Cell(
            np.array([person]),
            question,
            tuple(int(one == category) for one in range(categories[question])),
        )
        for person, question, category in informers
    )
    return Surface(surface.people, surface.cells + told)
