"""What every change of the graph promises."""

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upturn.graph import commands
from upturn.graph.commands import PartyRecord, ServesRecord, TouchpointRecord
from upturn.graph.engine import ServesItself, UnknownParty
from upturn.graph.models import GraphVersion, Party, Serves, Touchpoint, TouchpointServer
from upturn.people.models import Person, Role
from upturn.record.models import JournalEntry, OutboxEvent

pytestmark = pytest.mark.django_db

GUESTS = PartyRecord(key="guests", name="Dinner guests", kind="customers", place="Mill")
FLOOR = PartyRecord(key="floor", name="Floor", kind="team", place="Mill")
KITCHEN = PartyRecord(key="kitchen", name="Kitchen", kind="team", place="Mill")
DISHES = ServesRecord(server="kitchen", served="floor", what="plates every dish")
FIRST_COURSE = TouchpointRecord(
    key="first-course",
    name="First course",
    customers="guests",
    servers=(("floor", True), ("kitchen", False)),
)


def store(actor=None, **changes):
    records = {
        "parties": [GUESTS, FLOOR, KITCHEN],
        "serves": [DISHES],
        "touchpoints": [FIRST_COURSE],
    }
    return commands.store_organisation(actor, **{**records, **changes})


def somebody(role):
    return Person.objects.create(username=role, display_name=role.title(), role=role)


def everything():
    tables = (Party, Serves, Touchpoint, TouchpointServer, JournalEntry, OutboxEvent, GraphVersion)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_an_organisation_is_stored_whole_and_journalled_once():
    assert store().total == (8, 0, 0)
    assert Serves.objects.get(server__key="kitchen").what == "plates every dish"
    entry = JournalEntry.objects.get()
    assert (entry.verb, entry.subject_kind, entry.detail) == (
        "stored",
        "organisation",
        "added 8, changed 0",
    )


def test_the_same_organisation_twice_leaves_no_trace():
    store()
    before = everything()
    assert store().total == (0, 0, 8)
    assert everything() == before


def test_a_changed_record_changes_its_row_and_keeps_its_key():
    store()
    kept = Party.objects.get(key="kitchen").pk
    renamed = PartyRecord(key="kitchen", name="Hot kitchen", kind="team", place="Mill")
    assert store(parties=[GUESTS, FLOOR, renamed]).parties == (0, 1, 2)
    assert Party.objects.get(name="Hot kitchen").pk == kept


def test_what_a_file_does_not_name_stays():
    store()
    store(parties=[GUESTS], serves=[], touchpoints=[])
    assert Party.objects.count() == 3
    assert TouchpointServer.objects.count() == 2


def test_who_serves_at_a_touchpoint_becomes_what_its_record_says():
    store()
    before = GraphVersion.objects.get().number
    only_floor = TouchpointRecord(
        key="first-course", name="First course", customers="guests", servers=(("floor", True),)
    )
    assert store(touchpoints=[only_floor]).serving == (0, 1, 1)
    assert TouchpointServer.objects.get().party.key == "floor"
    assert GraphVersion.objects.get().number > before


def test_a_printed_code_survives_every_import():
    store()
    code = Touchpoint.objects.get().code
    store(touchpoints=[TouchpointRecord(key="first-course", name="Starters", customers="guests")])
    assert Touchpoint.objects.get().code == code


def test_whoever_serves_in_the_customers_sight_serves_the_customers():
    store()
    assert set(Serves.objects.values_list("server__key", "served__key")) == {
        ("kitchen", "floor"),
        ("floor", "guests"),
    }


def test_a_said_edge_keeps_its_words_beside_the_touchpoint():
    said = ServesRecord(server="floor", served="guests", what="brings every dish")
    store(serves=[said])
    store(serves=[])
    assert Serves.objects.get(server__key="floor").what == "brings every dish"


def test_an_unknown_party_is_named_with_the_nearest_and_nothing_is_stored():
    with pytest.raises(UnknownParty, match="kitchn") as refusal:
        store(serves=[ServesRecord(server="kitchn", served="floor")])
    assert refusal.value.nearest == ("kitchen",)
    assert everything() == [[], [], [], [], [], [], []]


def test_nobody_serves_itself():
    with pytest.raises(ServesItself):
        store(serves=[ServesRecord(server="floor", served="floor")])
    assert not Party.objects.exists()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda p: p[0] != p[1]), unique=True
    )
)
def test_storing_again_never_changes_anything(pairs):
    parties = [PartyRecord(key=f"p{i}", name=f"Party {i}", kind="team") for i in range(6)]
    serves = [ServesRecord(server=f"p{a}", served=f"p{b}") for a, b in pairs]
    commands.store_organisation(None, parties=parties, serves=serves)
    before = everything()
    again = commands.store_organisation(None, parties=parties, serves=serves[::-1])
    assert again.total.added == again.total.changed == 0
    assert everything() == before


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.SERVER, False),
        (Role.LEADER, True),
        (Role.EXECUTIVE, True),
        (Role.FACILITATOR, False),
        (Role.ADMINISTRATOR, True),
        (Role.GUEST, False),
    ],
)
def test_who_may_draw(role, may):
    actor = somebody(role)
    if may:
        commands.add_party(actor, name="Bar", kind="team")
        assert JournalEntry.objects.get().actor_id == actor.pk
    else:
        with pytest.raises(PermissionDenied):
            commands.add_party(actor, name="Bar", kind="team")
        assert everything() == [[], [], [], [], [], [], []]


def test_two_parties_of_one_name_get_two_keys():
    first = commands.add_party(None, name="Küche", kind="team", place="Mühle")
    second = commands.add_party(None, name="Küche", kind="team", place="Mühle")
    third = commands.add_party(None, name="المطبخ", kind="team")
    assert first.key == "muhle-kuche"
    assert len({first.key, second.key, third.key}) == 3


def test_an_edge_said_again_takes_the_new_words():
    store()
    kitchen, floor = Party.objects.get(key="kitchen"), Party.objects.get(key="floor")
    edge = commands.add_serves(None, server=kitchen, served=floor, what="hot plates")
    assert Serves.objects.get(server=kitchen, served=floor) == edge
    assert Serves.objects.get(pk=edge.pk).what == "hot plates"


def test_a_touchpoint_comes_last_in_the_day_of_its_place():
    store()
    guests, floor = Party.objects.get(key="guests"), Party.objects.get(key="floor")
    points = [
        commands.add_touchpoint(
            None, name=name, customers=guests, place="Mill", servers=[(floor, True)]
        )
        for name in ("Dessert", "Bill")
    ]
    assert [point.position for point in points] == [0, 1]
    assert points[0].code != points[1].code


def test_every_change_gives_a_version_that_was_never_there():
    numbers = []
    for name in ("Bar", "Counter", "Host stand"):
        commands.add_party(None, name=name, kind="team")
        numbers.append(GraphVersion.objects.get().number)
    assert numbers == sorted(set(numbers))
