"""Plain functions that make what a test is about, and nothing beside it."""

from datetime import date
from itertools import count
from typing import Any

from django.test import Client

from upturn.commitments import commands as commitments
from upturn.commitments.engine import Move
from upturn.commitments.models import Ask, RaisedAs
from upturn.graph import commands as graph
from upturn.graph.models import Kind, Party, Serves, Touchpoint, TouchpointServer
from upturn.people.models import Membership, Person, Role

TODAY = date(2026, 11, 23)
_numbers = count(1)


def person(name: str = "", *, role: str = Role.SERVER, **fields: Any) -> Person:
    n = next(_numbers)
    given = {"display_name": name or f"Person {n}", "username": f"person{n}"} | fields
    return Person.objects.create(role=role, **given)


def party(name: str = "", *, kind: str = Kind.TEAM, place: str = "") -> Party:
    n = next(_numbers)
    made = Party.objects.create(key=f"party-{n}", name=name or f"Party {n}", kind=kind, place=place)
    graph.touch()
    return made


def serves(server: Party, served: Party, *, what: str = "") -> Serves:
    edge = Serves.objects.create(server=server, served=served, what=what)
    graph.touch()
    return edge


def touchpoint(
    name: str = "", *, customers: Party, servers: tuple[Party, ...] = (), **fields: Any
) -> Touchpoint:
    n = next(_numbers)
    given = {"key": f"touchpoint-{n}", "name": name or f"Moment {n}", "code": f"code{n}"} | fields
    point = Touchpoint.objects.create(customers=customers, **given)
    for server in servers:
        TouchpointServer.objects.create(touchpoint=point, party=server)
    graph.touch()
    return point


def member(*parties: Party, name: str = "", role: str = Role.SERVER, leads: bool = False) -> Person:
    made = person(name, role=role)
    for one in parties:
        Membership.objects.create(person=made, party=one, leads=leads)
    return made


def signed_in(someone: Person) -> Client:
    client = Client()
    client.force_login(someone)
    return client


def raised(asker: Person, edge: Serves, *, words: str = "Tell us", **draft: Any) -> Ask:
    """An ask on ``edge``, raised on TODAY as a team unless said otherwise."""
    whole = commitments.Draft(
        **{"words": words, "raised_as": RaisedAs.TEAM, "code": commitments.draw_code()} | draft
    )
    return commitments.raise_ask(asker, edge=edge, draft=whole, today=TODAY)


def moved(someone: Person, ask: Ask, move: Move, *, today: date = TODAY, **content: Any) -> Ask:
    """The ask after ``someone`` made ``move``."""
    ask.refresh_from_db()
    given = commitments.Content(turn=ask.turn, **content)
    return commitments.take(someone, ask, move=move, content=given, today=today)
