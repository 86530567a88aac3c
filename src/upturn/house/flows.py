"""Two guided ways: strategic improvement planning, and gap analysis, each telling where one is."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from upturn.house import flow_words as words
from upturn.house.flow_steps import (
    GAPS,
    FlowStep,
    GapFacts,
    PlanningFacts,
    Stand,
    planning_steps,
    steps_of,
)
from upturn.partners import queries as partners
from upturn.partners.queries.followed import compared, followed
from upturn.people.queries import may_read_words
from upturn.plan.engine import StepKey, steps
from upturn.plan.queries.followed import after_start
from upturn.plan.queries.plans import facts_of_plan
from upturn.plan.queries.sight import may_open, plans_seen
from upturn.plan.templatetags.plan_words import NAMES, step_sentence
from upturn.trace.queries.since import asks_with_trace

if TYPE_CHECKING:
    from upturn.partners.models import Wave
    from upturn.people.models import Person
    from upturn.plan.models import Plan

MOST = 20
T = TypeVar("T", "Plan", "Wave")


class Row(NamedTuple):
    """A step as it is shown."""

    name: str | Promise
    stand: Stand
    sentence: str
    url: str
    button: str | Promise


class Choice(NamedTuple):
    """A plan or a wave that one can follow."""

    ref: str
    name: str
    here: bool


class Flow(NamedTuple):
    """A way with its steps, what is followed, and what else could be."""

    key: str
    title: str | Promise
    of: str
    rows: tuple[Row, ...]
    choices: tuple[Choice, ...]

    @property
    def now(self) -> Row | None:
        """The step for now; None once all are done."""
        return next((row for row in self.rows if row.stand is Stand.NOW), None)

    @property
    def behind(self) -> int:
        """How many steps are done or were left open."""
        return sum(row.stand in {Stand.DONE, Stand.LEFT_OPEN} for row in self.rows)


@login_required
@require_safe
def flow(request: HttpRequest, name: str) -> HttpResponse:
    """Where in the process one stands, and the one thing to press next."""
    viewer = cast("Person", request.user)
    build = FLOWS.get(name)
    if build is None or not may_read_words(viewer):
        raise Http404(_("There is no such way, or it is not for you to see."))
    return render(request, "house/flow.html", {"flow": build(viewer, request.GET.get("of", ""))})


def _planning(viewer: "Person", ref: str) -> Flow:
    plans = list(plans_seen(viewer).order_by("-opened_on", "-pk")[:MOST])
    plan = _chosen(plans, ref)
    facts = _planning_facts(plan) if plan else PlanningFacts()
    own = {step.key.value: step for step in steps(facts.plan)}

    def row(step: FlowStep) -> Row:
        known = own.get(step.key)
        if known:
            name, said = NAMES[known.key], step_sentence(known, facts.plan)
        else:
            name, said = words.NAMES[step.key], words.PLANNING_SENTENCES[step.key](facts)
        url = _in_plan(viewer, plan, step.key)
        button = words.BUTTONS[step.key] if plan else gettext_lazy("Open a plan")
        return Row(name, step.stand, said, url, button)

    return Flow(
        "planning",
        gettext_lazy("Strategic improvement planning"),
        plan.name if plan else "",
        tuple(row(step) for step in planning_steps(facts)),
        tuple(Choice(each.ref, each.name, each is plan) for each in plans),
    )


def _planning_facts(plan: "Plan") -> PlanningFacts:
    after = after_start(plan)
    return PlanningFacts(
        plan=facts_of_plan(plan),
        acting=after.acting,
        readings=after.readings,
        read_on=after.read_on,
        started_on=plan.started_on,
    )


def _in_plan(viewer: "Person", plan: "Plan | None", key: str) -> str:
    if plan is None:
        opens = may_open(viewer) and key == StepKey.QUESTION
        return reverse("plan:new") if opens else ""
    views = {"asks": "plan:lines", "day_100": "plan:plan"}
    return reverse(views.get(key, f"plan:{key}"), args=[plan.ref])


def _gaps(viewer: "Person", ref: str) -> Flow:
    waves = list(partners.waves(viewer)[:MOST])
    wave = _chosen(waves, ref)
    facts = _gap_facts(viewer, wave) if wave else GapFacts()
    rows = tuple(
        Row(
            words.GAP_NAMES[step.key],
            step.stand,
            words.GAP_SENTENCES[step.key](facts),
            _in_gaps(viewer, wave, step.key),
            words.GAP_BUTTONS[step.key],
        )
        for step in steps_of(GAPS, facts)
    )
    return Flow(
        "gaps",
        gettext_lazy("Gap analysis"),
        wave.title if wave else "",
        rows,
        tuple(Choice(each.ref, each.title, each is wave) for each in waves),
    )


def _gap_facts(viewer: "Person", wave: "Wave") -> GapFacts:
    found = partners.published(viewer, wave.ref)
    if found is None:
        return GapFacts(wave=True)
    pairs, apart = compared(found)
    since = followed(viewer, found, since=found.closed_on)
    return GapFacts(
        wave=True,
        closed=True,
        compared=pairs,
        apart=apart,
        causes=since.causes + asks_with_trace(found.closed_on),
        asked=since.asked,
        promised=since.promised,
    )


def _in_gaps(viewer: "Person", wave: "Wave | None", key: str) -> str:
    fixed = {"instrument": "partners:instruments", "causes": "partners:barrier_name"}
    if key == "wave" and wave is None:
        return reverse("partners:wave_new") if partners.may_open_waves(viewer) else ""
    if key in {"wave", "answers"}:
        return reverse("partners:wave", args=[wave.ref]) if wave else ""
    if key in {"gap", "asks"}:
        return reverse("partners:gap_map", args=[wave.ref]) if wave else ""
    return reverse(fixed.get(key, "commitments:asks"))


def _chosen(rows: "list[T]", ref: str) -> "T | None":
    """Give the row that is asked for, the newest where none is; raise Http404 for another."""
    if not ref:
        return next(iter(rows), None)
    for row in rows:
        if row.ref == ref:
            return row
    raise Http404(_("There is no such plan or wave, or it is not for you to see."))


FLOWS: dict[str, Callable[["Person", str], Flow]] = {"planning": _planning, "gaps": _gaps}
