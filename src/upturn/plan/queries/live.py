"""Which plans' changes a viewer hears of."""

from typing import TYPE_CHECKING

from upturn.plan.models import PlanState
from upturn.plan.queries.sight import plans_seen

if TYPE_CHECKING:
    from upturn.people.models import Person


def topic(ref: str) -> str:
    """Name under which changes of a plan are told."""
    return f"plan:{ref}"


def topics_of_plans(viewer: "Person") -> set[str]:
    """Topics of all plans in the viewer's sight that can still change."""
    refs = plans_seen(viewer).exclude(state=PlanState.ENDED).values_list("ref", flat=True)
    return {topic(ref) for ref in refs}
