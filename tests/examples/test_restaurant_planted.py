"""What is planted at Four Hearths shows in what guests and teams say and in what is measured."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import upturn
from examples.restaurant_group import Organisation, Planted
from examples.restaurant_group.sources import mondays
from tests.examples.drawn import TODAY, four_hearths

SEEDS = (7, 8)
PLANTED = {planted.key: planted for planted in four_hearths().planted}


def scores(organisation: Organisation, *, touchpoint: str, since: int) -> tuple[np.ndarray, ...]:
    """Scores from 0 to 10, as a touchpoint's page counts them, before and from a week on."""
    turn = mondays(organisation.today)[since]
    where = [
        (10 * (said.score - said.low) / (said.high - said.low), said.at.date() >= turn)
        for said, truth in zip(organisation.feedback, organisation.truths, strict=True)
        if truth.touchpoint == touchpoint and said.score is not None
    ]
    return tuple(np.array([score for score, late in where if late == side]) for side in (0, 1))


def moved(organisation: Organisation, *, touchpoint: str, since: int) -> tuple[float, float]:
    """By how much the mean moved, and by how many standard errors."""
    before, after = scores(organisation, touchpoint=touchpoint, since=since)
    change = float(after.mean() - before.mean())
    return change, change / np.sqrt(before.var() / before.size + after.var() / after.size)


def test_every_way_from_the_cause_up_to_the_guests_is_drawn() -> None:
    organisation = four_hearths()
    serves = {(edge.server, edge.served) for edge in organisation.serves}
    points = {point.key: {key for key, _ in point.served_by} for point in organisation.touchpoints}
    keys = {party.key for party in organisation.parties}
    for planted in organisation.planted:
        assert 6 <= planted.week <= 20
        assert planted.touchpoints
        assert {planted.cause, planted.behind, *planted.on_the_way} - {""} <= keys
        for point in planted.touchpoints:
            if planted.on_the_way:
                assert points[point] & {*planted.on_the_way}, point
    for key in ("dryer", "one-at-the-door", "print-queue"):
        assert (PLANTED[key].cause, PLANTED[key].on_the_way[0]) in serves
    assert ("group-office", "scheduling") in serves
    told = Counter(planted.tells for planted in organisation.planted)
    assert told == {"cause": 3, "cannot tell": 2, "better": 1}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "touchpoint",
    ["mill-food", "harbour-arrive", "station-arrive", "station-pickup", "harbour-drinks"],
)
def test_guests_notice_from_its_week_on(touchpoint: str, seed: int) -> None:
    planted = next(one for one in PLANTED.values() if touchpoint in one.touchpoints)
    change, z = moved(four_hearths(seed=seed), touchpoint=touchpoint, since=planted.week)
    assert -2.2 < change < -0.8
    assert z < -2.9


@pytest.mark.parametrize("seed", SEEDS)
def test_guests_of_the_same_parties_elsewhere_are_spared(seed: int) -> None:
    organisation = four_hearths(seed=seed)
    for touchpoint, key in (
        ("mill-midday", "dryer"),
        ("mill-arrive", "one-at-the-door"),
        ("mill-pickup", "print-queue"),
        ("mill-drinks", "ice"),
    ):
        assert abs(moved(organisation, touchpoint=touchpoint, since=PLANTED[key].week)[1]) < 3


@pytest.mark.parametrize("seed", SEEDS)
def test_the_road_is_heard_all_over_the_orchard(seed: int) -> None:
    organisation, road = four_hearths(seed=seed), PLANTED["road"]
    here = [point.key for point in organisation.touchpoints if point.place == "Orchard"]
    assert set(road.touchpoints) == set(here)
    changes = [moved(organisation, touchpoint=key, since=road.week)[0] for key in here]
    assert np.mean(changes) < -0.2
    assert np.mean(np.array(changes) < 0) >= 0.7


