"""Why something was not done. Each says what happened; nothing is lost by any of them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


class TapRefused(Exception):
    """A tap that came too late, or from who may not; `need` is how the need stands now."""

    def __init__(self, said: str, need: Mapping[str, Any] | None = None) -> None:
        super().__init__(said)
        self.said, self.need = said, need


class BadTap(Exception):
    """A tap that cannot be read as it stands."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


class SeatGone(Exception):
    """The seat is held no longer, or the shift is closed."""

    def __init__(self, said: str, *, closed: bool) -> None:
        super().__init__(said)
        self.said, self.closed = said, closed


class SeatTaken(Exception):
    """Another phone serves from this seat."""

    def __init__(self, said: str) -> None:
        super().__init__(said)
        self.said = said


def nowhere(place: str) -> BadTap:
    """Give the refusal of a place that the floor does not have."""
    said = _("There is no place “%(place)s” on this floor. Choose one from the board.")
    return BadTap(said % {"place": place[:80]})
