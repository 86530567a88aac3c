"""A supplier's programme: only the client's GO on this very version makes it live."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from upturn.exchange.engine.errors import Incomplete, MoveRefused
from upturn.exchange.engine.parts import Part


class Stage(StrEnum):
    """Where the version that is worked on stands."""

    EXPECTATIONS = "expectations"
    BUILDING = "building"
    CONSENT = "consent"
    DECIDES = "decides"
    LIVE = "live"
    STOPPED = "stopped"


class Role(StrEnum):
    """Whose move it is."""

    CLIENT = "client"
    MEMBER = "member"


class Verb(StrEnum):
    """What can be done."""

    EXPECT = "expect"
    BUILD = "build"
    CHANGE = "change"
    ASK_CONSENT = "ask_consent"
    CONSENT = "consent"
    CONCERN = "concern"
    OBJECT = "object"
    READ_DISSENT = "read_dissent"
    PUT_TO_CLIENT = "put_to_client"
    GO = "go"
    NOT_YET = "not_yet"
    NO = "no"
    STOP = "stop"
    WOULD_MAKE_GO = "would_make_go"
    TAKE_UP = "take_up"
    LEAVE = "leave"


class Why(StrEnum):
    """Why a move cannot be made."""

    NOT_HERE = "not_here"
    NOT_YOURS = "not_yours"
    OTHER_VERSION = "other_version"
    NO_EXPECTATION = "no_expectation"
    NO_PARTS = "no_parts"
    NO_OWNER = "no_owner"
    NOT_ALL = "not_all"
    OBJECTION = "objection"
    DISSENT_UNREAD = "dissent_unread"
    NOTHING_LIVE = "nothing_live"


_SENTENCES: Mapping[Why, str] = {
    Why.NOT_HERE: "This cannot be done where the programme stands.",
    Why.NOT_YOURS: "This move belongs to somebody else.",
    Why.OTHER_VERSION: "The programme has another version by now. Read that one first.",
    Why.NO_EXPECTATION: "The client has not said what it expects. Ask first, then build.",
    Why.NO_PARTS: "The programme has no parts yet. Add one with its owner.",
    Why.NO_OWNER: "A part has no owner. Let a member take it.",
    Why.NOT_ALL: "Not every member has consented to this version.",
    Why.OBJECTION: "A member objects. Change the programme until nobody has to.",
    Why.DISSENT_UNREAD: "There is dissent that was not read. Read it first.",
    Why.NOTHING_LIVE: "Nothing is live that could be stopped.",
}


@dataclass(frozen=True, slots=True)
class By:
    """Who makes a move: the client, or a member by name."""

    role: Role
    party: str = ""


CLIENT = By(Role.CLIENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoNoGo:
    """A programme as it stands.

    Parameters
    ----------
    members : frozenset of str
    stage : Stage
        Of the version that is worked on.
    version : int
        Grows with each change after members were asked; never used twice.
    parts : tuple of Part
    expectations : int
        What the client said it expects, counted.
    consents, objections : frozenset of str
        On this version.
    dissent_unread : bool
    live : int or None
        The version in force. It stays so while a changed one waits for its GO.
    """

    members: frozenset[str]
    stage: Stage = Stage.EXPECTATIONS
    version: int = 1
    parts: tuple[Part, ...] = ()
    expectations: int = 0
    consents: frozenset[str] = field(default_factory=frozenset)
    objections: frozenset[str] = field(default_factory=frozenset)
    dissent_unread: bool = False
    live: int | None = None


Needs = Callable[[GoNoGo], Why | None]


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the table.

    Parameters
    ----------
    among : frozenset of Stage
        Where the move can be made.
    to : Stage or None
        Where it leads; None where it leaves the stage as it is.
    role : Role
        Whose it is.
    bound : bool
        Whether it is said on a version, which has to be this one.
    words : bool
        Whether it needs words.
    needs : callable
        What else it takes.
    """

    among: frozenset[Stage]
    to: Stage | None
    role: Role
    bound: bool = False
    words: bool = False
    needs: Needs = lambda _programme: None


def _expected(programme: GoNoGo) -> Why | None:
    return None if programme.expectations else Why.NO_EXPECTATION


