"""What each page opens to whom, and what it says when it does not."""

import logging
import re
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.factories import member, party, person, signed_in
from upturn.house.logs import JsonLines
from upturn.people import commands, queries
from upturn.people.models import Invitation, Membership, Person, Role, Scope, Token

pytestmark = pytest.mark.django_db
PHRASE = "three plain words"
NEW = {"username": "lotte", "display_name": "Lotte", "password": PHRASE, "language": "de"}


def office(role: str = Role.ADMINISTRATOR, *teams: Any) -> tuple[Person, Client]:
    """Somebody who has just proved to be it."""
    somebody = member(*teams, role=role, leads=True)
    Person.objects.filter(pk=somebody.pk).update(password=make_password(PHRASE))
    client = Client()
    client.post("/account/login/", {"login": somebody.username, "password": PHRASE})
    client.post("/account/reauthenticate/", {"password": PHRASE})
    return somebody, client


ANYBODY, INVITERS = set(Role.values), {"leader", "executive", "administrator"}
EVERYWHERE, OFFICE = {"executive", "administrator"}, {"administrator"}
PAGES = {
    "/me/": (ANYBODY, 403),
    "/readers/": (ANYBODY, 403),
    "/people/": (INVITERS, 403),
    "/people/invite/": (INVITERS, 403),
    "/people/tokens/": (OFFICE, 403),
    "/people/colleague/": (INVITERS, 404),
    "/people/stranger/": (EVERYWHERE, 404),
    "/people/colleague/sight/": (OFFICE, 403),
    "/people/nobody/": (set(), 404),
}
STEPS = {
    "/people/colleague/place/": (INVITERS, 404),
    "/people/stranger/place/": (EVERYWHERE, 404),
    "/people/colleague/role/": (OFFICE, 403),
    "/people/colleague/close/": (OFFICE, 403),
    "/people/colleague/open/": (OFFICE, 403),
    "/people/colleague/way-back/": (OFFICE, 403),
    "/people/memberships/{colleague}/end/": (INVITERS, 404),
    "/people/memberships/{stranger}/end/": (EVERYWHERE, 404),
    "/people/invitations/{invitation}/end/": (EVERYWHERE, 404),
    "/people/tokens/{token}/end/": (OFFICE, 403),
}


def world(role: str) -> tuple[Client, dict[str, int]]:
    ours, theirs, chief = party(), party(), person(role=Role.ADMINISTRATOR)
    _actor, client = office(role, ours)
    for name, team in (("colleague", ours), ("stranger", theirs)):
        Membership.objects.create(person=person(username=name), party=team)
    made, _secret = commands.invite(chief, role=Role.SERVER, party_id=theirs.pk, uses=1, days=1)
    key, _secret = commands.make_token(chief, name="till", scopes=[Scope.GRAPH_READ], ends_on=None)
    rows = {m.person.username: m.pk for m in Membership.objects.select_related("person")}
    return client, rows | {"invitation": made.pk, "token": key.pk}


@pytest.mark.parametrize("role", Role.values)
def test_which_page_opens_to_whom(role: str) -> None:
    client, _ids = world(role)
    told = {page: client.get(page).status_code for page in PAGES}
    assert told == {page: 200 if role in opens else other for page, (opens, other) in PAGES.items()}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("role", Role.values)
def test_which_step_is_open_to_whom(role: str, step: str) -> None:
    client, ids = world(role)
    opens, otherwise = STEPS[step]
    told = client.post(step.format(**ids)).status_code
    assert told in {200, 302} if role in opens else told == otherwise
    assert client.get(step.format(**ids)).status_code in {403, 405}


