"""Pages of waves: what a leader, a phone and the works council see of them."""

import re
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.factories import member, signed_in
from tests.partners.waves_scene import CLOSES, House, answers, house, opened
from upturn.partners import commands, jobs, queries
from upturn.partners.engine import Sheet
from upturn.partners.models import State, Wave
from upturn.people.models import Role

pytestmark = pytest.mark.django_db


def text(response: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))  # type: ignore[attr-defined]


def filled(scene: House, **given: object) -> dict[str, object]:
    edge = scene.edges["floor", "guests"].pk
    whole = {"title": "Autumn", "instrument": "pulse", "closes_on": f"{CLOSES}", "k": 5}
    return {**whole, "edges": [edge], **given}


def test_the_draft_shows_who_answers_with_whom_or_why_not() -> None:
    scene = house(floor=7, kitchen=2)
    leader = signed_in(scene.boss)
    told = text(leader.post("/waves/new/seats/", filled(scene)))
    assert "7 people are asked, each once." in told
    assert "One side has nobody here who could answer" in told
    both = [edge.pk for edge in scene.edges.values()]
    told = text(leader.post("/waves/new/seats/", filled(scene, edges=both)))
    assert "Pooled, because one of them alone has too few." in told
    assert "Kitchen → Floor is left out: both sides answer together." in told
    few = house(floor=3)
    told = text(leader.post("/waves/new/seats/", filled(few)))
    assert "Floor at Inn: 3 people together, and 5 are needed." in told
    assert "Add relationships with 2 more" in told


def test_opening_shows_the_codes_once_and_prints_cards_from_them() -> None:
    scene = house(floor=7)
    leader = signed_in(scene.boss)
    page = leader.post("/waves/new/", filled(scene))
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    (code,) = re.findall(r'name="code" value="([^"]+)"', page.content.decode())
    wave = Wave.objects.get()
    printed = leader.post(f"/waves/{wave.ref}/cards/", {"code": code}).content.decode()
    tokens = re.findall(r"/answer/([\w-]+)/", printed)
    assert len(set(tokens)) == 7
    assert printed.count("<svg") >= 7
    assert all(isinstance(queries.sheet(token), Sheet) for token in tokens)
    for page_after in ("/waves/", f"/waves/{wave.ref}/", f"/waves/{wave.ref}/promise/"):
        body = leader.get(page_after).content.decode()
        assert code not in body
        assert not any(token in body for token in tokens)
    for wrong in ("", f"{wave.ref}-wrong", "x-y"):
        assert leader.post(f"/waves/{wave.ref}/cards/", {"code": wrong}).status_code == 404


def test_a_refused_draft_keeps_what_was_filled_in() -> None:
    scene = house(floor=3)
    page = signed_in(scene.boss).post("/waves/new/", filled(scene))
    assert page.status_code == 400
    assert "3 people together, and 5 are needed" in text(page)
    assert 'value="Autumn"' in page.content.decode()
    assert Wave.objects.count() == 0


def test_a_phone_takes_one_card_and_the_same_again() -> None:
    scene = house(floor=5)
    wave = opened(scene)
    (code,) = wave.codes.values()
    phones = [Client(enforce_csrf_checks=True) for _ in range(6)]
    assert "Take a card to answer" in text(phones[0].get(f"/draw/{code}/"))
    drawn = [phone.post(f"/draw/{code}/") for phone in phones[:5]]
    assert {answer["Location"] for answer in drawn} == {
        f"/answer/{token}/" for cards in wave.cards.values() for token in cards
    }
    again = phones[0].post(f"/draw/{code}/")
    assert again["Location"] == drawn[0]["Location"]
    cookie = phones[0].cookies["card"]
    assert (cookie["path"], cookie["httponly"]) == (f"/draw/{code}/", True)
    assert phones[5].post(f"/draw/{code}/").status_code == 410
    assert f"/draw/{code}/" in text(Client().get(f"/draw/{code}/screen/"))


def test_the_page_of_a_wave_tells_bands_and_a_reminder_to_all() -> None:
    scene = house(floor=6, kitchen=6)
    wave = opened(scene)
    cook = signed_in(scene.people["kitchen"][0])
    told = text(cook.get(f"/waves/{wave.ref}/"))
    assert "Fewer than a quarter of the cards" in told.replace("  ", " ")
    assert "Kitchen at Inn (you)" in told.replace("  ", " ")
    assert "this goes to all of us" in told
    assert "Close it now" not in told
    assert "1 wave asks you" in text(cook.get("/waves/"))
    assert "asks you" not in text(signed_in(member(role=Role.SERVER)).get("/waves/"))
    for seat_cards in wave.cards.values():
        for token in seat_cards[:4]:
            commands.cast(token, answers(token), {})
    told = text(cook.get(f"/waves/{wave.ref}/"))
    assert "Half or more of the cards" in told.replace("  ", " ")
    assert not re.search(r"\b8\b", told)  # how many is told nowhere


def test_the_promise_is_open_to_everybody_and_says_its_n() -> None:
    scene = house(floor=8)
    wave = opened(scene, k=6, deniable=0.1)
    told = text(Client().get(f"/waves/{wave.ref}/promise/"))
    for promised in (
        "together with at least 6 in all",
        "at least 10 people of one place",
        "Who answered, and who did not. No such list exists",
        "Some answers are replaced by drawn ones",
        "neither backups nor exports hold answers",
    ):
        assert promised in told
    assert "Floor" not in told


def test_ending_and_cancelling_say_first_what_happens() -> None:
    scene = house(floor=6)
    boss = signed_in(scene.boss)
    first, second = opened(scene), opened(scene)
    assert "what came is counted" in text(boss.get(f"/waves/{first.ref}/end/"))
    assert "what came is erased" in text(boss.get(f"/waves/{second.ref}/cancel/"))
    assert boss.post(f"/waves/{first.ref}/end/").status_code == 302
    assert boss.post(f"/waves/{second.ref}/cancel/").status_code == 302
    states = dict(Wave.objects.values_list("ref", "state"))
    assert states == {first.ref: State.ENDING, second.ref: State.CANCELLING}
    assert sorted(jobs.close_due(CLOSES)) == sorted(states)
    assert boss.get(f"/waves/{first.ref}/")["Location"] == f"/gaps/{first.ref}/"


def test_an_empty_list_teaches_and_only_who_may_is_offered_the_button(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path / "fresh"
    scene = house(floor=6)
    assert "Draft the first wave" in text(signed_in(scene.boss).get("/waves/"))
    told = text(signed_in(scene.people["floor"][0]).get("/waves/"))
    assert "Draft the first wave" not in told
    assert "Leaders open waves over what they lead" in told
