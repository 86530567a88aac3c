"""The least that somebody does until a plan is in action: what the guide says of it is counted."""

from pathlib import Path
from typing import Any

import pytest

from tests import factories as f
from tests.plan import planned as p
from upturn.commitments.commands import draw_code
from upturn.plan.models import Plan, PlanState

pytestmark = pytest.mark.django_db
GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "plans.md"


class Counting:
    """Sends forms as a page does, and counts what is filled in by hand."""

    def __init__(self, here: p.Setting) -> None:
        self.client, self.sent, self.filled = f.signed_in(here.leader), 0, 0

    def send(self, path: str, *, fields: dict[str, Any] | None = None, **carried: Any) -> str:
        given = fields or {}
        answer = self.client.post(path, {"key": p.key(), **carried, **given})
        assert answer.status_code == 302, answer.content.decode()
        self.sent, self.filled = self.sent + 1, self.filled + len(given)
        return str(answer.headers["Location"])


def test_the_least_plan_takes_seven_forms_and_seven_fields_as_the_guide_says() -> None:
    here, today = p.Setting(), {"begins": "07:00", "ends": "23:00"}
    by = Counting(here)
    by.send(
        "/plans/new/",
        fields={"name": "Friday", "customers_id": here.guests.pk},
        code=draw_code(),
        **today,
    )
    plan = Plan.objects.get()
    at = f"/plans/{plan.ref}/"
    by.send(
        f"{at}question/", fields={"serve_first": "The kitchen"}, name=plan.name, turn=0, **today
    )
    by.send(f"{at}day/begin/", first="evening")
    moment = plan.moments.filter(name__icontains="food").earliest("at")
    meeting = {f"party-{here.floor.pk}": "direct"}
    by.send(f"{at}moments/{moment.ref}/parties/", fields=meeting, turn=moment.turn)
    lines = f"{at}moments/{moment.ref}/lines/"
    whose = {"party": here.floor.pk, "turn": 0}
    have = {"words": "Warm plates", "provider": here.kitchen.pk}
    by.send(lines, fields=have, column="have", **whose)
    by.send(lines, fields={"words": "Food comes hot"}, column="do", **whose)
    plan.refresh_from_db()
    by.send(f"{at}start/", turn=plan.turn)
    plan.refresh_from_db()
    assert plan.state == PlanState.STARTED
    assert (by.sent, by.filled) == (7, 7)
    assert "seven forms with seven fields" in " ".join(GUIDE.read_text("utf-8").split())
