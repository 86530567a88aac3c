"""Waves from the draft to what is left of them."""

from collections import Counter
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError

from tests.factories import TODAY, member, party, person, serves
from tests.partners.waves_scene import (
    CLOSES,
    House,
    answers,
    cast_all,
    draft,
    house,
    leaders,
    opened,
)
from upturn.graph.models import Kind
from upturn.partners import commands, jobs, queries
from upturn.partners.engine import Published, Sheet, Side
from upturn.partners.engine.errors import CannotClose, WaveRefused
from upturn.partners.models import PublishedCount, PublishedGroup, Seated, Wave
from upturn.people.models import Membership, Person, Role
from upturn.record import ballot_box, ballot_seal
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db


def why(someone: Person, **given: Any) -> str:
    with pytest.raises(WaveRefused) as refusal:
        commands.open_wave(someone, draft=draft(**given), today=TODAY)
    return str(refusal.value)


def closed(scene: House, wave: commands.Opened) -> Published:
    commands.close_wave(scene.boss, wave.ref, today=TODAY)
    found = queries.published(scene.boss, wave.ref)
    assert found is not None
    return found


def drawn() -> np.random.Generator:
    return np.random.default_rng(2026)


# Opening


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


# Closing


def test_a_wave_closes_after_its_day_or_by_who_opened_it() -> None:
    scene = house(floor=6)
    wave = opened(scene)
    with pytest.raises(CannotClose, match="takes answers until 2026-12-07"):
        commands.close_wave(None, wave.ref, today=CLOSES)
    stranger = person(role=Role.LEADER)
    with pytest.raises(WaveRefused, match="ended by whoever opened it"):
        commands.end_wave(stranger, wave.ref)
    assert jobs.due(CLOSES) == ()
    assert jobs.close_due(CLOSES + timedelta(days=1)) == (wave.ref,)
    assert jobs.due(CLOSES + timedelta(days=1)) == ()
    with pytest.raises(WaveRefused, match="over already"):
        commands.end_wave(scene.boss, wave.ref)
    with pytest.raises(CannotClose, match="no wave"):
        commands.close_wave(None, "nothing", today=TODAY)


def test_what_is_counted_is_what_was_answered() -> None:
    """A plain count beside the house's own; answers are mixed enough for the guard to sleep."""
    scene = house(floor=40, kitchen=40)
    wave, rng = opened(scene), drawn()
    plain: Counter[tuple[str, str, int]] = Counter()
    for key, cards in wave.cards.items():
        for token in cards:
            given = answers(token, rng=rng)
            asked = queries.sheet(token)
            assert isinstance(asked, Sheet)
            side = {f"{each.relation}": each.side for each in asked.asked}
            for question, category in given.items():
                relation, _, item = question.partition(".")
                plain[f"{relation} {side[relation]} {key}", item, category] += 1
            commands.cast(token, given, {})
    found = closed(scene, wave)
    assert (found.people, found.answered) == (80, 80)
    counted = {
        (f"{group.relation} {group.side} {group.block}", item, category + 1): int(n)
        for group, row in zip(found.groups, found.counts, strict=True)
        for item, cells in zip(found.items, row, strict=True)
        for category, n in enumerate(cells)
        if n
    }
    assert counted == dict(plain)
    assert found.missing.sum() == 0


def test_seats_below_k_are_merged_and_what_stays_below_is_nowhere() -> None:
    scene = house(floor=10, kitchen=8, bar=8)
    wave, rng = opened(scene), drawn()
    floor, kitchen, bar = (
        next(key for key in wave.cards if scene.parties[name].key in key)
        for name in ("floor", "kitchen", "bar")
    )
    for key, n in ((floor, 9), (kitchen, 3), (bar, 2)):
        for token in wave.cards[key][:n]:
            commands.cast(token, answers(token, rng=rng), {})
    found = closed(scene, wave)
    assert [(group.relation, group.side, group.people) for group in found.groups] == [
        (0, Side.SERVING, 9),
        (1, Side.SERVED, 9),
    ]
    # Bar was not asked about Kitchen serves Floor, so there only three of the block answered.
    assert [(group.relation, group.people) for group in found.left_out] == [(1, 3)]
    assert [each.server_name for each in found.relations] == [
        "Floor at Inn",
        "Kitchen at Inn",
    ]  # Bar serves Kitchen fell away: both answered together
    alone = house(floor=9)
    few = opened(alone, alone.edges["floor", "guests"])
    for token in next(iter(few.cards.values()))[:4]:
        commands.cast(token, answers(token), {})
    left = closed(alone, few)
    assert left.groups == ()
    assert [group.people for group in left.left_out] == [4]
    assert left.counts.shape == (0, 3, 11)
    assert PublishedCount.objects.filter(group__wave__wave__ref=few.ref).count() == 0


def test_nobody_answered() -> None:
    scene = house(floor=9)
    found = closed(scene, opened(scene))
    assert (found.answered, found.groups) == (0, ())


def test_all_equal_answers_are_guarded_and_the_sums_agree_with_the_table() -> None:
    scene = house(floor=60, kitchen=50)
    leaders(scene, 6)
    wave = opened(scene, instrument="signs")
    for cards in wave.cards.values():
        for token in cards:
            commands.cast(token, answers(token, step=5), {})
    found = closed(scene, wave)
    steps = found.items.index("sign-1")
    for group, row in zip(found.groups, found.counts, strict=True):
        assert row[steps, :5].sum() == group.people
        assert row[steps, 4] <= group.people - 2
    (wide,) = found.wide
    rows = [n for n, group in enumerate(found.groups) if group.side is Side.SERVERS]
    table = found.counts[rows][:, [found.items.index(item) for item in wide.items], :5].sum(axis=0)
    assert wide.n == 110
    assert wide.sums.tolist() == (table @ np.arange(1, 6)).tolist()
    assert np.diag(wide.products).tolist() == (table @ np.arange(1, 6) ** 2).tolist()


