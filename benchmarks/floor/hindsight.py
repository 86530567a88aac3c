"""The yardstick of online planning: all needs known, but nobody sets off before one exists.

Ruin and recreate on one thread, from a plan that came about online; every insertion is timed
whole, because waiting for a need to arise swallows delays.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

TORN = 8


class Day(NamedTuple):
    """What arises where (n,), what it weighs and takes, walks between nodes, where seats begin."""

    arises: np.ndarray
    node: np.ndarray
    weight: np.ndarray
    stays: np.ndarray
    walk: np.ndarray
    at: np.ndarray


@njit(cache=True)
def cost_of(day, row, length, seat):
    """Weighted waiting of one row of needs."""
    here, t, cost = day.at[seat], 0.0, 0.0
    for k in range(length):
        need = row[k]
        t = max(t, day.arises[need]) + day.walk[here, day.node[need]]
        cost += day.weight[need] * (t - day.arises[need])
        t += day.stays[need]
        here = day.node[need]
    return cost


@njit(cache=True)
def take_out(day, rows, lengths, costs, torn):
    """Take needs out of all rows."""
    for seat in range(len(lengths)):
        kept = 0
        for k in range(lengths[seat]):
            if not (torn == rows[seat, k]).any():
                rows[seat, kept] = rows[seat, k]
                kept += 1
        if kept < lengths[seat]:
            lengths[seat] = kept
            costs[seat] = cost_of(day, rows[seat], kept, seat)


@njit(cache=True)
def put_back(day, rows, lengths, costs, need):
    """Put a need in where it costs least."""
    best, chosen, place = np.inf, -1, -1
    trial = np.zeros(rows.shape[1], np.int64)
    for seat in range(len(lengths)):
        length = lengths[seat]
        for k in range(length + 1):
            before = day.node[rows[seat, k - 1]] if k else day.at[seat]
            if day.weight[need] * day.walk[before, day.node[need]] >= best:
                continue
            trial[:k] = rows[seat, :k]
            trial[k] = need
            trial[k + 1 : length + 1] = rows[seat, k:length]
            more = cost_of(day, trial, length + 1, seat) - costs[seat]
            if more < best:
                best, chosen, place = more, seat, k
    rows[chosen, place + 1 : lengths[chosen] + 1] = rows[chosen, place : lengths[chosen]].copy()
    rows[chosen, place] = need
    lengths[chosen] += 1
    costs[chosen] += best


@njit(cache=True)
def search(day, rows, lengths, repairs, numbers):
    """Give the least weighted waiting found in so many repairs."""
    costs = np.zeros(len(lengths))
    for seat in range(len(lengths)):
        costs[seat] = cost_of(day, rows[seat], lengths[seat], seat)
    now = best = costs.sum()
    for turn in range(repairs):
        hot = 0.05 * best / len(day.node) * 0.01 ** (turn / repairs)
        old_rows, old_lengths, old_costs = rows.copy(), lengths.copy(), costs.copy()
        centre = int(numbers.random() * len(day.node))
        away = np.abs(day.arises - day.arises[centre])
        for need in range(len(away)):
            away[need] += 2.0 * day.walk[day.node[centre], day.node[need]]
        near = np.argsort(away)[: int(TORN * (1.0 + numbers.random()))]
        torn = near[np.argsort(numbers.random(len(near)))]
        take_out(day, rows, lengths, costs, torn)
        for need in torn:
            put_back(day, rows, lengths, costs, need)
        then = costs.sum()
        if then < now - hot * np.log(numbers.random() + 1e-300):
            now, best = then, min(best, then)
        else:
            rows[:], lengths[:], costs[:] = old_rows, old_lengths, old_costs
    return best