@pytest.mark.parametrize("page", [*PAGES, *STEPS])
def test_strangers_are_asked_to_sign_in(page: str) -> None:
    address = page.format(colleague=1, stranger=1, invitation=1, token=1)
    for answer in (Client().get(address), Client().post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("step", [*STEPS, "/language/", "/demo/", "/join/abc/", "/people/invite/"])
def test_every_form_needs_its_token(step: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(role=Role.ADMINISTRATOR))
    address = step.format(colleague=1, stranger=1, invitation=1, token=1)
    assert client.post(address).status_code == 403


def shown(page: Any) -> str:
    """The link that a page shows once."""
    found = re.search(r"http://testserver/join/([\w-]+)/", page.content.decode())
    assert found, page.content.decode()
    return found[1]


def asked(client: Client, **given: Any) -> Any:
    return client.post("/people/invite/", {"role": "server", "uses": 2, "days": 7} | given)


def test_a_leader_shows_a_link_and_two_people_come_in_by_it() -> None:
    team = party("Kitchen")
    _leader, client = office(Role.LEADER, team)
    token = shown(asked(client, party=team.pk))
    for name in ("lotte", "lucas"):
        guest = Client()
        assert "Kitchen" in guest.get(f"/join/{token}/").content.decode()
        answer = guest.post(f"/join/{token}/", NEW | {"username": name})
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert answer.cookies["django_language"].value == "de"
        assert queries.parties_of(queries.by_username()[name]) == {team.pk}
    late = Client().post(f"/join/{token}/", NEW | {"username": "late"})
    assert late.status_code == 410
    assert "Ask whoever gave it to you" in late.content.decode()


def test_a_link_is_shown_once_and_kept_nowhere() -> None:
    team = party()
    _leader, client = office(Role.LEADER, team)
    token = shown(asked(client, party=team.pk))
    for page in ("/people/", "/people/invite/"):
        assert token not in client.get(page).content.decode()
    assert token not in str(dict(client.session))


def test_the_code_draws_its_link_without_styles() -> None:
    team = party()
    _leader, client = office(Role.LEADER, team)
    page = asked(client, party=team.pk).content.decode()
    assert page.count("<svg") == 2
    assert "style=" not in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "administrator"}, "role"),
        ({"role": "executive"}, "role"),
        ({"uses": 61}, "uses"),
        ({"uses": 0}, "uses"),
        ({"days": 0}, "days"),
        ({"days": "9" * 40}, "days"),
        ({"party": ""}, "party"),
        ({"party": "theirs"}, "party"),
        ({"party": "guests"}, "party"),
        ({"party": "'; drop"}, "party"),
    ],
)
def test_a_leader_cannot_invite_beyond_the_own_office(wrong: dict[str, Any], field: str) -> None:
    ours = party()
    others = {"theirs": party().pk, "guests": party(kind="customers").pk}
    _leader, client = office(Role.LEADER, ours)
    given = {"party": ours.pk} | wrong
    given["party"] = others.get(given["party"], given["party"])
    answer = asked(client, **given)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": "a b"}, "username"),
        ({"username": "x"}, "username"),
        ({"username": "../x"}, "username"),
        ({"username": "tokens"}, "username"),
        ({"username": "TAKEN"}, "username"),
        ({"username": "n" * 61}, "username"),
        ({"display_name": ""}, "display_name"),
        ({"display_name": "n" * 81}, "display_name"),
        ({"password": "short"}, "password"),
        ({"password": "password123"}, "password"),
        ({"username": "lotte.lenya.1898", "password": "lotte.lenya.1898"}, "password"),
        ({"display_name": "Wilhelmine Reich", "password": "wilhelmine-reich"}, "password"),
        ({"language": "xx"}, "language"),
        ({"username": "a\x00b"}, "username"),
    ],
)
def test_who_comes_in_is_told_what_does_not_fit(wrong: dict[str, str], field: str) -> None:
    person(username="taken")
    team = party()
    _leader, client = office(Role.LEADER, team)
    token = shown(asked(client, party=team.pk))
    answer = Client().post(f"/join/{token}/", NEW | wrong)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert not re.search(r'type="password"[^>]*value=', answer.content.decode())
    assert Invitation.objects.get().uses_left == 2


