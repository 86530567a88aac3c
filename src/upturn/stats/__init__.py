"""Figures with their range and their n, or the reason why they are not shown.

What stands here works on a few sums and loads nothing heavy. The rest is imported from its own
module, because NumPy comes along:

- `draws` random numbers that repeat; `tables` many figures at once; `quantiles`
- `superiority` gaps between two sides; `widest` which of many is the widest; `means`, shares
- `components` what a unit's figure is worth; `agreement` ICC, rwg; `nested` parts of a spread
- `joint` covariances from sums; `reliability` alpha, omega; `invariance` of two sides
- `drivers` shares of explained variance; `quadrants` importance against performance
- `links`, `mixed_links` ordinal regression
- `raking`, `correlation`, `discoveries`, `breaks`, `sequences`
- `rollouts`, `series`, `synthetic`, `watching` what a plan changed; `regression_to_mean` what would
  have changed anyway; `power` what a roll-out could find, `swings` and `memory` in what
"""

from upturn.stats.errors import (
    ImpossibleCounts,
    ImpossibleCoverage,
    ImpossibleSeries,
    ImpossibleTotals,
    NoSolution,
    StatsError,
)
from upturn.stats.figures import Figure, Withheld
from upturn.stats.intervals import mean_interval, share_interval

__all__ = [
    "Figure",
    "ImpossibleCounts",
    "ImpossibleCoverage",
    "ImpossibleSeries",
    "ImpossibleTotals",
    "NoSolution",
    "StatsError",
    "Withheld",
    "mean_interval",
    "share_interval",
]
