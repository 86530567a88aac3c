"""What a page says that somebody sees is what the deciding queries open."""

from datetime import timedelta
from itertools import combinations

import pytest
from django.utils import timezone

from tests.factories import member, party, person, raised, serves, signed_in
from upturn.commitments import queries as commitments
from upturn.commitments.models import Ask, RaisedAs
from upturn.house.sight import ask_edges, sight_of
from upturn.people import queries
from upturn.people.models import Role
from upturn.record import reading_log

pytestmark = pytest.mark.django_db


def chain() -> tuple[list, list]:
    """Guests, served by a floor, served by a kitchen, served by a machine of two technicians."""
    guests, floor, kitchen = party(kind="customers"), party("Floor"), party("Kitchen")
    machine, technicians = party("Oven", kind="system"), party("Technicians")
    edges = [serves(floor, guests), serves(kitchen, floor), serves(machine, kitchen),
             serves(technicians, machine)]  # fmt: skip
    return [floor, kitchen, technicians, machine], edges


@pytest.mark.parametrize("role", Role.values)
def test_the_edges_listed_are_those_whose_asks_open(role: str) -> None:
    teams, edges = chain()
    crowd = [member(team) for team in teams[:3]]
    for maker, edge in ((crowd[0], edges[1]), (crowd[1], edges[2])):
        raised(maker, edge)
    for n in range(4):
        for own in combinations(teams, n):
            somebody = member(*own, role=role)
            open_edges = set(commitments.visible(somebody).values_list("edge", flat=True))
            listed = {edge.pk for edge in edges} if queries.sees_every_ask(somebody) else set(
                ask_edges(somebody))  # fmt: skip
            asked = set(Ask.objects.values_list("edge", flat=True))
            assert listed & asked == open_edges
            assert sight_of(somebody)["asks"] == len(open_edges)


def test_a_page_tells_what_a_guest_and_an_administrator_do_not_see() -> None:
    teams, _edges = chain()
    guest = signed_in(member(teams[0], role=Role.GUEST)).get("/me/").content.decode()
    assert "3 parties: the own ones and those they touch" in guest
    assert "the role of a guest" in guest
    chief = signed_in(person(role=Role.ADMINISTRATOR)).get("/me/").content.decode()
    assert "all 5 parties" in chief
    assert "0 asks today, of the own teams" in chief


def test_who_opened_an_ask_is_named_to_the_side_that_asked_and_to_nobody_else() -> None:
    teams, edges = chain()
    maria, nadia = member(teams[0], name="Maria"), member(teams[1], name="Nadia")
    ask = raised(maria, edges[1], words="Warm plates")
    signed_in(nadia).get(f"/asks/{ask.ref}/")
    told = signed_in(maria).get("/readers/").content.decode()
    assert "Warm plates" in told
    assert "Nadia, " in told
    for other in (nadia, person(role=Role.ADMINISTRATOR), person(role=Role.EXECUTIVE)):
        assert "Nadia, " not in signed_in(other).get("/readers/").content.decode()


def test_a_ticket_names_no_reader() -> None:
    teams, edges = chain()
    maria, nadia = member(teams[0]), member(teams[1], name="Nadia")
    ask = raised(maria, edges[1], words="Warm plates", raised_as=RaisedAs.TICKET)
    signed_in(nadia).get(f"/asks/{ask.ref}/")
    assert "Nadia, " not in signed_in(maria).get("/readers/").content.decode()


@pytest.mark.parametrize(("people", "shown"), [(4, "4 people, 5 needed"), (5, "1 of 5")])
def test_readers_of_words_are_counted_from_five_people_on(people: int, shown: str) -> None:
    teams, _edges = chain()
    crowd = [member(teams[0], name=f"Reader {n}") for n in range(people)]
    today = timezone.localdate()
    for ref in ("table", "bar"):
        reading_log.note_reading(crowd[0].pk, kind="touchpoint", ref=ref, day=today)
    page = signed_in(crowd[1]).get("/readers/").content.decode()
    assert shown in " ".join(page.split())
    assert "Reader 0" not in page


def test_words_read_31_days_ago_do_not_count() -> None:
    day = timezone.localdate()
    for n, past in enumerate((29, 30, 31)):
        then = day - timedelta(days=past)
        reading_log.note_reading(n, kind="touchpoint", ref="table", day=then)
        reading_log.note_reading(9, kind="ask", ref="table", day=then)
    since = day - timedelta(days=30)
    assert reading_log.readers(kind="touchpoint", ref="", since=since) == {0, 1}
    assert reading_log.readers(kind="touchpoint", ref="table", since=since) == {0, 1}
    assert reading_log.readers(kind="touchpoint", ref="bar", since=since) == frozenset()
