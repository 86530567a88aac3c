"""Counting in a database by plain SQL, the same statements everywhere.

Only sums of integers are asked for: a mean, or any division, would differ from engine to engine.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ask = Callable[[list[str], str], NDArray[np.int64]]
"""Sums by block, asked as expressions and a condition: (blocks found, 1 + expressions)."""

_MOST_COLUMNS = 800
_TABLE = "upturn_answers"


def histogram(ask: Ask, blocks: int, questions: int, categories: int) -> NDArray[np.int64]:
    """Answers of each category, question and block."""
    wanted = [
        f"SUM(CASE WHEN q{question} = {category} THEN 1 ELSE 0 END)"
        for question in range(questions)
        for category in (*range(1, categories + 1), 0)
    ]
    return _asked(ask, wanted, blocks).reshape(blocks, questions, categories + 1)


def cross_products(
    ask: Ask, blocks: int, questions: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """People, sums and products of complete rows."""
    pairs = list(combinations_with_replacement(range(questions), 2))
    wanted = ["COUNT(*)", *(f"SUM(q{question})" for question in range(questions))]
    wanted += [f"SUM(q{one} * q{other})" for one, other in pairs]
    complete = " AND ".join(f"q{question} > 0" for question in range(questions))
    found = _asked(ask, wanted, blocks, complete)
    products = np.zeros((blocks, questions, questions), np.int64)
    one, other = np.array(pairs).T
    products[:, one, other] = products[:, other, one] = found[:, 1 + questions :]
    return found[:, 0], found[:, 1 : 1 + questions], products


def _asked(ask: Ask, wanted: list[str], blocks: int, where: str = "b >= 0") -> NDArray[np.int64]:
    """Ask in portions: PostgreSQL knows at most 1,664 columns."""
    found = np.zeros((blocks, len(wanted)), np.int64)
    for start in range(0, len(wanted), _MOST_COLUMNS):
        portion = wanted[start : start + _MOST_COLUMNS]
        rows = ask(portion, where)
        found[rows[:, 0], start : start + len(portion)] = rows[:, 1:]
    return found


def table(
    engine: str, at: Any, answers: NDArray[np.int8], block: NDArray[np.int32]
) -> AbstractContextManager[Ask]:
    """Lay the answers out as a table that is gone afterwards."""
    columns = np.column_stack([block, answers.astype(np.int32)])
    return {"duckdb": _duckdb, "postgresql": _postgresql, "spark": _spark}[engine](at, columns)


def _names(columns: NDArray[np.int32]) -> list[str]:
    return ["b", *(f"q{question}" for question in range(columns.shape[1] - 1))]


def _statement(wanted: list[str], where: str) -> str:
    sums = ", ".join(f"CAST({each} AS BIGINT)" for each in wanted)
    return f"SELECT b, {sums} FROM {_TABLE} WHERE {where} GROUP BY b"  # noqa: S608 - own words only


def _rows(found: Any, wanted: list[str]) -> NDArray[np.int64]:
    return np.array([tuple(row) for row in found], np.int64).reshape(-1, 1 + len(wanted))


@contextmanager
def _duckdb(_at: Any, columns: NDArray[np.int32]) -> Iterator[Ask]:
    import duckdb  # noqa: PLC0415 - a tenth of a second, and only here

    with duckdb.connect() as connection:
        laid_out = [np.ascontiguousarray(column) for column in columns.T]
        connection.register(_TABLE, dict(zip(_names(columns), laid_out, strict=True)))
        yield lambda wanted, where: _rows(
            connection.execute(_statement(wanted, where)).fetchall(), wanted
        )


@contextmanager
def _postgresql(at: Any, columns: NDArray[np.int32]) -> Iterator[Ask]:
    import psycopg  # noqa: PLC0415 - only where it is the database

    with at.transaction(force_rollback=True), at.cursor(row_factory=psycopg.rows.tuple_row) as on:
        described = ", ".join(f"{name} integer" for name in _names(columns))
        on.execute(f"CREATE TEMPORARY TABLE {_TABLE} ({described})")
        with on.copy(f"COPY {_TABLE} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(_binary(columns))
        yield lambda wanted, where: _rows(on.execute(_statement(wanted, where)), wanted)


def _binary(columns: NDArray[np.int32]) -> bytes:
    """PostgreSQL's binary form of a table: head, and each field with its length before it."""
    field = np.dtype([("length", ">i4"), ("value", ">i4")])
    rows = np.empty(len(columns), [("fields", ">i2"), ("field", field, columns.shape[1])])
    rows["fields"] = columns.shape[1]
    rows["field"]["length"] = 4
    rows["field"]["value"] = columns
    return b"PGCOPY\n\xff\r\n\x00" + bytes(8) + rows.tobytes() + b"\xff\xff"


@contextmanager
def _spark(at: Any, columns: NDArray[np.int32]) -> Iterator[Ask]:
    described = ", ".join(f"{name} int" for name in _names(columns))
    at.createDataFrame(columns.tolist(), described).createOrReplaceTempView(_TABLE)
    try:
        yield lambda wanted, where: _rows(at.sql(_statement(wanted, where)).collect(), wanted)
    finally:
        at.catalog.dropTempView(_TABLE)
