"""What the statistics refuse.

StatsError
├── ImpossibleTotals    n, total and squares, or hits and n, that no data can have
├── ImpossibleCoverage  a coverage that is not between 0 and 1
├── ImpossibleCounts    counts below zero, without categories, or tables that do not fit together
├── ImpossibleSeries    weekly figures that are endless, or that do not fit their units and starts
└── NoSolution          a fit that has none, or that was not reached
"""


class StatsError(ValueError):
    """Everything `upturn.stats` refuses."""


class ImpossibleTotals(StatsError):
    """Totals that no set of observations can have."""

    def __init__(self, what: str, **totals: float) -> None:
        shown = ", ".join(f"{name} {value:g}" for name, value in totals.items())
        super().__init__(f"{what}: {shown}. Sum these figures again from the same rows.")


class ImpossibleCoverage(StatsError):
    """A coverage outside 0..1."""

    def __init__(self, coverage: float) -> None:
        super().__init__(
            f"A coverage of {coverage:g} is impossible. Give a share between 0 and 1, such as 0.95."
        )


class ImpossibleCounts(StatsError):
    """Tables that no answers can have, or that do not fit together."""

    def __init__(self, what: str, got: object) -> None:
        super().__init__(f"{what}, not {got}. Count again from the same answers.")


class ImpossibleSeries(StatsError):
    """Weekly figures, starts or chosen units that do not fit together."""

    def __init__(self, what: str, got: object, advice: str) -> None:
        super().__init__(f"{what}, not {got}. {advice}")


class NoSolution(StatsError):
    """A fit without a solution."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what}. {advice}")
