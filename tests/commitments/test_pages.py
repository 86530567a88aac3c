"""The pages of the spine: what each side finds, and what the holder of a ticket finds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import member, moved, party, raised, serves, signed_in
from upturn.commitments import commands
from upturn.commitments.engine import Move
from upturn.commitments.models import Ask, Promise, RaisedAs
from upturn.record.models import JournalEntry, ReadingLog

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    kitchen, floor = party("Kitchen", place="Mill"), party("Floor", place="Mill")
    edge = serves(kitchen, floor, what="plated dishes")
    return edge, member(kitchen, name="Nadia", role="leader"), member(floor, name="Maria")


def _promise(today):
    due = (today + timedelta(days=7)).isoformat()
    return {"what": "A slate", "who": "the pass", "sign": "nobody walks back", "due_on": due}


def test_an_ask_reaches_the_serving_side_and_comes_back_as_a_verdict(scene) -> None:
    edge, nadia, maria = scene
    today = timezone.localdate()
    hers, his = signed_in(maria), signed_in(nadia)
    form = hers.get(f"/edge/{edge.pk}/ask/")
    code = form.context["form"].initial["code"]
    sent = {"words": "A way to see which dishes are off", "raised_as": "team", "code": code}
    assert hers.post(f"/edge/{edge.pk}/ask/", sent).status_code == 302
    ask = Ask.objects.get()
    page = his.get(f"/asks/{ask.ref}/")
    assert "A way to see which dishes are off" in page.content.decode()
    assert "Promise something" in page.content.decode()
    his.post(f"/asks/{ask.ref}/promise/", {"turn": 0, **_promise(today)})
    his.post(f"/asks/{ask.ref}/say_done/", {"turn": 1})
    assert his.post(f"/asks/{ask.ref}/judge/", {"turn": 2, "outcome": "better"}).status_code == 409
    hers.post(f"/asks/{ask.ref}/judge/", {"turn": 2, "outcome": "better"})
    ask.refresh_from_db()
    assert ask.state == "judged"


def test_a_ticket_is_shown_once_and_opens_the_ask_without_a_sign_in(scene, client) -> None:
    edge, nadia, maria = scene
    hers = signed_in(maria)
    code = hers.get(f"/edge/{edge.pk}/ask/").context["form"].initial["code"]
    sent = {"words": "Say it kindly", "raised_as": "ticket", "code": code}
    answer = hers.post(f"/edge/{edge.pk}/ask/", sent)
    assert code in answer.content.decode()
    ask = Ask.objects.get()
    today = timezone.localdate()
    promise = {**_promise(today), "due_on": today}
    moved(nadia, ask, Move.PROMISE, today=today, **promise)
    moved(nadia, ask, Move.SAY_DONE, today=today)
    assert client.get(f"/asks/{ask.ref}/").status_code == 302
    opened = client.post("/ticket/", {"code": code.lower()})
    assert "Say it kindly" in opened.content.decode()
    judged = client.post(
        f"/asks/{ask.ref}/judge/", {"turn": 2, "outcome": "same", "code": code, "words": "no"}
    )
    assert judged.status_code == 200
    ask.refresh_from_db()
    assert ask.state == "judged"
    assert code not in judged.request["PATH_INFO"]
    assert set(
        JournalEntry.objects.exclude(verb__in=["promise", "say_done"]).values_list(
            "actor_id", flat=True
        )
    ) == {None}


def test_a_wrong_ticket_says_what_helps(client, scene) -> None:
    answer = client.post("/ticket/", {"code": "AAAAA-AAAAA-AAAAA-AAAAA"})
    assert answer.status_code == 400
    assert "0 and O" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("server", False),
        ("guest", False),
        ("administrator", False),
        ("leader", True),
        ("executive", True),
        ("facilitator", True),
    ],
)
def test_who_sees_an_ask_of_two_other_teams(scene, role: str, sees: bool) -> None:
    edge, _nadia, maria = scene
    ask = raised(maria, edge)
    other = member(party("Elsewhere"), role=role)
    assert signed_in(other).get(f"/asks/{ask.ref}/").status_code == (200 if sees else 404)


def test_reading_an_ask_is_noted_for_others_and_not_for_its_author(scene) -> None:
    edge, nadia, maria = scene
    ask = raised(maria, edge, raised_as=RaisedAs.PERSON)
    signed_in(maria).get(f"/asks/{ask.ref}/")
    assert not ReadingLog.objects.exists()
    signed_in(nadia).get(f"/asks/{ask.ref}/")
    assert list(ReadingLog.objects.values_list("reader_id", "ref")) == [(nadia.pk, ask.ref)]


def test_a_stale_form_is_told_what_happened_and_loses_nothing(scene) -> None:
    edge, nadia, maria = scene
    ask = raised(maria, edge)
    his, today = signed_in(nadia), timezone.localdate()
    his.post(f"/asks/{ask.ref}/promise/", {"turn": 0, **_promise(today)})
    second = his.post(f"/asks/{ask.ref}/promise/", {"turn": 0, **_promise(today)})
    assert second.status_code == 409
    assert Promise.objects.count() == 1


def test_there_is_no_way_to_dismiss_an_ask(scene) -> None:
    edge, nadia, maria = scene
    ask = raised(maria, edge)
    his = signed_in(nadia)
    for move in ("close", "dismiss", "invalid", "settle", "accept", "withdraw", "delete"):
        assert his.post(f"/asks/{ask.ref}/{move}/", {"turn": 0}).status_code in {404, 409}
    refused = his.post(f"/asks/{ask.ref}/decline/", {"turn": 0, "words": ""})
    assert refused.status_code == 400
    ask.refresh_from_db()
    assert ask.state == "asked"


def test_words_that_look_like_markup_stay_words(scene) -> None:
    edge, nadia, maria = scene
    ask = raised(maria, edge, words="<script>alert(1)</script>")
    page = signed_in(nadia).get(f"/asks/{ask.ref}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_an_ask_with_a_code_made_elsewhere_is_refused(scene) -> None:
    edge, _nadia, maria = scene
    sent = {"words": "Hello", "raised_as": "ticket", "code": "short"}
    answer = signed_in(maria).post(f"/edge/{edge.pk}/ask/", sent)
    assert answer.status_code == 400
    assert not Ask.objects.exists()
    assert commands.CODE.fullmatch(commands.draw_code())
