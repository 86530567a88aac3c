"""What works flows out: an approved story becomes a practice card, and is taken down again."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import check_may_run, written
from upturn.loop.commands.refusals import told
from upturn.loop.engine.errors import Incomplete, NotYours
from upturn.loop.models import Practice, Workshop, WorkshopState
from upturn.loop.queries.practices import approved, may_take_down
from upturn.record import journal
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person


def put_up(viewer: "Person", workshop: Workshop, story: str, *, today: date) -> Practice:
    """Make a story of a closed workshop a practice card, if its nominee said so; again, the same.

    Raises
    ------
    NotYours
        If the viewer does not hold the workshop.
    Incomplete
        If the workshop is open, or its nominee has not let the story go further.
    """
    check_may_run(viewer, workshop)

    def work() -> Practice:
        row = Workshop.objects.defer("script").get(pk=workshop.pk)
        if row.state == WorkshopState.OPEN:
            raise Incomplete(told(_("Close the workshop first; then its stories can go out.")))
        found = (
            approved(row).select_for_update(of=("self",)).filter(ref=story, further=True).first()
        )
        if found is None or found.card is None:
            said = _("There is no such story here that whoever tells it has let go further.")
            raise Incomplete(told(said))
        defaults = {"ref": ref_of(f"practice {found.ref}"), "put_up_on": today}
        card, new = Practice.objects.get_or_create(story=found.card, defaults=defaults)
        if not new and card.taken_down_on is None:
            return card
        card.taken_down_on = None
        card.save(update_fields=["taken_down_on"])
        _note(viewer, "put up practice card", card.ref)
        return card

    return written(work)


def put_down(viewer: "Person", ref: str, *, down: bool, today: date) -> bool:
    """Take a practice card down, or put it back; say whether there is such a card.

    Raises
    ------
    NotYours
        If the viewer may not.
    """
    if not may_take_down(viewer):
        raise NotYours(told(_("Practice cards are taken down by those who lead or facilitate.")))

    def work() -> bool:
        Practice.objects.filter(taken_down_on__lt=today).delete()
        rows = Practice.objects.filter(ref=ref)
        if rows.filter(taken_down_on__isnull=down).update(taken_down_on=today if down else None):
            _note(viewer, f"{'take down' if down else 'put back'} practice card", ref)
        return rows.exists()

    return written(work)


def take_down_story(viewer: "Person", workshop: Workshop, story: str, *, today: date) -> None:
    """Take the card of a story down again, from the page of its workshop; raises as `put_up`."""
    check_may_run(viewer, workshop)
    card = Practice.objects.filter(story__workshop=workshop, story__nomination__ref=story).first()
    if card is None:
        raise Incomplete(told(_("This story is no practice card.")))
    put_down(viewer, card.ref, down=True, today=today)


def _note(viewer: "Person", verb: str, ref: str) -> None:
    journal.write(verb, subject_kind="card", subject_ref=ref, actor_id=viewer.pk)
