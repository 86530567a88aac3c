"""A supplier's programme moves by the table of the engine; a GO is signed by the client's key."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.exchange.commands.entering import check_signature
from upturn.exchange.commands.guarding import Checked, pass_guard
from upturn.exchange.commands.holding import acting, log
from upturn.exchange.commands.hosting import tidy
from upturn.exchange.commands.refusals import NotYours, told
from upturn.exchange.engine import (
    Act,
    By,
    GoNoGo,
    Incomplete,
    Part,
    Role,
    Stage,
    Verb,
    move,
    version_digest,
)
from upturn.exchange.models import (
    ExchangeParty,
    Expectation,
    PartyKind,
    Programme,
    ProgrammeVersion,
    ProgrammeWord,
)
from upturn.exchange.queries.programmes import (
    by_of,
    go_to_sign,
    programme_by_ref,
    state_of,
    version_of,
)
from upturn.exchange.queries.sight import has_client
from upturn.exchange.queries.sittings import Sitting
from upturn.record.keys import ref_of

NAME_MOST, WORDS_MOST, CODE_MOST, PARTS_MOST = 120, 400, 40, 60
WORDS_ON_VERSIONS = frozenset(
    {Verb.CONSENT, Verb.CONCERN, Verb.OBJECT, Verb.GO, Verb.NOT_YET, Verb.NO, Verb.WOULD_MAKE_GO}
)
"""Moves that are kept as somebody's word on a version."""
NEEDED: dict[Verb, Act] = {
    Verb.CONSENT: Act.TAKE_PART,
    Verb.CONCERN: Act.DISSENT,
    Verb.OBJECT: Act.DISSENT,
    Verb.READ_DISSENT: Act.DISSENT,
}
"""What a member's move needs beside its place; the others need the highest rung."""
SHORT = {Verb.WOULD_MAKE_GO: "would_go"}
"""A word that is longer than its column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeMove:
    """A move as it comes in.

    `on` is the version that was read; `part` belongs to a change, its owner a party's reference;
    `signature`, in hex, belongs to a GO.
    """

    verb: Verb
    on: int | None = None
    words: str = ""
    part: Part | None = None
    signature: str = ""


@transaction.atomic
def new_programme(sitting: Sitting, checked: Checked, *, key: str, name: str) -> Programme:
    """Begin a programme, or find it if this was sent before; it waits for expectations first.

    Raises
    ------
    NotYours
        In an exchange that has no client who could say GO.
    Incomplete, GuardStopped, RulesBroken
        And what `acting` raises.
    """
    exchange, party = acting(sitting, Act.TAKE_PART)
    ref = ref_of(f"programme {party.ref} {key}", letters=16)
    if found := Programme.objects.filter(ref=ref).first():
        return found
    if not has_client(exchange):
        raise NotYours(told(_("Nobody here could say GO. Invite the client first.")))
    called = tidy(name, most=NAME_MOST)
    if not called or not key:
        raise Incomplete(told(_("A programme needs a name.")))
    pass_guard(exchange, checked, called)
    made = Programme.objects.create(exchange=exchange, ref=ref, name=called)
    ProgrammeVersion.objects.create(programme=made, number=made.version)
    log(sitting, "new programme", exchange)
    return made


@transaction.atomic
def make_move(
    sitting: Sitting, ref: str, asked: ProgrammeMove, checked: Checked, *, today: date
) -> Programme:
    """Make a move on a programme; the table of the engine says whose it is and what it needs.

    Raises
    ------
    Programme.DoesNotExist, NotYours, MoveRefused, Incomplete
    BadSignature
        If a GO is not signed by the client's key over this very version.
    GuardStopped, RulesBroken
        And what `acting` raises.
    """
    by = by_of(sitting)
    if by is None or asked.verb is Verb.LEAVE:
        raise NotYours(told(_("Members build, the client decides; this is neither’s move.")))
    member = by.role is Role.MEMBER
    act = NEEDED.get(asked.verb, Act.TAKE_PART) if member else Act.READ
    exchange, party = acting(sitting, act)
    row = _held(sitting, ref)
    before = state_of(row)
    words = asked.words.strip()
    after = move(before, asked.verb, by, on=asked.on, words=words, part=asked.part)
    _check_part(asked.part, after)
    if len(words) > WORDS_MOST:
        said = _("Say it in at most {most} characters.")
        raise Incomplete(told(said, most=WORDS_MOST))
    part = asked.part
    pass_guard(exchange, checked, words, part.words if part else "", part.code if part else "")
    if asked.verb is Verb.GO:
        check_signature(party.signs, go_to_sign(row), signature=asked.signature)
    _keep_word(row, party, asked, words, today=today)
    store(row, before, after, today=today)
    log(sitting, f"programme: {asked.verb.value}", exchange)
    return row


def _held(sitting: Sitting, ref: str) -> Programme:
    seen = programme_by_ref(sitting, ref)
    rows = Programme.objects.select_for_update(of=("self",)).select_related("exchange")
    return rows.get(pk=seen.pk)


def _check_part(part: Part | None, after: GoNoGo) -> None:
    if part is None:
        return
    known = not part.owner or part.owner in after.members
    short = 0 < len(part.code) <= CODE_MOST and len(part.words) <= WORDS_MOST
    if not known or not short or len(after.parts) > PARTS_MOST:
        raise Incomplete(told(_("A part has a short code, words, and a member who owns it.")))


def _keep_word(
    row: Programme, party: ExchangeParty, asked: ProgrammeMove, words: str, *, today: date
) -> None:
    if asked.verb is Verb.EXPECT:
        Expectation.objects.create(programme=row, words=words, on=today)
    if asked.verb not in WORDS_ON_VERSIONS:
        return
    version = version_of(row)
    ProgrammeWord.objects.create(
        version=version,
        party=party,
        said=SHORT.get(asked.verb, asked.verb.value),
        words=words,
        signature=asked.signature if asked.verb is Verb.GO else "",
        on=today,
    )
    if asked.verb in {Verb.CONCERN, Verb.OBJECT} and version.dissent_read:
        version.dissent_read = False
        version.save(update_fields=["dissent_read"])


def store(row: Programme, before: GoNoGo, after: GoNoGo, *, today: date) -> None:
    """Store what a move made of a held programme: its stage, and its version or a new one."""
    parts = [[part.code, part.words, part.owner] for part in after.parts]
    if after.version != before.version:
        version = ProgrammeVersion(programme=row, number=after.version)
    else:
        version = version_of(row)
    version.parts = parts
    version.digest = version_digest(after.parts)
    if before.dissent_unread and not after.dissent_unread:
        version.dissent_read = True
    if after.stage is Stage.CONSENT and version.frozen_on is None:
        version.frozen_on = today
    version.save()
    row.state, row.version, row.live_version = after.stage.value, after.version, after.live
    row.turn += 1
    row.save(update_fields=["state", "version", "live_version", "turn"])


def party_left(party: ExchangeParty, *, today: date) -> None:
    """Let a member go from its programmes; where it owned a part, nothing goes on as agreed.

    Inside the transaction in which it leaves, while its row still says who it is.
    """
    if party.kind != PartyKind.MEMBER:
        return
    rows = Programme.objects.filter(exchange=party.exchange_id).select_related("exchange")
    for row in rows.select_for_update(of=("self",)):
        before = state_of(row, with_left=party.ref)
        by = By(Role.MEMBER, party.ref)
        store(row, before, move(before, Verb.LEAVE, by), today=today)
