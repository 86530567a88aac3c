"""Why something was not done. Each says what happened; what was typed stays on the phone.

A refusal is often found by the writer's thread and read by another, so its words are put into a
language only where somebody reads them.
"""

from collections.abc import Mapping
from typing import Any, cast

from django.utils.functional import Promise as Lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from upturn.loop.engine.errors import LoopError, MoveRefused, Overtaken
from upturn.loop.engine.stage import Refusal


def told(said: Any, **values: Any) -> str:
    """Give a sentence that is translated by whoever reads it; `{name}` stands for a value."""
    return cast("str", format_lazy(said, **values))


SAID: Mapping[Refusal, str | Lazy] = {
    Refusal.NOT_OPEN: _("The workshop is closed; on day 100 you meet again."),
    Refusal.NOT_CLOSED: _("The workshop has not closed yet. Close it first."),
    Refusal.STILL_WRITING: _("People still write. Open the cards first, then go on."),
    Refusal.EXPERTS_SPEAK: _("Those who do it already speak. Let everybody write first."),
    Refusal.NO_EXPERTS: _("Nobody is to speak first here."),
    Refusal.CARDS_ARE_OPEN: _("The cards are open already."),
    Refusal.FIRST_STEP: _("This is the first step."),
    Refusal.LAST_STEP: _("This is the last step. Close the workshop."),
    Refusal.NO_TIMER: _("No time runs here."),
    Refusal.OBJECTION_STANDS: _("An objection is being heard. Answer it first."),
    Refusal.NO_OBJECTION: _("No objection is being heard."),
}


class PhoneGone(LoopError):
    """A phone that is in no workshop, or in none any more."""

    def __init__(self) -> None:
        super().__init__(
            told(_("This phone is in no workshop. Type the code again; your cards stay."))
        )


class RoomClosed(LoopError):
    """Something for a workshop that has closed."""

    def __init__(self) -> None:
        super().__init__(
            told(_("This workshop has closed, so this was not handed in. It stays on this phone."))
        )


class PocketOver(LoopError):
    """A small task of a workshop that met again long ago."""

    def __init__(self) -> None:
        super().__init__(
            told(_("Day 100 was more than 30 days ago; this task stays as it is, on this phone."))
        )


class TooFast(LoopError):
    """More from one phone in a minute than anybody writes."""

    def __init__(self) -> None:
        super().__init__(
            told(_("Too much from this phone in one minute. It stays here and goes in a while."))
        )


class TooEarly(LoopError):
    """A card of somebody who listens first."""

    def __init__(self) -> None:
        super().__init__(
            told(_("Those who do it already speak first. This stays on your phone and goes next."))
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
        super().__init__(missing)

    def __str__(self) -> str:
        return " ".join(map(str, self.missing))


def in_words(error: MoveRefused) -> MoveRefused:
    """Give a refusal of the engine in the reader's language."""
    return MoveRefused(told(SAID[Refusal(error.code)]), code=error.code)


def overtaken(turn: int) -> Overtaken:
    """Say that somebody was faster."""
    said = _("Somebody else moved on before you. Look again; nothing of yours was done.")
    return Overtaken(told(said), turn=turn)
