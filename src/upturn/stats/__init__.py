from upturn.stats.errors import ImpossibleCoverage, ImpossibleTotals, StatsError
from upturn.stats.figures import Figure, Withheld
from upturn.stats.intervals import mean_interval, share_interval

__all__ = [
    "Figure",
    "ImpossibleCoverage",
    "ImpossibleTotals",
    "StatsError",
    "Withheld",
    "mean_interval",
    "share_interval",
]
