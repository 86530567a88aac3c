"""What the room will notice becomes a sign of what it promises; how a relationship goes."""

import re

import pytest

from tests import factories as f
from tests.loop.held import hands_in, held_with, moves, phone, step
from tests.loop.pages.rooms import address, signed_in
from tests.loop.test_closing import closed
from upturn.commitments.models import Promise
from upturn.loop.commands import hiding
from upturn.loop.engine import StageMove, StepKind
from upturn.loop.models import Card, LoopMove, Statement
from upturn.loop.queries.signs import signs
from upturn.people.models import Role

pytestmark = pytest.mark.django_db
SIGN = "They wave at the door"


def test_what_the_room_will_notice_is_offered_as_a_sign_and_stands_with_the_promise() -> None:
    kitchen, floor = f.party("Kitchen"), f.party("Floor")
    host = f.member(kitchen, floor, role="leader")
    workshop = held_with(host, step(sign=True), step(), step(StepKind.HUNDRED_DAYS))
    holder, other = phone(workshop), phone(workshop)
    hands_in(holder, 0, SIGN)
    assert signs(host, workshop) == ()
    hands_in(other, 0, "Useless people")
    hiding.hide(host, workshop, [Card.objects.get(words="Useless people").ref], because="Unkind")
    moves(host, workshop, StageMove.NEXT)
    for each in (holder, other):
        hands_in(each, 1, "No sign at all")
    moves(host, workshop, StageMove.NEXT)
    hands_in(holder, 2, "Plates came warm")
    moves(host, workshop, StageMove.OPEN_CARDS)
    page = signed_in(host).get(address(workshop, "closing/")).content.decode()
    assert re.findall(r'<option value="([^"]+)"></option></datalist>', page) == [SIGN]
    one = Statement.objects.get()
    given = {"owner": "Ana", "first_step": "Ask", "sign": SIGN, "turn": 0}
    edge = f.serves(kitchen, floor)
    at = address(workshop, f"closing/{one.ref}/")
    assert signed_in(host).post(at, {**given, "edge_id": edge.pk}).status_code == 302
    closed(host, workshop, without_tasks=True)
    assert Promise.objects.get().sign == SIGN


def test_the_loop_is_drawn_and_says_what_to_do_next_and_what_came_of_it() -> None:
    kitchen, floor = f.party("Kitchen"), f.party("Floor")
    edge = f.serves(kitchen, floor)
    client = signed_in(f.member(floor, role=Role.SERVER))
    at = f"/edge/{edge.pk}/loop/"
    assert "neither is drawn strong" in client.get(at).content.decode()
    given = {"by_party_id": floor.pk, "next_move": "Ask what they want", "noticed": "No answer"}
    client.post(at, {**given, "state": "resistance", "key": "k1", "turn": 0})
    page = client.get(at).content.decode()
    assert "the resistance loop is drawn strong" in page
    assert "listen until they say: that is it" in page
    first = LoopMove.objects.get()
    answer = client.post(f"{at}{first.ref}/", {"came_of": "They told us at last"})
    assert answer.status_code == 302
    then = {**given, "state": "cooperation", "noticed": "They called first", "key": "k2", "turn": 1}
    client.post(at, then)
    page = client.get(at).content.decode()
    assert "the cooperation loop is drawn strong" in page
    assert "how they managed to make that happen" in page
    assert "They told us at last" in page