def _owned(programme: GoNoGo) -> Why | None:
    if not programme.parts:
        return Why.NO_PARTS
    owned = all(part.owner in programme.members for part in programme.parts)
    return None if owned else Why.NO_OWNER


def _consented(programme: GoNoGo) -> Why | None:
    if programme.objections:
        return Why.OBJECTION
    if not programme.members or programme.members - programme.consents:
        return Why.NOT_ALL
    return Why.DISSENT_UNREAD if programme.dissent_unread else None


def _in_force(programme: GoNoGo) -> Why | None:
    return None if programme.live is not None else Why.NOTHING_LIVE


_ALL = frozenset(Stage)
_E, _B, _C = (frozenset({each}) for each in (Stage.EXPECTATIONS, Stage.BUILDING, Stage.CONSENT))
_D, _L, _S = (frozenset({each}) for each in (Stage.DECIDES, Stage.LIVE, Stage.STOPPED))
_MEMBER, _CLIENT = Role.MEMBER, Role.CLIENT
MOVES: Mapping[Verb, Move] = {
    Verb.EXPECT: Move(_ALL, None, _CLIENT, words=True),
    Verb.BUILD: Move(_E, Stage.BUILDING, _MEMBER, needs=_expected),
    Verb.CHANGE: Move(_B | _C | _D | _L, Stage.BUILDING, _MEMBER),
    Verb.ASK_CONSENT: Move(_B, Stage.CONSENT, _MEMBER, needs=_owned),
    Verb.CONSENT: Move(_C, None, _MEMBER, bound=True),
    Verb.CONCERN: Move(_C, None, _MEMBER, bound=True, words=True),
    Verb.OBJECT: Move(_C, None, _MEMBER, bound=True, words=True),
    Verb.READ_DISSENT: Move(_C, None, _MEMBER),
    Verb.PUT_TO_CLIENT: Move(_C, Stage.DECIDES, _MEMBER, needs=_consented),
    Verb.GO: Move(_D, Stage.LIVE, _CLIENT, bound=True, needs=_consented),
    Verb.NOT_YET: Move(_D, Stage.BUILDING, _CLIENT, bound=True, words=True),
    Verb.NO: Move(_D, Stage.STOPPED, _CLIENT, bound=True),
    Verb.STOP: Move(_ALL, Stage.STOPPED, _CLIENT, needs=_in_force),
    Verb.WOULD_MAKE_GO: Move(_S, None, _CLIENT, words=True),
    Verb.TAKE_UP: Move(_S, Stage.BUILDING, _MEMBER),
    Verb.LEAVE: Move(_ALL, None, _MEMBER),
}
"""Every move there is. What a move needs beyond its place stands in it; nothing else decides."""


def why_not(programme: GoNoGo, verb: Verb, by: By, *, on: int | None = None) -> Why | None:
    """Say why a move cannot be made; None if it can.

    Parameters
    ----------
    programme : GoNoGo
    verb : Verb
    by : By
    on : int, optional
        The version that was read; consent and the client's word are said on one.

    Examples
    --------
    >>> why_not(GoNoGo(members=frozenset({"Amber"})), Verb.BUILD, By(Role.MEMBER, "Amber")).value
    'no_expectation'
    """
    row = MOVES[verb]
    stranger = by.role is Role.MEMBER and by.party not in programme.members
    if by.role is not row.role or stranger:
        return Why.NOT_YOURS
    if programme.stage not in row.among:
        return Why.NOT_HERE
    if row.bound and on != programme.version:
        return Why.OTHER_VERSION
    return row.needs(programme)


def may(programme: GoNoGo, verb: Verb, by: By, *, on: int | None = None) -> bool:
    """Say whether somebody may make a move."""
    return why_not(programme, verb, by, on=on) is None


