"""Waiting, summed over spans of time in one pass."""

import numpy as np

from upturn.floor.engine.kernel.compiling import kept


@kept
def sum_waits(records, pace, sums, counts):
    """Add the waits of needs that began to the span they came in, at so many spans a second.

    `records` is (created_s, started_s), `sums` and `counts` are of shape (spans,).
    """
    created_s, started_s = records
    for need in range(len(created_s)):
        if started_s[need] < np.inf:
            span = min(int(created_s[need] * pace), len(sums) - 1)
            sums[span] += started_s[need] - created_s[need]
            counts[span] += 1
