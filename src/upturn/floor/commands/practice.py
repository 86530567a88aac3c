"""Practice cards: what helped, in the words of whoever chose to put them up."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from upturn.floor.commands.refusals import BadTap, TapRefused
from upturn.floor.commands.shifts import check_may_lead
from upturn.floor.engine.live import in_one_line
from upturn.floor.models import PracticeCard, Shift, ShiftState
from upturn.record import journal
from upturn.record.keys import ref_of
from upturn.record.writer import writer

if TYPE_CHECKING:
    from upturn.people.models import Person

LETTERS_MOST = 400
CARDS_A_SEAT = 3


def put_up(shift_ref: str, words: str, *, now: datetime) -> PracticeCard:
    """Put up what helped on a shift, until the day after it closed; the same words are one card.

    Has no entry in the journal: the card is without a name, and the row is the record.

    Raises
    ------
    BadTap
        If it says nothing, or too much.
    TapRefused
        If that shift is over for longer, or its people put up many already.
    """
    said = in_one_line(words)
    if not 0 < len(said) <= LETTERS_MOST:
        raise BadTap(_("Say it in 1 to 400 letters."))
    today = timezone.localdate(now)
    ref = ref_of(f"card {shift_ref} {said}")

    def work() -> PracticeCard:
        shift = Shift.objects.select_for_update().filter(ref=shift_ref).first()
        if found := PracticeCard.objects.filter(ref=ref).first():
            return found
        if shift is None or not _may_still(shift, today):
            raise TapRefused(_("This shift is over for longer than a day. Tell it to your lead."))
        return PracticeCard.objects.create(
            ref=ref, floor_id=shift.floor_id, words=said, put_up_on=today
        )

    return writer.submit(work)


def _may_still(shift: Shift, today: date) -> bool:
    if shift.state == ShiftState.OPEN:
        return True
    if shift.closed_on is None or today > shift.closed_on + timedelta(days=1):
        return False
    since = PracticeCard.objects.filter(floor=shift.floor_id, put_up_on__gte=shift.closed_on)
    seats: int = (shift.summary or {}).get("seats", 0)
    return since.count() < CARDS_A_SEAT * max(1, seats)


@transaction.atomic
def take_down(viewer: "Person", card: PracticeCard, *, now: datetime) -> None:
    """Take a card down; it is deleted the next day, until when it can be put back."""
    check_may_lead(viewer)
    today = timezone.localdate(now)
    PracticeCard.objects.filter(taken_down_on__lt=today).delete()
    if PracticeCard.objects.filter(pk=card.pk, taken_down_on=None).update(taken_down_on=today):
        _note(viewer, "take down practice card", card)


@transaction.atomic
def put_back_up(viewer: "Person", card: PracticeCard) -> None:
    """Undo `take_down`."""
    check_may_lead(viewer)
    rows = PracticeCard.objects.filter(pk=card.pk).exclude(taken_down_on=None)
    if rows.update(taken_down_on=None):
        _note(viewer, "put back practice card", card)


def move_elsewhere(viewer: "Person", ref: str, *, down: bool) -> bool:
    """Take a card of another room down, or put it back up; say whether there is such a card."""
    check_may_lead(viewer)
    move = cast("Callable[..., bool]", import_string(f"{settings.PRACTICES_ELSEWHERE}.move"))
    return move(viewer, ref, down=down, today=timezone.localdate())


def _note(viewer: "Person", verb: str, card: PracticeCard) -> None:
    journal.write(verb, subject_kind="card", subject_ref=card.ref, actor_id=viewer.pk)
