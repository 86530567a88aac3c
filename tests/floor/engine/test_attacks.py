"""What liars, rivals and clumsy hands write into files and type into the shell."""

from collections.abc import Callable
from dataclasses import replace
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.floor.engine.plain_runs import busy_floor
from upturn.floor.engine.described.checked import check_floor, problems_of
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.described.toml_writing import floor_to_toml
from upturn.floor.engine.drawing import draw_needs
from upturn.floor.engine.errors import BadFloor, BadFloors, BadSetting, FloorError
from upturn.floor.engine.grid import grid
from upturn.floor.engine.lab.scenario import scenario_from
from upturn.floor.engine.lab.trial import Trial, expected_needs
from upturn.floor.engine.laid import FLOYD_MOST, walking_seconds
from upturn.floor.engine.policy import ScanSection
from upturn.floor.engine.shapes import Day, Durations, Edge, Floor, Law, Node
from upturn.floor.engine.simulating import simulate
from upturn.floor.engine.staffing.agents import agents_for
from upturn.house.cli_coach import coach_
from upturn.house.cli_lab import lab_
from upturn.house.cli_staff import staff_

EXAMPLES = Path(__file__).parents[3] / "examples" / "floors"
FLOOR = busy_floor()
KIND = FLOOR.need_types[0]
VALUES = (
    "1e308", "-1e308", "1e-320", "nan", "inf", "-inf", "0", "-1", "1000000000000", "9" * 400,
    "9" * 5000, '""', '"="', '"[/b]"', '"\\u0000"', "[]", "{}", "true", "1979-05-27",
    '"200 tables"', '"1e9 tables"', "[[0, 1], [1, 2]]", "{ mean_s = 1e308 }",
    "{ mean_s = 5, cv = 1e200 }",
    '{ mean_s = 5, law = "gamma", cv = 1e-200 }', "0x" + "f" * 5000,
)  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """An example with some values, lines and letters changed."""
    name = draw(st.sampled_from(["restaurant", "contact_centre"]))
    lines = (EXAMPLES / f"{name}.toml").read_text("utf-8").splitlines()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        key, equals, _ = lines[at].partition("=")
        if equals:
            lines[at] = key + "= " + draw(st.sampled_from(VALUES))
        else:
            lines[at] = draw(st.sampled_from(lines))
    return "\n".join(lines)


@given(mangled())
@settings(max_examples=100, deadline=None)
def test_whatever_a_file_holds_it_is_read_or_refused(written: str) -> None:
    try:
        floor = check_floor(floor_from_toml(written), hours=4)
    except FloorError as error:
        assert 0 < len(str(error)) < 40_000
    else:
        assert expected_needs(Trial(floor=floor, policies=())) >= 0
        assert floor_from_toml(floor_to_toml(floor)) == floor


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("a = " + "[" * 5000, "brackets too deep"),
        ("a = " + "9" * 5000, "a number too long"),
        ("a." * 50 + "a = 1", "more than forty parts"),
        ("#" * 2_000_001, "longer than any floor"),
        ('[[agents]]\nname="a"\ncount=3000\n[[agents]]\nname="b"\ncount=3000', "too many servers"),
        ('[[section]]\nid="a"\ntables="200 tables"\n' * 3001, "too many sections"),
        ("[floor]\nname = " + "0x" + "f" * 5000, "too long to be shown"),
    ],
)
def test_a_file_made_to_choke_on_is_refused_in_a_sentence(written: str, said: str) -> None:
    with pytest.raises(BadFloors, match=said):
        floor_from_toml(written)


def kind(**how: Any) -> Floor:
    return replace(FLOOR, need_types=(replace(KIND, **how),))


def server(**how: Any) -> Floor:
    return replace(FLOOR, servers=(replace(FLOOR.servers[0], **how), *FLOOR.servers[1:]))


@pytest.mark.parametrize(
    ("floor", "place"),
    [
        (kind(per_hour=1e300), "per_hour"),
        (kind(per_hour=10**400), "per_hour"),
        (kind(together=10**30), "together"),
        (kind(service=Durations(1e300)), "service mean_s"),
        (kind(service=Durations(9, Law.LOGNORMAL, 1e200)), "service cv"),
        (kind(service=Durations(9, Law.GAMMA, 1e-200)), "service cv"),
        (kind(patience=Durations(9, Law.GAMMA, 1e-9)), "patience cv"),
        (server(hands={"pot": 10**30}), "hands, pot"),
        (server(speed_m_s=1e-320), "speed_m_s"),
        (server(id="a\nb"), "server"),
        (server(id="x" * 81), "server"),
        (replace(FLOOR, name="a\x1b[2Jb"), "floor"),
        (kind(item="\u202etop"), "item"),
        (replace(FLOOR, day=Day(day_cv=1e-200)), "day_cv"),
        (replace(FLOOR, day=Day(day_cv=50.0)), "day_cv"),
        (replace(FLOOR, day=Day(noise_cv=1e300)), "noise_cv"),
        (replace(FLOOR, day=Day(slot_s=1e-300)), "slot_s"),
        (replace(FLOOR, day=Day(profile=(1.0,) * 10_001)), "floor"),
        (replace(FLOOR, nodes=FLOOR.nodes * 1000), "floor"),
    ],
)  # fmt: skip
def test_numbers_beyond_all_proportion_are_named_before_anything_is_made_of_them(
    floor: Floor, place: str
) -> None:
    problems = problems_of(floor)
    assert any(place in problem.place for problem in problems)
    assert all(isinstance(problem, BadFloor) for problem in problems)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: simulate(FLOOR, policy=ScanSection(), hours=1000, reps=1_000_000), "reps"),
        (lambda: simulate(FLOOR, policy=ScanSection(), reps=2**40), "reps"),
        (lambda: simulate(FLOOR, policy=ScanSection(), hours=1e300), "hours"),
        (lambda: check_floor(FLOOR, hours=1e300), "hours"),
        (lambda: draw_needs(FLOOR, hours=1, seed=2**63), "seed"),
        (lambda: draw_needs(FLOOR, hours=1, seed=-1), "seed"),
        (lambda: draw_needs(FLOOR, hours=1, seed=1, replication=2**32), "replication"),
        (lambda: draw_needs(FLOOR, hours=1, seed=1, replication=-1), "replication"),
        (lambda: scenario_from("scan:cadence=0,hands.pot=" + "9" * 30, FLOOR), "hands.pot"),
        (lambda: agents_for(1e9, aht_s=180), "per_hour"),
        (lambda: agents_for(nan, aht_s=180), "calls"),
        (lambda: agents_for(1, aht_s=inf), "aht_s"),
    ],
)
def test_what_would_fill_the_memory_or_wrap_around_is_refused(
    call: Callable[[], object], name: str
) -> None:
    with pytest.raises(BadSetting) as refused:
        call()
    assert refused.value.name == name


