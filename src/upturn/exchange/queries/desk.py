"""The host's desk: which steps there are before an exchange opens, and what each still lacks."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upturn.exchange.engine import READINESS, template
from upturn.exchange.models import Exchange
from upturn.exchange.queries.before import missing_to_open
from upturn.exchange.queries.sight import Viewer


class Lacks(NamedTuple):
    """A thing that is still open, said so that somebody can do it."""

    code: str
    said: str | Promise


class Stage(NamedTuple):
    """A step of the preparation, the page on which it is done, and what it lacks."""

    said: str | Promise
    about: str | Promise
    view: str
    lacks: tuple[Lacks, ...]


SAID: Mapping[str, str | Promise] = {
    "counsel": _("Counsel has not signed off."),
    "members": _("Three companies at least take part."),
    "client": _("The common client is not invited."),
    "steward": _("The neutral steward is not invited."),
    "keys": _("Somebody has not made a key yet."),
    "words": _("Somebody’s six words were not compared on the phone."),
    "charter": _("There is no charter yet."),
    "signatures": _("Not everybody has signed the charter that holds."),
    "buy_in": _("Not all leaders were called and said yes."),
}
_READY = _("Think it through")
_STAGES: tuple[tuple[str | Promise, str | Promise, str, frozenset[str]], ...] = (
    (
        _READY,
        _("Fourteen questions, and counsel’s word."),
        "ready",
        frozenset(item.code for item in READINESS) | {"counsel"},
    ),
    (
        _("Invite"),
        _("Companies, the steward, and the client if there is one."),
        "parties",
        frozenset({"members", "client", "steward"}),
    ),
    (
        _("Keys and six words"),
        _("Each party makes its key; you compare its words on the phone."),
        "parties",
        frozenset({"keys", "words"}),
    ),
    (
        _("Charter"),
        _("What you are here for and what not, signed by all."),
        "charter",
        frozenset({"charter", "signatures"}),
    ),
    (
        _("Call each leader"),
        _("Their answers stay sealed until all were called."),
        "calls",
        frozenset({"buy_in"}),
    ),
)


def stages(viewer: Viewer, exchange: Exchange) -> tuple[Stage, ...]:
    """Give the steps before an exchange opens to who keeps it, each with what it still lacks.

    Raises
    ------
    Exchange.DoesNotExist
    """
    missing = missing_to_open(viewer, exchange)
    return tuple(
        Stage(said, about, view, tuple(_lacks(code) for code in missing if code in codes))
        for said, about, view, codes in _STAGES
    )


def _lacks(code: str) -> Lacks:
    if code in SAID:
        return Lacks(code, SAID[code])
    words = next(item.words for item in READINESS if item.code == code)
    return Lacks(code, words["en"])


def serves_a_client(exchange: Exchange) -> bool:
    """Whether this kind of exchange has a common client."""
    return template(exchange.template).client
