"""Why something was not done. Each says what happened; what was typed stays on the phone."""

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upturn.loop.engine.errors import LoopError, MoveRefused, Overtaken
from upturn.loop.engine.stage import Refusal

SAID: Mapping[Refusal, str | Lazy] = {
    Refusal.NOT_OPEN: gettext_lazy("The workshop is closed; on day 100 you meet again."),
    Refusal.NOT_CLOSED: gettext_lazy("The workshop has not closed yet. Close it first."),
    Refusal.STILL_WRITING: gettext_lazy("People still write. Open the cards first, then go on."),
    Refusal.EXPERTS_SPEAK: gettext_lazy(
        "Those who do it already speak. Let everybody write first."
    ),
    Refusal.NO_EXPERTS: gettext_lazy("Nobody is to speak first here."),
    Refusal.CARDS_ARE_OPEN: gettext_lazy("The cards are open already."),
    Refusal.FIRST_STEP: gettext_lazy("This is the first step."),
    Refusal.LAST_STEP: gettext_lazy("This is the last step. Close the workshop."),
    Refusal.NO_TIMER: gettext_lazy("No time runs here."),
    Refusal.OBJECTION_STANDS: gettext_lazy("An objection is being heard. Answer it first."),
    Refusal.NO_OBJECTION: gettext_lazy("No objection is being heard."),
}


class PhoneGone(LoopError):
    """A phone that is in no workshop, or in none any more."""

    def __init__(self) -> None:
        super().__init__(_("This phone is in no workshop. Type the code again; you keep your cards."))


class RoomClosed(LoopError):
    """Something for a workshop that has closed."""

    def __init__(self) -> None:
        super().__init__(
            _("This workshop has closed, so this was not handed in. It stays on this phone.")
        )


class TooEarly(LoopError):
    """A card of somebody who listens first."""

    def __init__(self) -> None:
        super().__init__(
            _("Those who do it already speak first. This stays on your phone and goes next.")
        )


class OtherCard(LoopError):
    """A card under a name that belongs to another."""

    def __init__(self) -> None:
        super().__init__(_("This is not your card. Nothing was changed."))


class NoRoom(LoopError):
    """A workshop that holds no more."""


class NotReady(LoopError):
    """A workshop that cannot close yet; `missing` are sentences, each on one thing."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__(" ".join(missing))


def in_words(error: MoveRefused) -> MoveRefused:
    """Give a refusal of the engine in the reader's language."""
    return MoveRefused(str(SAID[Refusal(error.code)]), code=error.code)


def overtaken(turn: int) -> Overtaken:
    """Say that somebody was faster."""
    said = _("Somebody else moved on before you. Look again; nothing of yours was done.")
    return Overtaken(said, turn=turn)
