"""What tracing refuses.

TraceError
├── MeasuresRefused  weekly figures that have no shape a trace can read
├── GraphRefused     a graph whose parts do not fit each other, or the measures
├── UnknownNode      a touchpoint or party that the graph does not have
├── OnsetRefused     a week too near the first or the last one
├── PriorRefused     a belief before any trace that no share can have
└── WrittenBadly     a kept trace that cannot be read again
"""


class TraceError(ValueError):
    """Everything that `upturn.trace.engine` refuses."""


class MeasuresRefused(TraceError):
    """Weekly figures that have no shape a trace can read."""

    def __init__(self, what: str, value: object) -> None:
        super().__init__(
            f"{what}: {value}. Give one row a week, Mondays in order, and one column a node."
        )


class GraphRefused(TraceError):
    """A graph whose parts do not fit each other, or the measures."""

    def __init__(self, what: str, value: object) -> None:
        super().__init__(
            f"{what}: {value}. Give every node one key and one column of weekly figures."
        )


class UnknownNode(TraceError):
    """A touchpoint or party that the graph does not have."""

    def __init__(self, node: object) -> None:
        self.node = node
        super().__init__(f"No touchpoint of this graph is {node}. Give one that it has.")


class OnsetRefused(TraceError):
    """A week too near the first or the last one."""

    def __init__(self, onset: int, weeks: int) -> None:
        super().__init__(
            f"Week {onset + 1} of {weeks} cannot be looked at: it takes six weeks before it and "
            "three from it on, within the last year. Name another week, or none."
        )


class PriorRefused(TraceError):
    """A belief before any trace that no share can have."""

    def __init__(self, share: float, worth: float) -> None:
        super().__init__(
            f"A prior share of {share:g} worth {worth:g} traces is impossible. "
            "Give a share between 0 and 1, both excluded, and a worth above 0."
        )


class WrittenBadly(TraceError):
    """A kept trace that cannot be read again."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This is no kept trace: {what}. Trace again from the same measures.")
