"""What a beginning in steps changed, from the shell: on one's own machine, of no place by name."""

import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from upturn.exchange.engine import focus_weeks
from upturn.house.cli import main
from upturn.house.cli_readout import BASE_WEEKS
from upturn.house.readout_file import read_weeks
from upturn.stats.draws import generator
from upturn.stats.rollouts import Rollout, group_time_effects

FIRST = date(2026, 1, 5)
HEADER = "place,week,value,began"
WHOLE = re.compile(r"^all weeks since +(\S+) +(\S+) to (\S+) +(\d+) places$", re.MULTILINE)
SPREAD, MEMORY = 0.5, 0.5
"""Of a place's weeks, as the table of how often ranges hold in docs/background/results.md."""


@dataclass(frozen=True)
class Drawn:
    """A year of weeks of places that began in drawn steps, with an effect that is known."""

    effect: float = 1.0
    places: int = 12
    seed: int = 1
    weeks: int = 36
    together: bool = False

    def starts(self) -> list[date]:
        names = [str(at) for at in range(self.places)]
        weeks = focus_weeks(
            names, first=FIRST + timedelta(weeks=12), together=self.together,
            draws=generator(self.seed, "focus week"),
        )  # fmt: skip
        return list(weeks.values())

    def rows(self) -> list[str]:
        noise = generator(self.seed, "readout")
        common = noise.normal(0, 0.3, self.weeks)
        made = []
        for at, began in enumerate(self.starts()):
            level, swing = noise.normal(50, 1), 0.0
            for week in range(self.weeks):
                swing = MEMORY * swing + noise.normal(0, SPREAD * (1 - MEMORY**2) ** 0.5)
                monday = FIRST + timedelta(weeks=week)
                value = level + common[week] + swing + self.effect * (monday >= began)
                made.append(f"Place {at},{monday},{value:.4f},{began}")
        return made


def file_of(folder: Path, rows: list[str], header: str = HEADER) -> Path:
    file = folder / "weeks.csv"
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return file


def run(file: Path) -> Result:
    return CliRunner().invoke(main, ["exchange", "readout", str(file)])


def whole(output: str) -> tuple[float, float, float, int]:
    found = WHOLE.search(output)
    assert found, output
    value, low, high = (float(each) for each in found.groups()[:3])
    return value, low, high, int(found[4])


def test_a_known_effect_is_read_with_its_range_and_n(tmp_path: Path) -> None:
    file = file_of(tmp_path, Drawn().rows())
    done = run(file)
    assert done.exit_code == 0, done.output
    value, low, high, n = whole(done.output)
    assert low <= 1.0 <= high
    assert (n, 0.5 < value < 1.5) == (12, True)
    assert "12 places, 36 weeks" in done.output
    assert "2026-03-30: 4, 2026-04-27: 4, 2026-05-25: 4, not yet: 0" in done.output
    assert "Places that began rose beyond those that had not" in done.output
    assert "did not move apart by more than chance" in done.output
    assert re.search(r"^week 1 since .* 8 places$", done.output, re.MULTILINE)
    assert "of single weeks, one range in twenty misses" in done.output
    assert "Lots make it fair" in done.output


def test_it_is_the_estimator_of_the_results_of_plans(tmp_path: Path) -> None:
    file = file_of(tmp_path, Drawn().rows())
    told = read_weeks(file)
    found = group_time_effects(told.values, told.starts, base_weeks=BASE_WEEKS)
    assert isinstance(found, Rollout)
    change = found.overall
    printed = whole(run(file).output)
    assert printed == pytest.approx((change.value, change.low, change.high, 12), rel=0.01)


def test_ranges_hold_the_effect_and_find_none_where_there_is_none(tmp_path: Path) -> None:
    held = nothing = 0
    for seed in range(40):
        _value, low, high, _n = whole(run(file_of(tmp_path, Drawn(seed=seed).rows())).output)
        held += low <= 1.0 <= high
        calm = run(file_of(tmp_path, Drawn(effect=0.0, seed=seed).rows()))
        nothing += "Cannot tell: the range over all weeks holds 0" in calm.output
    assert held >= 35
    assert nothing >= 35


