"""Waves from the draft to the cards in people's hands."""

from datetime import timedelta
from typing import Any

import pytest

from tests.factories import TODAY, member, party, person, serves
from tests.partners.waves_scene import (
    CLOSES,
    answers,
    cast_all,
    draft,
    drawn,
    house,
    leaders,
    opened,
)
from upturn.graph.models import Kind
from upturn.partners import commands, queries
from upturn.partners.engine.errors import WaveRefused
from upturn.partners.models import Seated, Wave
from upturn.people.models import Membership, Person, Role
from upturn.record import ballot_box
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db


def why(someone: Person, **given: Any) -> str:
    with pytest.raises(WaveRefused) as refusal:
        commands.open_wave(someone, draft=draft(**given), today=TODAY)
    return str(refusal.value)


def test_a_wave_that_cannot_reach_k_names_the_smallest_change() -> None:
    scene = house(floor=3, kitchen=1)
    assert why(scene.boss) == (
        "Kitchen at Inn, Floor at Inn: 4 people together, and 5 are needed. "
        "Add relationships with 1 more, or leave them out."
    ) or why(scene.boss).startswith("Floor at Inn, Kitchen at Inn: 4 people together")


def test_one_side_with_too_few_is_refused_for_signs() -> None:
    scene = house(floor=9)
    assert "on the side of those who lead, and 5 are needed" in why(scene.boss, instrument="signs")
    leaders(scene, 4)
    said = why(scene.boss, instrument="signs")
    assert said.startswith("those who lead at Inn: 4 people together, and 5 are needed.")
    assert "1 more" in said


def test_what_else_keeps_a_wave_from_opening() -> None:
    scene = house(floor=6, kitchen=6)
    boss = scene.boss
    assert "title" in why(boss, title="  ")
    assert "at least five" in why(boss, k=4)
    assert "from tomorrow" in why(boss, closes_on=TODAY)
    assert "from tomorrow" in why(boss, closes_on=TODAY + timedelta(days=61))
    assert "drawn by lot" in why(boss, deniable=0.6)
    assert "at least one" in why(boss, relations=())
    assert why(boss, relations=(10**9,)).startswith("1 of these relationships is not there")
    assert Wave.objects.count() == 0


def test_more_than_five_relationships_on_a_sheet_are_refused_with_the_team() -> None:
    scene = house(floor=6)
    for n in range(6):
        serves(party(f"Store {n}", kind=Kind.SYSTEM), scene.parties["floor"])
    said = why(scene.boss)
    assert said.startswith("Floor at Inn would be asked about 7 relationships; 5 is the most")
    assert said.endswith("Leave out 2 of them.")
    fitted = queries.plan(scene.boss, draft(as_many_as_fit=True), today=TODAY)
    assert [each.number for each in fitted.relations] == [0, 1, 2, 3, 4]
    assert len(fitted.without) == 2


def test_who_may_open_which_wave() -> None:
    scene = house(floor=6, kitchen=6, bar=6)
    chef = member(scene.parties["kitchen"], role=Role.LEADER, leads=True)
    own = draft(scene.edges["kitchen", "floor"], scene.edges["bar", "kitchen"])
    assert commands.check_wave(chef, own, today=TODAY).people == 19
    with pytest.raises(WaveRefused, match="not yours to ask about"):
        commands.open_wave(chef, draft=draft(scene.edges["floor", "guests"]), today=TODAY)
    assert commands.check_wave(person(role=Role.FACILITATOR), draft(), today=TODAY).people == 19
    for role in (Role.ADMINISTRATOR, Role.SERVER, Role.GUEST, Role.LEADER):
        someone = person(role=role)
        assert not queries.may_open_waves(someone)
        assert "Waves are opened by leaders" in why(someone)


def test_small_units_are_pooled_and_each_person_sits_once() -> None:
    scene = house(floor=6, kitchen=3, bar=3)
    both = scene.people["floor"][0]
    Membership.objects.create(person=both, party=scene.parties["bar"])
    plan = queries.plan(scene.boss, draft(), today=TODAY)
    assert sorted(len(seat.people) for seat in plan.seats) == [5, 7]
    assert sum(both.pk in seat.people for seat in plan.seats) == 1
    pooled = next(seat for seat in plan.seats if seat.pooled)
    assert both.pk in pooled.people  # the smallest unit, so that it reaches k
    assert plan.within == ("Bar → Kitchen",)
    assert [(each.server_name, each.served_name) for each in plan.relations] == [
        ("Floor at Inn", "Guests at Inn"),
        ("Kitchen at Inn, Bar at Inn", "Floor at Inn"),
    ]


def test_opening_keeps_hashes_and_the_day_and_shows_the_cards_once() -> None:
    scene = house(floor=6, kitchen=6)
    wave = opened(scene)
    kept = Wave.objects.get()
    assert (kept.people, kept.opened_on, kept.closes_on) == (12, TODAY, CLOSES)
    assert Seated.objects.count() == 12
    box = ballot_box.path().read_bytes()
    for token in [card for cards in wave.cards.values() for card in cards]:
        assert token.encode() not in box
        assert token not in kept.questions
    entry = JournalEntry.objects.get(verb="open")
    assert (entry.actor_id, entry.detail) == (scene.boss.pk, "pulse, 12 people in 2 seats")


def test_an_opening_that_fails_leaves_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = house(floor=6)

    def full(*_args: object, **_given: object) -> None:
        raise OSError(28, "No space left")

    monkeypatch.setattr(ballot_box, "lay_out", full)
    with pytest.raises(OSError, match="No space"):
        opened(scene)
    assert list((ballot_box.path().parent / "ballot-keys").iterdir()) == []
    assert Wave.objects.count() == 0


# While it is open


def test_everybody_asked_sees_the_wave_and_nobody_whether_it_is_done() -> None:
    scene = house(floor=6, kitchen=6)
    wave = opened(scene)
    cook, other = scene.people["kitchen"][0], person()
    (seen,) = queries.open_waves_for(cook)
    assert (seen.ref, seen.people, seen.closes_on) == (wave.ref, 6, CLOSES)
    assert queries.open_waves_for(other) == []
    cast_all(wave, rng=drawn())
    assert queries.open_waves_for(cook) == [seen]
    commands.end_wave(scene.boss, wave.ref)
    assert queries.open_waves_for(cook) == []


def test_the_roster_is_that_of_the_opening_day() -> None:
    scene = house(floor=6, kitchen=6)
    wave = opened(scene)
    newcomer = member(scene.parties["kitchen"])
    leaver = scene.people["kitchen"][0]
    Membership.objects.filter(person=leaver).delete()
    assert queries.open_waves_for(newcomer) == []
    assert queries.open_waves_for(leaver) != []
    assert cast_all(wave, rng=drawn()) == 12  # the card of who left is as good as any


def test_turnout_is_told_in_four_bands() -> None:
    scene = house(floor=8)
    wave = opened(scene)
    kept, (cards,) = Wave.objects.get(), wave.cards.values()
    told = []
    for token in cards:
        told.append(queries.turnout(kept))
        commands.cast(token, answers(token), {})
    assert told == ["few", "few", "some", "some", "half", "half", "most", "most"]
