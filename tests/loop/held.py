"""A workshop that is held, its phones, and what they hand in."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests import factories as f
from upturn.loop.commands import handing_in, joining, opening, stages
from upturn.loop.commands.drafts import Draft
from upturn.loop.commands.handing_in import Handed
from upturn.loop.engine import Script, StageMove, Step, StepKind
from upturn.loop.engine.script_writing import script_as_table
from upturn.loop.models import Workshop
from upturn.loop.queries.holders import Holder
from upturn.people.models import Person

# Far ahead: pages read the wall's clock, and must not find a test's two minutes over.
OPENED = datetime(2100, 11, 23, 9, 0, tzinfo=UTC)
TODAY = OPENED.date()
_numbers = count(1)


def moment(seconds: float) -> datetime:
    return OPENED + timedelta(seconds=seconds)


def facilitator() -> Person:
    return f.person(role="facilitator")


def held(host: Person | None = None, *, script: str = "solution_focused", **how: Any) -> Workshop:
    """A workshop that has not begun."""
    draft = opening.WorkshopDraft(key=f"w{next(_numbers)}", script=script, name="Mill", **how)
    return opening.open_workshop(host or facilitator(), draft, now=OPENED)


def held_with(host: Person, *steps: Step) -> Workshop:
    """A workshop over these steps, begun."""
    made = held(host)
    Workshop.objects.filter(pk=made.pk).update(script=script_as_table(script(*steps)))
    made.refresh_from_db()
    return opening.begin(host, made, now=OPENED)


def script(*steps: Step) -> Script:
    words = {"en": "Words"}
    return Script(
        language="en", name=words, purpose=words, objection=words, farewell=words, steps=steps
    )


def step(kind: StepKind = StepKind.QUESTION, **how: Any) -> Step:
    return Step(kind=kind, ask={"en": "What?"}, lead={}, then={}, hint={}, **how)


def phone(workshop: Workshop, **how: Any) -> Holder:
    return joining.join(workshop.code, **how).holder


def draft(step_at: int = 0, words: str = "Warm plates", **how: Any) -> Draft:
    n = next(_numbers)
    given = {"ref": f"{n:032x}", "key": f"key-of-a-card-{n:08d}"} | how
    return Draft(step=step_at, words=words, **given)


def hands_in(holder: Holder, step_at: int = 0, words: str = "Warm plates", **how: Any) -> Handed:
    return handing_in.hand_in(holder, draft(step_at, words, **how))


def moves(host: Person, workshop: Workshop, *keys: StageMove, seconds: float = 60.0) -> Workshop:
    for key in keys:
        workshop.refresh_from_db()
        workshop = stages.move(host, workshop, key, turn=workshop.turn, now=moment(seconds))
    return workshop
