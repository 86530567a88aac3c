"""A trace from two files: the page, the JSON, and what is said of files that allow none."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from examples.check_in import main as write
from upturn.house.cli import main
from upturn.trace.engine import Confidence, from_json, keys_in

SERVES = "server,served\nDesk,Check-in\nRooms,Desk\nLaundry,Rooms\n"


def run(folder: Path, *arguments: str, at: str = "Check-in") -> Result:
    files = ["--graph", str(folder / "serves.csv"), "--measures", str(folder / "weekly.csv")]
    return CliRunner().invoke(main, ["trace", *files, "--at", at, *arguments])


@pytest.fixture
def hotel(tmp_path: Path) -> Path:
    write(str(tmp_path))
    return tmp_path


def files(folder: Path, *, serves: str = SERVES, rows: str = "") -> Path:
    (folder / "serves.csv").write_text(serves, encoding="utf-8")
    header = "party,measure,week,value\n"
    weeks = "".join(f"Check-in,score,2026-W{at},{7 + at % 3}\n" for at in range(10, 36))
    (folder / "weekly.csv").write_text(header + (rows or weeks), encoding="utf-8")
    return folder


def test_the_page_shows_the_path_and_what_speaks_against_it(hotel: Path) -> None:
    done = run(hotel)
    assert done.exit_code == 0, done.output
    assert "the pattern fits a change at Laundry" in done.output
    assert "Two methods agree." in done.output
    names = ["Check-in", "Front desk", "Housekeeping", "Laundry"]
    table = done.output.split("┡")[1].split("└")[0]
    places = [table.index(f"│ {name} ") for name in names]
    assert places == sorted(places)
    assert "Against" in done.output
    assert "No other party that is drawn comes near." in done.output
    assert "not proof" in done.output
    assert "caused" not in done.output


def test_a_measure_of_which_less_is_better_is_shown_as_it_was_given(hotel: Path) -> None:
    row = next(line for line in run(hotel).output.splitlines() if "│ Front desk" in line)
    before, after = (float(cell) for cell in row.split("│")[3:5])
    assert 5 < before < 8 < after


def test_json_holds_the_whole_trace(hotel: Path) -> None:
    done = run(hotel, "--json")
    found = from_json(done.output)
    assert found.confidence is Confidence.TWO_AGREE
    assert keys_in(done.output)[found.suspect or 0] == "Laundry"
    assert json.loads(done.output)["first_week"] == "2026-05-25"


def test_a_week_can_be_named(hotel: Path) -> None:
    onset = from_json(run(hotel, "--json", "--week", "2026-W37").output).alarm.onset
    assert onset == 15
    assert from_json(run(hotel, "--json", "--week", "9 September 2026").output).alarm.onset == 15


@pytest.mark.parametrize(
    ("arguments", "at", "said"),
    [
        ((), "Chek-in", "No touchpoint is called “Chek-in”. Perhaps “Check-in”"),
        ((), "Laundry", "“Laundry” serves others, so it is no touchpoint. Touchpoints: Breakfast"),
        (("--week", "soon"), "Check-in", "“soon” is no week. Write it as 2026-W45"),
        (("--week", "2026-W02"), "Check-in", "go from 2026-W22 to 2026-W47; 2026-W02 is not in"),
        (("--week", "2026-W47"), "Check-in", "Week 26 of 26 cannot be looked at"),
    ],
)
def test_what_is_asked_wrongly_is_answered(
    hotel: Path, arguments: tuple[str, ...], at: str, said: str
) -> None:
    done = run(hotel, *arguments, at=at)
    assert done.exit_code == 1
    assert said in done.output


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"serves": "alpha,beta\nDesk,Check-in\n"}, "serves.csv, row 1"),
        ({"serves": "server,served\nDesk,Desk\n"}, "A party does not serve itself."),
        ({"serves": "server,served\nDesk,Rooms\nRooms,Desk\n"}, "it has no touchpoint"),
        ({"rows": "Laundri,score,2026-W10,7\n"}, "weekly.csv, row 2, party: 'Laundri'"),
        ({"rows": "Laundri,score,2026-W10,7\n"}, "Perhaps “Laundry”?"),
        ({"rows": "Desk,score,2026-W60,7\n"}, "has no week 60"),
        ({"rows": "Desk,score,2026-W10,warm\n"}, "cannot be read as a number"),
        ({"rows": "Desk,score,1926-W10,7\nDesk,score,2026-W10,7\n"}, "more than ten years"),
        ({"rows": "\n"}, "weekly.csv has no figures below its header"),
    ],
)
def test_files_that_allow_no_trace_say_where_and_what_helps(
    tmp_path: Path, given: dict[str, str], said: str
) -> None:
    done = run(files(tmp_path, **given))
    assert done.exit_code == 1
    assert said in done.output.replace("\n", " ")


def test_without_a_fall_no_cause_is_named(tmp_path: Path) -> None:
    done = run(files(tmp_path))
    assert done.exit_code == 0
    assert "no cause is named" in done.output
    assert "Cannot tell." in done.output


def test_every_reason_has_a_sentence(tmp_path: Path) -> None:
    from upturn.house.trace_page import REASONS, REMARKS  # noqa: PLC0415 - rich is loaded late
    from upturn.trace.engine import Reason, Remark  # noqa: PLC0415

    assert set(REASONS) == set(Reason)
    assert set(REMARKS) == set(Remark)
