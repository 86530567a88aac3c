"""Counting with numpy, eight questions of a person in one machine word.

Whether an answer is a given category is one bit in a byte. Bytes of eight questions are added as
one word, and no byte runs over as long as at most 255 people are added up at once.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import gcd

import numpy as np
from numpy.typing import NDArray

MOST_CATEGORIES = 127
_WORD = 8
_MOST_AT_ONCE = 255
_ROWS_IN_CACHE = 16_384
_EXACT_IN_FLOAT32 = 2**24


def histogram(
    answers: NDArray[np.int8], block: NDArray[np.int32], blocks: int, categories: int
) -> NDArray[np.int64]:
    """Answers of each category, question and block; checked input only."""
    n = np.bincount(block, minlength=blocks)
    filled = np.flatnonzero(n)
    runs = -(-n[filled] // _MOST_AT_ONCE)
    first = np.cumsum(runs) - runs
    within = np.arange(runs.sum()) - np.repeat(first, runs)
    starts = np.repeat((np.cumsum(n) - n)[filled], runs) + within * _MOST_AT_ONCE
    order = None if _in_order(block) else _order(block)
    parts = _count_runs(answers, order, starts, categories)
    if len(starts) == len(filled) == blocks:
        return np.moveaxis(parts.astype(np.int64), 0, 2)
    counts = np.zeros((categories + 1, blocks, answers.shape[1]), np.int64)
    counts[:, filled] = np.add.reduceat(parts, first, axis=1, dtype=np.int64)
    return np.moveaxis(counts, 0, 2)


def _in_order(block: NDArray[np.int32]) -> bool:
    return bool((block[1:] >= block[:-1]).all())


def _order(block: NDArray[np.int32]) -> NDArray[np.intp]:
    """Stable order; numpy sorts 16 bits at a time by counting, ten times as fast as 32."""
    low = np.argsort(block.astype(np.uint16), kind="stable")
    if block.max(initial=0) < 2**16:
        return low
    return low[np.argsort((block >> 16).astype(np.uint16)[low], kind="stable")]


def _count_runs(
    answers: NDArray[np.int8],
    order: NDArray[np.intp] | None,
    starts: NDArray[np.intp],
    categories: int,
) -> NDArray[np.uint8]:
    """Counts of runs of at most 255 people: (categories and the missing, runs, questions)."""
    people, questions = answers.shape
    width = -(-questions // _WORD) * _WORD
    counts = np.zeros((categories + 1, len(starts), width), np.uint8)
    given = np.zeros((_ROWS_IN_CACHE + _MOST_AT_ONCE, width), np.int8)
    hit = np.empty_like(given, np.bool_)
    for low, high in _chunks(starts, people):
        begin, end = starts[low], starts[high] if high < len(starts) else people
        size = end - begin
        some = answers[begin:end] if order is None else answers.take(order[begin:end], axis=0)
        given[:size, :questions] = some
        for category in range(categories):
            np.equal(given[:size], category + 1, out=hit[:size])
            words = np.add.reduceat(hit[:size].view(np.uint64), starts[low:high] - begin)
            counts[category, low:high] = words.view(np.uint8)
    in_run = np.diff(starts, append=people).astype(np.uint8)
    counts[categories] = in_run[:, np.newaxis] - counts[:categories].sum(axis=0, dtype=np.uint8)
    return counts[:, :, :questions]


def _chunks(starts: NDArray[np.intp], people: int) -> Iterator[tuple[int, int]]:
    """Runs of rows that fit the cache together."""
    cuts = np.searchsorted(starts, np.arange(0, people, _ROWS_IN_CACHE))
    edges = np.unique(np.append(cuts, len(starts))).tolist()
    yield from pairwise(edges)


def cross_products(
    answers: NDArray[np.int8], block: NDArray[np.int32], blocks: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """People, sums and products of complete rows; checked input only.

    Multiplied as float32, which is exact: no sum within one step reaches 2**24.
    """
    questions = answers.shape[1]
    who = None
    if answers.size and not answers.min():
        who = np.flatnonzero(_complete(answers))
        block = block[who]
    if not _in_order(block):
        order = _order(block)
        block = block[order]
        who = order if who is None else who[order]
    if who is not None:
        answers = answers.take(who, axis=0)
    ends = np.searchsorted(block, np.arange(blocks, dtype=block.dtype), side="right")
    n = np.diff(ends, prepend=0)
    sums = np.zeros((blocks, questions), np.int64)
    products = np.zeros((blocks, questions, questions), np.int64)
    largest = int(answers.max(initial=1))
    rows = min(_ROWS_IN_CACHE // 2, _EXACT_IN_FLOAT32 // largest**2)
    room = np.empty((rows, questions), np.float32)
    ones = np.ones(rows, np.float32)
    for each in np.flatnonzero(n).tolist():
        for begin in range(ends[each] - n[each], ends[each], rows):
            step = min(rows, ends[each] - begin)
            part = room[:step]
            part[:] = answers[begin : begin + step]
            sums[each] += (ones[:step] @ part).astype(np.int64)
            products[each] += (part.T @ part).astype(np.int64)
    return n, sums, products


def scale_squares(
    answers: NDArray[np.int8], highest: int
) -> tuple[int, NDArray[np.int64], int, int]:
    """People, sums, squares and squares of totals of complete rows; checked input only.

    Sums and squares stay exact in float32 as in `cross_products`; squares of totals do not.
    """
    people, questions = answers.shape
    exact = _EXACT_IN_FLOAT32 // (questions * max(highest, 1) ** 2)
    rows = max(1, min(_ROWS_IN_CACHE // 2, exact))
    room = np.empty((rows, questions), np.float32)
    ones = np.ones(max(rows, questions), np.float32)
    sums = np.zeros(questions, np.int64)
    n = squares = of_totals = 0
    whole = bool(answers.min(initial=1))
    for begin in range(0, people, rows):
        some = answers[begin : begin + rows]
        if not whole:
            some = some[_complete(some)]
        part = room[: len(some)]
        part[:] = some
        totals = (part @ ones[:questions]).astype(np.float64)
        n += len(some)
        sums += (ones[: len(some)] @ part).astype(np.int64)
        squares += int(np.vdot(part, part))
        of_totals += int(totals @ totals)
    return n, sums, squares, of_totals


def _complete(answers: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Who left nothing out; a few questions in one word, and word by word over many people."""
    people, questions = answers.shape
    word = gcd(questions, _WORD)
    found = np.empty(people, np.bool_)
    for begin in range(0, people, _ROWS_IN_CACHE):
        rows = slice(begin, begin + _ROWS_IN_CACHE)
        left_out = (answers[rows] == 0).view(f"u{word}")
        anything = left_out[:, 0].copy()
        for each in left_out.T[1:]:
            anything |= each
        found[rows] = anything == 0
    return found