@pytest.mark.parametrize(("gaps", "kept"), [(0, 1), (1, 0), (4, 0), (5, 1)])
def test_sums_that_would_tell_of_a_few_with_gaps_are_not_kept(gaps: int, kept: int) -> None:
    """The counts of all, less the sums over complete rows, are those of nobody or of five."""
    scene = house(floor=60)
    leaders(scene, 6)
    wave = opened(scene, instrument="signs")
    rng = np.random.default_rng(3)
    for cards in wave.cards.values():
        for n, token in enumerate(cards):
            given = answers(token, rng=rng)
            if len(cards) == 60 and n < gaps:
                del given["sign-1"]
            commands.cast(token, given, {})
    found = closed(scene, wave)
    assert len(found.wide) == kept
    assert [wide.n for wide in found.wide] == [60 - gaps] * kept


def test_a_question_left_out_by_many_has_no_counts() -> None:
    scene = house(floor=12)
    wave = opened(scene)
    for n, token in enumerate(next(iter(wave.cards.values()))):
        given = answers(token, rng=np.random.default_rng(n))
        commands.cast(token, given if n < 4 else {"0.well": given["0.well"]}, {})
    found = closed(scene, wave)
    matters, well = found.items.index("matters"), found.items.index("well")
    assert found.counts[0, well].sum() == 12
    assert found.counts[0, matters].sum() == 0
    assert found.missing[0, matters] == 8


def test_words_are_kept_where_ten_wrote_and_in_no_order() -> None:
    scene = house(floor=12, kitchen=12)
    wave = opened(scene)
    floor, kitchen = wave.cards.values()
    for n, token in enumerate(floor):
        commands.cast(token, answers(token), {"0.words": f"floor {n}"} if n < 6 else {})
    for n, token in enumerate(kitchen):
        asked = queries.sheet(token)
        assert isinstance(asked, Sheet)
        where = f"{asked.asked[0].relation}.words"
        commands.cast(token, answers(token), {where: f"kitchen {n}"} if n < 3 else {})
    commands.close_wave(scene.boss, wave.ref, today=TODAY)
    assert Wave.objects.get().published.words.count() == 0  # nine wrote
    again = opened(scene)
    for n, token in enumerate(next(iter(again.cards.values()))):
        commands.cast(token, answers(token), {"0.words": f"  word {n} "})
    commands.close_wave(scene.boss, again.ref, today=TODAY)
    words = Wave.objects.get(ref=again.ref).published.words
    assert sorted(words.values_list("text", flat=True)) == sorted(f"word {n}" for n in range(12))
    in_order = list(words.order_by("pk").values_list("text", flat=True))
    assert in_order != [f"word {n}" for n in range(12)]


def test_after_the_close_nothing_is_left_but_what_is_published() -> None:
    scene = house(floor=8)
    wave = opened(scene)
    cast_all(wave, rng=drawn())
    sealed = ballot_box.ballots(wave.ref)[0][0]
    commands.close_wave(scene.boss, wave.ref, today=TODAY)
    box = ballot_box.path().read_bytes()
    assert sealed[:32] not in box
    assert wave.ref.encode() not in box
    with pytest.raises(ballot_seal.CannotOpen):
        ballot_seal.read_key(wave.ref)
    assert ballot_box.states() == {}
    commands.close_wave(None, wave.ref, today=TODAY)  # again, and nothing happens
    assert PublishedGroup.objects.filter(wave__wave__ref=wave.ref).count() == 1


def test_a_cancelled_wave_is_erased_uncounted() -> None:
    scene = house(floor=8)
    wave = opened(scene)
    cast_all(wave, rng=drawn())
    commands.cancel_wave(scene.boss, wave.ref)
    assert jobs.close_due(TODAY) == (wave.ref,)
    assert queries.published(scene.boss, wave.ref) is None
    assert ballot_box.states() == {}
    assert list(queries.waves(scene.boss)) == []


def test_a_wave_whose_key_is_gone_says_so_and_keeps_its_ballots() -> None:
    scene = house(floor=8)
    wave = opened(scene)
    cast_all(wave, rng=drawn())
    ballot_seal.destroy_key(wave.ref)
    with pytest.raises(ballot_seal.CannotOpen, match="nobody can open its ballots"):
        commands.close_wave(scene.boss, wave.ref, today=TODAY)
    assert ballot_box.turnout(wave.ref) == (8, 8)


def test_guests_see_only_waves_in_which_they_are_asked() -> None:
    scene = house(floor=8)
    bakery = party("Bakery", kind=Kind.PARTNER, place="Inn")
    serves(bakery, scene.parties["floor"])
    bakers = [member(bakery, role=Role.GUEST) for _ in range(5)]
    wave = opened(scene)
    commands.close_wave(scene.boss, wave.ref, today=TODAY)
    assert queries.published(bakers[0], wave.ref) is not None
    assert queries.published(person(role=Role.GUEST), wave.ref) is None
    assert queries.published(person(role=Role.SERVER), wave.ref) is not None


def test_what_is_published_cannot_be_changed() -> None:
    scene = house(floor=8)
    wave = opened(scene)
    cast_all(wave, rng=drawn())
    commands.close_wave(scene.boss, wave.ref, today=TODAY)
    with pytest.raises(DatabaseError, match="as it was counted"):
        PublishedCount.objects.update(c1=7)
