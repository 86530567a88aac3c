"""Waves from their close to what is left of them."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from django.db import DatabaseError

from tests.factories import TODAY, member, party, person, serves
from tests.partners.waves_scene import (
    CLOSES,
    House,
    answers,
    cast_all,
    drawn,
    house,
    leaders,
    opened,
)
from upturn.graph.models import Kind
from upturn.partners import commands, jobs, queries
from upturn.partners.engine import Published, Sheet, Side
from upturn.partners.engine.errors import CannotClose, WaveRefused
from upturn.partners.models import PublishedCount, PublishedGroup, Wave
from upturn.people.models import Role
from upturn.record import ballot_box, ballot_seal

pytestmark = pytest.mark.django_db


def closed(scene: House, wave: commands.Opened) -> Published:
    commands.close_wave(scene.boss, wave.ref, today=TODAY)
    found = queries.published(scene.boss, wave.ref)
    assert found is not None
    return found


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
