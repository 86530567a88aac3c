"""A whole sealed benchmark from the shell: six companies, one folder, and the bundle afterwards."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.exchange.engine.rounds import (
    OPENS,
    ROUND_ID,
    benchmark_of,
    bundle_of,
    key_of,
    metric,
    signed_roster,
)
from upturn.exchange.engine.ballot import (
    accept,
    key_from_words,
    read_ballot,
    read_key_file,
    safety_words,
    take,
    write_bundle,
    write_key_file,
)
from upturn.house.cli import main
from upturn.house.cli_ballot import span_of

FIGURES = {1: "71", 2: "76.5", 3: "84", 4: "88", 5: "", 6: "101"}
OTHERS = "Metric 2,80\n"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A round with roster and sheet, six key files, and a file of figures for each."""
    benchmark = benchmark_of(6, metrics=2)
    (tmp_path / "roster.bin").write_bytes(signed_roster(benchmark.roster).written())
    (tmp_path / "sheet.bin").write_bytes(benchmark.sheet.written)
    for at, figure in FIGURES.items():
        company = f"Company {at}"
        key_path(tmp_path, at).write_text(write_key_file(key_of(at), company=company))
        figures(tmp_path, at).write_text(f"metric,figure\nMetric 1,{figure}\n{OTHERS}")
    return tmp_path


def key_path(folder: Path, at: int) -> Path:
    return folder / f"{at}.key"


def figures(folder: Path, at: int) -> Path:
    return folder / f"{at}.csv"


def sealed(folder: Path, at: int) -> Result:
    return run("seal", folder, "--key", key_path(folder, at), "--figures", figures(folder, at))


def opened(folder: Path, at: int, *more: object) -> Result:
    return run("open", folder, "--key", key_path(folder, at), *more)


def closed(folder: Path) -> None:
    """What the host does at closing: the list of what came in time."""
    benchmark = benchmark_of(6, metrics=2)
    ballots = [read_ballot(path.read_bytes()) for path in (folder / "ballots").glob("*.bin")]
    taken = [take(benchmark, ballot, held=None, received_at=OPENS) for ballot in ballots]
    (folder / "list.bin").write_bytes(accept(benchmark, taken).written)


def test_six_companies_seal_confirm_and_open_with_one_away(folder: Path) -> None:
    for at in FIGURES:
        done = sealed(folder, at)
        assert done.exit_code == 0, done.output
        assert f"Ballot 1 is sealed: {folder}/ballots/00{at}.bin" in done.output
    closed(folder)
    for at in (1, 2, 3, 4):
        done = opened(folder, at)
        assert done.exit_code == 0, done.output
        assert f"5 confirmations of one list are needed and {at} are here" in done.output
    assert "5 companies that open are needed and 1 are here" in opened(folder, 5).output
    for at in (1, 2, 3):
        assert opened(folder, at).exit_code == 0
    done = opened(folder, 4, "--figures", figures(folder, 4))
    assert done.exit_code == 0, done.output
    row = next(line for line in done.output.splitlines() if line.startswith("Metric 1"))
    assert "within" in row
    assert "%" in row


def test_the_bin_is_shown_and_the_figure_is_in_no_file(folder: Path) -> None:
    figures(folder, 2).write_text(f"metric,figure\nMetric 1,76.4987\n{OTHERS}")
    done = sealed(folder, 2)
    assert "Metric 1: 75 to below 80 %" in done.output
    assert "76.4987" not in done.output
    figures(folder, 2).unlink()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path for path in files if b"76.4987" in path.read_bytes()] == []


def test_a_second_ballot_replaces_the_first(folder: Path) -> None:
    sealed(folder, 1)
    assert "Ballot 2 is sealed" in sealed(folder, 1).output
    assert read_ballot((folder / "ballots" / "001.bin").read_bytes()).serial == 2


def test_a_device_that_signed_one_list_signs_no_other(folder: Path) -> None:
    for at in FIGURES:
        sealed(folder, at)
    closed(folder)
    opened(folder, 1)
    (folder / "ballots" / "006.bin").unlink()
    closed(folder)
    done = opened(folder, 1)
    assert done.exit_code == 1
    assert "This key signed the list" in done.output
    memory = folder / f"1.key.{ROUND_ID.hex()}.memory"
    assert memory.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("Metric 1,70\n", "has no line for “Metric 2”"),
        ("Metric 1,70\nMetric 2,much\n", "Metric 2: “much” is no number"),
        ("Metric 1,70\nMetric 2,1\nPrice,3\n", "“Price” in 1.csv is no metric of this sheet"),
        ("Metric 1,70\nMetric 1,71\nMetric 2,1\n", "has a metric twice"),
        ("Metric 1,nan\nMetric 2,1\n", "Metric 1: nan is no number"),
    ],
)
def test_figures_that_cannot_be_read_are_refused(folder: Path, lines: str, said: str) -> None:
    figures(folder, 1).write_text(lines)
    done = sealed(folder, 1)
    assert done.exit_code == 1
    assert said in done.output
    assert not (folder / "ballots").exists()


def test_a_folder_without_its_sheet_and_a_foreign_key_are_refused(folder: Path) -> None:
    key_path(folder, 1).write_text(write_key_file(key_of(9), company="Company 9"))
    assert "No company on this roster" in sealed(folder, 1).output
    key_path(folder, 3).write_bytes(b"\xff\xfe")
    assert "3.key is no key file: it is no text" in sealed(folder, 3).output
    (folder / "sheet.bin").unlink()
    assert "sheet.bin is not there yet. Ask the host for it." in sealed(folder, 2).output


def test_a_new_key_comes_with_its_words_and_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "company.key"
    done = run("key", "Company 1", "-o", path)
    assert done.exit_code == 0, done.output
    key, company = read_key_file(path.read_text())
    assert company == "Company 1"
    assert " ".join(safety_words(key.public.fingerprint)) in done.output
    paper = done.output.split("lock away:\n")[1]
    assert key_from_words([word for word in paper.split() if word.isalpha()]) == key
    assert key.seed.hex() not in done.output
    assert path.stat().st_mode & 0o777 == 0o600
    assert "never written over" in run("key", "Company 1", "-o", path).output


def test_a_bundle_is_recomputed_and_a_tampered_one_refused(tmp_path: Path) -> None:
    path = tmp_path / "round.zip"
    path.write_bytes(write_bundle(bundle_of(5, metrics=1)))
    done = run("verify", path)
    assert done.exit_code == 0
    assert done.output.count("holds ") >= 8
    assert "FAILS" not in done.output
    path.write_bytes(path.read_bytes()[:-1])
    done = run("verify", path)
    assert done.exit_code == 1
    assert "FAILS  bundle" in done.output
    found = json.loads(run("verify", path, "--json").output)
    assert [row["holds"] for row in found] == [False]


def test_bins_in_words() -> None:
    asked = metric(8)
    assert [span_of(asked, at) for at in (0, 1, 6, 7)] == [
        "below 70 %",
        "70 to below 75 %",
        "95 % or more",
        "not applicable",
    ]
