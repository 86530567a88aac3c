"""When a seat falls out, each of its tables gets one owner, and nobody else's moves."""

from collections import Counter
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.floor.engine.live_drawn import cut_of
from upturn.floor.engine.errors import BadSetting
from upturn.floor.engine.grid import grid
from upturn.floor.engine.laid import Laid, lay_out
from upturn.floor.engine.live import Cut, recut
from upturn.floor.engine.live.recutting import BALANCE_S, price_s
from upturn.floor.engine.shapes import Floor


@st.composite
def sick_calls(draw: Any) -> tuple[Floor, list[str]]:
    sections = draw(st.integers(2, 6))
    floor = grid(sections=sections, tables=draw(st.integers(1, 8)))
    seats = [server.id for server in floor.servers]
    lost = draw(st.lists(st.sampled_from(seats), min_size=1, max_size=sections - 1, unique=True))
    return floor, lost


def after(floor: Floor, lost: list[str]) -> Cut:
    tables, owners = cut_of(floor)
    return recut(floor, lay_out(floor), tables=tables, owners=owners, lost=lost)


@given(sick_calls())
@settings(max_examples=60, deadline=None)
def test_every_table_has_one_owner_and_untouched_tables_stay(call: tuple[Floor, list[str]]) -> None:
    floor, lost = call
    tables, owners = cut_of(floor)
    cut = after(floor, lost)
    assert set(cut.tables) == set(tables)
    assert set(cut.tables.values()) <= set(cut.owners)
    assert cut.owners == {section: seat for section, seat in owners.items() if seat not in lost}
    moved = {place for place in tables if cut.tables[place] != tables[place]}
    assert moved == set(cut.moved) == {p for p, s in tables.items() if owners[s] in lost}
    assert cut_of(floor) == (tables, owners)


def walk_s(floor: Floor, laid: Laid, place: str, section: str) -> float:
    at = [node.id for node in floor.nodes].index(place)
    own = [n for n, node in enumerate(floor.nodes) if node.section == section]
    return float(laid.walk_s[own, at].mean())


@given(sick_calls())
@settings(max_examples=60, deadline=None)
def test_sizes_differ_by_more_than_one_only_where_the_walk_is_longer(
    call: tuple[Floor, list[str]],
) -> None:
    floor, lost = call
    laid, cut = lay_out(floor), after(floor, lost)
    sizes = Counter(cut.tables.values())
    for place in cut.moved:
        here = cut.tables[place]
        for there in cut.owners:
            further_s = walk_s(floor, laid, place, there) - walk_s(floor, laid, place, here)
            saved_s = price_s(sizes[here]) - price_s(sizes[there] + 1)
            assert there == here or further_s >= saved_s - 1e-6
            if further_s < BALANCE_S:
                assert sizes[here] - sizes[there] <= 1


@pytest.mark.parametrize(("sections", "tables"), [(2, 5), (3, 4), (4, 4), (4, 6)])
def test_the_cut_is_the_best_of_all(sections: int, tables: int) -> None:
    floor = grid(sections=sections, tables=tables)
    laid, (before, _owners) = lay_out(floor), cut_of(floor)
    for lost in floor.servers:
        cut = after(floor, [lost.id])

        def cost(chosen: tuple[str, ...], cut: Cut = cut) -> float:
            sizes = Counter(section for p, section in before.items() if p not in cut.moved)
            total = 0.0
            for place, section in zip(cut.moved, chosen, strict=True):
                sizes[section] += 1
                total += walk_s(floor, laid, place, section) + price_s(sizes[section])
            return total

        found = cost(tuple(cut.tables[place] for place in cut.moved))
        if len(cut.owners) ** len(cut.moved) <= 1000:
            best = min(cost(chosen) for chosen in product(cut.owners, repeat=len(cut.moved)))
            assert found == pytest.approx(best)


def test_a_second_sick_call_gives_away_what_the_first_one_gave() -> None:
    floor = grid()
    tables, owners = cut_of(floor)
    laid = lay_out(floor)
    first = recut(floor, laid, tables=tables, owners=owners, lost=["server 2"])
    second = recut(floor, laid, tables=first.tables, owners=first.owners, lost=["server 1"])
    assert Counter(second.tables.values()) == {"section 3": 14, "section 4": 14}
    assert set(second.moved) == {p for p, s in first.tables.items() if s == "section 1"}


def test_who_owns_nothing_is_not_missed_and_somebody_has_to_stay() -> None:
    floor = grid(sections=2, tables=3)
    tables, owners = cut_of(floor)
    assert after(floor, ["nobody"]) == Cut(tables, owners)
    with pytest.raises(BadSetting, match="keep at least one seat of a section"):
        after(floor, ["server 1", "server 2"])


def test_a_table_that_is_leaving_the_drawing_is_given_away_too() -> None:
    floor = grid(sections=2, tables=3)
    tables, owners = cut_of(floor)
    cut = recut(
        floor,
        lay_out(floor),
        tables={**tables, "old": "section 1"},
        owners=owners,
        lost=["server 1"],
    )
    assert cut.tables["old"] == "section 2"