def test_tries_by_codes_are_limited(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup": "3/m/ip"}
    told = [Client().post(f"/join/guess{n}/", NEW).status_code for n in range(5)]
    assert told == [410, 410, 410, 429, 429]


def test_somebody_signed_in_joins_with_the_account() -> None:
    team, maria = party("Kitchen"), person("Maria")
    _leader, client = office(Role.LEADER, team)
    token = shown(asked(client, party=team.pk))
    mine = signed_in(maria)
    assert "Join <b>Kitchen</b> as Maria?" in mine.get(f"/join/{token}/").content.decode()
    assert mine.post(f"/join/{token}/").status_code == 302
    assert queries.parties_of(Person.objects.get(pk=maria.pk)) == {team.pk}
    assert Person.objects.filter(username="lotte").count() == 0


def test_a_way_back_is_handed_over_and_opens_the_account() -> None:
    maria = person("Maria", username="maria")
    _chief, client = office()
    page = client.post("/people/maria/way-back/")
    assert "A way back for Maria" in page.content.decode()
    token, guest = shown(page), Client()
    assert "Maria" in guest.get(f"/join/{token}/").content.decode()
    assert guest.post(f"/join/{token}/", {"password": "short"}).status_code == 400
    assert guest.post(f"/join/{token}/", {"password": PHRASE}).status_code == 302
    assert guest.session["_auth_user_id"] == str(maria.pk)
    assert guest.post(f"/join/{token}/", {"password": PHRASE}).status_code == 410


def test_offices_ask_for_the_password_again_and_then_go_on() -> None:
    colleague = person(username="colleague")
    chief = person(role=Role.ADMINISTRATOR, password=make_password(PHRASE))
    client = signed_in(chief)
    asked = client.post("/people/colleague/role/", {"role": "leader"})
    assert asked["Location"].startswith("/account/reauthenticate/")
    assert Person.objects.get(pk=colleague.pk).role == Role.SERVER
    onward = {"password": PHRASE, "next": "/people/colleague/role/"}
    assert client.post("/account/reauthenticate/", onward).status_code == 302
    assert Person.objects.get(pk=colleague.pk).role == Role.LEADER


def test_a_key_is_shown_once_and_works() -> None:
    chief, client = office()
    given = {"name": "till", "scopes": ["graph:read", "asks:read"], "ends_on": ""}
    page = client.post("/people/tokens/", given).content.decode()
    found = re.search(r"upturn_[\w-]+", page)
    assert found
    assert queries.token_person(found[0], scope=Scope.ASKS_READ) == chief
    assert found[0] not in client.get("/people/tokens/").content.decode()
    assert client.post("/people/tokens/", given | {"scopes": ["all"]}).status_code == 400
    assert client.post("/people/tokens/", given | {"ends_on": "2020-01-01"}).status_code == 400
    client.post(reverse("people:end_token", args=[Token.objects.get().pk]))
    assert queries.token_person(found[0], scope=Scope.ASKS_READ) is None


def test_names_are_written_as_words_on_every_page() -> None:
    team = party("<b>Team</b>")
    bad = "<script>alert(1)</script>"
    Membership.objects.create(person=person(bad, username="colleague"), party=team)
    _chief, client = office(Role.ADMINISTRATOR, team)
    for page in ("/people/", "/people/colleague/", "/people/colleague/sight/", "/people/invite/"):
        body = client.get(page).content.decode()
        assert bad not in body
        assert "<b>Team</b>" not in body


def test_the_demo_is_open_in_the_demo_alone(settings: Settings) -> None:
    commands.seat([("maria", "Maria", "server", [])])
    assert Client().get("/demo/").status_code == 404
    assert Client().post("/demo/", {"username": "maria"}).status_code == 404
    settings.DEMO = True
    client = Client()
    assert "Be Maria" in client.get("/demo/").content.decode()
    assert client.post("/demo/", {"username": "maria"})["Location"] == "/"
    assert client.session["_auth_user_id"]
    person(username="nadia", password=make_password(PHRASE))
    stranger = Client()
    stranger.post("/demo/", {"username": "nadia"})
    assert "_auth_user_id" not in stranger.session


def test_the_language_is_kept_for_the_person_and_the_browser() -> None:
    maria = person()
    client = signed_in(maria)
    answer = client.post("/language/", {"language": "ar", "next": "/me/"})
    assert answer["Location"] == "/me/"
    assert answer.cookies["django_language"].value == "ar"
    assert Person.objects.get(pk=maria.pk).language == "ar"
    assert '<html lang="ar" dir="rtl">' in client.get("/practice/").content.decode()
    client.post("/language/", {"language": "xx"})
    assert Person.objects.get(pk=maria.pk).language == "ar"


def test_a_page_of_many_people_stays_within_its_queries(django_assert_max_num_queries) -> None:
    teams = [party(f"Team {n}") for n in range(20)]
    commands.seat((f"p{n}", f"P {n}", "server", [(teams[n % 20].pk, False)]) for n in range(400))
    _chief, client = office()
    with django_assert_max_num_queries(12):
        page = client.get("/people/?page=3")
    assert page.content.decode().count('href="/people/p') == 50
    with django_assert_max_num_queries(12):
        client.get("/people/invite/")


def test_a_leader_says_who_belongs_to_the_team_and_who_not_any_more() -> None:
    team, second = party("Kitchen"), party("Menu desk")
    _leader, client = office(Role.LEADER, team, second)
    maria = member(team, name="Maria")
    client.post(f"/people/{maria.username}/place/", {"party": second.pk})
    assert queries.parties_of(Person.objects.get(pk=maria.pk)) == {team.pk, second.pk}
    told = client.post(f"/people/{maria.username}/place/", {"party": party("Bar").pk}, follow=True)
    assert "Choose a party from the list." in told.content.decode()
    ended = Membership.objects.get(person=maria, party=team)
    client.post(f"/people/memberships/{ended.pk}/end/")
    assert queries.parties_of(Person.objects.get(pk=maria.pk)) == {second.pk}


def test_whoever_comes_in_gets_a_new_session() -> None:
    team = party()
    _leader, client = office(Role.LEADER, team)
    token, guest = shown(asked(client, party=team.pk)), Client()
    planted = guest.session
    planted["planted"] = True
    planted.save()
    guest.cookies["session"] = planted.session_key
    guest.post(f"/join/{token}/", NEW)
    assert guest.session["_auth_user_id"]
    assert guest.session.session_key != planted.session_key


def test_the_link_leaks_neither_by_referrer_nor_cache_nor_log() -> None:
    team = party()
    _leader, client = office(Role.LEADER, team)
    token = shown(asked(client, party=team.pk))
    page = Client().get(f"/join/{token}/")
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "no-store"
    assert not re.search(r'(href|src|action)="https?:', page.content.decode())
    told = logging.LogRecord("django.request", 30, "", 0, "Gone: %s", (f"/join/{token}/",), None)
    assert token not in JsonLines().format(told)
