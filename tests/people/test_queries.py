"""What somebody is to the organisation, role by role."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import member, party, person
from upturn.people import commands, queries
from upturn.people.models import Person, Role, Scope

pytestmark = pytest.mark.django_db

OFFICE = {
    #                read words, every ask, bring in, administers
    "server": (True, False, False, False),
    "leader": (True, True, False, False),
    "executive": (True, True, True, False),
    "facilitator": (True, True, False, False),
    "administrator": (True, False, True, True),
    "guest": (False, False, False, False),
}


def offices(somebody: Person) -> tuple[bool, ...]:
    return (
        queries.may_read_words(somebody),
        queries.sees_every_ask(somebody),
        queries.may_bring_in(somebody),
        queries.is_administrator(somebody),
    )


@pytest.mark.parametrize("role", Role.values)
def test_what_a_role_opens(role: str) -> None:
    assert offices(person(role=role)) == OFFICE[role]
    assert not any(offices(person(role=role, is_active=False)))


def test_the_public_is_nobody() -> None:
    assert not any(offices(queries.the_public))
    assert queries.parties_of(queries.the_public) == frozenset()
    assert not queries.may_invite(queries.the_public)


def test_places_come_with_one_query(django_assert_num_queries) -> None:
    kitchen, bar = party(), party()
    nadia = member(kitchen, bar, role=Role.LEADER, leads=True)
    nadia.memberships.filter(party=bar).update(leads=False)
    with django_assert_num_queries(1):
        assert queries.parties_of(nadia) == {kitchen.pk, bar.pk}
        assert queries.led_by(nadia) == {kitchen.pk}


def test_heads_are_counted_without_closed_accounts() -> None:
    kitchen, bar, empty = party(), party(), party()
    for _ in range(3):
        member(kitchen)
    commands.close_account(person(role=Role.ADMINISTRATOR), member(kitchen, bar))
    assert queries.head_count(kitchen.pk) == 3
    assert queries.head_count(empty.pk) == 0
    assert queries.peopled() == {kitchen.pk}


def test_people_of_layers_are_active_and_no_guests() -> None:
    kitchen, bar = party(), party()
    maria = member(kitchen, bar)
    member(kitchen, role=Role.GUEST)
    commands.close_account(person(role=Role.ADMINISTRATOR), member(bar))
    assert {p: sorted(at) for p, at in queries.parties_by_person().items()} == {
        maria.pk: [kitchen.pk, bar.pk]
    }


@pytest.mark.parametrize(
    ("asked", "held", "days", "active"),
    [
        *product([Scope.GRAPH_READ], [Scope.GRAPH_READ, Scope.ASKS_READ], [-1, 0, 1], [True]),
        (Scope.GRAPH_READ, Scope.GRAPH_READ, None, True),
        (Scope.GRAPH_READ, Scope.GRAPH_READ, None, False),
        (Scope.FEEDBACK_READ, Scope.FEEDBACK_WRITE, None, True),
    ],
)
def test_a_key_opens_its_scopes_until_its_day_while_its_maker_is_in(
    asked: Scope, held: Scope, days: int | None, active: bool
) -> None:
    maker = person(role=Role.ADMINISTRATOR)
    ends_on = None if days is None else timezone.localdate() + timedelta(days=days)
    _token, key = commands.make_token(maker, name="till", scopes=[held], ends_on=ends_on)
    Person.objects.filter(pk=maker.pk).update(is_active=active)
    opens = asked == held and active and (days is None or days >= 0)
    assert queries.token_person(key, scope=asked) == (maker if opens else None)


def test_several_scopes_are_each_open_and_no_other() -> None:
    maker = person(role=Role.ADMINISTRATOR)
    held = [Scope.GRAPH_READ, Scope.MEASURES_WRITE]
    _token, key = commands.make_token(maker, name="till", scopes=held, ends_on=None)
    assert {s for s in Scope if queries.token_person(key, scope=s)} == set(held)


def test_what_is_kept_of_a_key_opens_nothing() -> None:
    maker = person(role=Role.ADMINISTRATOR)
    token, key = commands.make_token(maker, name="till", scopes=[Scope.GRAPH_READ], ends_on=None)
    assert key not in str(vars(token))
    for wrong in (token.key_hash, "", key[:-1], key + " ", key.upper()):
        assert queries.token_person(wrong, scope=Scope.GRAPH_READ) is None


def test_leaders_open_their_own_people_and_invitations_alone() -> None:
    ours, theirs = party(), party()
    leader, maria, other = member(ours, role=Role.LEADER, leads=True), member(ours), member(theirs)
    chief = person(role=Role.ADMINISTRATOR)
    for team in (ours, theirs):
        commands.invite(chief, role=Role.SERVER, party_id=team.pk, uses=1, days=1)
    commands.offer_way_back(chief, maria)
    assert set(queries.people(leader)) == {leader, maria}
    assert {row.person for row in queries.memberships(leader)} == {leader, maria}
    assert {i.party_id for i in queries.open_invitations(leader)} == {ours.pk}
    assert not queries.unplaced(leader).exists()
    assert not queries.tokens(leader).exists()
    assert set(queries.people(chief)) == {leader, maria, other, chief}
    assert queries.open_invitations(chief).count() == 3
    executive = person(role=Role.EXECUTIVE)
    assert queries.open_invitations(executive).count() == 2


@pytest.mark.parametrize("role", ["server", "facilitator", "guest"])
def test_others_open_nobody(role: str) -> None:
    somebody = member(party(), role=role, leads=True)
    assert not queries.people(somebody).exists()
    assert not queries.memberships(somebody).exists()
    assert not queries.open_invitations(somebody).exists()


def test_the_demo_never_offers_somebody_with_a_password() -> None:
    commands.seat([("nadia", "Nadia", "leader", []), ("maria", "Maria", "server", [])])
    assert [p.username for p in queries.demo_people()] == ["maria", "nadia"]
    maria = queries.by_username()["maria"]
    maria.set_password("three plain words")
    maria.save()
    assert [p.username for p in queries.demo_people()] == ["nadia"]


@given(st.text(alphabet="aÄßéΣи١ﬁＡz.-_@+ ", max_size=60))
def test_the_plain_form_of_a_user_name_is_its_own_plain_form(typed: str) -> None:
    plain = commands.plain_username(typed)
    assert commands.plain_username(plain) == plain
    assert commands.plain_username(f" {typed} ") == plain
    if typed.isascii():
        assert commands.plain_username(typed.swapcase()) == plain


@given(st.text(max_size=70))
def test_user_names_that_pass_fit_the_table_and_an_address(typed: str) -> None:
    plain = commands.plain_username(typed)
    try:
        commands.check_username(plain)
    except commands.Refused:
        return
    assert 2 <= len(plain) <= 60
    assert not set(plain) & set(" /?#%\n")