def test_missing_weeks_stay_empty_and_are_said(tmp_path: Path) -> None:
    rows = Drawn().rows()
    left_out = [row for at, row in enumerate(rows) if at % 10]
    emptied = [re.sub(r",[^,]+,([^,]+)$", r",,\1", row) for row in left_out[:5]]
    done = run(file_of(tmp_path, [*emptied, *left_out[5:]]))
    assert done.exit_code == 0, done.output
    missing = len(rows) - len(left_out) + len(emptied)
    assert f"{missing} weeks of places are missing; they stay empty" in done.output
    _value, low, high, _n = whole(done.output)
    assert low <= 1.0 <= high


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (Drawn(together=True).rows(), "all places began in the same week, so nobody is left"),
        (Drawn(places=5).rows(), "there are 5 places with figures, and 6 are needed"),
        ([row.rpartition(",")[0] + "," for row in Drawn().rows()], "no place has begun within"),
        (
            [row for row in Drawn().rows() if row.split(",")[1] >= row.split(",")[3]],
            "no place that began has a figure in the weeks before",
        ),
    ],
)
def test_what_cannot_be_told_is_said_with_its_reason(
    tmp_path: Path, rows: list[str], said: str
) -> None:
    done = run(file_of(tmp_path, rows))
    assert done.exit_code == 0, done.output
    assert f"Cannot tell: {said}" in done.output
    assert "places that had not begun yet, in the unit" not in done.output


def test_places_that_moved_apart_before_put_it_in_doubt(tmp_path: Path) -> None:
    rows = []
    for row in Drawn(effect=0.0).rows():
        place, week, value, began = row.split(",")
        since = (date.fromisoformat(week) - FIRST).days / 7
        drift = 0.4 * since * (began == "2026-03-30")
        rows.append(f"{place},{week},{float(value) + drift:.4f},{began}")
    assert "In doubt: before they began they moved apart" in run(file_of(tmp_path, rows)).output


def test_no_name_and_no_figure_of_a_place_is_printed(tmp_path: Path) -> None:
    rows = Drawn().rows()
    output = run(file_of(tmp_path, rows)).output
    assert not re.search(r"Place \d", output)
    assert not [row for row in rows if row.split(",")[2] in output]
    lines = re.findall(r"^week \d+ since .* (\d+) places$", output, re.MULTILINE)
    assert lines
    assert min(map(int, lines)) >= 3


def test_nothing_is_stored_or_sent_and_no_site_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was made")

    file = file_of(tmp_path, Drawn().rows())
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom upturn.house.cli import main\n"
        f"done = CliRunner().invoke(main, ['exchange', 'readout', {str(file)!r}])\n"
        "print(done.exit_code, 'django' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    alone = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert alone.stdout == "0 False\n"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert run(file).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["weeks.csv"]


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        (["A,2026-W02,5"], "place,week,value", "No column says “began”."),
        (["A,someday,5,"], HEADER, "row 2, week: “someday”"),
        (["A,2026-W02,many,"], HEADER, "row 2, value: “many” This cannot be read as a number"),
        (["A,2026-W02,5,soon"], HEADER, "row 2, began: “soon”"),
        ([",2026-W02,5,"], HEADER, "row 2, place: “” This cell is empty."),
        (["A,,5,"], HEADER, "row 2, week: “” This cell is empty."),
        (["A,2026-W02,5,", "A,2026-01-06,6,"], HEADER, "row 3, week: “2026-01-06” Row 2 is about"),
        (
            ["A,2026-W02,5,2026-W02", "A,2026-W03,5,"],
            HEADER,
            "row 3: row 2 says of the same place that it began in the week of 2026-01-05, this one",
        ),
        (["A,2026-W02,5,", "A,2062-W02,5,"], HEADER, "more than ten years. Is a year mistyped?"),
        ([], HEADER, "nothing stands below its header. Add one row"),
    ],
)
def test_bad_input_is_refused_with_its_row_and_what_helps(
    tmp_path: Path, rows: list[str], header: str, said: str
) -> None:
    done = run(file_of(tmp_path, rows, header))
    assert done.exit_code == 1
    assert said in done.output
    assert "Traceback" not in done.output


def test_the_same_row_twice_counts_once_and_other_columns_are_said(tmp_path: Path) -> None:
    rows = [f"Anna,{row}" for row in Drawn().rows()]
    done = run(file_of(tmp_path, [*rows, rows[0]], f"lead,{HEADER}"))
    assert done.exit_code == 0, done.output
    assert "Columns that were not read: lead." in done.output
    assert "Anna" not in done.output
    assert np.isfinite(whole(done.output)[0])
