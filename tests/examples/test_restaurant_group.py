"""Who serves whom at Four Hearths, who works there, and what is measured."""

import csv
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from examples.restaurant_group import draw, write_csvs
from tests.examples.drawn import TODAY, four_hearths
from upturn.graph.engine import Graph, distance_to_customer, graph_of, orphans, tyranny

ROOT = Path(__file__).parents[2]
HOUSES = ("Mill", "Harbour", "Station", "Orchard")


def numbers() -> dict[str, int]:
    return {party.key: number for number, party in enumerate(four_hearths().parties)}


def graph() -> Graph:
    number = numbers()
    return graph_of(
        [(number[party.key], party.kind) for party in four_hearths().parties],
        [
            (index, number[edge.server], number[edge.served])
            for index, edge in enumerate(four_hearths().serves)
        ],
    )


def test_the_same_seed_gives_the_same_bytes_under_the_name_it_has_in_the_wheel(
    tmp_path: Path,
) -> None:
    here = write_csvs(draw(TODAY, seed=3, comments=500), tmp_path / "here")
    shutil.copytree(ROOT / "examples", tmp_path / "upturn_examples")
    subprocess.run(
        [
            *(sys.executable, "-m", "upturn_examples.restaurant_group", "there"),
            *("--seed", "3", "--today", TODAY.isoformat(), "--comments", "500"),
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONHASHSEED": "12345"},
        check=True,
        capture_output=True,
    )
    for path in here:
        assert path.read_bytes() == (tmp_path / "there" / path.name).read_bytes()


def test_another_seed_gives_other_words_and_people() -> None:
    one, other = four_hearths(comments=400), four_hearths(comments=400, seed=8)
    assert one.feedback != other.feedback
    assert one.people != other.people
    assert one.measures != other.measures
    assert (one.parties, one.serves, one.asks[0]) == (other.parties, other.serves, other.asks[0])


def test_four_houses_with_five_rooms_and_two_counters() -> None:
    parties = four_hearths().parties
    assert len({party.key for party in parties}) == len(parties)
    places = Counter((party.name, party.place) for party in parties)
    for name in ("Kitchen", "Floor", "Bar", "Dish room", "Host stand"):
        assert all(places[name, house] == 1 for house in HOUSES)
    assert sum(places["Take-away counter", house] for house in HOUSES) == 2
    for name in ("Purchasing", "Maintenance", "Payroll", "Scheduling", "Menu desk", "Laundry"):
        assert places[name, ""] == 1
    kinds = Counter(party.kind for party in parties)
    assert kinds["customers"] == 14
    assert kinds["partner"] == 1
    assert all(party.description for party in parties)


def test_edges_join_parties_that_are_there_each_pair_once_in_words() -> None:
    keys = set(numbers())
    serves = four_hearths().serves
    assert len({(edge.server, edge.served) for edge in serves}) == len(serves)
    assert all({edge.server, edge.served} <= keys for edge in serves)
    assert all(10 <= len(edge.what) <= 200 for edge in serves)


def test_the_variance_form_is_the_one_orphan_and_the_food_cost_sheet_leads_to_no_guest() -> None:
    keys = {number: key for key, number in numbers().items()}
    assert [keys[number] for number in orphans(graph())] == ["variance-form"]
    lost = [four_hearths().serves[index] for index in tyranny(graph())]
    assert {(edge.server, edge.served) for edge in lost} == {
        *((f"{house.lower()}-kitchen", "food-cost-sheet") for house in HOUSES),
        ("food-cost-sheet", "variance-form"),
    }


def test_the_further_down_the_longer_the_way_to_a_guest() -> None:
    number, away = numbers(), distance_to_customer(graph())
    for house in ("mill", "harbour", "station", "orchard"):
        order = [f"{house}-{room}" for room in ("dinner", "floor", "kitchen", "dish")]
        assert [away[number[key]] for key in order] == [0, 1, 2, 3]
    assert away[number["maintenance"]] == away[number["group-office"]] == 3


def test_somebody_serves_at_every_touchpoint_but_on_the_way_out_of_the_mill() -> None:
    kinds = {party.key: party.kind for party in four_hearths().parties}
    touchpoints = four_hearths().touchpoints
    assert [point.key for point in touchpoints if not point.served_by] == ["mill-leave"]
    for point in touchpoints:
        assert kinds[point.customers] == "customers"
        assert all(kinds[key] != "customers" for key, _direct in point.served_by)
    for house in HOUSES:
        day = [point for point in touchpoints if point.place == house]
        assert 12 <= len(day) <= 14
        hours = [point.moment for point in day if point.moment]
        assert hours == sorted(hours)


def test_about_200_people_and_every_team_has_five_and_a_leader() -> None:
    people = four_hearths().people
    assert 190 <= len(people) <= 210
    assert len({person.username for person in people}) == len(people)
    assert all(person.username.isascii() and person.username.islower() for person in people)
    members = Counter(key for person in people for key, _leads in person.memberships)
    leading = Counter(key for person in people for key, leads in person.memberships if leads)
    for party in four_hearths().parties:
        if party.kind in ("team", "leader"):
            assert members[party.key] >= 5, party.key
            assert 1 <= leading[party.key] <= 2, party.key


def test_the_demo_offers_one_person_of_each_role() -> None:
    offered = {person.demo_role: person for person in four_hearths().people if person.demo_role}
    assert {role: person.username for role, person in offered.items()} == {
        "server": "maria",
        "leader": "nadia",
        "executive": "ruth",
        "facilitator": "imke",
        "administrator": "oskar",
        "guest": "pilar",
    }
    assert all(person.role == role for role, person in offered.items())
    assert ("mill-floor", False) in offered["server"].memberships
    assert ("mill-kitchen", True) in offered["leader"].memberships


def test_weekly_figures_lie_in_their_range_on_mondays_before_today() -> None:
    measures = four_hearths().measures
    weeks = {measure.week for measure in measures}
    assert weeks == {TODAY - timedelta(weeks=back) for back in range(1, 27)}
    edges = {(edge.server, edge.served) for edge in four_hearths().serves}
    keys = set(numbers())
    for measure in measures:
        assert (measure.party in keys) != (measure.edge in edges)
        assert measure.low is None or measure.low <= measure.value
        assert measure.high is None or measure.value <= measure.high
    once = Counter((m.party, m.edge, m.name, m.week) for m in measures)
    assert max(once.values()) == 1


def test_maintenance_has_no_figure_and_warm_plates_fall_a_week_before_the_score() -> None:
    measures = four_hearths().measures
    assert not [measure for measure in measures if measure.party == "maintenance"]
    plates = {
        measure.week: measure.value
        for measure in measures
        if measure.party == "mill-dish" and measure.name == "warm plates at 19:30"
    }
    values = [plates[week] for week in sorted(plates)]
    assert min(values[:9]) > 80
    assert max(values[9:]) < 50


@pytest.mark.parametrize(
    ("edge", "before", "after"),
    [(("mill-dish", "mill-kitchen"), 6.4, 5.6), (("maintenance", "mill-dish"), 5.2, 5.0)],
)
def test_the_thin_path_grows_thin(edge: tuple[str, str], before: float, after: float) -> None:
    values = [m.value for m in four_hearths().measures if m.edge == edge]
    assert sum(values[:5]) / 5 > before
    assert sum(values[7:]) / len(values[7:]) < after


def test_some_edges_never_have_five_answers() -> None:
    answers: dict[tuple[str, str], list[int]] = {}
    for measure in four_hearths().measures:
        if measure.name == "served well":
            answers.setdefault(measure.edge, []).append(measure.n)
    withheld = [edge for edge, counts in answers.items() if max(counts) < 5]
    assert ("mill-kitchen", "mill-bar") in withheld
    assert len(withheld) == 4
    members = Counter(key for person in four_hearths().people for key, _leads in person.memberships)
    assert all(max(counts) <= members[edge[1]] for edge, counts in answers.items())


def test_the_files_hold_every_row(tmp_path: Path) -> None:
    organisation = four_hearths(comments=400)
    rows = {}
    for path in write_csvs(organisation, tmp_path):
        with path.open(encoding="utf-8", newline="") as file:
            rows[path.name] = list(csv.DictReader(file))
    assert {name: len(found) for name, found in rows.items()} == {
        "parties.csv": len(organisation.parties),
        "serves.csv": len(organisation.serves),
        "touchpoints.csv": len(organisation.touchpoints),
        "comments.csv": 400,
        "measures.csv": len(organisation.measures),
    }
    for row, said in zip(rows["comments.csv"], organisation.feedback, strict=True):
        assert row["review"] == said.text
        assert (row["rating"] == "") == (said.score is None)
        assert 0 <= float(row["rating"] or 0) <= 10
