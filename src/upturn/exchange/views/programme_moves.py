"""Moves on a programme as a page offers them: which there are comes from the engine's table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.programmes import NEEDED
from upturn.exchange.engine import MOVES, Act, Rung, Verb, Why, allows
from upturn.exchange.models import PartyKind
from upturn.exchange.queries.programmes import ProgrammeSeen
from upturn.exchange.queries.sight import Viewer
from upturn.exchange.queries.sittings import Sitting

LABELS: Mapping[Verb, tuple[str | Promise, str | Promise]] = {
    Verb.GO: (
        _("Say GO, signed with your key"),
        _("On this version and no other. It is live from then on."),
    ),
    Verb.BUILD: (_("Begin to build"), _("The expectations are in; now parts can be written.")),
    Verb.ASK_CONSENT: (
        _("Ask all members"),
        _("The version is frozen. A change after this is another version."),
    ),
    Verb.PUT_TO_CLIENT: (_("Put it to the client"), _("Every member consents to this version.")),
    Verb.CONSENT: (_("We consent"), _("Your company can live with this version.")),
    Verb.READ_DISSENT: (
        _("We have read what speaks against it"),
        _("It stays on this page either way."),
    ),
    Verb.CONCERN: (
        _("Consent, with a concern"),
        _("It goes on, and your concern is read before it does."),
    ),
    Verb.OBJECT: (
        _("We object"),
        _("It goes no further until it is changed or you consent."),
    ),
    Verb.NOT_YET: (_("Not yet"), _("Say what is missing. It goes back to those who build.")),
    Verb.NO: (
        _("Say NO"),
        _("A NO needs no reason. A version that is live ends with it."),
    ),
    Verb.WOULD_MAKE_GO: (
        _("What would make it a go?"),
        _("You need not say. If you do, members can take it up again."),
    ),
    Verb.TAKE_UP: (_("Take it up again"), _("As a new version, which needs a GO of its own.")),
    Verb.STOP: (_("Stop what is live"), _("It ends at once. This needs no reason.")),
}
"""What a move is called and what it does, in the order in which a page offers them."""
BESIDE = frozenset({Verb.EXPECT, Verb.CHANGE, Verb.LEAVE})
"""Moves that have a place of their own on the page, or are made elsewhere."""
LACKS: Mapping[Why, str | Promise] = {
    Why.NO_EXPECTATION: _("The client has not said what it expects. Ask first, then build."),
    Why.NO_PARTS: _("The programme has no parts yet. Add one with its owner."),
    Why.NO_OWNER: _("A part has no owner. Let a member take it."),
    Why.NOT_ALL: _("Not every member has consented to this version yet."),
    Why.OBJECTION: _("A member objects. Change the programme until nobody has to."),
    Why.DISSENT_UNREAD: _("There is dissent that was not read. Read it first."),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A move as a form: its words, whether it takes words, and whether it is signed."""

    verb: Verb
    label: str | Promise
    about: str | Promise
    words: bool
    signed: bool


def offers(viewer: Viewer, seen: ProgrammeSeen) -> tuple[Offer, ...]:
    """Give the moves that are open to a viewer now, the most important first."""
    there = [verb for verb in LABELS if verb in seen.may and on_rung(viewer, verb)]
    return tuple(Offer(verb, *LABELS[verb], MOVES[verb].words, verb is Verb.GO) for verb in there)


def on_rung(viewer: Viewer, verb: Verb) -> bool:
    """Say whether the viewer's place on the trust ladder allows a move."""
    if not isinstance(viewer, Sitting) or viewer.suspended:
        return False
    member = viewer.kind == PartyKind.MEMBER
    act = NEEDED.get(verb, Act.TAKE_PART) if member else Act.READ
    return allows(Rung(viewer.rung), act)


def too_low(viewer: Viewer, seen: ProgrammeSeen) -> bool:
    """Say whether a move would be the viewer's from a higher rung on."""
    return isinstance(viewer, Sitting) and any(not on_rung(viewer, verb) for verb in seen.may)


def lacking(seen: ProgrammeSeen) -> Iterator[str | Promise]:
    """Say what is still needed before the next step, each thing once."""
    yield from dict.fromkeys(LACKS[why] for why in seen.lacks.values())
