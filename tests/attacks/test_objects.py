"""What belongs to others stays as it is, whatever number, name or field somebody sends."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.test import Client

from tests.attacks.dump import Row, dump
from tests.attacks.scene import ROLES, Scene
from upturn.commitments.commands import draw_code
from upturn.commitments.models import Ask, Promise
from upturn.people.models import Invitation, Membership, Person

pytestmark = pytest.mark.django_db

EDITORS = frozenset({"leader", "executive", "administrator"})
BRING_IN = frozenset({"executive", "administrator"})
PLACING = frozenset({"leader", "executive", "administrator"})  # leader: of the kitchen
ADMINISTRATOR = frozenset({"administrator"})
# Sign-ins come and go, and whoever looked at an ask is noted; neither belongs to anybody else.
ASIDE = {"django_session", "record_readinglog"}


class Form(NamedTuple):
    """A form that changes something, and who may send it."""

    address: str
    data: dict[str, Any]
    may: frozenset[str]


def forms(scene: Scene) -> Iterator[Form]:
    yield from of_asks(scene)
    yield from of_people(scene)
    yield from of_the_graph(scene)


def of_asks(scene: Scene) -> Iterator[Form]:
    open_, kept, refused = (scene.asks[name].ref for name in ("open", "kept", "refused"))
    ticket, others = scene.asks["ticket"].ref, scene.asks["others"].ref
    ask = {"words": "a", "raised_as": "team", "code": draw_code()}
    promise = {"turn": 0, "what": "a", "who": "b", "sign": "c", "due_on": "2090-01-01"}
    nobody: frozenset[str] = frozenset()
    server, leader = frozenset({"server"}), frozenset({"leader"})
    yield Form(f"/edge/{scene.edges['kitchen'].pk}/ask/", ask, server)
    yield Form(f"/edge/{scene.edges['floor'].pk}/ask/", ask, nobody)
    yield Form(f"/asks/{open_}/promise/", promise, leader)
    yield Form(f"/asks/{open_}/ask_back/", {"turn": 0, "words": "a"}, leader)
    yield Form(f"/asks/{open_}/withdraw/", {"turn": 0}, server)
    yield Form(f"/asks/{refused}/insist/", {"turn": 1, "words": "a"}, nobody)  # the busser's own
    yield Form(f"/asks/{kept}/ask_again/", {"turn": 2, "words": "a"}, server)
    yield Form(f"/asks/{ticket}/judge/", {"turn": 1, "outcome": "worse"}, nobody)
    yield Form(f"/asks/{ticket}/judge/", {"turn": 1, "outcome": "worse", "code": "x"}, nobody)
    yield Form(f"/asks/{open_}/withdraw/", {"turn": 0, "code": scene.ticket}, nobody)
    yield Form(f"/asks/{others}/promise/", promise, nobody)
    yield Form(f"/asks/{others}/withdraw/", {"turn": 0}, frozenset({"stranger"}))


def of_people(scene: Scene) -> Iterator[Form]:
    nobody: frozenset[str] = frozenset()
    kitchen, floor = scene.parties["kitchen"].pk, scene.parties["floor"].pk
    cook, busser = scene.people["cook"].username, scene.people["busser"].username
    floors = scene.people["busser"].memberships.get().pk
    invite = {"role": "server", "uses": 1, "days": 1}
    yield Form("/people/invite/", invite | {"party": kitchen}, PLACING)
    yield Form("/people/invite/", invite | {"party": floor}, BRING_IN)
    yield Form("/people/invite/", invite | {"party": floor, "role": "administrator"}, ADMINISTRATOR)
    yield Form(f"/people/invitations/{scene.invitation.pk}/end/", {}, PLACING)
    yield Form(f"/people/memberships/{scene.membership.pk}/end/", {}, PLACING)
    yield Form(f"/people/memberships/{floors}/end/", {}, BRING_IN)
    yield Form(f"/people/{cook}/place/", {"party": floor}, BRING_IN)
    yield Form(f"/people/{busser}/place/", {"party": kitchen}, BRING_IN)
    yield Form(f"/people/{cook}/role/", {"role": "administrator"}, ADMINISTRATOR)
    yield Form(f"/people/{cook}/close/", {}, ADMINISTRATOR)
    yield Form(f"/people/{cook}/erase/", {}, nobody)  # only after the account is closed
    yield Form(f"/people/{cook}/way-back/", {}, ADMINISTRATOR)
    yield Form(f"/people/tokens/{scene.token.pk}/end/", {}, ADMINISTRATOR)
    key = {"name": "a", "scopes": "feedback:read"}
    yield Form("/people/tokens/", key, ADMINISTRATOR)


def of_the_graph(scene: Scene) -> Iterator[Form]:
    nobody: frozenset[str] = frozenset()
    edge = {"server": "the oven name", "served": "the floor name", "what": "heat"}
    moment = {"name": "a", "customers": "the guests name", "in_sight": "the floor name"}
    yield Form("/pyramid/party/", {"name": "a", "kind": "team"}, EDITORS)
    yield Form("/pyramid/serves/", edge, EDITORS)
    yield Form("/pyramid/touchpoint/", moment, EDITORS)
    yield Form(f"/edge/{scene.edges['oven'].pk}/let-go/", {}, EDITORS)
    yield Form(f"/edge/{scene.edges['kitchen'].pk}/let-go/", {}, nobody)  # asks were raised on it
    yield Form("/themes/", {"name": "a", "descriptions": "b"}, EDITORS | {"facilitator"})
    columns = {"becomes|Review": "text", "becomes|Date": "at", "becomes|Rating": "score"}
    columns |= {"scale": "1-5", "store": "yes"}
    yield Form(f"/bring-in/{scene.tried.ref}/", columns, BRING_IN)


def kept(scene: Scene) -> dict[str, list[Row]]:
    return {table: rows for table, rows in dump().tables.items() if table not in ASIDE}


@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_what_belongs_to_others(scene: Scene, role: str) -> None:
    client = Client()
    if role != "anonymous":
        sent = {"login": scene.people[role].username, "password": f"password of {role}"}
        client.post("/account/login/", sent)
        client.post("/account/reauthenticate/", sent)
    before = kept(scene)
    for form in forms(scene):
        cookies = client.cookies.copy()
        with transaction.atomic():
            status = client.post(form.address, form.data).status_code
            changed = kept(scene) != before
            transaction.set_rollback(True)
        client.cookies = cookies
        assert changed == (role in form.may), (form, status)
        assert changed or status in {302, 400, 403, 404, 409}, (form, status)


FOREIGN = {
    "id": 1,
    "pk": 1,
    "ref": "mine",
    "state": "settled",
    "turn": 7,
    "raised_by": 1,
    "raised_by_id": 1,
    "raised_on": "2020-01-01",
    "ticket_hash": "0" * 64,
    "edge": 1,
    "edge_id": 1,
    "made_by": 1,
    "uses_left": 999,
    "expires_on": "2099-01-01",
    "is_active": "",
    "is_superuser": "on",
    "is_staff": "on",
    "role": "administrator",
    "leads": "on",
    "party": 1,
    "person": 1,
    "day_100_on": "2020-01-01",
    "made_on": "2020-01-01",
    "done_on": "2020-01-01",
}


def test_fields_nobody_asked_for_are_not_taken(scene: Scene) -> None:
    ask = {"words": "a", "because": "", "raised_as": "person", "code": draw_code()}
    scene.client("server").post(f"/edge/{scene.edges['kitchen'].pk}/ask/", FOREIGN | ask)
    made = Ask.objects.get(words="a")
    assert (made.state, made.turn, made.edge_id) == ("asked", 0, scene.edges["kitchen"].pk)
    assert (made.raised_by, made.ticket_hash) == (scene.people["server"], "")
    assert made.raised_on.year > 2020

    promise = {"turn": 0, "what": "a", "who": "b", "sign": "c", "due_on": "2090-01-01"}
    scene.client("leader").post(f"/asks/{made.ref}/promise/", FOREIGN | promise)
    given = Promise.objects.get(ask=made)
    assert given.done_on is None
    assert given.made_on.year > 2020
    assert (given.day_100_on - given.made_on).days == 100

    join = {"display_name": "Al", "username": "albert", "password": "three long words"}
    Client().post(f"/join/{scene.link}/", FOREIGN | join | {"language": "en"})
    albert = Person.objects.get(username="albert")
    assert (albert.role, albert.is_active) == ("server", True)
    assert list(albert.memberships.values_list("party", "leads")) == [
        (scene.parties["kitchen"].pk, False)
    ]

    invite = {"party": scene.parties["kitchen"].pk, "role": "server", "uses": 2, "days": 1}
    scene.client("leader").post("/people/invite/", FOREIGN | invite)
    last = Invitation.objects.latest("pk")
    assert (last.uses_left, last.made_by, last.leads) == (2, scene.people["leader"], False)
    assert last.expires_on.year < 2099

    scene.client("server").post("/language/", FOREIGN | {"language": "de"})
    server = Person.objects.get(pk=scene.people["server"].pk)
    assert (server.role, server.language) == ("server", "de")


def test_a_leader_makes_nobody_more_than_a_leader(scene: Scene) -> None:
    client, kitchen = scene.client("leader"), scene.parties["kitchen"].pk
    for role in ("administrator", "executive", "facilitator"):
        sent = {"party": kitchen, "role": role, "uses": 1, "days": 1}
        assert client.post("/people/invite/", sent).status_code == 400
    for party in ("", scene.parties["floor"].pk, scene.parties["guests"].pk, 10**30):
        sent = {"party": party, "role": "server", "uses": 1, "days": 1}
        assert client.post("/people/invite/", sent).status_code == 400
    assert not Membership.objects.filter(party=scene.parties["guests"]).exists()


def test_a_key_acts_within_its_scopes_alone(scene: Scene) -> None:
    def status(scopes: str) -> int:
        scene.token.scopes = scopes
        scene.token.save()
        with_key = {"authorization": f"Bearer {scene.key}"}
        return Client().get("/api/feedback", headers=with_key).status_code

    assert status("feedback:read graph:read") == 200
    assert status("feedback:write measures:write graph:read asks:read") == 401
    assert status("feedback:readers") == 401
    assert status("") == 401
    scene.token.made_by.is_active = False
    scene.token.made_by.save()
    assert status("feedback:read") == 401


def test_a_sign_in_opens_no_door_of_the_interface(scene: Scene) -> None:
    client = scene.client("administrator")
    for headers in ({}, {"authorization": "Bearer "}, {"authorization": f"Basic {scene.key}"}):
        assert client.get("/api/feedback", headers=headers).status_code == 401
    assert client.get(f"/api/feedback?token={scene.key}").status_code == 401
