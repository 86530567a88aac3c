"""What is said of both sides: figures, what chance makes, and what is not said at all."""

from dataclasses import replace

import numpy as np
import pytest

from tests.partners import closed_waves as made
from upturn.partners.engine import (
    Published,
    Side,
    causes,
    drivers_of_morale,
    edges_placed,
    gap_map,
    guesses,
    level_pairs,
    mirrors,
    morale_by_team,
    questions_placed,
    reliability,
    said_by_servers,
    scope,
    time_split,
)
from upturn.partners.engine.base_table import difference, figure_at
from upturn.partners.engine.pairs import LEADERS
from upturn.partners.engine.reliable import turned_sums
from upturn.partners.engine.signs import SIGNS, Reach
from upturn.stats import Figure, Withheld, share_interval

SURE_OF_NOTHING = dict.fromkeys(range(15), 0.0)


def rng(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def row_of(found, server: str, place: str):
    return next(
        row
        for row in found.shown
        if (row.relation.server_name, row.relation.place) == (server, place)
    )


def with_counts(wave: Published, relation: int, side: Side, item: str, counts: list[int]):
    at = next(n for n, g in enumerate(wave.groups) if (g.relation, g.side) == (relation, side))
    changed = wave.counts.copy()
    changed[at, wave.items.index(item)] = counts + [0] * (11 - len(counts))
    return replace(wave, counts=changed)


def test_a_gap_is_the_chance_that_the_serving_side_rates_higher() -> None:
    wave = with_counts(made.pulse(), 0, Side.SERVING, "well", [0, 0, 2, 2, 12])
    wave = with_counts(wave, 0, Side.SERVED, "well", [10, 8, 2, 1, 1])
    row = row_of(gap_map(wave, rng=rng()), "Kitchen", "Garden")
    pairs = [
        (a, b) for a in [3] * 2 + [4] * 2 + [5] * 12 for b in [1] * 10 + [2] * 8 + [3, 3, 4, 5]
    ]
    by_hand = sum((a > b) + (a == b) / 2 for a, b in pairs) / len(pairs)
    assert isinstance(row.gap, Figure)
    assert row.gap.value == pytest.approx(by_hand)
    assert row.gap.n == 38
    assert row.waits
    assert row.serving.figure.value == pytest.approx(10 * (2 * 2 + 2 * 3 + 12 * 4) / 16 / 4)


def test_the_widest_gap_comes_first_and_chances_add_up() -> None:
    found = gap_map(made.pulse(), rng=rng())
    widths = [abs(row.gap.value - 0.5) for row in found.rows]
    assert widths == sorted(widths, reverse=True)
    assert sum(row.widest for row in found.rows) == pytest.approx(1)
    assert all(row.widest == 0 for row in found.held)


def test_a_planted_gap_is_found_and_named_the_widest() -> None:
    found = [
        gap_map(made.pulse(seed=seed, gaps={5: 0.45}), rng=rng(seed)).apart for seed in range(20)
    ]
    named = [rows[0].relation.id for rows in found if rows]
    assert len(named) >= 18
    assert named.count(5) == len(named)


def test_where_nothing_differs_chance_alone_is_rarely_called_a_gap() -> None:
    waves = 80
    calls = sum(
        bool(gap_map(made.pulse(seed=seed, gaps=SURE_OF_NOTHING), rng=rng(seed)).apart)
        for seed in range(waves)
    )
    assert calls <= 0.05 * waves + 2 * (0.05 * 0.95 * waves) ** 0.5


def test_a_side_that_is_not_shown_says_why() -> None:
    found = gap_map(made.pulse(), rng=rng())
    bar, till = row_of(found, "Bar", "Garden"), row_of(found, "Till", "Mill")
    assert bar.serving.figure == Withheld("too_few", 5, 4)
    assert bar.gap == Withheld("too_few", 5, 4)
    assert isinstance(bar.served.figure, Figure)
    assert till.serving.figure == Withheld("nobody_there", 5, 0)
    assert {row.relation.id for row in found.shown} == set(range(15))


def test_answers_too_alike_are_held_back_under_their_own_reason() -> None:
    wave = with_counts(made.pulse(), 0, Side.SERVING, "well", [0] * 5)
    row = row_of(gap_map(wave, rng=rng()), "Kitchen", "Garden")
    assert row.serving.figure == Withheld("protected", 5, 16)
    assert isinstance(row.gap, Withheld)


def test_all_the_same_answer_has_no_range_and_no_gap() -> None:
    wave = made.pulse()
    for side, people in ((Side.SERVING, 16), (Side.SERVED, 22)):
        wave = with_counts(wave, 0, side, "well", [0, 0, 0, people, 0])
    row = row_of(gap_map(wave, rng=rng()), "Kitchen", "Garden")
    assert isinstance(row.gap, Withheld)
    assert row.gap.reason == "all_alike"


def test_a_wave_without_any_answer_has_a_map_of_reasons() -> None:
    empty = replace(made.pulse(), groups=(), counts=np.zeros((0, 3, 11), dtype=np.int64))
    found = gap_map(replace(empty, missing=np.zeros((0, 3), dtype=np.int64)), rng=rng())
    assert not found.rows
    assert len(found.held) == 15


def test_a_place_is_a_family_of_its_own() -> None:
    found = gap_map(made.pulse(), place="Mill", rng=rng())
    assert {row.relation.place for row in found.shown} == {"Mill"}


def test_guesses_are_compared_with_what_the_other_side_said() -> None:
    wave = with_counts(made.pulse(), 0, Side.SERVING, "guess", [0, 0, 0, 1, 15])
    wave = with_counts(wave, 0, Side.SERVED, "well", [20, 2, 0, 0, 0])
    off = next(
        guess.off
        for guess in guesses(gap_map(wave, rng=rng()))
        if guess.row.relation.id == 0 and guess.side is Side.SERVING
    )
    assert off.value == pytest.approx((10 * (15 * 4 + 3) / 16 - 10 * 2 / 22) / 4)
    assert off.low > 0


def test_drawn_answers_are_taken_out_of_the_means() -> None:
    true = np.array([10, 20, 50, 120, 200])
    wave = made.pulse()
    sent = np.rint(0.8 * true + 0.2 * true.sum() / 5).astype(int).tolist()
    drawn = replace(with_counts(wave, 0, Side.SERVED, "well", sent), deniable=0.2)
    figure = figure_at(drawn, _row(drawn), drawn.instrument.items[0])
    assert figure.value == pytest.approx(true @ np.arange(5) / true.sum() * 2.5, abs=0.1)


def _row(wave: Published) -> tuple[int, ...]:
    return tuple(n for n, g in enumerate(wave.groups) if (g.relation, g.side) == (0, Side.SERVED))


def test_the_published_example_of_a_difference_of_shares() -> None:
    apart = difference(share_interval(56, 70), share_interval(48, 80))
    assert isinstance(apart, Figure)
    assert (round(apart.low, 4), round(apart.high, 4)) == (0.0524, 0.3339)


def test_signs_are_mirrored_and_turned_so_that_more_is_better() -> None:
    wave = made.signs(apart=0.3)
    rows = mirrors(wave, *SIGNS, within=scope(wave))
    assert [row.item.key for row in rows] == list(SIGNS)
    assert all(row.leaders.value > row.servers.value and row.waits for row in rows)
    assert {row.item.reversed_ for row in rows} == {True, False}


def alike_in_teams(seed: int, *, spread: float = 0.15) -> Published:
    """Both sides think the same on the whole, and teams differ by ``spread`` of the scale."""
    draws, wave = rng(seed), made.signs(seed=seed, apart=0.0)
    counts = wave.counts.copy()
    for at, group in enumerate(wave.groups):
        own = draws.normal(0, spread, size=9) if group.side is Side.SERVERS else np.zeros(9)
        within = 0.22 if group.side is Side.SERVERS else np.hypot(0.22, spread)
        for item in range(9):
            steps = 2 + 4 * (own[item] + within * draws.normal(size=group.people))
            whole = np.clip(np.rint(steps), 0, 4).astype(int)
            counts[at, item, :5] = np.bincount(whole, minlength=5)
    return replace(wave, counts=counts)


def test_ranges_hold_where_people_of_one_team_answer_alike() -> None:
    waves = [alike_in_teams(seed) for seed in range(40)]
    rows = [row for wave in waves for row in mirrors(wave, *SIGNS, within=scope(wave))]
    held = sum(row.gap.low <= 0.5 <= row.gap.high for row in rows)
    assert held >= 0.93 * len(rows)  # .96 over 120 waves; .91 as if all had answered alone
    assert {row.gap.n for row in rows} == {171}
    assert {row.servers.n for row in rows} == {155}


def test_a_place_without_leaders_of_its_own_takes_the_pooled_ones() -> None:
    wave = made.signs()
    mill, garden = scope(wave, at="Mill"), scope(wave, at="Garden")
    assert (mill.reach, mill.of_leaders) == (Reach.PLACE, "Leaders of Mill")
    assert garden.of_leaders == "Leaders of Garden and Harbour"
    assert len(garden.servers) == 3


def test_a_team_stands_beside_the_leaders_of_its_place() -> None:
    wave = made.signs()
    block = next(g.block for g in wave.groups if g.name == "Kitchen" and g.parent == "Mill")
    team = scope(wave, at=block)
    assert (team.reach, team.name, len(team.servers)) == (Reach.TEAM, "Kitchen", 1)
    assert team.of_leaders == "Leaders of Mill"
    assert scope(wave, at="no such place").reach is Reach.EVERYBODY


def test_both_sides_answer_the_same_question_about_causes() -> None:
    wave = made.signs()
    column = wave.items.index("cause")
    counts = wave.counts.copy()
    counts[:, column] = 0
    for at, group in enumerate(wave.groups):
        counts[at, column, 0 if group.side is Side.LEADERS else 1] = group.people
    found = causes(replace(wave, counts=counts), within=scope(wave))
    first, second = found[0], found[1]
    assert (first.choice, second.choice) == ("servers", "leaders")
    assert (first.leaders.value, first.servers.value) == (1.0, 0.0)
    assert first.difference.value == 1.0
    assert first.clear
    assert second.difference.value == -1.0


def test_the_three_questions_to_those_who_serve_have_figures_and_reliability() -> None:
    wave = made.signs()
    asked = said_by_servers(wave, "servers", within=scope(wave))
    assert [one.item.key for one in asked] == [
        "servers-denounce",
        "servers-resist",
        "servers-mistrust",
    ]
    assert all(isinstance(one.figure, Figure) and one.figure.n == 155 for one in asked)
    known = reliability(wave, rng=rng())
    scale = next(scale for scale in known.scales if scale.name == "servers")
    assert scale.items == 3
    assert 0.3 < scale.alpha.low < scale.alpha.value < scale.alpha.high < 0.9
    assert scale.alpha.n == scale.omega.n == 120


def test_reversed_questions_are_turned_before_sums_are_read() -> None:
    wave = made.signs()
    answers = rng().integers(1, 6, size=(60, 3))
    items = [item for item in wave.instrument.items if item.key in {"sign-1", "sign-2", "sign-3"}]
    wide = replace(
        wave.wide[0],
        items=tuple(item.key for item in items),
        n=60,
        sums=answers.sum(0),
        products=answers.T @ answers,
    )
    turned = np.where([item.reversed_ for item in items], 6 - answers, answers)
    n, sums, products = turned_sums(wide, items)
    assert n == 60
    assert sums.tolist() == turned.sum(0).tolist()
    assert products.tolist() == (turned.T @ turned).tolist()


def test_reliability_of_one_team_alone_is_withheld() -> None:
    wave = made.signs()
    only = [n for n, g in enumerate(wave.groups) if g.name == "Floor" and g.parent == "Mill"]
    small = replace(
        wave,
        groups=tuple(wave.groups[n] for n in only),
        counts=wave.counts[only],
        missing=wave.missing[only],
        wide=(),
    )
    known = reliability(small, rng=rng())
    assert known.scales == ()
    assert known.items[0].icc1 == Withheld("one_group", 2, 1)


def test_the_parts_of_the_working_time_add_up() -> None:
    wave = made.signs()
    parts = time_split(wave, within=scope(wave))
    assert len(parts) == 3
    assert sum(part.servers.value for part in parts) == pytest.approx(1)
    assert all(part.servers.low < part.servers.value < part.servers.high for part in parts)
    assert {part.servers.n for part in parts} == {155}


def test_morale_and_part_taken_are_put_together_over_teams() -> None:
    wave = made.signs()
    counts = wave.counts.copy()
    for at in range(11):
        for item in ("morale", "took-part"):
            low = [wave.groups[at].people, 2, 0, 0, 0]
            counts[at, wave.items.index(item), :5] = np.roll(low, at % 4)
    found = morale_by_team(replace(wave, counts=counts), within=scope(wave))
    assert found is not None
    assert found.together.n == 11
    assert found.together.low > 0.5
    assert [team.name for team in found.teams[:2]] == ["Dish room", "Floor"]


def test_a_correlation_of_few_teams_is_withheld() -> None:
    wave = made.signs()
    mill = scope(wave, at="Mill")
    found = morale_by_team(wave, within=mill)
    assert found is not None
    assert found.together == Withheld("too_few_teams", 6, 4)


def test_a_team_is_pulled_to_all_teams_by_what_its_few_answers_leave_open() -> None:
    wave = made.signs()
    block = next(g.block for g in wave.groups if g.name == "Bar")
    row = mirrors(wave, "sign-2", within=scope(wave, at=block))[0]
    everybody = mirrors(wave, "sign-2", within=scope(wave))[0]
    assert everybody.likely is None
    assert isinstance(row.likely, Figure)
    assert 0 <= row.weight < 1
    middle = everybody.servers.value
    assert abs(row.likely.value - middle) <= abs(row.servers.value - middle) + 0.2


def test_level_pairs_take_the_mean_of_the_ranges_of_their_edges() -> None:
    found = gap_map(made.pulse(), rng=rng())
    level = {made.key_of(unit, place): at for place in made.PLACES for unit, at in LEVELS.items()}
    matrix = level_pairs(found, level=level)
    to_floor = [row.gap for row in found.rows if row.relation.served_name == "Floor"]
    pair = matrix.at(2, 1)
    assert pair is not None
    assert pair.gap.n == len(to_floor)
    assert pair.gap.low == pytest.approx(sum(gap.low for gap in to_floor) / len(to_floor))
    assert pair.edges == 9
    guests = matrix.at(1, 0)
    assert guests is not None
    assert guests.gap == Withheld("nobody_there", 5, 0)
    assert matrix.at(0, 1) is None


LEVELS = {"Guests": 0, "Floor": 1, "Kitchen": 2, "Bar": 2, "Till": 2, "Dish room": 3}


def test_those_who_lead_and_those_without_a_path_are_levels_of_their_own() -> None:
    found = gap_map(made.pulse(), rng=rng())
    matrix = level_pairs(found, level={made.key_of("Kitchen", "Mill"): LEADERS})
    assert matrix.levels == (LEADERS, None)


def test_drivers_share_out_what_they_explain() -> None:
    found = drivers_of_morale(made.signs(), rng=rng())
    assert isinstance(found.explained, Figure)
    assert sum(row.share.value for row in found.rows) == pytest.approx(found.explained.value)
    assert all(row.share.low <= row.share.value <= row.share.high for row in found.rows)
    assert [row.item.key for row in found.rows] == list(SIGNS)
    assert min(row.inflation for row in found.rows) >= 1


def test_drivers_need_sums_over_fifty_people() -> None:
    found = drivers_of_morale(replace(made.signs(), wide=()), rng=rng())
    assert found.rows == ()
    assert found.explained == Withheld("not_kept", 50, 0)
    assert questions_placed(replace(made.signs(), wide=()), rng=rng()) == ()


def test_what_matters_and_is_done_badly_is_placed_with_its_probability() -> None:
    wave = with_counts(made.pulse(), 2, Side.SERVED, "matters", [0, 0, 0, 1, 15])
    wave = with_counts(wave, 2, Side.SERVED, "well", [14, 2, 0, 0, 0])
    placed = {row.relation.id: row for row in edges_placed(wave, rng=rng())}
    assert placed[2].likeliest == "work_here"
    assert placed[2].chance > 0.95
    assert placed[4].quadrants == ()
    assert all(sum(row.quadrants) == pytest.approx(1) for row in placed.values() if row.quadrants)


def test_questions_are_placed_by_what_goes_with_morale() -> None:
    placed = questions_placed(made.signs(), rng=rng())
    assert [row.item.key for row in placed] == list(SIGNS)
    assert all(sum(row.quadrants) == pytest.approx(1) for row in placed)
