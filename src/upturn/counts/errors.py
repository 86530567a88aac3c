"""What the counting refuses.

CountsError
├── UncountableAnswers  answers or blocks outside of what was said about them
└── UnknownEngine       an engine that does not count here, or one without what it counts on
"""


class CountsError(ValueError):
    """Everything `upturn.counts` refuses."""


class UncountableAnswers(CountsError):
    """Answers or blocks outside of what was said about them."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what}: these answers cannot be counted. {advice}")


class UnknownEngine(CountsError):
    """An engine that does not count here, or one without what it counts on."""

    def __init__(self, engine: str, advice: str) -> None:
        super().__init__(f'The engine "{engine}" cannot count here. {advice}')
