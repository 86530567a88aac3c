"""What a phone says when it is tapped."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from upturn.floor.commands.refusals import BadTap

KEY_MOST = 64
NEEDS_MOST = 40
AGE_MOST_MS = 24 * 3_600_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """One tap; `key` is drawn by the phone for it, `age_ms` how long ago the thumb came down.

    `shift` names the shift it was tapped on, where the phone says so: it may have slept since.
    """

    key: str
    act: str
    need: str = ""
    needs: tuple[str, ...] = ()
    place: str = ""
    kind: str = ""
    words: str = ""
    item: str = ""
    left: int = 0
    age_ms: float = 0.0
    undoes: str = ""
    shift: str = ""
    asked: bool = True

    def moment(self, now: datetime) -> datetime:
        """When the thumb came down, by the clock here: that of the phone may be wrong."""
        return now - timedelta(milliseconds=self.age_ms)

    @property
    def refs(self) -> tuple[str, ...]:
        """The needs it speaks of, each once."""
        named = (*self.needs, self.need) if self.need else self.needs
        return tuple(dict.fromkeys(named))


def check_tap(tap: Tap) -> None:
    """Refuse a tap that cannot be read as it stands.

    Raises
    ------
    BadTap
        With what is wrong and what helps.
    """
    if not 8 <= len(tap.key) <= KEY_MOST:
        raise BadTap(_("The key of a tap has 8 to 64 letters. Load the page again."))
    if len(tap.refs) > NEEDS_MOST:
        said = _("%(needs)s needs in one tap are too many. Take up to 40.")
        raise BadTap(said % {"needs": len(tap.refs)})
    if not 0 <= tap.age_ms <= AGE_MOST_MS:
        raise BadTap(_("This tap is older than a day, or from the future. Tap again."))
