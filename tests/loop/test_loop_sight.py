"""Who sees which workshop, who moves it on, and which topics each hears: the whole table."""

import pytest

from tests import factories as f
from tests.loop.held import facilitator, held, held_with, phone, step
from upturn.loop.commands import joining, opening
from upturn.loop.engine import NotYours
from upturn.loop.models import Phase, Workshop, WorkshopState
from upturn.loop.queries import live, sight
from upturn.loop.queries.holders import Screen, code_of_screen, screen_of
from upturn.people.models import Role

pytestmark = pytest.mark.django_db
SEES_ALL = {Role.EXECUTIVE, Role.FACILITATOR}
MAY_HOST = SEES_ALL | {Role.LEADER}


@pytest.mark.parametrize("role", list(Role))
def test_roles_see_and_hold_what_they_may(role: Role) -> None:
    workshop = held()
    viewer = f.person(role=role)
    assert sight.may_host(viewer) == (role in MAY_HOST)
    assert sight.may_see(viewer, workshop) == (role in SEES_ALL)
    assert not sight.may_run(viewer, workshop)
    heard = {live.topic(workshop.ref), live.host_topic(workshop.ref)}
    assert live.topics_of_host(viewer) == (heard if role in SEES_ALL else set())
    if role in SEES_ALL:
        opening.join_as_host(viewer, workshop)
        assert sight.may_run(viewer, workshop)
    else:
        with pytest.raises(NotYours):
            opening.join_as_host(viewer, workshop)
    if role not in MAY_HOST:
        with pytest.raises(NotYours):
            held(viewer)


def test_leaders_see_the_workshops_they_hold_and_those_of_their_parties() -> None:
    party = f.party()
    leads = f.member(party, role=Role.LEADER, leads=True)
    belongs = f.member(party, role=Role.LEADER)
    workshop = held(party_id=party.pk)
    own = held(belongs)
    assert list(sight.workshops_seen(leads)) == [workshop]
    assert list(sight.workshops_seen(belongs)) == [own]
    own_host = f.person(role=Role.FACILITATOR)
    held(own_host)
    own_host.is_active = False
    assert not sight.workshops_seen(own_host).exists()


def test_a_phone_and_a_projector_see_their_own_workshop_alone() -> None:
    workshop, other = held(), held()
    holder = phone(workshop)
    screen = Screen(workshop.pk, workshop.ref)
    for viewer in (holder, screen):
        assert sight.workshop_by_ref(viewer, workshop.ref) == workshop
        assert (sight.may_see(viewer, workshop), sight.may_see(viewer, other)) == (True, False)
        assert not sight.may_run(viewer, workshop)
        with pytest.raises(Workshop.DoesNotExist):
            sight.workshop_by_ref(viewer, other.ref)


def test_topics_go_by_what_a_cookie_proves() -> None:
    workshop, other = held(), held()
    cookie = joining.join(workshop.code).cookie
    screen = f"{workshop.ref}.{code_of_screen(workshop.ref)}"
    assert live.topics_of_phones([cookie]) == {cookie: {live.topic(workshop.ref)}}
    both = {live.topic(workshop.ref), live.host_topic(workshop.ref)}
    assert live.topics_of_screen(screen) == both
    for wrong in ("", cookie, f"{other.ref}.{code_of_screen(workshop.ref)}"):
        assert screen_of(wrong) is None
        assert live.topics_of_screen(wrong) is None
    for wrong in ("", screen, f"{other.ref}.{cookie.partition('.')[2]}"):
        assert live.topics_of_phones([wrong]) == {}
    host = facilitator()
    assert sight.screen_code(host, workshop) == ""
    opening.join_as_host(host, workshop)
    assert screen_of(f"{workshop.ref}.{sight.screen_code(host, workshop)}")


@pytest.mark.parametrize("state", list(WorkshopState))
@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("number", [0, 1, 2])
def test_cards_are_open_as_the_table_says(state: str, phase: str, number: int) -> None:
    workshop = held_with(facilitator(), step(), step(), step())
    workshop.state, workshop.phase, workshop.step = state, phase, 1
    wanted = state != "open" or number < 1 or (number == 1 and phase == "read")
    assert sight.is_open_to_read(workshop, number) == wanted
