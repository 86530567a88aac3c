"""The plan of the floor on a phone: every table has its place, its short name and room to press."""

import pytest

from tests.floor.boards import state
from upturn.floor.views.showing import short_name, shown


def test_the_plan_gives_every_table_a_place_and_large_targets() -> None:
    plan = state()["plan"]
    assert plan["radius"] == 20
    assert plan["names"] == "all"
    assert [place["px"] for place in state()["places"]] == [26.0, 176.0, 326.0]
    crowd = [
        {"id": f"{n}", "kind": "table", "x": n % 30, "y": n // 30, "section": "", "since_s": None}
        for n in range(210)
    ]
    assert shown(state(places=crowd))["plan"]["names"] == "own"


def test_names_are_shortened_to_what_a_disc_holds() -> None:
    assert [short_name(name) for name in ("14", "window 3", "Terrace")] == ["14", "3", "Ter"]


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (("window 3", "7"), ["3", "7"]),
        (("bar 1", "hall 1"), ["b1", "h1"]),
        (("bar 1", "balcony 1"), ["bar1", "bal1"]),
        (("bar 12", "balcony 12"), ["12", "12"]),
    ],
)
def test_two_tables_of_one_number_are_told_apart_where_the_disc_has_room(
    names: tuple[str, ...], short: list[str]
) -> None:
    places = [
        {"id": name, "kind": "table", "x": float(n), "y": 0.0, "section": "", "since_s": None}
        for n, name in enumerate(names)
    ]
    assert [place["short"] for place in state(places=places)["places"]] == short


def test_a_deep_floor_leaves_room_for_the_needs_below() -> None:
    places = [
        {"id": f"{n}", "kind": "table", "x": n % 7 * 2.0, "y": n // 7 * 3.0, "section": ""}
        | {"since_s": None}
        for n in range(28)
    ]
    plan = state(places=places)["plan"]
    assert plan["height"] <= 240
    assert plan["radius"] == 20
