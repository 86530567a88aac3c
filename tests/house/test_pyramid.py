"""The pyramid, a party and an edge as pages: what they say, to whom, and at what price."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as make
from upturn.graph import commands as graph
from upturn.graph import queries
from upturn.graph.commands import PartyRecord, ServesRecord
from upturn.graph.models import Kind, Party, Serves
from upturn.people.models import Role
from upturn.voice.models import Measure, MeasureWeek, TouchpointWeek
from upturn.voice.queries import SERVED_WELL, monday

pytestmark = pytest.mark.django_db


class House:
    """A small house: dinner guests, floor, kitchen, dish room, and a form that serves nobody."""

    def __init__(self):
        self.guests = make.party("Dinner guests", kind=Kind.CUSTOMERS, place="Mill")
        self.floor = make.party("Floor", place="Mill")
        self.kitchen = make.party("Kitchen", place="Mill")
        self.dishes = make.party("Dish room", place="Mill")
        self.form = make.party("Variance form", kind=Kind.SYSTEM)
        self.top = make.serves(self.floor, self.guests, what="brings every dish")
        self.middle = make.serves(self.kitchen, self.floor, what="plates every dish")
        self.low = make.serves(self.dishes, self.kitchen, what="warm plates")
        self.lost = make.serves(self.kitchen, self.form, what="eleven columns of figures")


@pytest.fixture
def mill():
    return House()


def measured(edge, *values, n=9):
    """Weeks of "served well", the last one this week."""
    measure = Measure.objects.create(edge=edge, name=SERVED_WELL, low=0, high=10)
    newest = monday(timezone.localdate())
    for back, value in enumerate(reversed(values)):
        week = newest - timedelta(weeks=back)
        MeasureWeek.objects.create(measure=measure, week=week, value=value, n=n)
    return measure


def page(person, url):
    answer = make.signed_in(person).get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def edge_url(edge):
    return f"/edge/{edge.pk}/"


def test_a_stranger_signs_in_first(mill):
    for url in ("/pyramid/", f"/party/{mill.floor.key}/", edge_url(mill.top), "/pyramid/edges.csv"):
        assert Client().get(url).status_code == 302


def test_without_figures_the_heading_says_how_far_the_furthest_is(mill):
    html = page(make.person(), "/pyramid/")
    assert "The furthest from them is 3 steps below:</b> Dish room at Mill" in html
    assert "No path up is measured yet." in html


def test_with_figures_the_heading_names_the_thinnest_path(mill):
    measured(mill.middle, 6.0, 6.2, 6.1)
    measured(mill.low, 4.0, 4.2, 4.1)
    html = page(make.person(), "/pyramid/?place=Mill")
    assert "runs from Dish room through Kitchen and Floor to Dinner guests" in html
    assert "<b>4.1</b>" in html
    assert html.count('class="lb"') == 2 * 3 + 1  # three edges, two pictures, and the key


def test_every_edge_and_party_of_the_picture_opens(mill):
    html = page(make.person(), "/pyramid/?place=Mill")
    picture = html[html.index('<svg class="wide-only"') : html.index('<svg class="phone-only"')]
    for edge in (mill.top, mill.middle, mill.low):
        assert f'href="{edge_url(edge)}"' in picture
    for party in (mill.guests, mill.floor, mill.kitchen, mill.dishes):
        assert f'href="/party/{party.key}/"' in picture


def test_thickness_is_how_well_the_side_above_is_served(mill):
    measured(mill.middle, 9.0, 9.0, 9.0)
    measured(mill.low, 4.0, 4.0, 4.0)
    html = page(make.person(), "/pyramid/?place=Mill")
    width = {
        edge: float(html.split(f'href="{edge_url(edge)}"')[1].split('"lh" stroke-width="')[1][:3])
        for edge in (mill.middle, mill.low)
    }
    assert width[mill.middle] > width[mill.low] == 1.5


def test_too_few_answers_leave_a_dotted_line_and_a_reason(mill):
    measured(mill.middle, 6.0, 6.2, 6.1)
    measured(mill.low, 2.0, n=4)
    html = page(make.person(), "/pyramid/?place=Mill&page=1")
    assert 'class="le"' in html.split(f'href="{edge_url(mill.low)}"')[1][:400]
    assert "4 answers, 5 needed" in html
    assert "<b>2.0</b>" not in html


def test_loose_ends_are_listed(mill):
    lonely = make.touchpoint("The way out", customers=mill.guests)
    bar = make.party("Bar", place="Mill")
    make.serves(bar, mill.floor)
    make.serves(mill.floor, bar)
    html = page(make.person(), "/pyramid/")
    loose = html[html.index('id="loose"') :]
    assert "Variance form" in loose
    assert f'href="{edge_url(mill.lost)}"' in loose
    assert lonely.name in loose
    assert "Mutual service: each serves the other" in loose


def test_an_organisation_without_loose_ends_is_told_so():
    guests, floor = make.party("Guests", kind=Kind.CUSTOMERS), make.party("Floor")
    make.serves(floor, guests)
    assert "Every party serves somebody" in page(make.person(), "/pyramid/")


def test_nothing_drawn_yet_offers_the_first_step():
    assert "/pyramid/party/" in page(make.person(role=Role.LEADER), "/pyramid/")
    assert "/pyramid/party/" not in page(make.person(), "/pyramid/")


def test_a_place_shows_its_own_and_those_who_serve_it(mill):
    office = make.party("Office")
    make.serves(office, mill.dishes)
    elsewhere = make.party("Floor", place="Harbour")
    make.serves(elsewhere, make.party("Harbour guests", kind=Kind.CUSTOMERS, place="Harbour"))
    html = page(make.person(), "/pyramid/?place=Mill")
    assert f"/party/{office.key}/" in html
    assert f"/party/{elsewhere.key}/" not in html


def test_a_place_that_is_not_there_is_not_found(mill):
    client = make.signed_in(make.person())
    assert client.get("/pyramid/?place=Atlantis").status_code == 404


def test_a_guest_sees_the_own_edges_and_nothing_else(mill):
    farm = make.party("Farm", kind=Kind.PARTNER)
    own = make.serves(farm, mill.kitchen, what="lettuce")
    farmer = make.member(farm, role=Role.GUEST)
    html = page(farmer, "/pyramid/")
    assert f'href="{edge_url(own)}"' in html
    for hidden in (mill.floor, mill.dishes, mill.form, mill.guests):
        assert hidden.name not in html
    client = make.signed_in(farmer)
    for url in (f"/party/{mill.floor.key}/", edge_url(mill.middle), "/pyramid/?place=Harbour"):
        assert client.get(url).status_code == 404
    assert "Farm" in page(farmer, f"/party/{mill.kitchen.key}/")
    assert mill.floor.name not in page(farmer, f"/party/{mill.kitchen.key}/")
    assert mill.floor.key not in page(farmer, "/pyramid/edges.csv")


def test_a_guest_does_not_see_what_two_served_parties_share(mill):
    farm = make.party("Farm", kind=Kind.PARTNER)
    make.serves(farm, mill.kitchen)
    make.serves(farm, mill.floor)
    farmer = make.member(farm, role=Role.GUEST)
    assert edge_url(mill.middle) not in page(farmer, "/pyramid/")
    table = make.signed_in(farmer).get("/pyramid/edges.csv").content.decode()
    assert f"{mill.kitchen.key},{mill.floor.key}" not in table


def test_a_large_organisation_opens_at_the_viewers_place():
    parties = [PartyRecord(key="guests", name="Guests", kind="customers")]
    serves = []
    for place in ("Harbour", "Mill", "Orchard"):
        for i in range(40):
            key = f"{place}-{i}".lower()
            parties.append(PartyRecord(key=key, name=f"Team {i}", kind="team", place=place))
            serves.append(ServesRecord(server=key, served="guests"))
    graph.store_organisation(None, parties=parties, serves=serves)
    viewer = make.member(Party.objects.get(key="mill-3"))
    scope = queries.scope(viewer)
    assert scope.place == "Mill"
    assert len(scope.drawn) == 41
    whole = queries.scope(viewer, place="")
    assert len(whole.parties) == 121
    assert len(whole.drawn) == 60
    html = page(viewer, "/pyramid/?place=")
    assert "121 parties belong here; 60 are drawn" in html
    assert "those nearest to Team 3 at Mill" in html
    assert "page 1 of 3" in html


def test_a_picture_never_hides_the_way_up():
    """Whoever is drawn of a large graph stands as far from a customer as in the whole."""
    keys = [f"p{i}" for i in range(150)]
    parties = [PartyRecord(key="guests", name="Guests", kind="customers")]
    parties += [PartyRecord(key=key, name=key, kind="team") for key in keys]
    serves = [ServesRecord(server=keys[0], served="guests")]
    serves += [ServesRecord(server=keys[i], served=keys[(i - 1) // 2]) for i in range(1, 150)]
    graph.store_organisation(None, parties=parties, serves=serves)
    now = queries.snapshot()
    scope = queries.scope(make.member(Party.objects.get(key="p100")), place="")
    assert all(set(now.way_up(party)) <= scope.drawn for party in scope.drawn)


def test_the_table_of_edges_goes_out_with_formulas_escaped(mill):
    make.serves(make.party("=cmd()"), mill.floor, what="=HYPERLINK(1)")
    measured(mill.low, 4.0, 4.2, 4.1)
    answer = make.signed_in(make.person()).get("/pyramid/edges.csv")
    table = answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"] == 'attachment; filename="serves.csv"'
    assert "'=HYPERLINK(1)" in table
    assert table.splitlines()[1].startswith(f"{mill.floor.key},{mill.guests.key},brings every dish")
    assert f"{mill.dishes.key},{mill.kitchen.key},warm plates,direct,4.1" in table


def test_a_party_says_whom_it_serves_and_how_far_a_customer_is(mill):
    html = page(make.person(), f"/party/{mill.kitchen.key}/")
    assert "Kitchen at Mill serves 2 parties. <b>Customers are 2 steps away.</b>" in html
    for edge in (mill.middle, mill.low, mill.lost):
        assert f'href="{edge_url(edge)}"' in html
    way = html[html.index('id="way"') : html.index("One of the shortest")]
    assert way.index("Dinner guests") < way.index("Floor") < way.index("Kitchen")


def test_a_party_that_serves_nobody_can_be_named_or_let_go(mill):
    leader = make.person(role=Role.LEADER)
    url = f"/party/{mill.form.key}/"
    assert "Variance form serves nobody</b>" in page(leader, url)
    assert f"/pyramid/serves/?server={mill.form.key}" in page(leader, url)
    assert f'action="/party/{mill.form.key}/let-go/"' in page(leader, url)
    assert f"/pyramid/serves/?server={mill.form.key}" not in page(make.person(), url)


def test_fewer_than_five_people_are_not_counted(mill):
    url = f"/party/{mill.kitchen.key}/"
    for count in range(1, 7):
        viewer = make.member(mill.kitchen)
        html = page(viewer, url)
        assert ("Fewer than five people" in html) == (count < 5)
        assert (f"{count} people sign in" in html) == (count >= 5)


def test_the_weeks_of_a_measure_stand_as_a_picture_and_as_a_table(mill):
    measure = measured(mill.middle, 5.0, 6.0, 7.0)
    html = page(make.person(), edge_url(mill.middle))
    assert "The same as a table: 3 weeks" in html
    assert '<path class="l" d="M36.0 ' in html
    MeasureWeek.objects.filter(measure=measure).update(value=1.5)
    assert '<td class="r">1.5</td>' in page(make.person(), edge_url(mill.middle))


def test_only_the_served_side_is_offered_to_ask(mill):
    ask = f"/edge/{mill.middle.pk}/ask/"
    assert f'href="{ask}"' in page(make.member(mill.floor), edge_url(mill.middle))
    html = page(make.member(mill.kitchen), edge_url(mill.middle))
    assert f'href="{ask}"' not in html
    assert "Only Floor at Mill can ask here" in html


def test_asks_on_an_edge_show_to_those_who_may_see_them(mill):
    asker = make.member(mill.floor)
    make.raised(asker, mill.middle, words="Ring twice for the terrace")
    for viewer in (asker, make.member(mill.kitchen), make.person(role=Role.EXECUTIVE)):
        assert "Ring twice" in page(viewer, edge_url(mill.middle))
    for viewer in (make.member(mill.dishes), make.person(role=Role.ADMINISTRATOR)):
        html = page(viewer, edge_url(mill.middle))
        assert "Ring twice" not in html
        assert "open to both sides" in html


def test_an_edge_to_nowhere_says_so(mill):
    assert "No path leads from here to a customer" in page(make.person(), edge_url(mill.lost))
    assert "No path leads" not in page(make.person(), edge_url(mill.middle))


def test_numbers_in_a_picture_keep_their_points_in_german(mill):
    measured(mill.middle, 6.0, 6.2, 6.1)
    client = make.signed_in(make.person())
    html = client.get("/pyramid/", headers={"accept-language": "de"}).content.decode()
    picture = html[html.index('<svg class="wide-only"') : html.index('<svg class="phone-only"')]
    drawn = picture.split('d="')[1:]
    assert all("," not in path.split('"')[0] for path in drawn)
    assert 'viewBox="0 0 1160 ' in picture


@pytest.mark.parametrize("role", [Role.SERVER, Role.LEADER, Role.EXECUTIVE])
def test_a_page_costs_at_most_twelve_queries(mill, role, django_assert_max_num_queries):
    measured(mill.middle, 6.0, 6.2, 6.1)
    viewer = make.member(mill.floor, role=role)
    make.touchpoint("First course", customers=mill.guests, servers=(mill.floor,))
    for n in range(3):
        make.raised(viewer, mill.middle, words=f"Ask {n}")
    client = make.signed_in(viewer)
    urls = ["/pyramid/", "/pyramid/?place=Mill&page=1", f"/party/{mill.floor.key}/"]
    for url in [*urls, edge_url(mill.middle), edge_url(mill.top)]:
        client.get(url)
        with django_assert_max_num_queries(12):
            assert client.get(url).status_code == 200


def test_a_leader_draws_a_party_and_whom_it_serves(mill):
    client = make.signed_in(make.person(role=Role.LEADER))
    answer = client.post("/pyramid/party/", {"name": "Bar", "kind": "team", "place": "Mill"})
    assert answer["Location"] == "/pyramid/serves/?server=mill-bar"
    assert 'value="Bar at Mill"' in client.get(answer["Location"]).content.decode()
    given = {"server": "bar at mill", "served": "Floor", "what": "every drink"}
    answer = client.post("/pyramid/serves/", given)
    edge = Serves.objects.get(server__key="mill-bar")
    assert (edge.served, edge.what) == (mill.floor, "every drink")
    assert answer["Location"] == edge_url(edge)


def test_a_name_nobody_has_is_refused_with_the_nearest(mill):
    client = make.signed_in(make.person(role=Role.LEADER))
    answer = client.post("/pyramid/serves/", {"server": "Kitchn", "served": "Floor at Mill"})
    assert answer.status_code == 400
    assert "Nearest: Kitchen at Mill" in answer.content.decode()


def test_a_name_that_two_places_have_is_not_guessed(mill):
    make.party("Kitchen", place="Harbour")
    client = make.signed_in(make.person(role=Role.LEADER))
    answer = client.post("/pyramid/serves/", {"server": "Kitchen", "served": "Floor"})
    assert answer.status_code == 400
    assert "Kitchen at Harbour" in answer.content.decode()


def test_a_leader_draws_a_moment_and_who_serves_at_it(mill):
    client = make.signed_in(make.person(role=Role.LEADER))
    given = {
        "name": "The bill",
        "customers": "Dinner guests",
        "place": "Mill",
        "in_sight": "Floor\nFloor\n",
        "behind": "Kitchen\nFloor",
    }
    answer = client.post("/pyramid/touchpoint/", given)
    assert answer.status_code == 302
    serving = queries.serving_at(make.person())[queries.touchpoints(make.person()).get().pk]
    assert {(row.name, direct) for row, direct in serving} == {("Floor", True), ("Kitchen", False)}


def test_only_customers_have_moments(mill):
    client = make.signed_in(make.person(role=Role.LEADER))
    given = {"name": "The bill", "customers": "Kitchen", "in_sight": "Floor"}
    answer = client.post("/pyramid/touchpoint/", given)
    assert answer.status_code == 400
    assert "no customers" in answer.content.decode()


def test_letting_go(mill):
    client = make.signed_in(make.person(role=Role.LEADER))
    client.post(f"/party/{mill.form.key}/let-go/")
    assert not Party.objects.filter(key=mill.form.key).exists()
    client.post(f"/party/{mill.kitchen.key}/let-go/")
    assert Party.objects.filter(key=mill.kitchen.key).exists()


def test_what_was_asked_is_not_thrown_away(mill):
    make.raised(make.member(mill.floor), mill.middle)
    client = make.signed_in(make.person(role=Role.LEADER))
    answer = client.post(f"/edge/{mill.middle.pk}/let-go/", follow=True)
    assert Serves.objects.filter(pk=mill.middle.pk).exists()
    assert "Asks were raised here" in answer.content.decode()
    client.post(f"/edge/{mill.low.pk}/let-go/")
    assert not Serves.objects.filter(pk=mill.low.pk).exists()


@pytest.mark.parametrize("role", [Role.SERVER, Role.FACILITATOR, Role.GUEST])
def test_others_do_not_draw(mill, role):
    client = make.signed_in(make.member(mill.floor, role=role))
    for url in ("/pyramid/party/", "/pyramid/serves/", "/pyramid/touchpoint/"):
        assert client.get(url).status_code == 403
        assert client.post(url, {"name": "Bar", "kind": "team"}).status_code == 403
    assert client.post(f"/party/{mill.form.key}/let-go/").status_code == 403
    assert client.post(f"/edge/{mill.low.pk}/let-go/").status_code == 403


def test_a_range_never_leaves_its_scale(mill):
    measured(mill.middle, 0.5, 9.5, 5.0)
    html = page(make.person(), edge_url(mill.middle))
    assert html.count("<b>5.0</b> <small>0.0–10.0, n 27</small>") == 2


def test_few_scores_of_customers_are_withheld(mill):
    point = make.touchpoint("First course", customers=mill.guests, servers=(mill.floor,))
    week = monday(timezone.localdate())
    sums = {"positive": 0, "negative": 0, "total": 8.0 * 4, "squares": 64.0 * 4}
    TouchpointWeek.objects.create(touchpoint=point, week=week, count=4, scored=4, **sums)
    assert "4 answers, 5 needed" in page(make.person(), edge_url(mill.top))
