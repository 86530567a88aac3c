"""What people say of the reader's readings, and the lessons it takes from that."""

from typing import TYPE_CHECKING, NamedTuple

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction

from upturn.graph import queries as graph
from upturn.record import journal
from upturn.voice.commands.readings import read, tell
from upturn.voice.commands.sums import Cell, add_up, lock
from upturn.voice.commands.themes import check_may_write_themes, read_again
from upturn.voice.models import Confirmation, Lesson, Reading, Theme
from upturn.voice.queries import confirming, waiting

if TYPE_CHECKING:
    from upturn.people.models import Person

LOOKED_AT = 100


class Understood(NamedTuple):
    """What a comment speaks of, and whether it praises (1), blames (-1) or neither (0)."""

    touchpoint: int | None
    theme: int | None
    polarity: int


@transaction.atomic
def confirm(actor: "Person", feedback_id: int, *, said: Understood) -> bool:
    """Keep what a person says a comment means; whether the reader had understood it so.

    Sums follow at once. Every `confirming.A_LESSON` of them teach the reader, by the job.

    Raises
    ------
    PermissionDenied, ObjectDoesNotExist
        If the person may not, or the comment, the theme or the touchpoint is gone.
    """
    check_may_write_themes(actor)
    lock()
    if said.touchpoint is not None and said.touchpoint not in graph.snapshot().points:
        raise ObjectDoesNotExist
    if said.theme is not None:
        Theme.objects.get(pk=said.theme)
    reading = Reading.objects.get(pk=feedback_id)
    first = _first_said(reading)
    was = Understood(first.touchpoint_read_id, first.theme_read_id, first.polarity_read)
    first.theme_right, first.right = said.theme == was.theme, said == was
    first.save()
    _change(reading, said, confirmed=True)
    journal.write(
        "confirmed a reading" if first.right else "corrected a reading",
        subject_kind="words",
        subject_ref=str(feedback_id),
        actor_id=actor.pk,
    )
    _perhaps_a_lesson()
    return first.right


def _first_said(reading: Reading) -> Confirmation:
    """What the reader had said, also when a person thinks again."""
    try:
        return Confirmation.objects.get(feedback=reading.feedback_id)
    except ObjectDoesNotExist:
        return Confirmation(
            feedback_id=reading.feedback_id,
            touchpoint_read_id=reading.touchpoint_id,
            touchpoint_confidence=reading.touchpoint_confidence,
            theme_read_id=reading.theme_id,
            theme_confidence=reading.theme_confidence,
            polarity_read=reading.polarity,
        )


@transaction.atomic
def take_back_confirmation(actor: "Person", feedback_id: int) -> None:
    """Undo a confirmation: what the reader had said stands again.

    Raises
    ------
    PermissionDenied, ObjectDoesNotExist
        If the person may not, or nothing was confirmed.
    """
    check_may_write_themes(actor)
    lock()
    first = Confirmation.objects.get(feedback=feedback_id)
    reading = Reading.objects.get(pk=feedback_id)
    was = Understood(first.touchpoint_read_id, first.theme_read_id, first.polarity_read)
    first.delete()
    _change(reading, was, confirmed=False)
    journal.write(
        "took back a confirmation",
        subject_kind="words",
        subject_ref=str(feedback_id),
        actor_id=actor.pk,
    )


def _change(reading: Reading, said: Understood, *, confirmed: bool) -> None:
    cells = {Cell(reading.touchpoint_id, reading.theme_id, reading.week)}
    reading.touchpoint_id, reading.theme_id, reading.polarity = said
    reading.confirmed = confirmed
    cells.add(Cell(reading.touchpoint_id, reading.theme_id, reading.week))
    reading.save(update_fields=["touchpoint", "theme", "polarity", "confirmed"])
    add_up(cells)
    tell(cells)


def _perhaps_a_lesson() -> None:
    if confirming.until_lesson() == 0:
        newest = Confirmation.objects.order_by("-pk").first()
        if newest:
            count = Confirmation.objects.count()
            Lesson.objects.create(upto=newest.pk, confirmations=count)


def learn() -> bool:
    """Teach the reader what waits to be learnt, and note what it changed; whether it did.

    What changed is looked up among the most doubtful comments, the next ones of the list; then
    every comment is read again.
    """
    lesson = Lesson.objects.filter(otherwise__isnull=True).order_by("-pk").first()
    if lesson is None:
        return False
    rows = confirming.most_doubtful(LOOKED_AT)
    before = {row.id: (row.theme, row.polarity) for row in rows}
    after = read(waiting.these(list(before)))
    otherwise = sum((each.theme_id, each.polarity) != before[each.feedback_id] for each in after)
    with transaction.atomic():
        Lesson.objects.filter(otherwise__isnull=True).update(
            looked_at=len(after), otherwise=otherwise
        )
        read_again()
    return True
