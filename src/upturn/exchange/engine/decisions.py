"""Deciding by consent: no majority, brakes without a name, and dissent that stays for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from upturn.exchange.engine.errors import Incomplete, MoveRefused
from upturn.exchange.engine.metrics import FEWEST


class Position(StrEnum):
    """Where a party stands."""

    CONSENT = "consent"
    CONCERN = "concern"
    OBJECT = "object"
    BRAKES = "brakes"


class Outcome(StrEnum):
    """What positions amount to."""

    WAITING = "waiting"
    STOPPED = "stopped"
    OBJECTED = "objected"
    CONCERN = "concern"
    CONSENT = "consent"


class DecisionRefusal(StrEnum):
    """Why something about a decision cannot be done."""

    CLOSED = "closed"
    STRANGER = "stranger"
    WAITING = "waiting"
    STOPPED = "stopped"
    DISSENT_UNREAD = "dissent_unread"
    DISSENT_UNANSWERED = "dissent_unanswered"
    NO_REVIEW = "no_review"
    OWN_DISSENT = "own_dissent"


_SENTENCES: Mapping[DecisionRefusal, str] = {
    DecisionRefusal.CLOSED: "The decision is closed. Make a new proposal.",
    DecisionRefusal.STRANGER: "Only members of the exchange take a position.",
    DecisionRefusal.WAITING: "Not every member has taken a position, and silence is no consent.",
    DecisionRefusal.STOPPED: "The brakes are on for this topic. Leave it alone for now.",
    DecisionRefusal.DISSENT_UNREAD: "The dissent has not been read. Read it, then close.",
    DecisionRefusal.DISSENT_UNANSWERED: "A dissent has no answer yet. Answer each, then close.",
    DecisionRefusal.NO_REVIEW: "There is dissent. Say when you look at the decision again.",
    DecisionRefusal.OWN_DISSENT: "Nobody answers the own dissent. Let another party answer.",
}


@dataclass(frozen=True, slots=True)
class Brake:
    """The brakes were pressed; there is no place for who did it."""

    topic: str
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recognition:
    """Why a practice helped; there is no place for a number."""

    practice: str
    reason: str


@dataclass(frozen=True, slots=True)
class Dissent:
    """What speaks against it, what would change the mind, and the deciders' answer.

    `party` is empty where nobody's name is on it.
    """

    words: str
    party: str = ""
    would_change: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A proposal as it stands.

    Parameters
    ----------
    members : frozenset of str
    positions : mapping of str to Position
        By member; the brakes are nobody's and never here.
    dissents : tuple of Dissent
        It only grows.
    slot_read : bool
        Whether the slot for dissent was read since the last one came, be it empty or not.
    stopped : bool
    review_on : date or None
    closed_as : Outcome or None
    """

    members: frozenset[str]
    positions: Mapping[str, Position] = field(default_factory=dict)
    dissents: tuple[Dissent, ...] = ()
    slot_read: bool = False
    stopped: bool = False
    review_on: date | None = None
    closed_as: Outcome | None = None


def outcome(positions: Sequence[Position], *, members: int) -> Outcome:
    """Say what positions amount to; they are never counted against each other.

    Parameters
    ----------
    positions : sequence of Position
        One a member, and `BRAKES` where somebody pressed them.
    members : int
        Who is silent has not consented.

    Examples
    --------
    >>> outcome([Position.CONSENT] * 5 + [Position.OBJECT], members=6).value
    'objected'
    >>> outcome([Position.CONSENT] * 5, members=6).value
    'waiting'
    """
    if Position.BRAKES in positions:
        return Outcome.STOPPED
    if len(positions) < members or not positions:
        return Outcome.WAITING
    if Position.OBJECT in positions:
        return Outcome.OBJECTED
    return Outcome.CONCERN if Position.CONCERN in positions else Outcome.CONSENT


def stands(decision: Decision) -> Outcome:
    """Say where a decision stands: its positions, the brakes, and dissent without a name."""
    brakes = [Position.BRAKES] if decision.stopped else []
    found = outcome([*brakes, *decision.positions.values()], members=len(decision.members))
    return Outcome.CONCERN if found is Outcome.CONSENT and decision.dissents else found


