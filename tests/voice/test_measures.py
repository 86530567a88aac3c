"""Weekly figures of parties and of edges, and how well somebody is served."""

from datetime import date

import pytest

from tests import factories as f
from tests.voice.said import heard, weeks_ago
from upturn.graph.engine import UnknownParty
from upturn.graph.models import Kind
from upturn.voice import commands, queries
from upturn.voice.engine import Better
from upturn.voice.models import Measure, MeasureWeek

pytestmark = pytest.mark.django_db


def record(**fields: object) -> commands.MeasureRecord:
    given = {"name": "served well", "week": date(2026, 11, 18), "value": 6.0, "n": 9} | fields
    return commands.MeasureRecord(**given)  # type: ignore[arg-type]


def test_a_measure_keeps_one_value_a_week_and_begins_on_monday() -> None:
    kitchen = f.party()
    assert commands.store_measures(None, [record(party=kitchen.key)]) == 1
    later = record(party=kitchen.key, name=" Served  Well ", week=date(2026, 11, 20), value=7.0)
    commands.store_measures(None, [later])
    assert Measure.objects.get().name == "served well"
    row = MeasureWeek.objects.get()
    assert (row.week, row.value) == (date(2026, 11, 16), 7.0)


def test_a_measure_keeps_its_direction_until_somebody_says_another() -> None:
    kitchen = f.party()

    def direction(**fields: object) -> str:
        commands.store_measures(None, [record(party=kitchen.key, **fields)])
        return Measure.objects.get().better

    assert direction(name="minutes") == "less"
    assert direction(name="minutes", better=Better.MORE) == "more"
    assert direction(name="Minutes ", value=3.0) == "more"
    assert direction(name="minutes", better=Better.LESS) == "less"


def test_a_measure_of_nobody_is_refused_whole_with_the_nearest_name() -> None:
    kitchen = f.party()
    rows = [record(party=kitchen.key), record(party=f"{kitchen.key}x")]
    with pytest.raises(UnknownParty, match=kitchen.key):
        commands.store_measures(None, rows)
    bar = f.party()
    with pytest.raises(commands.UnknownEdge, match="No edge"):
        commands.store_measures(None, [record(edge=(kitchen.key, bar.key))])
    assert not MeasureWeek.objects.exists()


def test_how_well_an_edge_is_served_follows_its_measure() -> None:
    floor, kitchen = f.party("Floor"), f.party("Kitchen")
    edge, viewer = f.serves(kitchen, floor), f.member(floor)

    def measured(value: float, *, weeks: int, **fields: object) -> None:
        of = {"edge": (kitchen.key, floor.key), "value": value} | fields
        rows = [record(week=weeks_ago(week), **of) for week in range(weeks)]
        commands.store_measures(None, rows)

    assert queries.edge_figures(viewer) == {}
    measured(6.0, weeks=9, n=4)
    few = queries.edge_figures(viewer)[edge.pk]
    assert (few.reason, few.needed, few.got) == ("too_few", 5, 4)
    measured(6.0, weeks=9)
    figure = queries.edge_figures(viewer)[edge.pk]
    assert (figure.value, figure.n) == (6.0, 72)
    assert queries.edge_figure(viewer, edge.pk) == figure
    measured(3.0, weeks=8, low=1, high=5)
    assert queries.edge_measures(viewer, edge.pk)[0].figure.value == 3.0


def test_an_edge_to_customers_carries_their_own_score() -> None:
    guests, floor, bar = f.party(kind=Kind.CUSTOMERS), f.party("Floor"), f.party("Bar")
    edge, other = f.serves(floor, guests), f.serves(bar, guests)
    point = f.touchpoint(customers=guests, servers=(floor,))
    heard(point, [6.0, 8.0, 7.0, 7.0, 7.0], week=weeks_ago(1))
    figures = queries.edge_figures(f.person())
    assert (figures[edge.pk].value, figures[edge.pk].n) == (7.0, 5)
    assert other.pk not in figures
    heard(point, [1.0] * 5, week=weeks_ago(1))
    assert queries.edge_figure(f.person(), edge.pk).value == 4.0


def test_guests_of_the_organisation_see_figures_of_their_own_edges_alone() -> None:
    ours, theirs = f.party(kind=Kind.PARTNER), f.party()
    mine, other = f.serves(ours, f.party()), f.serves(theirs, f.party())
    for edge in (mine, other):
        keys = (edge.server.key, edge.served.key)
        rows = [record(edge=keys, week=weeks_ago(w)) for w in range(3)]
        commands.store_measures(None, rows)
    guest = f.member(ours, role="guest")
    assert set(queries.edge_figures(guest)) == {mine.pk}
    assert queries.edge_figure(guest, other.pk) is None
    assert queries.party_measures(guest, theirs.pk) == []
