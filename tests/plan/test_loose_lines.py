"""The first page of a plan names the first gaps and orphans of the day, and no others."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plan import planned as p
from upturn.plan.models import PlanLine
from upturn.plan.queries.lines import LineFilter, first_loose, lines_page

pytestmark = pytest.mark.django_db


@given(kinds=st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)), max_size=12))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_first_gaps_and_orphans_are_those_of_the_whole_list(
    kinds: list[tuple[bool, bool, int]],
) -> None:
    here = p.Setting()
    plan, have, do = p.ready(here)
    moments = [p.moment(here.leader, plan, at=at) for at in (500, 650, 800)]
    PlanLine.objects.bulk_create(
        PlanLine(
            plan=plan, moment=moments[at], ref=f"{plan.ref[:6]}x{n}", party=here.floor,
            column="have", words="w", edge=None if gap else have.edge,
            enables=None if orphan else do, position=n,
        )
        for n, (gap, orphan, at) in enumerate(kinds)
    )  # fmt: skip
    plan = p.fresh(plan)
    for most in (1, 5):
        shown = first_loose(plan, most=most)
        for found, chosen in zip(
            shown, (LineFilter(gap=True), LineFilter(orphan=True)), strict=True
        ):
            whole = lines_page(here.leader, plan, chosen).lines
            assert [each.ref for each in found] == [each.ref for each in whole[:most]]
