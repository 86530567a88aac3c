"""Why something was not done. Each says what happened; what was typed stays where it was typed.

A refusal is put into a language only where somebody reads it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from upturn.exchange.engine.errors import ExchangeError


def told(said: Any, *lines: Any, **values: Any) -> str:
    """Give a sentence that is translated by whoever reads it; `{name}` stands for a value."""
    return cast("str", format_lazy(said, *lines, **values))


class NotYours(ExchangeError):
    """Something that somebody else does here."""


class Gone(ExchangeError):
    """A seat that is in no exchange, or in none any more."""

    def __init__(self) -> None:
        super().__init__(
            told(_("This browser sits in no exchange. Come in with your key; nothing is lost."))
        )


class SignFirst(ExchangeError):
    """A party that has not signed the charter that holds."""

    def __init__(self) -> None:
        super().__init__(
            told(_("Your company has not signed the charter that holds. Read it and sign first."))
        )


class Suspended(ExchangeError):
    """A party that pauses after a breach."""

    def __init__(self) -> None:
        super().__init__(
            told(_("Your company pauses. You may read, press the brakes, talk to the host, leave."))
        )


class TooLow(ExchangeError):
    """A rung of the trust ladder that does not allow it."""

    def __init__(self, rung: str) -> None:
        said = _("This is open from the rung “{rung}” on. You step up or down on the trust page.")
        super().__init__(told(said, rung=rung))


class NotOpen(ExchangeError):
    """An exchange that is being prepared, rests or has closed."""

    def __init__(self) -> None:
        super().__init__(
            told(_("The exchange is not open now. What you wrote stays with you until it is."))
        )


class NotRunning(ExchangeError):
    """A meeting that did not begin yet, is over, or was called off."""

    def __init__(self) -> None:
        super().__init__(
            told(_("This meeting does not run now. What you wrote stays with you. Look again."))
        )


class NoDoor(ExchangeError):
    """A code that opens nothing: wrong, used, or too old. Which of these is not told."""

    def __init__(self) -> None:
        super().__init__(
            told(_("This code opens nothing, or was used before. Ask the host for a new one."))
        )


class BadSignature(ExchangeError):
    """A signature that is not this party's, or not over this."""

    def __init__(self) -> None:
        super().__init__(
            told(_("This signature is not your company’s. Choose the key file you enrolled with."))
        )


class NotReady(ExchangeError):
    """Something that cannot be done yet; `missing` are codes, each of one thing."""

    def __init__(self, missing: tuple[str, ...], said: Any = None) -> None:
        self.missing = missing
        usual = _("This cannot begin yet. Still open: {missing}.")
        super().__init__(said or told(usual, missing=", ".join(missing)))


STILL_OPEN: Mapping[str, Any] = {
    "outcome": _("The plan does not say what gets better for customers."),
    "part": _("{company} has not said its part."),
    "customer": _("{company} has not said what the customer gets by its part."),
    "win": _("{company} has not said what it wins by its part."),
    "rule_18": _("The part of {company} speaks for others, or of suppliers, hiring or terms."),
    "nobody": _("All take no part, so there is no plan."),
}
"""What is still open in a joint plan, by the code of its gap."""


class NotWhole(NotReady):
    """A joint plan that is not whole; `lacks` are codes, each with the company it is about."""

    def __init__(self, lacks: Sequence[tuple[str, str]]) -> None:
        lines = [told(STILL_OPEN[code], company=company) for code, company in lacks]
        codes = tuple(dict.fromkeys(code for code, _company in lacks))
        super().__init__(codes, told("\n".join(["{}"] * len(lines)), *lines))


class Overtaken(ExchangeError):
    """Somebody was faster."""

    def __init__(self) -> None:
        super().__init__(
            told(_("Somebody else changed it before you. Look again; nothing of yours was done."))
        )


class GuardStopped(ExchangeError):
    """Words that a hard rule of the guard stops on the host too; nothing of them was kept."""

    def __init__(self, rules: tuple[str, ...]) -> None:
        self.rules = rules
        super().__init__(
            told(_("The guard stops this before it is shared. Say it in another way, or ask."))
        )


class Braked(ExchangeError):
    """A topic somebody put the brakes on."""

    def __init__(self) -> None:
        super().__init__(
            told(
                _("The brakes are on for this topic. Leave it alone until the steward lifts them.")
            )
        )
