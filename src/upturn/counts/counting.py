"""The operations, with what they refuse, on the engine that is named."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upturn.counts import arrays, tables
from upturn.counts.errors import UncountableAnswers, UnknownEngine

ENGINES = ("numpy", "duckdb", "postgresql", "spark")
"""Where counting can be done; all of them give the same integers."""

_LEFT_OUT = "0 is a question left out"
_NEEDS = {"postgresql": "an open psycopg connection", "spark": "a SparkSession"}


@dataclass(frozen=True, slots=True, eq=False)
class ScaleSquares:
    """What the reliability of a sum of questions needs of the rows.

    Parameters
    ----------
    n : int
        People who answered every question.
    sums : int64 array, (questions,)
    squares, of_totals : int
        Sums of the squares of all answers, and of each person's total.
    """

    n: int
    sums: NDArray[np.int64]
    squares: int
    of_totals: int


def histogram(
    answers: NDArray[np.integer],
    *,
    block: NDArray[np.integer],
    blocks: int,
    categories: int = 5,
    engine: str = "numpy",
    at: Any = None,
) -> NDArray[np.int64]:
    """How often each answer was given to each question in each block.

    Parameters
    ----------
    answers : int8 array, (people, questions)
        1..categories; 0 where somebody left the question out.
    block : int32 array, (people,)
        Number of the block each person belongs to, 0..blocks-1.
    blocks : int
    categories : int
        1..127.
    engine : str
        One of `ENGINES`.
    at : psycopg.Connection or SparkSession
        What PostgreSQL and Spark count on; nothing stays there afterwards. The others need none.

    Returns
    -------
    int64 array, (blocks, questions, categories + 1)
        The last column holds those who left the question out.

    Raises
    ------
    UncountableAnswers
        Answers or blocks out of range, or shapes that do not belong together.
    UnknownEngine

    Notes
    -----
    Ten million answers take about 45 ms on one core with numpy, nearly half of it to bring people
    into the order of their blocks; answers that come in that order are spared it.

    Examples
    --------
    >>> import numpy as np
    >>> given = np.array([[5, 1], [5, 0], [2, 1]], dtype=np.int8)
    >>> histogram(given, block=np.array([0, 0, 1]), blocks=2)[0]
    array([[0, 0, 0, 0, 2, 0],
           [1, 0, 0, 0, 0, 1]])
    """
    if not 1 <= categories <= arrays.MOST_CATEGORIES:
        raise UncountableAnswers(
            f"{categories} categories", f"Give 1 to {arrays.MOST_CATEGORIES} of them."
        )
    given, where = _checked(answers, block, blocks, categories)
    if _engine(engine, at) == "numpy":
        return arrays.histogram(given, where, blocks, categories)
    with tables.table(engine, at, given, where) as ask:
        return tables.histogram(ask, blocks, given.shape[1], categories)


def cross_products(
    answers: NDArray[np.integer],
    *,
    block: NDArray[np.integer],
    blocks: int,
    engine: str = "numpy",
    at: Any = None,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Sums and sums of products of those who answered every question, block by block.

    Parameters
    ----------
    answers, block, blocks, engine, at
        As in `histogram`, with answers of 0..127. Only wide blocks belong here: the products of a
        few people almost give away their rows.

    Returns
    -------
    n : int64 array, (blocks,)
        People who answered every question.
    sums : int64 array, (blocks, questions)
    products : int64 array, (blocks, questions, questions)

    Raises
    ------
    UncountableAnswers, UnknownEngine
        As in `histogram`.

    Examples
    --------
    >>> import numpy as np
    >>> given = np.array([[5, 1], [4, 0], [2, 3]], dtype=np.int8)
    >>> n, sums, products = cross_products(given, block=np.zeros(3, dtype=np.int32), blocks=1)
    >>> int(n[0]), sums[0].tolist(), products[0].tolist()
    (2, [7, 4], [[29, 11], [11, 10]])
    """
    given, where = _checked(answers, block, blocks, arrays.MOST_CATEGORIES)
    if _engine(engine, at) == "numpy":
        return arrays.cross_products(given, where, blocks)
    with tables.table(engine, at, given, where) as ask:
        return tables.cross_products(ask, blocks, given.shape[1])


def scale_squares(answers: NDArray[np.integer]) -> ScaleSquares:
    """Sums and squares of those who answered every question, in one pass over their rows.

    Enough for the reliability of their sum, and no more: without products nothing tells which
    question goes with which.

    Parameters
    ----------
    answers : int array, (people, questions)
        0..127; 0 is a question left out.

    Returns
    -------
    ScaleSquares

    Raises
    ------
    UncountableAnswers
        As in `histogram`.

    Examples
    --------
    >>> import numpy as np
    >>> found = scale_squares(np.array([[5, 1], [4, 0], [2, 3]], dtype=np.int8))
    >>> found.n, found.sums.tolist(), found.squares, found.of_totals
    (2, [7, 4], 39, 61)
    """
    if answers.ndim != 2 or answers.shape[1] == 0:
        raise UncountableAnswers(
            f"answers of shape {answers.shape}", "Give a row a person and a column a question."
        )
    highest = _check_range("an answer", answers, arrays.MOST_CATEGORIES, _LEFT_OUT)
    given = np.ascontiguousarray(answers, np.int8)
    return ScaleSquares(*arrays.scale_squares(given, highest))


def _engine(engine: str, at: Any) -> str:
    if engine not in ENGINES:
        raise UnknownEngine(engine, f"These do: {', '.join(ENGINES)}.")
    if engine in _NEEDS and at is None:
        raise UnknownEngine(engine, f"Give it {_NEEDS[engine]} as `at`.")
    return engine


def _checked(
    answers: NDArray[np.integer], block: NDArray[np.integer], blocks: int, highest: int
) -> tuple[NDArray[np.int8], NDArray[np.int32]]:
    if answers.ndim != 2 or block.shape != answers.shape[:1] or answers.shape[1] == 0:
        raise UncountableAnswers(
            f"answers of shape {answers.shape} in blocks of shape {block.shape}",
            "Give a row a person and a column a question, and one block a person.",
        )
    _check_range("an answer", answers, highest, _LEFT_OUT)
    _check_range("a block", block, blocks - 1, "blocks are numbered from 0")
    return np.ascontiguousarray(answers, np.int8), np.ascontiguousarray(block, np.int32)


def _check_range(what: str, values: NDArray[np.integer], highest: int, hint: str) -> int:
    """Give the highest value there is, or refuse."""
    if not np.issubdtype(values.dtype, np.integer):
        raise UncountableAnswers(f"{what} of type {values.dtype}", "Give whole numbers.")
    # Read without a sign, what is below 0 is very high: one pass finds both.
    unsigned = values.view(f"u{values.dtype.itemsize}")
    found = int(unsigned.max(initial=0))
    if found <= highest or values.size == 0:
        return found
    lowest, most = int(values.min()), int(values.max())
    raise UncountableAnswers(
        f"{what} of {lowest if lowest < 0 else most}", f"Give 0 to {highest}; {hint}."
    )
