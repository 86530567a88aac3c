"""A statement over a relationship waits for those who are served, who read of it at home."""

import pytest
from django.utils.html import escape

from tests import factories as f
from tests.loop.held import facilitator
from tests.loop.pages.rooms import signed_in
from tests.loop.test_closing import closed, owned, said
from upturn.commitments.models import Ask
from upturn.loop.models import Statement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", ["server", "leader"])
def test_whoever_is_served_sends_it_from_home_whatever_their_role(role: str) -> None:
    kitchen, floor = f.party("Kitchen"), f.party("Floor")
    host, served, serving = facilitator(), f.member(floor, role=role), f.member(kitchen)
    workshop = said(host)
    owned(host, workshop, f.serves(kitchen, floor))
    closed(host, workshop)
    one = Statement.objects.get()
    send = f"/workshops/asks/{one.ref}/"
    home = signed_in(served).get("/").content.decode()
    assert f'action="{send}"' in home
    assert escape(one.words) in home
    assert one.words not in signed_in(serving).get("/").content.decode()
    assert signed_in(serving).post(send).status_code == 404
    answer = signed_in(served).post(send)
    ask = Ask.objects.get()
    assert answer["Location"] == f"/asks/{ask.ref}/"
    assert (ask.raised_by, ask.words) == (served, one.words)
    assert f'action="{send}"' not in signed_in(served).get("/").content.decode()
