"""How those who lead serve: asked about five of them together, and never about one (S2.20)."""

import json

import numpy as np
import pytest

from tests import factories as f
from tests.factories import TODAY
from tests.partners.waves_scene import House, answers, cast_all, draft, house, leaders, opened
from upturn.graph.models import Kind
from upturn.partners import commands, queries
from upturn.partners.engine import (
    LEADERS_LEAST,
    Leaders,
    Mirror,
    Published,
    Side,
    how_they_serve,
    under_leaders,
)
from upturn.partners.engine.errors import WaveRefused
from upturn.partners.models import PublishedGroup, Seated, WaveSeat
from upturn.partners.queries.led import leaders_there, led_page
from upturn.people.models import Membership, Role
from upturn.stats import Figure, Withheld

pytestmark = pytest.mark.django_db


def at_the_mill(scene: House, *, servers: int, leading: int) -> None:
    """A second place with one team and its leaders, each of whom leads alone."""
    team = f.party("Mill team", place="Mill")
    f.serves(team, scene.parties["guests"])
    scene.people["mill"] = [f.member(team) for _ in range(servers)]
    for _ in range(leading):
        own = f.party(place="Mill", kind=Kind.LEADER)
        f.serves(own, team)
        Membership.objects.create(person=f.person(role=Role.LEADER), party=own, leads=True)


def closed(scene: House) -> Published:
    wave = opened(scene, instrument="led")
    cast_all(wave, rng=np.random.default_rng(20))
    commands.close_wave(scene.boss, wave.ref, today=TODAY)
    found = queries.published(scene.boss, wave.ref)
    assert found is not None
    return found


def test_four_leaders_are_not_asked_about_and_the_reason_is_said() -> None:
    scene = house(floor=9, kitchen=9)
    leaders(scene, 4)
    with pytest.raises(WaveRefused, match="those who lead at Inn: 4 people together, and 5"):
        commands.open_wave(scene.boss, draft=draft(instrument="led"), today=TODAY)
    assert leaders_there() == Withheld("too_few_leaders", LEADERS_LEAST, 4)
    page = f.signed_in(scene.boss).get("/leading/").content.decode()
    assert "4 leaders, 5 needed" in page
    assert "instrument=led" not in page


def test_teams_large_enough_for_a_figure_of_their_own_get_none() -> None:
    """Floor, Kitchen and Bar have nine people each; one of them may have one leader alone."""
    scene = house(floor=9, kitchen=9, bar=9)
    leaders(scene, 6)
    found = closed(scene)
    (group,) = (each for each in found.groups if each.side is Side.SERVERS)
    assert group.people == 27
    assert group.units == (under_leaders("leaders:leaders:Inn"),)
    seats = WaveSeat.objects.filter(side="servers")
    assert [seat.name for seat in seats] == ["those who serve at Inn"]
    base = json.dumps(list(queries.base_lines(found)))
    for team in ("floor", "kitchen", "bar", "Floor", "Kitchen", "Bar"):
        assert team not in base
    (one,) = led_page(found)
    assert one.leaders == 6
    assert [row.item.key for row in one.rows if isinstance(row, Mirror)] == list(found.items)
    assert all(isinstance(row.servers, Figure) and row.servers.n == 27 for row in one.rows)


@pytest.mark.parametrize(("here", "there", "blocks"), [(6, 6, 2), (6, 3, 1), (2, 3, 1)])
def test_leaders_of_a_place_with_too_few_are_asked_about_with_others(
    here: int, there: int, blocks: int
) -> None:
    scene = house(floor=9, kitchen=9)
    leaders(scene, here)
    at_the_mill(scene, servers=12, leading=there)
    about = led_page(closed(scene))
    assert len(about) == blocks
    assert sum(one.leaders for one in about) == here + there
    assert all(one.leaders >= LEADERS_LEAST for one in about)


def test_whoever_serves_where_nobody_leads_is_asked_about_all_who_lead() -> None:
    scene = house(floor=9)
    leaders(scene, 6)
    at_the_mill(scene, servers=8, leading=0)
    about = {one.block: one.leaders for one in led_page(closed(scene))}
    assert sorted(about.values()) == [6, 6]
    assert Seated.objects.filter(seat__side="servers").count() == 17


def test_other_questions_are_answered_team_by_team() -> None:
    scene = house(floor=9, kitchen=9)
    leaders(scene, 6)
    made = commands.open_wave(scene.boss, draft=draft(instrument="led"), today=TODAY)
    assert WaveSeat.objects.filter(wave__ref=made.ref, side="servers").count() == 1
    plain = commands.open_wave(scene.boss, draft=draft(instrument="keys"), today=TODAY)
    assert WaveSeat.objects.filter(wave__ref=plain.ref, side="servers").count() == 2


def test_four_leaders_are_withheld_also_if_a_wave_had_come_so_far() -> None:
    scene = house(floor=9, kitchen=9)
    leaders(scene, 6)
    found = closed(scene)
    key = "leaders:leaders:Inn"
    for number in range(LEADERS_LEAST + 2):
        (one,) = how_they_serve(found, leaders={key: Leaders("Inn", number, ("leaders:Inn",))})
        held = one.rows if isinstance(one.rows, Withheld) else None
        assert (held is None) is (number >= LEADERS_LEAST)
        if held:
            assert held == Withheld("too_few_leaders", LEADERS_LEAST, number)


def test_the_page_says_about_whom_and_what_it_cannot_tell() -> None:
    scene = house(floor=9, kitchen=9)
    leaders(scene, 6)
    found = closed(scene)
    for address in ("/leading/", f"/gaps/{found.wave}/led/", f"/gaps/{found.wave}/"):
        page = f.signed_in(scene.boss).get(address, follow=True).content.decode()
        assert "About those who lead at Inn: 6 people together" in page
        assert "Anything about one who leads." in page
    table = f.signed_in(scene.boss).get(f"/gaps/{found.wave}/led.csv").content.decode()
    assert table.count("those who lead at Inn") == 3 * len(found.items)
    guest = f.signed_in(f.person(role=Role.GUEST))
    assert guest.get("/leading/").status_code == 404


def test_no_group_is_left_of_a_single_team_after_the_count() -> None:
    scene = house(floor=9, kitchen=9)
    leaders(scene, 6)
    wave = opened(scene, instrument="led")
    cards = wave.cards[next(key for key in wave.cards if key.startswith("servers"))]
    for token in cards[:6]:
        commands.cast(token, answers(token, step=3), {})
    commands.close_wave(scene.boss, wave.ref, today=TODAY)
    rows = PublishedGroup.objects.filter(side="servers")
    assert [(row.people, row.left_out) for row in rows] == [(6, False)]
    found = queries.published(scene.boss, wave.ref)
    assert found is not None
    (one,) = led_page(found)
    assert all(isinstance(row.leaders, Withheld) for row in one.rows if isinstance(row, Mirror))
