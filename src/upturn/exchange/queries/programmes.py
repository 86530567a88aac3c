"""Programmes: expectations first, parts with their owners, and what one version has so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from upturn.exchange.engine import (
    By,
    GoNoGo,
    Part,
    PartChanged,
    Role,
    Stage,
    Verb,
    Why,
    differences,
    to_sign,
    version_digest,
    why_not,
)
from upturn.exchange.models import (
    Exchange,
    ExchangeParty,
    PartyKind,
    Programme,
    ProgrammeVersion,
    ProgrammeWord,
)
from upturn.exchange.queries.sight import Viewer, check_inside, exchanges_inside, members_of
from upturn.exchange.queries.sittings import Sitting

GO_WORD = "go"
"""What a client signs: this, the exchange, the programme, the version's number and its digest."""
NEEDS = frozenset(
    {
        Why.NO_EXPECTATION, Why.NO_PARTS, Why.NO_OWNER, Why.NOT_ALL, Why.OBJECTION,
        Why.DISSENT_UNREAD,
    }
)  # fmt: skip
"""Reasons that somebody here can do away with; the others say that a move is not in place."""
AGAINST = (Verb.CONCERN.value, Verb.OBJECT.value)


@dataclass(frozen=True, slots=True)
class WordSeen:
    """What a company, or the client, said on a version."""

    company: str
    said: str
    words: str
    on: date


@dataclass(frozen=True, slots=True)
class ProgrammeSeen:
    """A programme as it stands.

    Parameters
    ----------
    ref, name, stage : str
    version : int
        The one that is worked on.
    live_version : int or None
    digest : str
        What a GO on this version signs.
    expectations : tuple of str
    parts : tuple of (code, words, company)
    words : tuple of WordSeen
        On this version.
    changed : tuple of PartChanged
        Against the version before.
    may : frozenset of Verb
        What the viewer could do now.
    lacks : mapping of Verb to Why
        Moves that are the viewer's here, and what they still need.
    own_word : str
        What the viewer's company, or the client, said last on this version; empty for nothing.
    changes : frozenset of str
        Codes of parts the viewer may change.
    """

    ref: str
    name: str
    stage: str
    version: int
    live_version: int | None
    digest: str
    expectations: tuple[str, ...]
    parts: tuple[tuple[str, str, str], ...]
    words: tuple[WordSeen, ...]
    changed: tuple[PartChanged, ...]
    may: frozenset[Verb]
    lacks: Mapping[Verb, Why]
    own_word: str
    changes: frozenset[str]


@dataclass(frozen=True, slots=True)
class PartBefore:
    """What a part was and became, with its owners' names; empty where it was not there."""

    code: str
    was: str
    was_by: str
    now: str
    now_by: str


@dataclass(frozen=True, slots=True)
class VersionSeen:
    """A version of a programme: what it changed, what was said on it, whether it is in force."""

    number: int
    frozen_on: date | None
    live: bool
    changed: tuple[PartBefore, ...]
    words: tuple[WordSeen, ...]


def programmes(viewer: Viewer, exchange: Exchange) -> tuple[ProgrammeSeen, ...]:
    """List the programmes of an exchange, the newest first."""
    check_inside(viewer, exchange)
    rows = Programme.objects.filter(exchange=exchange).select_related("exchange")
    return tuple(_seen(viewer, row) for row in rows.order_by("-pk"))


def programme_by_ref(viewer: Viewer, ref: str) -> Programme:
    """Find a programme; raise Programme.DoesNotExist, also where nothing inside is read."""
    rows = Programme.objects.select_related("exchange")
    return rows.get(ref=ref, exchange__in=exchanges_inside(viewer))


def programme_in(viewer: Viewer, exchange: Exchange, ref: str) -> Programme:
    """Find a programme of this exchange; raise Programme.DoesNotExist for one of another."""
    found = programme_by_ref(viewer, ref)
    if found.exchange_id != exchange.pk:
        raise Programme.DoesNotExist
    return found


def programme_seen(viewer: Viewer, ref: str) -> ProgrammeSeen:
    """Give one programme."""
    return _seen(viewer, programme_by_ref(viewer, ref))