def _refuse(refusal: DecisionRefusal) -> None:
    raise MoveRefused(_SENTENCES[refusal], code=refusal)


def _open(decision: Decision) -> None:
    if decision.closed_as is not None:
        _refuse(DecisionRefusal.CLOSED)
    if decision.stopped:
        _refuse(DecisionRefusal.STOPPED)


def positioned(
    decision: Decision,
    position: Position,
    *,
    party: str,
    words: str = "",
    would_change: str = "",
) -> Decision:
    """Take a position by name; a concern or an objection stays as dissent.

    Raises
    ------
    Incomplete
        If an objection or a concern has no words.
    MoveRefused
        If the decision is closed or stopped, or the party is no member.

    Notes
    -----
    Brakes are for a `Brake`, which has no name.
    """
    _open(decision)
    if party not in decision.members:
        _refuse(DecisionRefusal.STRANGER)
    if position is Position.BRAKES:
        raise Incomplete("Brakes have no name. Put them on for the topic instead.")
    taken = replace(decision, positions={**decision.positions, party: position})
    if position is Position.CONSENT:
        return taken
    return dissented(taken, Dissent(words, party, would_change))


def dissented(decision: Decision, dissent: Dissent) -> Decision:
    """Add dissent; without a name only where five members or more could have written it.

    Raises
    ------
    Incomplete
        If it has no words, or no name among fewer than five.
    MoveRefused
        If the decision is closed or stopped.
    """
    _open(decision)
    if not dissent.words.strip():
        raise Incomplete("Say what speaks against it; a reason is what the others can answer.")
    if not dissent.party and len(decision.members) < FEWEST:
        raise Incomplete(
            f"With {len(decision.members)} members a concern without a name would have one. "
            "Sign it, or put on the brakes."
        )
    return replace(decision, dissents=(*decision.dissents, dissent), slot_read=False)


def dissent_read(decision: Decision) -> Decision:
    """Say that the slot was read, with whatever stands in it."""
    _open(decision)
    return replace(decision, slot_read=True)


def dissent_answered(decision: Decision, at: int, *, answer: str, by: str) -> Decision:
    """Answer a dissent; what it says stays as it is.

    Raises
    ------
    Incomplete
        If the answer is empty.
    MoveRefused
        If the decision is closed or stopped, or it is the party's own dissent.
    """
    _open(decision)
    dissent = decision.dissents[at]
    if by == dissent.party:
        _refuse(DecisionRefusal.OWN_DISSENT)
    if not answer.strip():
        raise Incomplete("An answer needs words.")
    dissents = list(decision.dissents)
    dissents[at] = replace(dissent, answer=answer)
    return replace(decision, dissents=tuple(dissents))


def why_not_close(decision: Decision) -> DecisionRefusal | None:
    """Say why a decision cannot close; None if it can."""
    standing = stands(decision)
    checks = {
        DecisionRefusal.CLOSED: decision.closed_as is not None,
        DecisionRefusal.STOPPED: standing is Outcome.STOPPED,
        DecisionRefusal.WAITING: standing is Outcome.WAITING,
        DecisionRefusal.DISSENT_UNREAD: not decision.slot_read,
        DecisionRefusal.DISSENT_UNANSWERED: any(not each.answer for each in decision.dissents),
        DecisionRefusal.NO_REVIEW: bool(decision.dissents) and decision.review_on is None,
    }
    return next((refusal for refusal, holds in checks.items() if holds), None)


def closed(decision: Decision) -> Decision:
    """Close a decision as it stands.

    Raises
    ------
    MoveRefused
        With a `DecisionRefusal` as its code.
    """
    if (refusal := why_not_close(decision)) is not None:
        _refuse(refusal)
    return replace(decision, closed_as=stands(decision))


def recognised(practice: str, *, reason: str) -> Recognition:
    """Recognise what helped; raise Incomplete without a reason."""
    if not reason.strip():
        raise Incomplete("Say how it helped; a thank-you without a reason is only a number.")
    return Recognition(practice, reason)
