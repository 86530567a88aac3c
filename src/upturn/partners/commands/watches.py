"""What is looked at after a rule ended or while something is tried."""

from django.utils.translation import gettext as _

from upturn.partners.engine import Incomplete

WEEKS = (4, 26)


def watched(watch: str, *, weeks: int) -> dict[str, object]:
    """Give the fields of a watch, or of none; raises Incomplete where it is too short or long."""
    if watch and not WEEKS[0] <= weeks <= WEEKS[1]:
        raise Incomplete(
            _("A watch looks at %(least)d to %(most)d weeks.")
            % {"least": WEEKS[0], "most": WEEKS[1]}
        )
    return {"watch": watch, "watch_weeks": weeks if watch else 0}
