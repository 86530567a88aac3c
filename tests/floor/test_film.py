"""The film: legs join, needs go through their stages, opportunities show before anybody asks."""

from functools import cache
from itertools import pairwise
from math import hypot, inf, isfinite

import numpy as np
import pytest

from tests.floor.plain_runs import busy_floor, needs_of
from upturn.floor.engine.film import Film, Happening, Look, at, events, film_json, film_of
from upturn.floor.engine.policy import OneAtATime, OwnTheWhole, Policy, ScanSection

POLICIES = (OneAtATime(), ScanSection(), OwnTheWhole())


@cache
def filmed(policy: Policy, *, from_s: float = 0.0, seconds: float = 1800.0) -> Film:
    floor = busy_floor()
    needs = needs_of(floor, hours=1.0, seed=3)
    return film_of(floor, policy, needs, from_s=from_s, seconds=seconds)


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_jumps_and_nobody_walks_faster_than_they_do(policy: Policy) -> None:
    film = filmed(policy)
    moments = np.arange(0.0, 1800.0, 7.0)
    frames = [at(film, moment) for moment in moments]
    for before, after in pairwise(frames):
        for old, new in zip(before.seats, after.seats, strict=True):
            assert hypot(new.x_m - old.x_m, new.y_m - old.y_m) <= 7.0 * 1.2 + 1e-6
    station = next(place for place in film.places if place.kind == "station")
    assert {(seat.x_m, seat.y_m) for seat in frames[0].seats} == {(station.x_m, station.y_m)}


@pytest.mark.parametrize("policy", POLICIES)
def test_a_need_is_met_by_a_seat_that_stands_there(policy: Policy) -> None:
    film = filmed(policy)
    met = [need for need in film.needs if need.ends_s <= film.ends_s]
    assert len(met) > 50
    for need in met:
        frame = at(film, (need.begins_s + need.ends_s) / 2)
        seat, place = frame.seats[need.seat], film.places[need.place]
        assert (seat.doing, seat.x_m, seat.y_m) == ("serves", place.x_m, place.y_m)
        assert (need.number, need.place, Look.BEING_MET) in frame.needs


def test_an_opportunity_shows_before_the_guest_asks() -> None:
    """S0.1: noticed by who walks by, shown as such, and met without a word of the guest."""
    film = filmed(ScanSection())
    noticed = [need for need in film.needs if need.known_s < min(need.asked_s, film.ends_s)]
    unasked = [need for need in noticed if need.begins_s < film.ends_s and need.asked_s == inf]
    assert len(unasked) > 10
    for need in unasked:
        assert need.kind == "coffee"
        looks = {
            look
            for moment in ((need.arises_s + need.known_s) / 2, (need.known_s + need.begins_s) / 2)
            for number, _place, look in at(film, moment).needs
            if number == need.number
        }
        assert looks == {Look.UNSEEN, Look.NOTICED} or need.known_s == need.begins_s
    told = [event.happening for event in events(film)]
    assert told.count(Happening.NOTICED) >= len(unasked)
    blind = [event.happening for event in events(filmed(OneAtATime()))]
    assert Happening.NOTICED not in blind


def test_the_table_tells_the_same_as_the_picture() -> None:
    film = filmed(OwnTheWhole())
    told = events(film)
    assert [event.at_s for event in told] == sorted(event.at_s for event in told)
    for moment in (300.0, 900.0, 1500.0):
        waiting = sum(
            {Happening.ARISES: 1, Happening.ENDS: -1, Happening.GIVES_UP: -1}.get(e.happening, 0)
            for e in told
            if e.at_s <= moment
        )
        assert waiting == len(at(film, moment).needs)
    assert any(event.helped for event in told)
    assert not any(event.helped for event in told if event.kind == "bill")


def test_a_film_from_the_middle_is_a_part_of_the_whole() -> None:
    whole, part = filmed(ScanSection()), filmed(ScanSection(), from_s=600.0, seconds=1200.0)
    assert (part.begins_s, part.ends_s) == (600, 1800)
    for moment in (600.0, 601.5, 1000.0, 1799.0):
        assert at(part, moment) == at(whole, moment)
    assert len(part.legs) < len(whole.legs)


def test_what_a_player_gets_is_plain_data() -> None:
    film = filmed(OwnTheWhole())
    data = film_json(film)
    assert [len(data[name]) for name in ("places", "seats", "needs")] == [19, 3, len(film.needs)]  # type: ignore[arg-type]
    values = [value for row in (*data["legs"], *data["needs"]) for value in row.values()]  # type: ignore[misc]
    assert None in values
    assert all(value is None or isinstance(value, str) or isfinite(value) for value in values)
