"""Whether the planner of rounds answers at once: on a new machine it is compiled first."""

from threading import Event

_is_made_ready = Event()
_is_made_ready.set()  # where no laboratory runs, whoever comes first compiles


def announce() -> None:
    """From now on whoever asks for a plan is to wait until `note_ready`."""
    _is_made_ready.clear()


def note_ready() -> None:
    """Say that the planner comes at once."""
    _is_made_ready.set()


def is_made_ready() -> bool:
    """Whether the planner comes at once."""
    return _is_made_ready.is_set()