def figures(organisation: Organisation, *, of: object, name: str) -> tuple[list[float], str]:
    rows = [m for m in organisation.measures if of in (m.party, m.edge) and m.name == name]
    return [row.value for row in rows], rows[0].better


@pytest.mark.parametrize(
    ("key", "of", "name"),
    [
        ("dryer", "mill-dish", "warm plates at 19:30"),
        ("one-at-the-door", "scheduling", "changes of the rota inside two days"),
        ("one-at-the-door", "harbour-host", "minutes from door to table"),
        ("one-at-the-door", "station-host", "minutes from door to table"),
        ("print-queue", "till-system", "orders printed out of turn, of 1,000"),
        ("print-queue", "station-counter", "minutes from promised to handed over"),
        ("readers", ("till-system", "harbour-floor"), "minutes from asking to paying"),
    ],
)
def test_a_figure_of_its_way_moves_with_it(key: str, of: object, name: str) -> None:
    week = PLANTED[key].week
    values, better = figures(four_hearths(), of=of, name=name)
    change = np.mean(values[week:]) - np.mean(values[: week - 1])
    worse = change < 0 if better == "more" else change > 0
    assert worse == (key != "readers")
    assert abs(change) > 2 * np.std(values[: week - 1])


def test_nobody_measures_the_bar_of_the_harbour_nor_how_well_it_serves() -> None:
    of = {measure.party or measure.edge[0] for measure in four_hearths().measures}
    assert "harbour-bar" not in of


def test_about_six_in_ten_parties_have_weekly_figures_and_each_says_which_is_better() -> None:
    organisation = four_hearths()
    can = {party.key for party in organisation.parties if party.kind != "customers"}
    counted = {measure.party for measure in organisation.measures} - {None}
    assert 0.55 <= len(counted) / len(can) <= 0.67
    ways = Counter((measure.name, measure.better) for measure in organisation.measures)
    assert {better for _, better in ways} == {"more", "less"}
    assert len(ways) == len({name for name, _ in ways})


def said_of(planted: Planted, organisation: Organisation) -> list[tuple[str, int]]:
    weeks = {week: number for number, week in enumerate(mondays(organisation.today))}
    return [
        (said.text, weeks[said.at.date()])
        for said in organisation.servers_words
        if said.party in (planted.cause, *planted.on_the_way)
    ]


def test_servers_say_what_stands_in_their_way_and_no_name() -> None:
    organisation = four_hearths()
    said = organisation.servers_words
    assert 370 <= len(said) <= 430
    assert len({one.text for one in said}) > 0.9 * len(said)
    assert len({one.external_id for one in said}) == len(said)
    assert [one.at for one in said] == sorted(one.at for one in said)
    assert {one.at.weekday() for one in said} == {0}
    assert all(one.at.date() < TODAY for one in said)
    members = Counter(key for person in organisation.people for key, _ in person.memberships)
    assert all(members[one.party] >= 5 for one in said)
    names = {person.display_name.split()[0] for person in organisation.people}
    assert not [one for one in said if names & set(one.text.replace(",", " ").split())]
    assert not [one for one in said if "{" in one.text]


@pytest.mark.parametrize(
    ("key", "word"),
    [("dryer", "plates"), ("one-at-the-door", "the door"), ("print-queue", "slip"), ("ice", "ice")],
)
def test_what_is_planted_is_said_by_those_on_its_way_from_its_week_on(key: str, word: str) -> None:
    planted = PLANTED[key]
    weeks = [week for text, week in said_of(planted, four_hearths()) if word in text.lower()]
    late = [week for week in weeks if week >= planted.week - 1]
    assert len(late) >= 8
    assert len(late) > 3 * (len(weeks) - len(late))


def test_the_product_never_reads_what_is_planted() -> None:
    source = Path(upturn.__file__).parent
    files = [path for path in source.rglob("*.py") if ".planted" in path.read_text("utf-8")]
    assert files == []
