"""Floors as people write them: read, written back, and refused with what helps."""

import string
from math import inf
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.floor.engine.described.checked import check_floor, unusual_sections
from upturn.floor.engine.described.checked_sizes import TURNING
from upturn.floor.engine.described.loads import least_load
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.described.toml_writing import floor_to_toml
from upturn.floor.engine.errors import BadFloors
from upturn.floor.engine.grid import grid
from upturn.floor.engine.policy import OneAtATime
from upturn.floor.engine.shapes import (
    Behaviour,
    Day,
    Durations,
    Edge,
    Floor,
    Kind,
    Law,
    NeedType,
    Node,
    Section,
    Server,
)

EXAMPLES = Path(__file__).parents[3] / "examples" / "floors"
SMALL = """
[[section]]
id = "bar"
tables = ["1", 2]
[[section]]
id = "terrace"
tables = "6 tables"
[[need]]
name = "order"
per_hour = 2
service = 90
"""

shown = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters=TURNING)
names = st.text(shown, min_size=1, max_size=6)
spreads = st.just(0.0) | st.floats(0.001, 1)
plain = st.text(string.ascii_lowercase, min_size=1, max_size=4)
amounts = st.floats(0, 1e6)
durations = st.builds(Durations, amounts, st.sampled_from(Law), st.floats(0.01, 5))


@st.composite
def floors(draw: st.DrawFn) -> Floor:
    """Sound floors, with every field now and then not as by default."""
    sections = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    owners = draw(st.lists(names, min_size=len(sections), max_size=len(sections), unique=True))
    places = draw(st.lists(names, min_size=2 * len(sections) + 1, max_size=12, unique=True))
    kinds = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    tables = places[: 2 * len(sections)]
    x = st.floats(-50, 50)
    others = [(place, draw(st.sampled_from(list(Kind)[1:]))) for place in places[len(tables) + 1 :]]
    others = [(places[len(tables)], Kind.STATION), *others]
    order = list(Kind)
    nodes = [
        Node(place, Kind.TABLE, draw(x), draw(x), sections[at % len(sections)])
        for at, place in enumerate(tables)
    ] + [
        Node(place, kind, draw(x), draw(x))
        for place, kind in sorted(others, key=lambda one: order.index(one[1]))
    ]
    hands = {draw(plain): 4, "pot": 2}
    seconds = st.floats(0, 60)
    return Floor(
        nodes=tuple(nodes),
        need_types=tuple(draw(needs(kind, tables)) for kind in kinds),
        servers=tuple(
            Server(
                owner, section, draw(st.floats(0.5, 2)), hands, tuple(draw(st.permutations(kinds))),
                draw(st.floats(0.1, 3)), draw(st.sampled_from(["", places[0]])),
                *draw(st.sampled_from([(0.0, inf), (60.0, 7200.0)])),
            )
            for owner, section in zip(owners, sections, strict=True)
        ),
        sections=tuple(
            Section(section, owner, tuple(other for other in sections if other != section))
            for owner, section in zip(owners, sections, strict=True)
        ),
        edges=draw(st.sampled_from([(), tuple(
            Edge(nodes[0].id, node.id, draw(seconds)) for node in nodes[1:]
        )])),
        day=draw(st.builds(
            Day, st.lists(amounts, min_size=1, max_size=4).map(tuple), st.floats(1, 7200),
            spreads, spreads, st.floats(-0.9, 0.9),
        )),
        behaviour=Behaviour(
            draw(st.floats(0, 1)), draw(st.floats(0, 1)),
            draw(st.sampled_from([((0.0, 1.0),), ((0.0, 1.2), (2.0, 0.9))])),
            draw(st.floats(0, 10)),
        ),
        table_lock=False,
        name=draw(st.one_of(st.just(""), names)),
    )  # fmt: skip


def needs(name: str, tables: list[str]) -> st.SearchStrategy[NeedType]:
    return st.builds(
        NeedType,
        st.just(name), amounts, durations, st.one_of(st.just(inf), amounts), amounts,
        st.sampled_from(["", "pot"]), st.integers(1, 9), st.none() | durations,
        st.booleans(), st.none() | durations, st.sampled_from([(), tuple(tables[:2])]),
    )  # fmt: skip


