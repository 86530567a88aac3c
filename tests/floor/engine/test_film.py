"""The film: legs join, needs go through their stages, opportunities show before anybody asks."""

from functools import cache
from itertools import pairwise
from math import hypot, inf, isfinite

import numpy as np
import pytest

from tests.floor.engine.plain_runs import busy_floor, needs_of
from upturn.floor.engine.lab.film import Film, Happening, Look, at, events, film, film_json, film_of
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, Policy, ScanSection
from upturn.floor.engine.simulating import simulate

POLICIES = (OneAtATime(), ScanSection(), OwnTheWhole())


@cache
def filmed(policy: Policy, *, from_s: float = 0.0, seconds: float = 1800.0) -> Film:
    floor = busy_floor()
    needs = needs_of(floor, hours=1.0, seed=3)
    return film_of(floor, policy, needs, from_s=from_s, seconds=seconds)


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_jumps_and_nobody_walks_faster_than_they_do(policy: Policy) -> None:
    made = filmed(policy)
    moments = np.arange(0.0, 1800.0, 7.0)
    frames = [at(made, moment) for moment in moments]
    for before, after in pairwise(frames):
        for old, new in zip(before.seats, after.seats, strict=True):
            assert hypot(new.x_m - old.x_m, new.y_m - old.y_m) <= 7.0 * 1.2 + 1e-6
    station = next(place for place in made.places if place.kind == "station")
    assert {(seat.x_m, seat.y_m) for seat in frames[0].seats} == {(station.x_m, station.y_m)}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_need_is_met_by_a_seat_that_stands_there(policy: Policy) -> None:
    made = filmed(policy)
    met = [need for need in made.needs if need.ends_s <= made.ends_s]
    assert len(met) > 50
    for need in met:
        frame = at(made, (need.begins_s + need.ends_s) / 2)
        seat, place = frame.seats[need.seat], made.places[need.place]
        assert (seat.doing, seat.x_m, seat.y_m) == ("serves", place.x_m, place.y_m)
        assert (need.number, need.place, Look.BEING_MET) in frame.needs


def test_an_opportunity_shows_before_the_guest_asks() -> None:
    """S0.1: noticed by who walks by, shown as such, and met without a word of the guest."""
    made = filmed(ScanSection())
    noticed = [need for need in made.needs if need.known_s < min(need.asked_s, made.ends_s)]
    unasked = [need for need in noticed if need.begins_s < made.ends_s and need.asked_s == inf]
    assert len(unasked) > 10
    for need in unasked:
        assert need.kind == "coffee"
        looks = {
            look
            for moment in ((need.arises_s + need.known_s) / 2, (need.known_s + need.begins_s) / 2)
            for number, _place, look in at(made, moment).needs
            if number == need.number
        }
        assert looks == {Look.UNSEEN, Look.NOTICED} or need.known_s == need.begins_s
    told = [event.happening for event in events(made)]
    assert told.count(Happening.NOTICED) >= len(unasked)
    blind = [event.happening for event in events(filmed(OneAtATime()))]
    assert Happening.NOTICED not in blind


def test_the_table_tells_the_same_as_the_picture() -> None:
    made = filmed(OwnTheWhole())
    told = events(made)
    assert [event.at_s for event in told] == sorted(event.at_s for event in told)
    for moment in (300.0, 900.0, 1500.0):
        waiting = sum(
            {Happening.ARISES: 1, Happening.ENDS: -1, Happening.GIVES_UP: -1}.get(e.happening, 0)
            for e in told
            if e.at_s <= moment
        )
        assert waiting == len(at(made, moment).needs)
    assert any(event.helped for event in told)
    assert not any(event.helped for event in told if event.kind == "bill")


def test_a_film_from_the_middle_is_a_part_of_the_whole() -> None:
    whole, part = filmed(ScanSection()), filmed(ScanSection(), from_s=600.0, seconds=1200.0)
    assert (part.begins_s, part.ends_s) == (600, 1800)
    for moment in (600.0, 601.5, 1000.0, 1799.0):
        assert at(part, moment) == at(whole, moment)
    assert len(part.legs) < len(whole.legs)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_film_shows_what_the_figures_are_made_of(policy: Policy) -> None:
    floor = busy_floor()
    runs = simulate(floor, policy=policy, hours=2, reps=2, seed=5)
    rows = runs.records
    made = film(floor, policy, seed=5, replication=1, seconds=3600.0)
    of = (rows.replication == 1) & (rows.created_s < 3600)
    begun = {need.number: need.begins_s for need in made.needs if need.begins_s < inf}
    assert len(begun) > 100
    expected = rows.started_s[of]
    assert all(expected[number] == begins for number, begins in begun.items())
    assert (expected <= 3600).sum() == len(begun)


def test_what_a_player_gets_is_plain_data() -> None:
    made = filmed(OwnTheWhole())
    data = film_json(made)
    assert [len(data[name]) for name in ("places", "seats", "needs")] == [19, 3, len(made.needs)]  # type: ignore[arg-type]
    values = [value for row in (*data["legs"], *data["needs"]) for value in row.values()]  # type: ignore[misc]
    assert None in values
    assert all(value is None or isinstance(value, str) or isfinite(value) for value in values)