def test_a_large_floor_of_walks_is_walked_as_a_small_one() -> None:
    many = FLOYD_MOST + 1
    nodes = tuple(Node(str(at), "table") for at in range(many))
    walks = [Edge(str(at), str(at + 1), at % 3) for at in range(many - 2)]
    found = walking_seconds(Floor(nodes, (), (), edges=(*walks, Edge("0", "7", 1.0))))
    assert found[0, 0] == 0
    assert found[1, 8] == min(sum(at % 3 for at in range(1, 8)), 0 + 1 + 7 % 3)
    assert found[8, 1] == found[1, 8]
    assert found[0, many - 1] == inf
    steps = sum(at % 3 for at in range(7, many - 2))
    assert found[0, many - 2] == 1 + steps


def called(command: Any, *arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(command, [str(each) for each in arguments])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, found.output


@pytest.fixture
def floor_file(tmp_path: Path) -> Path:
    """Two servers, a few needs, names that a terminal or a spreadsheet would obey."""
    kinds = (replace(KIND, name="[/red] :smile:"), replace(KIND, name="=1+1"))
    floor = replace(grid(sections=2, tables=2), need_types=kinds, name="[bold]")
    file = tmp_path / "floor.toml"
    file.write_text(floor_to_toml(floor), "utf-8")
    return file


def test_names_are_shown_as_they_are_and_no_spreadsheet_counts_them(floor_file: Path) -> None:
    table = floor_file.with_name("out.csv")
    policies = ("--policy", "scan", "--policy", "own-the-whole")
    code, said = called(lab_, floor_file, *policies, "--hours", 0.5, "--reps", 2, "--csv", table)
    assert code == 0, said
    assert "[/red] :smile:" in said
    assert "[bold]: 4 tables" in said
    assert ",'=1+1," in table.read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("outputs", "remedy"),
    [
        (("--json", "floor.toml"), "Name a file of its own"),
        (("--json", "a", "--csv", "a"), "Name a file of its own"),
        (("--film", "nowhere/film.json"), "there is no folder"),
        (("--csv", "."), "is a directory"),
    ],
)
def test_no_output_takes_the_place_of_a_file_that_is_read(
    floor_file: Path, outputs: tuple[str, ...], remedy: str
) -> None:
    before = floor_file.read_bytes()
    here = [each if each.startswith("--") else floor_file.parent / each for each in outputs]
    code, said = called(lab_, floor_file, "--reps", 2, *here)
    assert code != 0
    assert remedy in said
    assert floor_file.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("--calls", 100, "--aht", 180, "--per-min", 0),
        ("--calls", 100, "--aht", 180, "--per-min", "nan"),
        ("--calls", "1e308", "--aht", 180),
        ("--volumes", EXAMPLES / "volumes.csv", "--per-min", 0),
        ("--volumes", EXAMPLES / "volumes.csv", "--per-min", "nan"),
        ("--volumes", EXAMPLES / "volumes.csv", "--per-min", -15),
        ("--volumes", EXAMPLES / "volumes.csv", "--aht", 0),
    ],
)  # fmt: skip
def test_no_number_is_silently_taken_for_another(arguments: tuple[object, ...]) -> None:
    code, said = called(staff_, *arguments)
    assert code == 1
    assert "give" in said or "known" in said


def test_a_plan_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    volumes = tmp_path / "v.csv"
    volumes.write_text("start,calls,aht\n2026-11-30 08:00+01:00,10,200\n", "utf-8")
    nowhere = tmp_path / "nowhere" / "x.csv"
    code, said = called(staff_, "--volumes", volumes, "--per-min", 30, "--csv", nowhere)
    assert code == 1
    assert "Name a file elsewhere" in said


@pytest.mark.parametrize(
    "start", ["9999-12-31 23:59-12:00", "0001-01-01 00:00+14:00", "1899-12-31 10:00+00:00"]
)
@pytest.mark.parametrize("zone", [(), ("--time-zone", "Europe/Berlin")])
def test_a_moment_at_the_end_of_the_calendar_is_no_interval(
    tmp_path: Path, start: str, zone: tuple[str, ...]
) -> None:
    volumes = tmp_path / "v.csv"
    volumes.write_text(f"start,calls,aht,staff\n{start},10,200,9\n", "utf-8")
    code, said = called(coach_, volumes, EXAMPLES / "roster.csv", *zone)
    assert code == 1
    assert "v.csv, row 2" in said