@given(floors())
@settings(max_examples=60, deadline=None)
def test_a_floor_written_and_read_is_the_same(floor: Floor) -> None:
    assert floor_from_toml(floor_to_toml(floor)) == floor


def test_floor_f_written_and_read_is_the_same() -> None:
    assert floor_from_toml(floor_to_toml(grid())) == grid()


def test_what_is_left_out_is_made() -> None:
    floor = floor_from_toml(SMALL)
    assert [node.id for node in floor.nodes[:3]] == ["1", "2", "terrace 1"]
    assert (floor.nodes[2].x_m, floor.nodes[2].y_m) == (1.0, 4.0)
    assert floor.nodes[-1] == Node("station", Kind.STATION, 6.0, -2.0)
    assert [server.id for server in floor.servers] == ["server of bar", "server of terrace"]
    assert floor.sections[0] == Section("bar", "server of bar", ("terrace",))
    assert unusual_sections(floor)[0].section == "bar"


def test_a_floor_in_rows_stands_as_the_grid_does() -> None:
    written = "".join(f'[[section]]\nid = "s{n}"\ntables = "7 tables"\n' for n in range(4))
    floor = floor_from_toml(written + SMALL[SMALL.index("[[need]]") :])
    assert [(n.x_m, n.y_m) for n in floor.nodes] == [(n.x_m, n.y_m) for n in grid().nodes]
    neighbours = [len(section.neighbours) for section in floor.sections]
    assert neighbours == [len(section.neighbours) for section in grid().sections]


def test_a_group_of_agents_is_so_many_servers() -> None:
    floor = floor_from_toml(
        """
        floor = { table_lock = false }
        queue = [{ id = "line" }]
        need = [{ name = "call", per_hour = 20, service = 180 }]
        agents = [{ name = "day", count = 2, skills = ["call"], ends_s = 60.0 }]
        """
    )
    shift = {"skills": ("call",), "ends_s": 60.0}
    assert floor.servers == (Server("day 1", **shift), Server("day 2", **shift))


def test_what_every_server_has_each_may_have_otherwise() -> None:
    floor = floor_from_toml(
        SMALL
        + '[every_server]\nhands = { pot = 6 }\n[[server]]\nid = "a"\nsection = "bar"\n'
        + '[[server]]\nid = "b"\nsection = "terrace"\nhands = { pot = 2 }\n'
    )
    assert [server.hands for server in floor.servers] == [{"pot": 6}, {"pot": 2}]
    assert [section.owner for section in floor.sections] == ["a", "b"]


WRONG = [
    # parts, keys and laws nobody knows: the nearest known one
    (SMALL + "[dey]\nslot_s = 60\n", "dey", "did you mean 'day'"),
    (SMALL + "perhour = 2\n", "need 'order': perhour", "did you mean 'per_hour'"),
    (SMALL + "[behaviour]\nloafing = 0.1\n", "behaviour: loafing", "did you mean 'loafing_share'"),
    (SMALL + "xyz = 2\n", "need 'order': xyz", "known are name, per_hour"),
    (
        SMALL.replace("= 90", '= { mean_s = 9, law = "lognorm" }'),
        "need 'order': service", "did you mean 'lognormal'",
    ),
    (
        SMALL.replace("= 90", "= { mean_s = 9, spread = 1 }"),
        "need 'order': service", "known are mean_s, law, cv",
    ),
    (SMALL.replace("= 90", "= { cv = 1 }"), "need 'order': service", "write { mean_s = 90"),
    # values of another kind
    (SMALL.replace("per_hour = 2", 'per_hour = "2"'), "need 'order': per_hour", "without quotes"),
    (SMALL + "together = 1.5\n", "need 'order': together", "without quotes and point"),
    (SMALL + 'owner_only = "yes"\n', "need 'order': owner_only", "true or false"),
    (SMALL + 'at = "1"\n', "need 'order': at", '["one", "two"]'),
    (SMALL + "[day]\nprofile = 2\n", "day: profile", "write [0.5, 1, 1.5]"),
    (SMALL + "[behaviour]\nat_load = [1, 2]\n", "behaviour: at_load", "write [[0, 1], [3, 0.9]]"),
    (SMALL + '[every_server]\nhands = "pot"\n', "every_server: hands", "pot = 6"),
    (SMALL + "[[need]]\nname = true\nper_hour = 1\nservice = 1\n", "need number 2: name", "quotes"),
    ("need = 3\n", "need", "write [[need]]"),
    ("day = 3\n", "day", "below its heading"),
    # what is missing
    (SMALL + '[[need]]\nname = "bill"\nservice = 5\n', "need 'bill'", "add per_hour = ..."),
    ('[[section]]\nid = "bar"\n', "section 'bar'", "add tables = ..."),
    (SMALL + '[[table]]\nid = "1"\nx_m = 1\ny_m = 1\n', "table '2'", 'id = "2"'),
    (SMALL + '[[table]]\nid = "1"\n', "table '1'", "[[walk]] rows with seconds"),
    # a table with two owners, sections that overlap
    (SMALL.replace('"6 tables"', '["2", "3"]'), "table '2'", "leave it in one of them"),
    (SMALL.replace('["1", 2]', '["1", "1"]'), "table '1'", "leave it in one of them"),
    # numbers of tables and agents that are none
    (SMALL.replace("6 tables", "many tables"), "section 'terrace': tables", '"8 tables"'),
    (SMALL.replace("6 tables", "900000 tables"), "section 'terrace': tables", "at most 200"),
    (SMALL + '[[agents]]\nname = "a"\ncount = 999999\n', "agents 'a': count", "0 to 5000"),
    # what only the whole floor shows
    (SMALL + 'item = "pot"\n', "need 'order': item", "give a server hands for 'pot'"),
    (SMALL + '[[server]]\nid = "a"\nsection = "bar"\n', "section 'terrace'", "who owns it"),
    # no TOML at all
    ("[[need]\n", "line 1, column 7", "mend this line"),
    ("a = 1\na = 2\n", "line 2, column 6", "mend this line"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "place", "remedy"), WRONG)
