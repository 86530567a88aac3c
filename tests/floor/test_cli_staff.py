"""`upturn staff` and `upturn coach` on the example files."""

import csv
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from examples.floors.draw_volumes import write
from upturn.house.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples" / "floors"
ONE = "staff --calls 100 --per-min 30 --aht 180 --patience 300 --target 80/20 --confidence 0.9"


def run(line: str) -> Result:
    return CliRunner().invoke(main, line.split(), env={"COLUMNS": "200"})


def test_one_interval_with_its_neighbours_and_what_it_assumes() -> None:
    said = run(ONE)
    assert said.exit_code == 0, said.output
    assert said.output.startswith("14 agents")
    rows = [line.split() for line in said.output.splitlines() if line.count("%") == 4]
    assert [row[0] for row in rows] == ["13", "14", "15"]
    for sentence in ("10% (--day-cv)", "300 seconds", "come on top", "In a restaurant"):
        assert sentence in said.output


def test_a_file_gives_a_table_that_coach_reads_again(tmp_path: Path) -> None:
    out, plan, dates = (tmp_path / name for name in ("staff.csv", "plan.csv", "plan.ics"))
    said = run(f"staff --volumes {EXAMPLES / 'volumes.csv'} --csv {out}")
    assert said.exit_code == 0, said.output
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 120
    assert all(float(row["held_share"]) >= 0.9 for row in rows)
    again = run(f"staff --volumes {out} --csv {tmp_path / 'again.csv'}")
    assert again.exit_code == 0, again.output
    assert (tmp_path / "again.csv").read_bytes() == out.read_bytes()
    said = run(f"coach {out} {EXAMPLES / 'roster.csv'} --out {plan} --ics {dates}")
    assert said.exit_code == 0, said.output
    assert "0 of 72 sessions placed" in said.output
    assert "nobody can be spared" in said.output


def test_sessions_are_placed_and_written_both_ways(tmp_path: Path) -> None:
    plan, dates = tmp_path / "plan.csv", tmp_path / "plan.ics"
    files = f"{EXAMPLES / 'forecast.csv'} {EXAMPLES / 'roster.csv'}"
    said = run(f"coach {files} --out {plan} --ics {dates}")
    assert said.exit_code == 0, said.output
    with plan.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert f"{len(rows)} of 72 sessions placed" in said.output
    assert dates.read_text(encoding="utf-8").count("BEGIN:VEVENT") == len(rows) > 60
    for sentence in ("no other packing is better", "Bites of 2 minutes", "even without coaching"):
        assert sentence in said.output


CENTRE = """
[floor]
table_lock = false
[[queue]]
id = "calls"
[[queue]]
id = "chats"
[[need]]
name = "call"
at = ["calls"]
per_hour = 40
service = 180
patience = 300
[[need]]
name = "chat"
at = ["chats"]
per_hour = 30
service = 240
patience = 300
[[agents]]
name = "callers"
count = 3
skills = ["call"]
[[agents]]
name = "both"
count = 3
skills = ["chat", "call"]
"""


@pytest.fixture
def centre(tmp_path: Path) -> Path:
    file = tmp_path / "centre.toml"
    file.write_text(CENTRE, encoding="utf-8")
    return file


def test_groups_with_several_skills_are_staffed_by_simulation(centre: Path) -> None:
    said = run(f"staff --floor {centre} --days 20 --target 75/30 --confidence 0.8")
    assert said.exit_code == 0, said.output
    first, *lines = said.stdout.splitlines()
    total = int(first.partition(" ")[0])
    assert "75% of all callers are answered within 30 seconds on 80% of days" in first
    rows = [line.split() for line in lines]
    (both,) = (int(row[1]) for row in rows if row[:1] == ["both"] and len(row) == 3)
    (callers,) = (int(row[1]) for row in rows if row[:1] == ["callers"] and len(row) == 3)
    assert callers + both == total
    (added,) = (line for line in lines if line.startswith("Agents of its own"))
    calls, chats, alone = map(int, re.findall(r"(?<!\w)\d+(?= for|\.)", added)[:3])
    assert (calls + chats, total <= alone) == (alone, True)
    for sentence in ("20 days of 8 hours", "nobody is on two calls at once", "in the worst hour"):
        assert sentence in said.stdout
    assert "No headcount is recommended there" in said.stdout
    assert "one staff after the other" in said.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("patience = 300", "", "need 'call': patience: says nothing of how long callers wait"),
        ('skills = ["chat", "call"]', 'skills = ["call"]', "need 'chat': skills: nobody has the"),
        ('at = ["chats"]', 'at = ["calls"]', "queue 'chats': nobody calls here"),
        ("table_lock = false", "", "set table_lock to false"),
        ("count = 3", "ends_s = 60\ncount = 3", "nobody is on shift"),
        ('skills = ["chat"', 'ends_s = 14400\nskills = ["chat"', "'chats' still misses its target"),
    ],
)
def test_a_centre_that_cannot_be_staffed_is_refused(
    centre: Path, old: str, new: str, said: str
) -> None:
    centre.write_text(CENTRE.replace(old, new), encoding="utf-8")
    result = run(f"staff --floor {centre} --days 20")
    assert result.exit_code == 1
    assert said in result.output


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "centre.toml").write_bytes(b"\xff\xfe[floor]")
    result = run(f"staff --floor {tmp_path / 'centre.toml'}")
    assert result.exit_code == 1
    assert "centre.toml is not a text file in UTF-8" in result.output


def test_a_restaurant_gets_no_headcount() -> None:
    result = run(f"staff --floor {EXAMPLES / 'restaurant.toml'}")
    assert result.exit_code == 1
    assert "staff is for contact centres" in result.output
    assert "more servers are not automatically better" in result.output
    assert "No headcount is recommended" in " ".join(run("staff --help").output.split())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("staff", "--calls"),
        ("staff --floor {centre} --calls 100", "Give one of"),
        ("staff --floor {centre} --patience 100", "--patience is not for --floor"),
        ("staff --floor {centre} --days 9000000", "give at most"),
        ("staff --calls 100 --aht 180 --days 20", "--days is for --floor"),
        ("staff --calls 100", "--aht"),
        ("staff --calls 100 --aht 180 --target 80", "80/20"),
        ("staff --calls 100 --aht -1", "aht_s is -1.0"),
        (f"staff --volumes {EXAMPLES / 'volumes.csv'} --time-zone Atlantis", "Atlantis"),
        (f"coach {EXAMPLES / 'volumes.csv'} {EXAMPLES / 'roster.csv'}", "staff"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_message(line: str, said: str, centre: Path) -> None:
    result = run(line.format(centre=centre))
    assert result.exit_code != 0
    assert said in result.output
    assert "Traceback" not in result.output


def test_the_example_files_are_what_the_generator_draws(tmp_path: Path) -> None:
    write(tmp_path)
    for name in ("volumes.csv", "forecast.csv", "roster.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes()
