"""What the paper refuses.

PaperError
├── ImpossibleSheet    a sheet whose parts contradict each other
└── UnprintableSheet   a sheet that the typesetter gave back
"""


class PaperError(ValueError):
    """Everything `upturn.paper` refuses."""


class ImpossibleSheet(PaperError):
    """A sheet whose parts contradict each other."""

    def __init__(self, what: str, advice: str) -> None:
        super().__init__(f"{what}: nothing can be printed of this. {advice}")


class UnprintableSheet(PaperError):
    """A sheet that the typesetter gave back."""

    def __init__(self, said: str) -> None:
        super().__init__(f"The typesetter gave the sheet back: {said}. Report it with the sheet.")
