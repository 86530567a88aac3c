"""What everybody reads of the graph, and who sees which part of it."""

from types import ModuleType

import pytest
from django.db import transaction

from upturn.graph import commands, queries
from upturn.graph.commands import PartyRecord, ServesRecord, TouchpointRecord
from upturn.graph.models import Party, Serves, Touchpoint
from upturn.people.models import Membership, Person, Role

pytestmark = pytest.mark.django_db

KINDS = {"guests": "customers", "till": "system", "farm": "partner"}
EDGES = [
    ("floor", "guests"),
    ("kitchen", "floor"),
    ("dishes", "kitchen"),
    ("till", "floor"),
    ("office", "till"),
    ("farm", "kitchen"),
]


@pytest.fixture
def mill():
    """A house in which only the till has nobody, and a form serves nobody."""
    keys = ["guests", "floor", "kitchen", "dishes", "till", "office", "farm", "form"]
    commands.store_organisation(
        None,
        parties=[PartyRecord(key=k, name=k.title(), kind=KINDS.get(k, "team")) for k in keys],
        serves=[ServesRecord(server=a, served=b) for a, b in EDGES],
        touchpoints=[
            TouchpointRecord(
                key="main-course",
                name="Main course",
                customers="guests",
                servers=(("floor", True), ("kitchen", False)),
            )
        ],
    )
    return {row.key: row.pk for row in Party.objects.all()}


def somebody(role=Role.SERVER, *, of=(), name="ana"):
    person = Person.objects.create(username=name, display_name=name.title(), role=role)
    for party in of:
        Membership.objects.create(person=person, party_id=party)
    return person


def edge_id(server, served):
    return Serves.objects.get(server__key=server, served__key=served).pk


def test_the_snapshot_knows_bands_and_distances(mill):
    now = queries.snapshot()
    assert now.distance == {
        mill["guests"]: 0,
        mill["floor"]: 1,
        mill["kitchen"]: 2,
        mill["till"]: 2,
        mill["dishes"]: 3,
        mill["office"]: 3,
        mill["farm"]: 3,
        mill["form"]: None,
    }
    assert now.layers.bands[:2] == ((mill["guests"],), (mill["floor"],))
    assert [e.served_id for e in now.up[mill["kitchen"]]] == [mill["floor"]]
    assert {e.server_id for e in now.down[mill["kitchen"]]} == {mill["dishes"], mill["farm"]}


def test_a_fresh_snapshot_costs_one_query(mill, django_assert_num_queries):
    first = queries.snapshot()
    with django_assert_num_queries(1):
        assert queries.snapshot() is first


def test_every_change_is_seen_at_once(mill):
    queries.snapshot()
    added = commands.add_party(None, name="Bar", kind="team")
    assert queries.snapshot().party[added.pk].name == "Bar"


def test_a_change_taken_back_is_not_seen(mill):
    before = set(queries.snapshot().party)
    with pytest.raises(RuntimeError), transaction.atomic():
        commands.add_party(None, name="Bar", kind="team")
        assert len(queries.snapshot().party) == len(before) + 1
        raise RuntimeError
    assert set(queries.snapshot().party) == before
    commands.add_party(None, name="Counter", kind="team")
    assert "Counter" in {row.name for row in queries.snapshot().party.values()}


@pytest.mark.parametrize("role", [role for role in Role if role != Role.GUEST])
def test_whoever_signs_in_sees_the_whole_graph(mill, role):
    viewer = somebody(role)
    assert queries.visible_parties(viewer) == set(mill.values())
    assert len(queries.visible_edges(viewer)) == len(EDGES)
    assert queries.party(viewer, "form").pk == mill["form"]


def test_a_guest_sees_what_the_own_party_takes_part_in(mill):
    farmer = somebody(Role.GUEST, of=[mill["farm"]])
    assert queries.visible_parties(farmer) == {mill["farm"], mill["kitchen"]}
    assert queries.visible_edges(farmer) == {edge_id("farm", "kitchen")}
    assert queries.edge(farmer, edge_id("farm", "kitchen")).served.key == "kitchen"
    with pytest.raises(Party.DoesNotExist):
        queries.party(farmer, "floor")
    with pytest.raises(Serves.DoesNotExist):
        queries.edge(farmer, edge_id("kitchen", "floor"))
    with pytest.raises(Touchpoint.DoesNotExist):
        queries.touchpoint(farmer, "main-course")


def test_a_guest_of_nobody_sees_nothing(mill):
    stranger = somebody(Role.GUEST)
    assert queries.visible_parties(stranger) == queries.visible_edges(stranger) == frozenset()


def test_somebody_who_left_sees_nothing(mill):
    gone = somebody(Role.EXECUTIVE)
    gone.is_active = False
    assert queries.visible_parties(gone) == frozenset()


def test_a_server_with_people_answers_for_its_edge(mill):
    somebody(of=[mill["kitchen"]])
    assert queries.answering(edge_id("kitchen", "floor")) == {mill["kitchen"]}


def test_whoever_serves_a_system_answers_for_it(mill):
    somebody(of=[mill["office"]])
    assert queries.answering(edge_id("till", "floor")) == {mill["office"]}


def test_a_server_without_people_above_nobody_answers_itself(mill):
    assert queries.answering(edge_id("till", "floor")) == {mill["till"]}


def test_a_circle_of_systems_ends(mill):
    till, office = (Party.objects.get(key=key) for key in ("till", "office"))
    commands.add_serves(None, server=till, served=office)
    assert queries.answering(edge_id("till", "floor")) == {mill["till"]}


def test_answered_by_is_the_inverse_of_answering(mill):
    somebody(of=[mill["office"], mill["kitchen"]])
    edges = queries.snapshot().edge
    for party in mill.values():
        expected = {edge for edge in edges if party in queries.answering(edge)}
        assert queries.answered_by(frozenset({party})) == expected


def test_who_serves_at_a_touchpoint_in_sight_first(mill):
    serving = queries.serving_at(somebody())[Touchpoint.objects.get().pk]
    assert [(row.key, direct) for row, direct in serving] == [("floor", True), ("kitchen", False)]


def test_servers_below_a_touchpoint_level_by_level(mill):
    levels = queries.servers_below(somebody(), Touchpoint.objects.get())
    assert [{row.key for row in level.parties} for level in levels] == [
        {"floor", "kitchen"},
        {"till", "dishes", "farm"},
        {"office"},
    ]
    assert {edge.id for edge in levels[2].edges} == {edge_id("office", "till")}


def test_those_who_serve_at_a_moment_are_seen_to_serve_each_other(mill):
    levels = queries.servers_below(somebody(), Touchpoint.objects.get())
    assert edge_id("kitchen", "floor") in {edge.id for edge in levels[1].edges}


def test_a_printed_code_opens_its_touchpoint(mill):
    point = Touchpoint.objects.get()
    assert queries.touchpoint_by_code(point.code) == point
    with pytest.raises(Touchpoint.DoesNotExist):
        queries.touchpoint_by_code("nothing")


def test_no_file_of_the_package_hides_a_function_of_the_same_name():
    assert not [n for n in queries.__all__ if isinstance(getattr(queries, n), ModuleType)]
