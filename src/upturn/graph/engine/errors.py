"""What the graph refuses.

GraphError
├── UnknownParty      a party that is not in the organisation, with the nearest names
├── DuplicateParty    a party that is there already
├── DuplicateEdge     a serves-edge whose number is taken
├── ServesItself      a party that is said to serve itself
├── StrengthNotFinite a strength that is no number to compare
└── StillUsed         a party or an edge that others rest on
"""

from collections.abc import Sequence


class GraphError(ValueError):
    """Everything the graph refuses."""


class UnknownParty(GraphError):
    """A name or number that no party has."""

    def __init__(self, party: int | str, *, nearest: Sequence[str] = ()) -> None:
        self.party = party
        self.nearest = tuple(nearest)
        if isinstance(party, int):
            super().__init__(f"No party has the number {party}. Add the party first.")
            return
        near = f" Nearest: {', '.join(self.nearest)}." if self.nearest else ""
        super().__init__(
            f'No party is called "{party}".{near} Use a name that is there, or add the party first.'
        )


class DuplicateParty(GraphError):
    """A party that is there already."""

    def __init__(self, party: int | str) -> None:
        self.party = party
        shown = f"the number {party}" if isinstance(party, int) else f'called "{party}"'
        super().__init__(f"There is a party {shown} already. Each party stands once.")


class DuplicateEdge(GraphError):
    """A serves-edge whose number is taken."""

    def __init__(self, edge: int) -> None:
        self.edge = edge
        super().__init__(f"Two serves-edges have the number {edge}. Each edge stands once.")


class ServesItself(GraphError):
    """A party that is said to serve itself."""

    def __init__(self, party: int | str) -> None:
        self.party = party
        shown = f"Party {party}" if isinstance(party, int) else f'"{party}"'
        super().__init__(f"{shown} is said to serve itself. Name the party that it serves.")


class StrengthNotFinite(GraphError):
    """A strength that is no number to compare."""

    def __init__(self, edge: int, strength: float) -> None:
        self.edge = edge
        super().__init__(
            f"Edge {edge} has the strength {strength}. Leave out edges that are not measured."
        )


class StillUsed(GraphError):
    """A party or an edge that cannot be let go; ``by`` is a code of what rests on it."""

    def __init__(self, what: str, *, by: str) -> None:
        self.by = by
        super().__init__(f'"{what}" is still used by {by}. Let go of these first.')
