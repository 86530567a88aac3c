"""A plan begun with the cards of a closed workshop: two rooms that do not know each other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from upturn.graph import queries as graph
from upturn.loop.commands.planning import begin_plan
from upturn.loop.engine.errors import LoopError
from upturn.loop.queries.session import cards_for_a_plan
from upturn.loop.views.door import for_workshop
from upturn.plan.commands.from_cards import Begun, FirstCards, begin_with_cards
from upturn.plan.commands.opening import PlanDraft
from upturn.plan.engine import PlanError
from upturn.plan.forms.plans import named
from upturn.plan.forms.selects import LongSelect
from upturn.plan.queries.sight import may_open, plans_seen
from upturn.plan.templatetags.plan_words import in_words

if TYPE_CHECKING:
    from upturn.loop.models import Workshop
    from upturn.people.models import Person

SHOWN = 3
LETTERS = 60


class BeginForm(forms.Form):
    """All of it is filled in already: a press is enough where that is right."""

    name = forms.CharField(label=gettext_lazy("What you call the plan"), max_length=80)
    customers_id = forms.TypedChoiceField(
        label=gettext_lazy("Whose day it is about"), coerce=int, widget=LongSelect
    )
    party_id = forms.TypedChoiceField(
        label=gettext_lazy("Who is to be, do and have this"), coerce=int, widget=LongSelect
    )

    def __init__(self, *args: Any, viewer: "Person", workshop: "Workshop", **how: Any) -> None:
        party, customers = _likely(viewer, workshop)
        first = {"name": workshop.name, "customers_id": customers, "party_id": party}
        how |= {"initial": first, "auto_id": "plan_%s"}
        super().__init__(*args, **how)
        now = graph.snapshot()
        serving = graph.visible_parties(viewer) - now.customers
        self.fields["customers_id"].choices = named(now.customers)  # type: ignore[attr-defined]
        self.fields["party_id"].choices = named(serving)  # type: ignore[attr-defined]


def _likely(viewer: "Person", workshop: "Workshop") -> tuple[int | None, int | None]:
    """Give the workshop's party, or the first that serves a customer, and whom it serves."""
    now, seen = graph.snapshot(), graph.visible_parties(viewer)
    party = workshop.party_id
    if party in seen and party not in now.customers:
        above = now.way_up(party)[-1]
        return party, above if above in now.customers else None
    edges = (edge for edge in now.customers_first if edge.served_id in now.customers)
    known = [edge for edge in edges if edge.server_id in seen]
    return (known[0].server_id, known[0].served_id) if known else (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the page of a closed workshop shows: the plan that was begun, or how one begins.

    `moments` and `lines` count the cards that would come into it.
    """

    ref: str
    plan_ref: str
    sees_plan: bool
    moments: int
    lines: int
    form: BeginForm | None


def offer(viewer: "Person", workshop: "Workshop", *, form: BeginForm | None = None) -> Offer | None:
    """Give what to show; None to who opens no plans, and where no card is for one."""
    if not may_open(viewer):
        return None
    cards = cards_for_a_plan(viewer, workshop)
    if not cards and not workshop.plan_ref:
        return None
    moments = sum(card.plan == "moment" for card in cards)
    return Offer(
        ref=workshop.ref,
        plan_ref=workshop.plan_ref,
        sees_plan=plans_seen(viewer).filter(ref=workshop.plan_ref).exists(),
        moments=moments,
        lines=len(cards) - moments,
        form=None if workshop.plan_ref else form or BeginForm(viewer=viewer, workshop=workshop),
    )


@for_workshop
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, viewer: "Person", workshop: "Workshop") -> HttpResponse:
    """Begin a plan with the cards, or find the one that was begun; the form is on day 100."""
    if not may_open(viewer):
        raise Http404(_("Plans are opened by leaders, executives and facilitators. Ask one."))
    if request.method != "POST" or not (workshop.plan_ref or cards_for_a_plan(viewer, workshop)):
        return redirect("loop:day_100", ref=workshop.ref)
    if workshop.plan_ref:
        return _to_plan(request, viewer, workshop, workshop.plan_ref)
    form = BeginForm(request.POST, viewer=viewer, workshop=workshop)
    if form.is_valid():
        try:
            ref = begin_plan(viewer, workshop, lambda: _begun(request, viewer, workshop, form))
        except (PlanError, LoopError) as error:
            form.add_error(None, in_words(error))
        else:
            return _to_plan(request, viewer, workshop, ref)
    shown = {"workshop": workshop, "offer": offer(viewer, workshop, form=form)}
    return render(request, "house/workshop_plan.html", shown, status=400)


def _begun(request: HttpRequest, viewer: "Person", workshop: "Workshop", form: BeginForm) -> str:
    cards, given = cards_for_a_plan(viewer, workshop), form.cleaned_data
    first = FirstCards(
        moments=tuple(card.words for card in cards if card.plan == "moment"),
        lines=tuple(card for card in cards if card.plan != "moment"),
        party_id=given["party_id"],
        said_in=workshop.name,
    )
    draft = PlanDraft(
        name=given["name"], customers_id=given["customers_id"], code=f"workshop {workshop.ref}"
    )
    made = begin_with_cards(viewer, draft, first, today=timezone.localdate())
    _tell(request, made)
    return made.plan.ref


def _tell(request: HttpRequest, made: Begun) -> None:
    """Say what stands there now, and name what did not come along."""
    messages.success(request, _("Begun with the cards. Drop what is not wanted, line by line."))
    if made.kept:
        said = _("Left on the wall, for they touch what is to stay: %(cards)s. Write them at a "
                 "moment with your reason, if they are needed.")  # fmt: skip
        messages.warning(request, said % {"cards": _some(made.kept)})
    if made.early:
        said = _("Left on the wall, for no HAVE stands yet: %(cards)s.")
        messages.warning(request, said % {"cards": _some(made.early)})
    if made.over:
        said = ngettext(
            "%(n)d more card is left on the wall; it was too many for a beginning.",
            "%(n)d more cards are left on the wall; they were too many for a beginning.",
            made.over,
        )
        messages.warning(request, said % {"n": made.over})


def _some(cards: tuple[str, ...]) -> str:
    named_ = ", ".join(f"“{words[:LETTERS]}”" for words in cards[:SHOWN])
    more = len(cards) - SHOWN
    return f"{named_} (+{more})" if more > 0 else named_


def _to_plan(
    request: HttpRequest, viewer: "Person", workshop: "Workshop", ref: str
) -> HttpResponse:
    if plans_seen(viewer).filter(ref=ref).exists():
        return redirect("plan:lines", ref=ref)
    messages.error(request, _("A plan was begun with these cards. Ask its group for a seat."))
    return redirect("loop:day_100", ref=workshop.ref)
