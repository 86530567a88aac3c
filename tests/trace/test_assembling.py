"""Weekly figures and the graph as the engine takes them."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.trace.organisation import LAST, WEEKS, built, measured, mondays, scored
from upturn.graph.models import Kind
from upturn.trace.queries import assemble, pack, unpack
from upturn.voice.models import MeasureWeek, TouchpointWeek

pytestmark = pytest.mark.django_db
FLAT = [7.0] * WEEKS


def column(assembled, key):
    return assembled.measures.value[:, assembled.graph.keys.index(key)]


def test_a_touchpoint_is_its_weekly_mean_and_too_few_scores_are_missing() -> None:
    point = f.touchpoint(customers=f.party(kind=Kind.CUSTOMERS))
    scored(point, np.linspace(5, 9, WEEKS))
    TouchpointWeek.objects.filter(week=mondays()[3]).update(scored=4, total=4 * 6.0)
    TouchpointWeek.objects.filter(week=mondays()[4]).update(scored=5, total=5 * 6.0)
    found = column(assemble(LAST), f"touchpoint:{point.key}")
    assert np.isnan(found[3])
    assert found[4] == pytest.approx(6.0)
    assert found[-1] == pytest.approx(9.0)


def test_weeks_after_the_last_are_not_looked_at() -> None:
    point = f.touchpoint(customers=f.party(kind=Kind.CUSTOMERS))
    scored(point, FLAT)
    found = assemble(LAST - timedelta(weeks=2))
    assert found.measures.weeks[-1] == mondays()[-3]
    assert found.scores[0][-1].week == mondays()[-3]
    assert found.measures.value.shape == (WEEKS, 1)


def test_a_party_is_the_mean_of_its_measures_with_higher_better() -> None:
    team = f.party("Dish room")
    rises = np.arange(WEEKS, dtype=float)
    measured(team, "plates ready", rises)
    measured(team, "minutes waited", 100 - 3 * rises, better="less")
    found = column(assemble(LAST), f"party:{team.key}")
    assert np.allclose(found, (rises - rises.mean()) / rises.std())


def test_how_well_it_is_served_tells_of_the_server_and_customers_of_their_touchpoints() -> None:
    guests, floor, kitchen = f.party(kind=Kind.CUSTOMERS), f.party(), f.party()
    rises = np.arange(WEEKS, dtype=float)
    measured(f.serves(kitchen, floor), "served well", rises)
    measured(f.serves(floor, guests), "served well", rises)
    measured(f.serves(floor, kitchen), "walks a day", rises)
    found = assemble(LAST)
    assert column(found, f"party:{kitchen.key}")[0] < 0
    assert np.isnan(column(found, f"party:{floor.key}")).all()


def test_a_week_with_too_few_answers_is_missing_and_a_constant_measure_stays() -> None:
    team, system = f.party(), f.party(kind=Kind.SYSTEM)
    measured(team, "served by tills", np.arange(WEEKS, dtype=float))
    MeasureWeek.objects.filter(week__in=mondays()[5:7]).update(n=4)
    measured(system, "days open", FLAT)
    found = assemble(LAST)
    assert np.isnan(column(found, f"party:{team.key}")[5:7]).all()
    assert (column(found, f"party:{system.key}") == 0).all()


def test_who_is_asked_every_other_week_speaks_of_both_beside_a_weekly_measure() -> None:
    """Alone, half of such a series would be made up, so the party counts as not measured."""
    kitchen, dishes, floor = f.party("Kitchen"), f.party("Dish room"), f.party("Floor")
    rises = np.arange(WEEKS, dtype=float)
    measured(kitchen, "plates", rises)
    for server in (kitchen, dishes):
        measured(f.serves(server, floor), "served well", rises)
    MeasureWeek.objects.filter(measure__name="served well", week__in=mondays()[1::2]).delete()
    found = assemble(LAST)
    with_plates = column(found, f"party:{kitchen.key}")
    assert (np.diff(with_plates) > 0).all()
    assert with_plates[0] == pytest.approx(-1.7, abs=0.1)
    assert np.isnan(column(found, f"party:{dishes.key}")).all()


def test_customers_are_there_by_their_touchpoints_alone() -> None:
    houses = built()
    found = assemble(LAST)
    keys, serves = found.graph.keys, found.graph.serves
    parties = {party.key for party in houses.parties.values() if party.kind != Kind.CUSTOMERS}
    points = {point.key for point in houses.points.values()}
    assert set(keys) == {f"party:{key}" for key in parties} | {f"touchpoint:{k}" for k in points}
    assert found.graph.touchpoint.sum() == len(points)
    kitchen = keys.index(f"party:{houses.parties['Kitchen at Mill'].key}")
    served = {keys[node] for node in np.flatnonzero(serves[kitchen])}
    floor, food = houses.parties["Floor at Mill"], houses.points["food at Mill"]
    assert served == {f"party:{floor.key}", f"touchpoint:{food.key}"}


def test_the_same_key_may_name_a_party_and_a_touchpoint() -> None:
    team = f.party()
    f.touchpoint(customers=f.party(kind=Kind.CUSTOMERS), key=team.key)
    assert {f"party:{team.key}", f"touchpoint:{team.key}"} <= set(assemble(LAST).graph.keys)


def test_what_was_packed_comes_back_exactly() -> None:
    built()
    found = assemble(LAST)
    measures, graph = unpack(pack(found))
    assert np.array_equal(measures.value, found.measures.value, equal_nan=True)
    assert measures.weeks == found.measures.weeks
    assert graph.keys == found.graph.keys
    assert (graph.serves == found.graph.serves).all()
    assert (graph.touchpoint == found.graph.touchpoint).all()


def test_more_of_everything_takes_no_more_queries() -> None:
    built()
    with CaptureQueriesContext(connection) as few:
        assemble(LAST)
    built(seed=4)
    with CaptureQueriesContext(connection) as many:
        assemble(LAST)
    assert len(many) <= len(few) <= 8