def test_what_cannot_be_read_is_named_with_what_helps(written, place, remedy) -> None:
    with pytest.raises(BadFloors) as caught:
        floor_from_toml(written)
    by_place = {problem.place: problem for problem in caught.value.problems}
    assert place in by_place, caught.value
    assert remedy in by_place[place].remedy


def test_all_that_is_wrong_is_named_at_once() -> None:
    with pytest.raises(BadFloors) as caught:
        floor_from_toml(SMALL.replace("per_hour = 2", "perhour = 2") + "[dey]\n")
    assert len(caught.value.problems) == 3


def test_a_mark_at_the_head_of_the_file_does_not_matter() -> None:
    assert floor_from_toml("\ufeff" + SMALL) == floor_from_toml(SMALL)


def test_the_restaurant_has_four_sections_of_seven_and_one_owner_a_table() -> None:
    """S0.2, S0.9: and what the owner alone does is marked."""
    floor = check_floor(floor_from_toml((EXAMPLES / "restaurant.toml").read_text()), hours=4)
    assert [len([n for n in floor.nodes if n.section == s.id]) for s in floor.sections] == [7] * 4
    assert unusual_sections(floor) == ()
    assert len({section.owner for section in floor.sections}) == 4
    assert {k.name for k in floor.need_types if k.owner_only} == {"order", "bill", "complaint"}
    assert 0.65 < least_load(floor, hours=4, policy=OneAtATime()).load < 0.95


def test_the_contact_centre_has_queues_and_groups_with_skills() -> None:
    floor = check_floor(floor_from_toml((EXAMPLES / "contact_centre.toml").read_text()), hours=8)
    assert [node.kind for node in floor.nodes] == [Kind.QUEUE] * 3
    assert {len(server.skills) for server in floor.servers} == {1, 2}


@pytest.mark.parametrize("file", ["restaurant.toml", "contact_centre.toml"])
def test_each_number_of_an_example_has_its_source_or_is_marked_assumed(file: str) -> None:
    """Of everything that is claimed about how people live: rates, durations, spreads."""
    claims = ("per_hour", "service", "due_s", "patience", "asks_after", "weight", "hands",
              "speed_m_s", "profile", "_cv", "_share", "look_s")  # fmt: skip
    bare = [
        line
        for line in (EXAMPLES / file).read_text().splitlines()
        if line.partition(" =")[0].endswith(claims) and "#" not in line
    ]
    assert bare == ["due_s = 20", "due_s = 20"] * (file == "contact_centre.toml")