def move(
    programme: GoNoGo,
    verb: Verb,
    by: By,
    *,
    on: int | None = None,
    words: str = "",
    part: Part | None = None,
) -> GoNoGo:
    """Make a move.

    Parameters
    ----------
    programme : GoNoGo
    verb : Verb
    by : By
    on : int, optional
        As in `why_not`.
    words : str
        What is expected, objected to, missing, or would make it a go. A NO needs none.
    part : Part, optional
        For a change: the part as it shall be; one of the same code is replaced, and one without
        words is taken out. Only its owner changes a part; one without an owner is anybody's.

    Returns
    -------
    GoNoGo

    Raises
    ------
    MoveRefused
        If the move cannot be made; ``code`` is a `Why`.
    Incomplete
        If words are missing, or the part.
    """
    refusal = why_not(programme, verb, by, on=on)
    if refusal is None and verb is Verb.CHANGE:
        refusal = _not_owner(programme, by, _given(part))
    if refusal is not None:
        raise MoveRefused(_SENTENCES[refusal], code=refusal)
    row = MOVES[verb]
    if row.words and not words.strip():
        raise Incomplete("Say in a sentence what you mean; the others go by it.")
    made = _MAKES[verb](programme, by.party, part) if verb in _MAKES else programme
    return made if row.to is None else replace(made, stage=row.to)


def _given(part: Part | None) -> Part:
    if part is None:
        raise Incomplete("Say which part changes, and how.")
    return part


def _not_owner(programme: GoNoGo, by: By, part: Part) -> Why | None:
    owners = {each.code: each.owner for each in programme.parts}
    owner = owners.get(part.code, "")
    return Why.NOT_YOURS if owner in programme.members and owner != by.party else None


Make = Callable[[GoNoGo, str, Part | None], GoNoGo]


def _again(programme: GoNoGo) -> GoNoGo:
    """Begin a new version where members have been asked about this one."""
    fresh = programme.stage in _B | _E
    clean = replace(programme, consents=frozenset(), objections=frozenset(), dissent_unread=False)
    return clean if fresh else replace(clean, version=programme.version + 1)


def _more_expected(programme: GoNoGo, _party: str, _part: Part | None) -> GoNoGo:
    return replace(programme, expectations=programme.expectations + 1)


def _changed(programme: GoNoGo, _party: str, part: Part | None) -> GoNoGo:
    given = _given(part)
    kept = {each.code: each for each in programme.parts} | {given.code: given}
    parts = tuple(each for each in kept.values() if each.words.strip())
    return replace(_again(programme), parts=parts)


def _consent(programme: GoNoGo, party: str, _part: Part | None) -> GoNoGo:
    return replace(
        programme,
        consents=programme.consents | {party},
        objections=programme.objections - {party},
    )


def _concern(programme: GoNoGo, party: str, part: Part | None) -> GoNoGo:
    return replace(_consent(programme, party, part), dissent_unread=True)


def _object(programme: GoNoGo, party: str, _part: Part | None) -> GoNoGo:
    return replace(
        programme,
        consents=programme.consents - {party},
        objections=programme.objections | {party},
        dissent_unread=True,
    )


def _read(programme: GoNoGo, _party: str, _part: Part | None) -> GoNoGo:
    return replace(programme, dissent_unread=False)


def _go(programme: GoNoGo, _party: str, _part: Part | None) -> GoNoGo:
    return replace(programme, live=programme.version)


def _back(programme: GoNoGo, _party: str, _part: Part | None) -> GoNoGo:
    return _again(programme)


def _ended(programme: GoNoGo, _party: str, _part: Part | None) -> GoNoGo:
    return replace(programme, live=None)


def _left(programme: GoNoGo, party: str, _part: Part | None) -> GoNoGo:
    """Let a member go; where it owned a part, nothing goes on as it was agreed."""
    owned = any(part.owner == party for part in programme.parts)
    without = replace(
        programme,
        members=programme.members - {party},
        consents=programme.consents - {party},
        objections=programme.objections - {party},
    )
    if not owned:
        return without
    parts = tuple(
        replace(part, owner="") if part.owner == party else part for part in programme.parts
    )
    again = replace(_again(without), parts=parts, live=None)
    resting = programme.stage in _E | _S
    return again if resting else replace(again, stage=Stage.BUILDING)


_MAKES: Mapping[Verb, Make] = {
    Verb.EXPECT: _more_expected,
    Verb.CHANGE: _changed,
    Verb.CONSENT: _consent,
    Verb.CONCERN: _concern,
    Verb.OBJECT: _object,
    Verb.READ_DISSENT: _read,
    Verb.GO: _go,
    Verb.NOT_YET: _back,
    Verb.NO: _ended,
    Verb.STOP: _ended,
    Verb.TAKE_UP: _back,
    Verb.LEAVE: _left,
}
