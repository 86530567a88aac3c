"""Plans for tests, made the way the product makes them."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any

from tests import factories as f
from upturn.commitments.commands import draw_code
from upturn.graph.models import Kind, Party, Touchpoint
from upturn.people.models import Person, Role
from upturn.plan.commands import (
    acting,
    editing,
    leaders,
    opening,
    reading,
    rolling_out,
    targets,
)
from upturn.plan.commands.editing import Edit, LineWords, MomentWords, PlanWords
from upturn.plan.models import DayMoment, Plan, PlanLine, Question

if TYPE_CHECKING:
    from collections.abc import Mapping

_keys = count(1)
Word = Callable[[str], str]


def key() -> str:
    return f"key-{next(_keys)}"


class Setting:
    """Guests, a floor that serves them, a kitchen and a bakery that serve it; a floor's leader."""

    def __init__(self) -> None:
        self.guests = f.party("Guests", kind=Kind.CUSTOMERS)
        self.floor = f.party("Floor")
        self.kitchen = f.party("Kitchen")
        self.bakery = f.party("Bakery", kind=Kind.PARTNER)
        f.serves(self.floor, self.guests)
        f.serves(self.kitchen, self.floor)
        self.leader = f.member(self.floor, role=Role.LEADER, leads=True)


def plan_of(opener: Person, customers: Party, *, name: str = "Friday", **draft: Any) -> Plan:
    """A plan that is being made."""
    given = opening.PlanDraft(name=name, customers_id=customers.pk, code=draw_code(), **draft)
    return opening.open_plan(opener, given, today=f.TODAY)


def fresh(plan: Plan) -> Plan:
    """The plan as the next page reads it."""
    return Plan.objects.get(pk=plan.pk)


def answered(viewer: Person, plan: Plan, words: str = "Plates first") -> Plan:
    """The plan with its question answered."""
    plan.refresh_from_db()
    edit = Edit(key=key(), turn=plan.turn)
    return editing.save_plan(viewer, plan, PlanWords(serve_first=words), edit=edit)


def moment(
    viewer: Person, plan: Plan, *, at: int = 600, name: str = "Food", **more: Any
) -> DayMoment:
    """A moment of its day."""
    words = MomentWords(at=at, name=name, **more)
    return editing.save_moment(viewer, plan, words, edit=Edit(key=key()))


def line(
    viewer: Person, at: DayMoment, party: Party, column: str = "have", **more: Any
) -> PlanLine:
    """A line at a moment; a HAVE unless said otherwise."""
    anyway = more.pop("anyway", "")
    given = {"words": f"{column} something"} | more
    words = LineWords(column=column, party_id=party.pk, moment=at.ref, **given)
    return editing.save_line(viewer, at.plan, words, edit=Edit(key=key(), anyway=anyway))


def started(viewer: Person, plan: Plan) -> Plan:
    """The plan in action."""
    plan.refresh_from_db()
    return opening.start_plan(viewer, plan, turn=plan.turn, today=f.TODAY)


def ready(here: Setting) -> tuple[Plan, PlanLine, PlanLine]:
    """A plan that can start, its HAVE from the kitchen, and the DO that it enables."""
    plan = answered(here.leader, plan_of(here.leader, here.guests))
    food = moment(here.leader, plan)
    have = line(here.leader, food, here.floor, provider_id=here.kitchen.pk, words="Warm plates")
    do = line(here.leader, food, here.floor, "do", words="Bring food hot")
    return plan, have, do


def act(here: Setting, **more: Any) -> acting.Act:
    """With what a line goes into action, owned by floor and kitchen."""
    owners = ((here.floor.pk, "Mia"), (here.kitchen.pk, "Jo"))
    due_on = f.TODAY + timedelta(days=60)
    given: dict[str, Any] = {
        "turn": 0, "code": draw_code(), "due_on": due_on, "owners": owners,
    }  # fmt: skip
    return acting.Act(**given | more)


def in_scene(
    word: Word,
    opener: Person,
    parties: "Mapping[str, Party]",
    point: Touchpoint,
    *,
    today: date,
) -> dict[str, str]:
    """A plan in action with words of its own in every text field; its refs by kind."""
    draft = opening.PlanDraft(
        name=word("plan name")[:80],
        customers_id=parties["guests"].pk,
        code=draw_code(),
        place=word("place")[:80],
        serve_first=word("serve first"),
    )
    plan = opening.open_plan(opener, draft, today=today)
    words = MomentWords(
        at=600, name=word("plan moment")[:80], wants=word("wants")[:300], touchpoint_id=point.pk
    )
    at = editing.save_moment(opener, plan, words, edit=Edit(key=key()))
    opening.seat(opener, plan, person=opener, party_id=parties["kitchen"].pk)
    for column in ("have", "do"):
        provider = parties["oven"].pk if column == "have" else None
        made = editing.save_line(
            opener,
            plan,
            LineWords(
                words=word(f"{column} words")[:300],
                column=column,
                party_id=parties["kitchen"].pk,
                moment=at.ref,
                provider_id=provider,
            ),
            edit=Edit(key=key()),
        )
    looked_at = figures_in_scene(word, opener, plan, parties["kitchen"], today=today)
    for question in Question.values:
        said = word(f"answer on {question}")[:600]
        answer = leaders.Answer(party_id=parties["kitchen"].pk, question=question, words=said)
        leaders.say(opener, answer, today=today)
    opening.start_plan(opener, plan, turn=0, today=today)
    return {"plans": plan.ref, "moment": at.ref, "line": made.ref} | looked_at


def figures_in_scene(
    word: Word, opener: Person, plan: Plan, party: Party, *, today: date
) -> dict[str, str]:
    """An outcome, a unit, what else changed and a claim, with words of their own."""
    words = targets.OutcomeWords(
        pair=1, side="customer", source="score", unit=word("outcome unit")[:40]
    )
    outcome = targets.save_outcome(opener, plan, words, edit=Edit(key=key()))
    rolling_out.choose_units(opener, plan, places=(), parties=[party.pk])
    where, source = word("change where")[:80], word("claim source")
    reading.note_change(
        opener, plan, words=word("else changed")[:300], on=today, where=where, key=key()
    )
    reading.note_claim(
        opener, plan, words=word("claim words")[:300], source=source[:300], key=key()
    )
    return {"outcome": outcome.ref}
