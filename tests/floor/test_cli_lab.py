"""The lab from the shell: what it prints and writes, and what it refuses by name."""

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.floor.engine.plain_runs import busy_floor
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.described.toml_writing import floor_to_toml
from upturn.floor.engine.lab.measures import Cell, Measure
from upturn.floor.engine.lab.summary import summarise
from upturn.floor.engine.policy import OwnTheWhole, Pooled, ScanSection
from upturn.floor.engine.simulating import compare
from upturn.house.cli_lab import lab_
from upturn.stats import Figure

ROOT = Path(__file__).parents[2]
SMALL = ("--reps", "6", "--hours", "1", "--seed", "3")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "floor.toml").write_text(floor_to_toml(busy_floor()), encoding="utf-8")
    return tmp_path


def lab(folder: Path, *options: str, file: str = "floor.toml") -> Result:
    return CliRunner().invoke(lab_, [str(folder / file), *SMALL, *options])


def test_four_ways_to_serve_are_compared_and_the_doubt_is_said(folder: Path) -> None:
    result = lab(folder)
    assert result.exit_code == 0, result.output
    out = result.stdout
    for text in (
        "18 tables in 3 sections, 3 servers, 4 kinds of need. 6 times 1 hours",
        "one at a time",
        "own the whole",
        "95 of 100 within, s",
        "met before asked, %",
        "(what owners alone may do)",
        "What follows",
        "The shortest waits come with",
        "What does not",
        "Fewer needs waiting is not more sales",
        "How many people should work: nothing here says so.",
    ):
        assert text in out, text
    assert out.index("What follows") < out.index("What does not")


def test_what_is_written_is_what_the_engine_finds(folder: Path) -> None:
    files = {name: folder / f"out.{name}" for name in ("json", "csv")}
    options = [option for name, path in files.items() for option in (f"--{name}", str(path))]
    words = ("scan", "own-the-whole:detour=0,free=no", "pooled:loafing=11%")
    chosen = [option for word in words for option in ("--policy", word)]
    assert lab(folder, *chosen, *options).exit_code == 0
    floor = floor_from_toml((folder / "floor.toml").read_text())
    slow = replace(floor, behaviour=replace(floor.behaviour, loafing_share=0.11))
    policies = [ScanSection(), OwnTheWhole(detour_s=0, when_free=False), Pooled()]
    runs = compare(slow, policies=policies, hours=1, reps=6, seed=3)
    warm_up_s = max(run.warm_up_s for run in runs)
    told = json.loads(files["json"].read_text())
    rows = list(csv.DictReader(files["csv"].read_text("utf-8-sig").splitlines()))
    assert [one["policy"] for one in told["policies"]] == list(words)
    for word, run, one in zip(words, runs, told["policies"], strict=True):
        expected = summarise(run, warm_up_s=warm_up_s).figures
        for measure in (Measure.WAIT_P95, Measure.WALK_A_NEED, Measure.BEFORE_ASKED):
            figure = expected[Cell(measure)]
            assert isinstance(figure, Figure)
            (found,) = (f for f in one["figures"] if (f["measure"], f["of"]) == (measure, "all"))
            assert found["value"] == figure.value
            (row,) = (
                r for r in rows if (r["policy"], r["measure"], r["of"]) == (word, measure, "all")
            )
            assert [float(row[end]) for end in ("value", "low", "high")] == [
                figure.value, figure.low, figure.high,
            ]  # fmt: skip
    assert {one["verdict"] for one in told["comparisons"]} <= {
        "less", "more", "alike", "cannot_tell",
    }  # fmt: skip


def test_what_one_carries_and_the_loafing_one_believes_in_are_set_for_all(folder: Path) -> None:
    given = ("--policy", "own-the-whole", "--policy", "own-the-whole:hands.pot=1")
    result = lab(folder, *given, "--hands", "pot=6", "--loafing", "3%")
    assert result.exit_code == 0, result.output
    assert "(pot for 1)" in " ".join(result.stdout.split())
    same = lab(folder, "--policy", "own-the-whole:hands.pot=4,detour=6", "--hands", "pot=4")
    assert "pot for" not in same.stdout
    assert "detour" not in same.stdout


def test_an_hour_is_written_for_a_player_and_to_read(folder: Path) -> None:
    for name in ("film.json", "film.txt"):
        given = ("--policy", "scan", "--policy", "own-the-whole", "--film", str(folder / name))
        assert lab(folder, *given).exit_code == 0
    films = json.loads((folder / "film.json").read_text())
    assert list(films) == ["scan", "own-the-whole"]
    assert films["scan"]["ends_s"] == 3600
    text = (folder / "film.txt").read_text()
    assert "coffee  noticed in passing" in text
    assert ", a neighbour" in text.partition("own-the-whole")[2]
    assert ", a neighbour" not in text.partition("own-the-whole")[0]


def test_a_contact_centre_is_routed_by_skill() -> None:
    centre = str(ROOT / "examples" / "floors" / "contact_centre.toml")
    result = CliRunner().invoke(lab_, [centre, "--reps", "3", "--hours", "1"])
    assert result.exit_code == 0, result.output
    assert "3 queues" in result.stdout
    assert "skills (oldest first)" in result.stdout
    assert "gave up, %" in result.stdout
    assert "walk" not in result.stdout


BAD = [
    (("--policy", "own-the-hole"), "did you mean 'own-the-whole'"),
    (("--policy", "scan:cadence=soon"), "seconds of at least 0, or never"),
    (("--policy", "scan", "--policy", "scan:cadence=300"), "scan is named twice"),
    (("--hands", "pott=3"), "did you mean 'pot'"),
    (("--hands", "pot"), "whole number of at least 1"),
    (("--loafing", "lots"), "a share such as 7%"),
    (("--reps", "100000"), "take --reps"),
    (("--hours", "nan"), "give hours from 0.1 to 168"),
    (("--policy", "scan", "--csv", "nowhere/at/all.csv"), "Name a file elsewhere"),
]


@pytest.mark.parametrize(("options", "says"), BAD)
def test_what_cannot_be_run_is_named_with_a_remedy(
    folder: Path, options: tuple[str, ...], says: str
) -> None:
    result = lab(folder, *options)
    assert result.exit_code == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_file_that_is_no_floor_is_named(folder: Path) -> None:
    (folder / "latin.toml").write_bytes(floor_to_toml(busy_floor()).encode() + b"# caf\xe9")
    (folder / "broken.toml").write_text("[[section]\nid =")
    cut = (folder / "floor.toml").read_text().replace("per_hour = 6.0", "per_hour = -6.0")
    (folder / "minus.toml").write_text(cut)
    busy = replace(
        busy_floor(),
        need_types=tuple(replace(k, per_hour=90.0, patience=None) for k in busy_floor().need_types),
    )
    (folder / "busy.toml").write_text(floor_to_toml(busy))
    for name, says in (
        ("latin.toml", "not a text file in UTF-8"),
        ("broken.toml", "line 1"),
        ("minus.toml", "-6.0"),
        ("busy.toml", "cannot keep up"),
    ):
        result = lab(folder, file=name)
        assert result.exit_code == 1, name
        assert says in result.stderr, result.stderr


def test_it_runs_without_a_site(folder: Path) -> None:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from upturn.house.cli import main\n"
        f"given = ['lab', {str(folder / 'floor.toml')!r}, '--reps', '2', '--hours', '0.2']\n"
        "assert CliRunner().invoke(main, given).exit_code == 0\n"
        "print([name for name in ('django', 'scipy.stats', 'sklearn') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
