"""Whether a change may be made at all, asked at the head of every command."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.plan.engine import Incomplete, NotYours, Protected, check_moment
from upturn.plan.models import DayMoment, Plan, PlanLine, PlanState
from upturn.plan.queries.protected import touched
from upturn.plan.queries.sight import may_edit
from upturn.record import journal

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.commands.edits import Edit

WORDS_MAX = 300
NAME_MAX = 80
ANSWER_MAX = 2_000
SHARED_MOST = 4
LATEST = 2_880
NEAR = timedelta(days=5 * 366)


def check_may_edit(viewer: "Person", plan: Plan) -> None:
    """Raise NotYours unless the viewer may change the plan as it stands now.

    The plan is read anew and held until the change is stored, so that two changes of one plan come
    one after the other.
    """
    plan.refresh_from_db(from_queryset=Plan.objects.select_for_update())
    if plan.state == PlanState.ENDED:
        raise NotYours(_("This plan has ended and stays as it is. Open a new one to go on."))
    if not may_edit(viewer, plan):
        raise NotYours(_("Only its group changes a plan. Ask whoever opened it for a seat."))


def checked(words: str, *, what: str, most: int = WORDS_MAX, needed: bool = True) -> str:
    """Give the words without blanks around them.

    Raises
    ------
    Incomplete
        If there are none or too many.
    """
    found = " ".join(words.replace("\0", " ").split())
    if needed and not found:
        raise Incomplete(_("Missing: %(part)s.") % {"part": what})
    if len(found) > most:
        raise Incomplete(
            _("Too long: %(part)s ends at %(most)d characters.") % {"part": what, "most": most}
        )
    return found


def check_answer(plan: Plan | None, words: str) -> str:
    """Give the answer to the question at a plan's head; once in action, a plan stands on one."""
    answer = words.replace("\0", " ").strip()
    if len(answer) > ANSWER_MAX:
        raise Incomplete(_("The answer ends at %(most)d characters.") % {"most": ANSWER_MAX})
    if not answer and plan and plan.state != PlanState.DRAFT:
        raise Incomplete(_("The plan was started on this answer. Put another in its place."))
    return answer


def check_day(plan: Plan, *, day_from: int, day_until: int) -> None:
    """Refuse a day that ends before it begins, or leaves a moment outside."""
    if not 0 <= day_from < day_until <= LATEST:
        raise Incomplete(_("A day ends after it begins, and within 48 hours."))
    if (day_from, day_until) != (plan.day_from, plan.day_until):
        for at in plan.moments.values_list("at", flat=True):
            check_moment(at, day_from=day_from, day_until=day_until)


def check_near(plan: Plan, day: date) -> date:
    """Give the day, if figures can lie about it: within five years of the day of opening."""
    if abs(day - plan.opened_on) > NEAR:
        raise Incomplete(_("Choose a day within five years of the day this plan was opened."))
    return day


def check_seen(viewer: "Person", party_id: int | None) -> int:
    """Give the party, if the viewer may know of it; raise Incomplete else."""
    if party_id is None or party_id not in graph.visible_parties(viewer):
        raise Incomplete(_("There is no such party, or it is not for you to see."))
    return party_id


def check_protected(moment: DayMoment, anyway: str) -> None:
    """Warn when something is touched that works well enough (S4.16); a reason lets it through."""
    if moment.well_enough and not anyway.strip():
        raise Protected(
            _("“%(moment)s” works well enough and is to stay. Say why you touch it all the same.")
            % {"moment": moment.name},
            why=moment.well_enough,
        )


def check_kept(
    viewer: "Person", words: str, *, parties: tuple[int | None, ...], anyway: str
) -> None:
    """Warn when a line touches what a workshop wants to stay (S4.16); a reason lets it through."""
    found = None if anyway.strip() else touched(viewer, words, parties)
    if found is None:
        return
    kept, shared = found
    said = _(
        "“%(kept)s” works well enough and is to stay, as %(said_in)s said. Your line speaks of "
        "%(shared)s too. Say why you touch it all the same."
    )
    named = ", ".join(f"“{word}”" for word in shared[:SHARED_MOST])
    told = {"kept": kept.words[:NAME_MAX], "said_in": kept.said_in, "shared": named}
    raise Protected(said % told, why=f"{kept.words} ({kept.said_in})")


def tell_why(viewer: "Person", plan: Plan, edit: "Edit") -> None:
    """Keep the reason for taking out what was to stay where it cannot be taken back."""
    why = checked(edit.anyway, what=_("why you touch it"), needed=False)
    if why:
        what = "take out what was to stay"
        journal.write(
            what, subject_kind="plan", subject_ref=plan.ref, actor_id=viewer.pk, detail=why[:200]
        )


def moment_of(plan: Plan, ref: str) -> DayMoment:
    """Find a moment of the plan; raise Incomplete when it is gone."""
    try:
        return plan.moments.get(ref=ref)
    except ObjectDoesNotExist as error:
        raise Incomplete(_("This moment is no longer in the plan.")) from error


def line_of(plan: Plan, ref: str) -> PlanLine:
    """Find a line of the plan; raise Incomplete when it is gone."""
    try:
        return plan.lines.get(ref=ref)
    except ObjectDoesNotExist as error:
        raise Incomplete(_("This line is no longer in the plan.")) from error
