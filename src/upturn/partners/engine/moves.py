"""States and moves as a table of data: who may take which move, and where it leads."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from upturn.partners.engine.errors import MoveClosed

State = TypeVar("State", bound=StrEnum)
Move = TypeVar("Move", bound=StrEnum)
Side = TypeVar("Side", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Step(Generic[State, Move, Side]):
    """One line of a table: ``side`` may take ``move`` from ``before`` to ``after``."""

    before: State
    move: Move
    side: Side
    after: State


@dataclass(frozen=True, slots=True)
class Moves(Generic[State, Move, Side]):
    """All steps there are; what is not among them is refused.

    Parameters
    ----------
    first : State
        Where everything begins.
    steps : tuple of Step
    """

    first: State
    steps: tuple[Step[State, Move, Side], ...]

    def open(self, state: State, *, sides: Iterable[Side]) -> tuple[Move, ...]:
        """Moves that somebody on ``sides`` may take, each once, in the order of the table."""
        allowed = frozenset(sides)
        found = (each.move for each in self.steps if each.before == state and each.side in allowed)
        return tuple(dict.fromkeys(found))

    def after(self, state: State, *, move: Move, sides: Iterable[Side]) -> State:
        """State in which ``move`` leaves it.

        Raises
        ------
        MoveClosed
            If the table has no such step, or only for another side.
        """
        allowed = frozenset(sides)
        known = [each for each in self.steps if (each.before, each.move) == (state, move)]
        if not known:
            msg = f"{move!s} is not open while it is {state!s}; look at it again and choose anew."
            raise MoveClosed(msg)
        for each in known:
            if each.side in allowed:
                return each.after
        msg = f"Only {' or '.join(each.side for each in known)} can {move!s}."
        raise MoveClosed(msg)

    def diagram(self) -> str:
        """Mermaid source of the states and moves, for the documentation."""
        lines = [
            f"    {each.before} --> {each.after}: {each.move.replace('_', ' ')} ({each.side})"
            for each in self.steps
        ]
        return "\n".join(["stateDiagram-v2", f"    [*] --> {self.first}", *lines])
