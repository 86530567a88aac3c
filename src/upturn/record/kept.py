"""What was worked out of tables, kept in the process until what it stands for changes."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

MOST = 2_000
R = TypeVar("R")
_kept: dict[Hashable, tuple[Hashable, Any]] = {}


def keep(what: Hashable, *, as_of: Hashable, read: Callable[[], R]) -> R:
    """Give what was read as of now, or read it; entries are replaced whole, so no lock."""
    kept = _kept.get(what)
    if kept is None or kept[0] != as_of:
        if len(_kept) >= MOST:
            for oldest in list(_kept)[: MOST // 4]:
                _kept.pop(oldest, None)
        kept = _kept[what] = (as_of, read())
    found: R = kept[1]
    return found


def forget() -> None:
    """Forget everything; for a process whose database was exchanged for another."""
    _kept.clear()
