"""Who is doing it already: named by somebody, told and shown only with the nominee's consent."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import held_open, tell_to_look, written
from upturn.loop.commands.limits import check_pace
from upturn.loop.commands.refusals import OtherCard, PhoneGone, overtaken, told
from upturn.loop.engine.errors import Incomplete
from upturn.loop.models import Card, CardKind, Nomination, NominationState, Participant
from upturn.loop.queries.holders import Holder
from upturn.loop.queries.nominations import proof_of_nominee
from upturn.record.erasing import erase_for_good
from upturn.record.keys import ref_of
from upturn.record.proofs import hash_of

NOMINEE_MAX, NOTICED_MAX, HOW_MAX = 80, 400, 2_000
_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationDraft:
    """Somebody was noticed; `key` is drawn by the phone, so that the same sent twice is one."""

    key: str
    nominee: str
    noticed: str


def nominate(holder: Holder, draft: NominationDraft) -> Nomination:
    """Ask somebody to tell how it is done; its `code` is for the nominee.

    Raises
    ------
    Incomplete
        Without a name or what was noticed.
    RoomClosed, PhoneGone, TooFast
    """
    nominee, noticed = " ".join(draft.nominee.split()), draft.noticed.strip()
    if not _KEY.fullmatch(draft.key) or not nominee or not noticed:
        raise Incomplete(told(_("Say who it is, and what you noticed.")))
    if len(nominee) > NOMINEE_MAX or len(noticed) > NOTICED_MAX:
        said = _("A name ends at {name} letters, and what you noticed at {noticed}.")
        raise Incomplete(told(said, name=NOMINEE_MAX, noticed=NOTICED_MAX))
    check_pace(holder.token_hash)
    ref = ref_of(f"nomination {holder.ref} {draft.key}", letters=16)

    def work() -> Nomination:
        workshop = held_open(holder.workshop)
        if not Participant.objects.filter(pk=holder.pk, token_hash=holder.token_hash).exists():
            raise PhoneGone
        made, new = Nomination.objects.get_or_create(
            ref=ref,
            defaults={
                "workshop": workshop,
                "code": proof_of_nominee(ref),
                "nominee": nominee,
                "noticed": noticed,
            },
        )
        if new:
            tell_to_look(workshop, "nominations", step=workshop.step, room=False)
        return made

    return written(work)


def agree(code: str, *, turn: int) -> Nomination:
    """Let the nominee say yes to telling it; nothing is shown yet."""

    def change(row: Nomination) -> None:
        row.state = NominationState.AGREED

    return _answer(code, turn, change, among=(NominationState.ASKED,))


def tell(code: str, *, how: str, turn: int) -> Nomination:
    """Keep how it was managed; what was approved before is taken down until it is approved again.

    Raises
    ------
    Incomplete
        If there is nothing told, too much, or the nominee has not agreed.
    """
    words = how.strip()
    if not words or len(words) > HOW_MAX:
        said = _("Tell how it was managed, in at most {most} letters.")
        raise Incomplete(told(said, most=HOW_MAX))

    def change(row: Nomination) -> None:
        _take_down(row)
        row.how, row.state, row.further = words, NominationState.AGREED, False

    return _answer(code, turn, change, among=(NominationState.AGREED, NominationState.APPROVED))


def approve(code: str, *, turn: int, further: bool = False) -> Nomination:
    """Let the nominee approve what is written: from here on the room can read it.

    Beyond the room it goes, as a practice card, only if `further` says so.
    """

    def change(row: Nomination) -> None:
        if not row.how:
            raise Incomplete(told(_("There is nothing to approve yet. Tell first how it went.")))
        row.state, row.further = NominationState.APPROVED, further
        row.card = Card.objects.create(
            workshop=row.workshop,
            ref=row.ref,
            key_hash=hash_of(secrets.token_urlsafe(32)),
            step=row.workshop.step,
            kind=CardKind.STORY,
            words=row.how,
            signed=row.nominee,
            from_expert=True,
        )

    return _answer(code, turn, change, among=(NominationState.AGREED,))


def refuse(code: str, *, turn: int) -> Nomination:
    """Let the nominee refuse, at any time: the name and every word about it are erased."""

    def change(row: Nomination) -> None:
        _take_down(row)
        row.nominee = row.noticed = row.how = ""
        row.state = NominationState.REFUSED

    refused = _answer(code, turn, change, among=tuple(NominationState))
    with transaction.atomic():
        erase_for_good(Nomination, overwritten=(Card,))
    return refused


def _take_down(row: Nomination) -> None:
    if row.card is not None:
        row.card.delete()
        row.card = None


def _answer(
    code: str,
    turn: int,
    change: Callable[[Nomination], None],
    *,
    among: tuple[NominationState, ...],
) -> Nomination:
    """Let whoever holds the code change a nomination.

    Raises
    ------
    OtherCard
        If nobody was nominated under this code.
    Overtaken
        If it was answered from another phone since it was read.
    Incomplete
        If it is not for this moment.
    """

    def work() -> Nomination:
        rows = Nomination.objects.select_for_update(of=("self",)).select_related("workshop", "card")
        row = rows.filter(code=code).first()
        if row is None:
            raise OtherCard
        if row.turn != turn:
            raise overtaken(row.turn)
        if row.state not in among:
            raise Incomplete(told(_("This was answered already. Look again.")))
        shown = row.card_id
        change(row)
        row.turn += 1
        row.save()
        step = row.card.step if row.card else row.workshop.step
        tell_to_look(row.workshop, "nominations", step=step, room=shown != row.card_id)
        return row

    return written(work)