def _seen(viewer: Viewer, row: Programme) -> ProgrammeSeen:
    rows = ExchangeParty.objects.filter(exchange=row.exchange)
    names = dict(rows.values_list("ref", "name"))
    version, by = version_of(row), by_of(viewer)
    state = state_of(row, version=version)
    own = _own_word(viewer, version)
    before = ProgrammeVersion.objects.filter(programme=row, number__lt=row.version)
    last = before.order_by("number").last()
    verbs = [verb for verb in Verb if verb is not Verb.LEAVE and by is not None]
    return ProgrammeSeen(
        ref=row.ref,
        name=row.name,
        stage=row.state,
        version=row.version,
        live_version=row.live_version,
        digest=version_digest(state.parts),
        expectations=tuple(row.expectations.order_by("pk").values_list("words", flat=True)),
        parts=tuple((part.code, part.words, names.get(part.owner, "")) for part in state.parts),
        words=_words_on(version),
        changed=differences(parts_of(last), state.parts) if last else (),
        may=frozenset(verb for verb in verbs if by and _why(state, verb, by) is None),
        lacks={verb: why for verb in verbs if by and (why := _why(state, verb, by)) in NEEDS},
        own_word=own,
        changes=frozenset(
            part.code
            for part in state.parts
            if by and (part.owner == by.party or part.owner not in state.members)
        ),
    )


def _why(state: GoNoGo, verb: Verb, by: By) -> Why | None:
    return why_not(state, verb, by, on=state.version)


def _words_on(version: ProgrammeVersion) -> tuple[WordSeen, ...]:
    rows = ProgrammeWord.objects.filter(version=version).select_related("party").order_by("pk")
    return tuple(
        WordSeen(each.party.name if each.party else "", each.said, each.words, each.on)
        for each in rows
    )


def _own_word(viewer: Viewer, version: ProgrammeVersion) -> str:
    if not isinstance(viewer, Sitting):
        return ""
    rows = ProgrammeWord.objects.filter(version=version, party=viewer.party).order_by("pk")
    return rows.values_list("said", flat=True).last() or ""


def history(viewer: Viewer, ref: str) -> tuple[VersionSeen, ...]:
    """List the versions of a programme, the newest first; raises as `programme_by_ref`."""
    row = programme_by_ref(viewer, ref)
    names = dict(ExchangeParty.objects.filter(exchange=row.exchange).values_list("ref", "name"))
    versions = list(ProgrammeVersion.objects.filter(programme=row).order_by("number"))
    seen: list[VersionSeen] = []
    before: tuple[Part, ...] = ()
    for version in versions:
        parts = parts_of(version)
        changed = tuple(_before(each, names) for each in differences(before, parts))
        live = version.number == row.live_version
        words = _words_on(version)
        seen.append(VersionSeen(version.number, version.frozen_on, live, changed, words))
        before = parts
    return tuple(reversed(seen))


def _before(change: PartChanged, names: Mapping[str, str]) -> PartBefore:
    was, now = change.was, change.now
    return PartBefore(
        change.code,
        was.words if was else "",
        names.get(was.owner, "") if was else "",
        now.words if now else "",
        names.get(now.owner, "") if now else "",
    )


def by_of(viewer: Viewer) -> By | None:
    """Give whose moves a viewer makes; None for who keeps the exchange, and for the steward."""
    if not isinstance(viewer, Sitting):
        return None
    if viewer.kind == PartyKind.CLIENT:
        return By(Role.CLIENT)
    return By(Role.MEMBER, viewer.party_ref) if viewer.kind == PartyKind.MEMBER else None


def version_of(row: Programme) -> ProgrammeVersion:
    """Give the version that is worked on."""
    return ProgrammeVersion.objects.get(programme=row, number=row.version)


def parts_of(version: ProgrammeVersion) -> tuple[Part, ...]:
    """Give the parts of a version, owners by their references."""
    return tuple(Part(*each) for each in version.parts)


def state_of(
    row: Programme, *, with_left: str = "", version: ProgrammeVersion | None = None
) -> GoNoGo:
    """Give a programme as the engine knows it; `with_left` adds who is about to leave."""
    version = version or version_of(row)
    said = dict(
        ProgrammeWord.objects.filter(version=version, party__kind=PartyKind.MEMBER)
        .order_by("pk")
        .values_list("party__ref", "said")
    )
    here = members_of(row.exchange).filter(suspended=False).values_list("ref", flat=True)
    members = frozenset(here) | ({with_left} if with_left else set())
    consents = {ref for ref, word in said.items() if word != Verb.OBJECT}
    objections = {ref for ref, word in said.items() if word == Verb.OBJECT}
    against = ProgrammeWord.objects.filter(version=version, said__in=AGAINST).exists()
    return GoNoGo(
        members=members,
        stage=Stage(row.state),
        version=row.version,
        parts=parts_of(version),
        expectations=row.expectations.count(),
        consents=frozenset(consents) & members,
        objections=frozenset(objections) & members,
        dissent_unread=against and not version.dissent_read,
        live=row.live_version,
    )


def go_to_sign(row: Programme) -> bytes:
    """Give what the client signs to say GO on the version as it stands."""
    digest = version_digest(parts_of(version_of(row)))
    return to_sign(GO_WORD, row.exchange.ref, row.ref, str(row.version), digest)
