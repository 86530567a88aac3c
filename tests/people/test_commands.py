"""Who may do what to whom, and what a change takes along with it."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from tests.factories import member, party, person
from upturn.people import commands, queries
from upturn.people.commands import Refused, Spent, Taken
from upturn.people.models import Invitation, Membership, Person, Role, Scope, Token
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db
NEW = {"username": "lotte", "display_name": "Lotte", "password": "three plain words"}
SOME_DAYS = {"uses": 3, "days": 7}


class World:
    """Two teams; an actor of some role who belongs to, and where possible leads, the first."""

    def __init__(self, role: str) -> None:
        self.ours, self.theirs = party("Kitchen"), party("Bar")
        person("Spare", role=Role.ADMINISTRATOR)
        self.actor = member(self.ours, role=role, leads=True)
        self.colleague, self.stranger = member(self.ours), member(self.theirs)
        self.gone = person("Gone", is_active=False)

    def invite(self, role: str, where: Any) -> None:
        party_id = where.pk if where else None
        commands.invite(self.actor, role=Role(role), party_id=party_id, **SOME_DAYS)

    def end(self, somebody: Person) -> None:
        commands.end_membership(self.actor, somebody.memberships.get())

    def take_back(self, somebody: Person | None) -> None:
        kept = Invitation.objects.create(
            token_hash="a",
            role=Role.SERVER,
            party=None if somebody else self.theirs,
            person=somebody,
            uses_left=1,
            expires_on=timezone.localdate(),
        )
        commands.take_back(self.actor, kept)


NOBODY: set[str] = set()
ADMINISTRATORS = {"administrator"}
EVERYWHERE = {"administrator", "executive"}
OWN_TEAM = EVERYWHERE | {"leader"}
MAY: dict[str, tuple[Callable[[World], Any], set[str]]] = {
    "invite a server into the own team": (lambda w: w.invite("server", w.ours), OWN_TEAM),
    "invite a guest into the own team": (lambda w: w.invite("guest", w.ours), OWN_TEAM),
    "invite a leader into the own team": (lambda w: w.invite("leader", w.ours), OWN_TEAM),
    "invite a facilitator": (lambda w: w.invite("facilitator", w.ours), EVERYWHERE),
    "invite an executive": (lambda w: w.invite("executive", w.ours), EVERYWHERE),
    "invite an administrator": (lambda w: w.invite("administrator", w.ours), ADMINISTRATORS),
    "invite a server into another team": (lambda w: w.invite("server", w.theirs), EVERYWHERE),
    "invite into no team": (lambda w: w.invite("server", None), EVERYWHERE),
    "place somebody in the own team": (
        lambda w: commands.place(w.actor, w.stranger, party_id=w.ours.pk, leads=False), OWN_TEAM),
    "place somebody in another team": (
        lambda w: commands.place(w.actor, w.colleague, party_id=w.theirs.pk, leads=False),
        EVERYWHERE),
    "end a membership of the own team": (lambda w: w.end(w.colleague), OWN_TEAM),
    "end a membership of another team": (lambda w: w.end(w.stranger), EVERYWHERE),
    "end an invitation into another team": (lambda w: w.take_back(None), EVERYWHERE),
    "end a way back": (lambda w: w.take_back(w.colleague), ADMINISTRATORS),
    "change a role": (
        lambda w: commands.change_role(w.actor, w.colleague, role=Role.LEADER), ADMINISTRATORS),
    "close an account": (lambda w: commands.close_account(w.actor, w.colleague), ADMINISTRATORS),
    "open an account": (lambda w: commands.open_account(w.actor, w.gone), ADMINISTRATORS),
    "erase a name": (lambda w: commands.erase_person(w.actor, w.gone), ADMINISTRATORS),
    "offer a way back": (lambda w: commands.offer_way_back(w.actor, w.colleague), ADMINISTRATORS),
    "make a key": (
        lambda w: commands.make_token(w.actor, name="a", scopes=[Scope.GRAPH_READ], ends_on=None),
        ADMINISTRATORS),
}  # fmt: skip


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("act", MAY)
def test_who_may_do_what(role: str, act: str) -> None:
    do, allowed = MAY[act]
    world = World(role)
    entries = JournalEntry.objects.count()
    if role in allowed:
        do(world)
        assert JournalEntry.objects.count() == entries + 1
        assert JournalEntry.objects.latest("id").actor_id == world.actor.pk
    else:
        with pytest.raises(Refused):
            do(world)
        assert JournalEntry.objects.count() == entries


@pytest.mark.parametrize("act", MAY)
def test_a_closed_account_may_nothing(act: str) -> None:
    world = World(Role.ADMINISTRATOR)
    world.actor.is_active = False
    with pytest.raises(Refused):
        MAY[act][0](world)


def test_whoever_leads_without_the_office_of_a_leader_invites_nobody() -> None:
    team = party()
    for role in (Role.SERVER, Role.FACILITATOR, Role.GUEST):
        assert not queries.may_invite(member(team, role=role, leads=True))
    assert not queries.may_invite(member(team, role=Role.LEADER, leads=False))


def invitation(*, role: Role = Role.SERVER, uses: int = 1, days: int = 7) -> tuple[Any, str]:
    team = party("Kitchen")
    chief = member(team, role=Role.ADMINISTRATOR)
    _made, token = commands.invite(chief, role=role, party_id=team.pk, uses=uses, days=days)
    return team, token


def test_an_invitation_lets_in_with_its_role_and_team_and_no_more_often_than_it_says() -> None:
    team, token = invitation(role=Role.LEADER)
    lotte = commands.join(token, **NEW)
    assert lotte.role == Role.LEADER
    assert queries.led_by(lotte) == {team.pk}
    with pytest.raises(Spent):
        commands.join(token, **NEW | {"username": "other"})
    assert Person.objects.filter(username="other").count() == 0


def test_only_the_hash_of_an_invitation_is_kept() -> None:
    _team, token = invitation()
    kept = Invitation.objects.values_list().get()
    assert token not in map(str, kept)
    assert queries.hash_of(token) in kept


def test_an_invitation_ends_with_its_day() -> None:
    _team, token = invitation()
    Invitation.objects.update(expires_on=timezone.localdate())
    assert queries.invitation_by_token(token) is not None
    Invitation.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    assert queries.invitation_by_token(token) is None
    with pytest.raises(Spent):
        commands.join(token, **NEW)


@pytest.mark.parametrize("outside", [{"uses": 0}, {"uses": 61}, {"days": 0}, {"days": 91}])
def test_an_invitation_outside_its_bounds_is_refused(outside: dict[str, int]) -> None:
    with pytest.raises(Refused):
        invitation(**outside)


def test_a_taken_name_costs_no_use() -> None:
    _team, token = invitation()
    person(username="lotte")
    with pytest.raises(Taken, match="lotte"):
        commands.join(token, **NEW | {"username": "LOTTE"})
    assert Invitation.objects.get().uses_left == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_come_in_at_once_one_gets_the_last_use() -> None:
    _team, token = invitation()
    barrier, told = Barrier(2), []

    def come(name: str) -> None:
        barrier.wait()
        try:
            commands.join(token, **NEW | {"username": name})
        except Spent as spent:
            told.append(str(spent))
        finally:
            connections.close_all()

    both = [Thread(target=come, args=[name]) for name in ("lotte", "lucas")]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert Person.objects.filter(username__in=["lotte", "lucas"]).count() == 1
    assert Membership.objects.exclude(person__role=Role.ADMINISTRATOR).count() == 1
    assert Invitation.objects.get().uses_left == 0
    assert len(told) == 1


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_close_each_other_at_once() -> None:
    pair = [person(role=Role.ADMINISTRATOR), person(role=Role.ADMINISTRATOR)]
    barrier, told = Barrier(2), []

    def close(actor: Person, other: Person) -> None:
        barrier.wait()
        try:
            commands.close_account(actor, other)
        except Refused as refused:
            told.append(str(refused))
        finally:
            connections.close_all()

    both = [Thread(target=close, args=pair), Thread(target=close, args=pair[::-1])]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert queries.owner_exists()
    assert len(told) == 1


def test_somebody_with_an_account_joins_one_more_team_and_keeps_role_and_place() -> None:
    team, token = invitation(role=Role.LEADER, uses=2)
    maria = member(party("Floor"))
    commands.join_as(maria, token)
    again = Person.objects.get(pk=maria.pk)
    assert team.pk in queries.parties_of(again)
    assert again.role == Role.SERVER
    assert queries.led_by(again) == frozenset()
    commands.join_as(again, token)
    assert Membership.objects.filter(person=maria, party=team).count() == 1


def test_the_last_administrator_stays() -> None:
    last = person(role=Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="last administrator"):
        commands.close_account(last, last)
    with pytest.raises(Refused, match="last administrator"):
        commands.change_role(last, last, role=Role.SERVER)
    person(role=Role.ADMINISTRATOR)
    commands.change_role(last, last, role=Role.SERVER)
    assert Person.objects.get(pk=last.pk).role == Role.SERVER


def test_closing_an_account_ends_places_keys_and_invitations_and_leaves_the_person() -> None:
    chief = person(role=Role.ADMINISTRATOR)
    leaving = member(party(), role=Role.ADMINISTRATOR)
    commands.make_token(leaving, name="till", scopes=[Scope.GRAPH_READ], ends_on=None)
    commands.invite(leaving, role=Role.SERVER, party_id=None, uses=1, days=1)
    _made, way = commands.offer_way_back(chief, leaving)
    commands.close_account(chief, leaving)
    assert not Membership.objects.exists()
    assert not Token.objects.exists()
    assert not Invitation.objects.exists()
    assert queries.parties_of(Person.objects.get(pk=leaving.pk)) == frozenset()
    with pytest.raises(Spent):
        commands.choose_password(way, "three plain words")


def test_whoever_loses_an_office_leaves_no_invitation_and_leads_nothing() -> None:
    chief, team = person(role=Role.ADMINISTRATOR), party()
    leader = member(team, role=Role.LEADER, leads=True)
    commands.invite(leader, role=Role.SERVER, party_id=team.pk, uses=5, days=5)
    commands.change_role(chief, leader, role=Role.SERVER)
    assert not Invitation.objects.exists()
    assert queries.led_by(Person.objects.get(pk=leader.pk)) == frozenset()


def test_nobody_leads_without_a_leading_role() -> None:
    chief, team, maria = person(role=Role.ADMINISTRATOR), party(), person()
    with pytest.raises(Refused, match="lead"):
        commands.place(chief, maria, party_id=team.pk, leads=True)
    assert not Membership.objects.exists()


def test_erasing_takes_every_name_and_keeps_the_number_in_the_journal() -> None:
    chief = person(role=Role.ADMINISTRATOR)
    felix = person("Felix Krull")
    with pytest.raises(Refused, match="Close"):
        commands.erase_person(chief, felix)
    commands.close_account(chief, felix)
    assert commands.erase_person(chief, felix) == "Felix Krull"
    kept = Person.objects.filter(pk=felix.pk).values_list("username", "display_name").get()
    assert kept == (f"erased-{felix.pk}", "somebody who left")
    told = JournalEntry.objects.filter(subject_ref=str(felix.pk)).values_list("verb", flat=True)
    assert list(told) == ["close_account", "erase_person"]
    assert not any("Felix" in str(row) for row in JournalEntry.objects.values_list())


def test_a_way_back_works_once_and_changes_the_password() -> None:
    chief, maria = person(role=Role.ADMINISTRATOR), person()
    _first, stale = commands.offer_way_back(chief, maria)
    _second, token = commands.offer_way_back(chief, maria)
    with pytest.raises(Spent):
        commands.choose_password(stale, "three plain words")
    with pytest.raises(Spent):
        commands.join(token, **NEW)
    commands.choose_password(token, "three plain words")
    assert Person.objects.get(pk=maria.pk).check_password("three plain words")
    with pytest.raises(Spent):
        commands.choose_password(token, "three other words")


def test_an_owner_is_created_with_a_checked_name_and_password() -> None:
    owner = commands.create_organisation_owner(
        organisation="Four Hearths", username=" Ruth ", password="three plain words"
    )
    assert (owner.username, owner.role) == ("ruth", Role.ADMINISTRATOR)
    assert queries.owner_exists()
    assert queries.organisation_name() == "Four Hearths"
    for wrong in ({"username": "ruth"}, {"username": "a b"}, {"username": "invite"},
                  {"username": "new", "password": "short"}):  # fmt: skip
        given = {"organisation": "x", "username": "new", "password": "three plain words"} | wrong
        with pytest.raises(Refused):
            commands.create_organisation_owner(**given)
    assert Person.objects.count() == 1


def test_seats_are_filled_at_once_and_nobody_there_has_a_password() -> None:
    team = party()
    commands.seat([("Maria", "Maria C.", "server", [(team.pk, False)]),
                   ("nadia", "Nadia R.", "leader", [(team.pk, True)])])  # fmt: skip
    found = queries.by_username()
    assert queries.led_by(found["nadia"]) == {team.pk}
    assert queries.parties_of(found["maria"]) == {team.pk}
    assert not any(one.has_usable_password() for one in found.values())
