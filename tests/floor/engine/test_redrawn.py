"""A floor drawn by hand keeps what the tables of the page do not show; limits of a trial."""

from dataclasses import replace

import pytest

from tests.floor.drawn import small
from upturn.floor.engine.described.checked import check_floor
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.described.toml_writing import floor_to_toml
from upturn.floor.engine.errors import BadFloor, BadSetting
from upturn.floor.engine.lab.redrawn import redrawn
from upturn.floor.engine.lab.trial import (
    ON_A_FLOOR,
    Trial,
    check_trial,
    expected_needs,
    with_sliders,
)
from upturn.floor.engine.shapes import Durations, Edge, Floor, Kind, Law
from upturn.floor.forms.floors import Drawing


def sent(floor: Floor, **changed: str) -> dict[str, str]:
    """What a browser sends for a floor, with some fields written in."""
    form = Drawing(floor, version=1)
    given = {"name": floor.name, "read": "1"}
    for rows in form.tables:
        total = len(floor_rows := rows.forms)
        given |= {f"{rows.prefix}-TOTAL_FORMS": str(total), f"{rows.prefix}-INITIAL_FORMS": "0"}
        for row in floor_rows:
            for field in row:
                value = field.value()
                if value is True:
                    given[field.html_name] = "on"
                elif value not in (None, False):
                    given[field.html_name] = str(value)
    for rows in form.tables:
        given[f"{rows.prefix}-INITIAL_FORMS"] = str(rows.initial_form_count())
    return given | changed


def drawn(floor: Floor, **changed: str) -> Floor:
    form = Drawing(floor, version=1, given=sent(floor, **changed))
    assert form.is_valid(), [rows.errors for rows in form.tables]
    return form.drawn()


def rich() -> Floor:
    """A floor with everything that the page's tables do not show."""
    floor = small()
    coffee = replace(
        floor.need_types[0],
        service=Durations(20.0, Law.LOGNORMAL, 0.5),
        patience=Durations(900.0),
        together=2,
        at=("1-1", "2-3"),
    )
    edges = tuple(Edge(node.id, "station", 9.0) for node in floor.nodes[:-1])
    servers = (replace(floor.servers[0], hands={"pot": 3}, skills=("coffee", "bill", "crumbs")),)
    return replace(
        floor,
        need_types=(coffee, *floor.need_types[1:]),
        edges=edges,
        servers=(*servers, *floor.servers[1:]),
    )


def test_what_is_sent_unchanged_is_the_same_floor() -> None:
    for floor in (small(), rich()):
        assert drawn(floor) == floor


def test_a_renamed_table_keeps_its_walks_and_needs() -> None:
    floor = drawn(rich(), **{"place-0-id": "window"})
    assert floor.need_types[0].at == ("window", "2-3")
    assert Edge("window", "station", 9.0) in floor.edges
    assert "1-1" not in {node.id for node in floor.nodes}


def test_a_table_taken_away_takes_its_walks_with_it_and_is_missed_where_it_was_named() -> None:
    floor = drawn(rich(), **{"place-0-DELETE": "on"})
    assert len(floor.nodes) == 6
    assert all("1-1" not in (edge.a, edge.b) for edge in floor.edges)
    with pytest.raises(BadFloor, match="1-1"):
        check_floor(floor)


def test_a_table_moved_to_another_section_has_one_owner() -> None:
    """S0.2: whatever is drawn, a table belongs to one section and that to one server."""
    floor = check_floor(drawn(small(), **{"place-0-section": "section 2"}))
    assert [node.section for node in floor.nodes[:2]] == ["section 2", "section 1"]
    assert {section.id: section.owner for section in floor.sections} == {
        "section 1": "server 1",
        "section 2": "server 2",
    }


def test_a_section_that_nobody_serves_is_refused_by_name() -> None:
    with pytest.raises(BadFloor, match="terrace"):
        check_floor(drawn(small(), **{"place-0-section": "terrace"}))


def test_a_drawn_floor_reads_back_from_its_file() -> None:
    floor = drawn(rich(), **{"place-2-x_m": "4.5", "need-1-weight": "3"})
    assert floor_from_toml(floor_to_toml(floor)) == floor
    assert (floor.nodes[2].x_m, floor.need_types[1].weight) == (4.5, 3.0)
    assert floor.nodes[2].kind is Kind.TABLE


def test_a_new_floor_begins_without_a_past() -> None:
    empty = replace(small(), nodes=(), need_types=(), servers=(), sections=())
    floor = redrawn(empty, name="Nothing", places=[], needs=[], servers=[])
    assert (floor.nodes, floor.sections) == ((), ())


def test_the_sliders_change_the_floor_and_nothing_else() -> None:
    floor = small()
    trial = Trial(floor=floor, policies=ON_A_FLOOR, busy_share=1.2, loafing_share=0.05)
    slid = with_sliders(trial)
    assert [kind.per_hour for kind in slid.need_types] == pytest.approx([7.2, 2.4, 4.8])
    assert slid.behaviour.loafing_share == 0.05
    assert replace(slid, need_types=floor.need_types, behaviour=floor.behaviour) == floor


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("busy_share", 1.31),
        ("busy_share", 0.49),
        ("loafing_share", 0.2),
        ("loafing_share", float("nan")),
        ("detour_s", -1.0),
        ("hours", 25.0),
        ("reps", 4),
        ("reps", 1001),
        ("policies", ()),
        ("policies", ("skills",)),  # of a contact centre
    ],
)
def test_a_trial_out_of_bounds_is_refused_by_name(setting: str, value: object) -> None:
    trial = Trial(floor=small(), policies=("scan",))
    check_trial(trial)
    with pytest.raises(BadSetting, match=setting):
        check_trial(replace(trial, **{setting: value}))


def test_a_trial_too_large_for_memory_says_what_would_fit() -> None:
    trial = Trial(floor=small(), policies=("scan",), hours=24.0, reps=1000)
    assert expected_needs(trial) == 24 * 1000 * 6 * 12
    with pytest.raises(BadSetting, match="347 shifts would fit"):
        check_trial(trial)
    check_trial(replace(trial, reps=347))
