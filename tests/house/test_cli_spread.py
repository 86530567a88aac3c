"""Where differences lie, from the shell: on one's own machine, and of nobody by name."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from examples.six_suppliers.people import known_shares
from examples.six_suppliers.people import main as write
from upturn.house.cli import main
from upturn.stats.draws import generator

ROW = re.compile(r"^(?P<name>(between|within) .+?)  +\S.*?%  +(?P<low>\S.*?) to (?P<high>\S.*?%) ")


def run(file: Path) -> Result:
    return CliRunner().invoke(main, ["exchange", "spread", str(file)])


def ranges(output: str) -> dict[str, tuple[float, float]]:
    """Ends of the printed ranges, by the name of their row."""

    def share(text: str) -> float:
        return float(re.sub(r"\D", "", text)) / 100

    rows = filter(None, map(ROW.match, output.splitlines()))
    return {row["name"]: (share(row["low"]), share(row["high"])) for row in rows}


def people(*, companies: int = 6, centres: int = 4, size: int = 8, apart: float = 1.0) -> list[str]:
    stream = generator(11, "people", str(companies), str(centres))
    return [
        f"Company {company},Place {centre},{level + own:.3f}"
        for company in range(companies)
        for centre in range(centres)
        for level in [stream.normal(50, 1) * apart]
        for own in stream.normal(size=size)
    ]


def file_of(folder: Path, rows: list[str], header: str = "company,centre,figure") -> Path:
    file = folder / "people.csv"
    file.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return file


def test_ten_thousand_people_divide_into_company_centre_and_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    write(str(file))
    assert len(file.read_text(encoding="utf-8").splitlines()) > 10_000
    done = run(file)
    assert done.exit_code == 0, done.output
    assert "10,360 people" in done.output
    assert "40 centres of 6 companies" in done.output
    printed, known = ranges(done.output), known_shares()
    names = ["between companies", "between centres of a company", "within a centre"]
    assert list(printed) == names
    for name, share in zip(names, known.values(), strict=True):
        low, high = printed[name]
        assert low <= share <= high
    assert done.output.count("  moves together") == 2
    assert "6 companies are few" in done.output


def test_no_name_and_no_figure_of_anybody_is_printed(tmp_path: Path) -> None:
    rows = [*people(), *["Company 1,Tiny,7777.25"] * 3]
    done = run(file_of(tmp_path, rows))
    assert done.exit_code == 0, done.output
    assert not re.search(r"Company \d|Place|Tiny|7777", done.output)
    assert not [row for row in rows if row.rsplit(",", 1)[1] in done.output]


def test_nothing_is_stored_or_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was made")

    file = file_of(tmp_path, people())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert run(file).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_it_needs_no_site_and_makes_no_folder_of_one(tmp_path: Path) -> None:
    file = file_of(tmp_path, people())
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom upturn.house.cli import main\n"
        f"done = CliRunner().invoke(main, ['exchange', 'spread', {str(file)!r}])\n"
        "print(done.exit_code, 'django' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "0 False\n"
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]


def test_a_company_looks_at_its_own_centres_without_a_column_for_itself(tmp_path: Path) -> None:
    alone = people(companies=1, centres=8)
    done = run(file_of(tmp_path, [row.partition(",")[2] for row in alone], "Site;Result"))
    assert done.exit_code == 1  # commas below a header of semicolons
    done = run(file_of(tmp_path, [row.partition(",")[2] for row in alone], "Site,Result"))
    assert done.exit_code == 0, done.output
    assert list(ranges(done.output)) == ["between centres", "within a centre"]
    assert ranges(run(file_of(tmp_path, alone)).output) == ranges(done.output)


def test_below_five_companies_their_part_is_withheld(tmp_path: Path) -> None:
    done = run(file_of(tmp_path, people(companies=4)))
    assert "Shares of the spread within companies of 16 centres" in done.output
    assert "Between companies: cannot tell. It takes 5 companies" in done.output
    assert list(ranges(done.output)) == ["between centres of a company", "within a centre"]


def test_small_centres_count_together_or_not_at_all(tmp_path: Path) -> None:
    small = [f"Company 0,Small {at},{40 + at}" for at in range(6)]
    fewer = [f"Company 1,Smaller {at},{40 + at}" for at in range(3)]
    done = run(file_of(tmp_path, [*people(), *small, *fewer]))
    assert "198 people" in done.output
    assert "25 centres of 6 companies" in done.output
    assert "Centres of fewer than 5 people count together, a company's as one." in done.output
    assert "Some people were still too few and are left out." in done.output


def test_what_chance_alone_may_do_is_said(tmp_path: Path) -> None:
    done = run(file_of(tmp_path, people(companies=6, apart=0.0)))
    assert done.output.count("  cannot tell") == 2
    assert "differ less than chance alone would make them" in done.output


@pytest.mark.parametrize(
    ("rows", "header", "said"),
    [
        (["A,50"], "company,figure", "row 1, “company, figure”: No column says “centre”."),
        (["A,X,50"], "company,centre,name", "Name the column “figure” in the first row."),
        (["A,X,many"], "company,centre,figure", "row 2, figure: “many” This cannot be read as a n"),
        (["A,X,1,234"], "company,centre,figure", "row 2: “A | X | 1 | 234” Cells in this row: 4"),
        (['A,X,"1,234"'], "company,centre,figure", "Perhaps “1234” / “1.234”?"),
        (["A,X,50", "A,,51"], "company,centre,figure", "row 3, centre: “” This cell is empty."),
        ([",X,50"], "company,centre,figure", "row 2, company: “” This cell is empty."),
        (["A,X,"], "company,centre,figure", "row 2, figure: “” This cell is empty."),
        (["A,X,1e200", "A,Y,1"] * 5, "company,centre,figure", "a number below 1e+100, not 1e+200"),
        (["A,X,x"] * 7, "company,centre,figure", "… and 2 more."),
        (["A,X,50"] * 30, "company,centre,figure", "all rows are of one centre"),
        (
            [f"A {at % 6},X {at},{at}" for at in range(48)],
            "company,centre,figure",
            "no centre has 5 people. Add a row for each person, not one for each centre.",
        ),
        ([], "company,centre,figure", "nothing stands below its header. Add one row"),
    ],
)
def test_bad_input_is_refused_with_its_row_and_what_helps(
    tmp_path: Path, rows: list[str], header: str, said: str
) -> None:
    done = run(file_of(tmp_path, rows, header))
    assert done.exit_code == 1
    assert said in done.output
    assert "%" not in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([f"A,X {at % 4},{at}" for at in range(40)], "too few centres to compare within their"),
        (
            [f"A,X {max(0, at - 14)},{at}" for at in range(18)],
            "too few centres to compare within their",
        ),
        ([f"A,X {at % 6},{at % 6}" for at in range(60)], "all have the same figure"),
    ],
)
def test_what_cannot_be_told_is_said_without_a_share(
    tmp_path: Path, rows: list[str], said: str
) -> None:
    done = run(file_of(tmp_path, rows))
    assert done.exit_code == 0, done.output
    assert "Cannot tell: " in done.output
    assert said in done.output
    assert "%" not in done.output


def test_columns_that_are_not_read_are_said(tmp_path: Path) -> None:
    rows = [f"Agent {at},{row}" for at, row in enumerate(people())]
    done = run(file_of(tmp_path, rows, "agent,company,centre,figure"))
    assert "Columns that were not read: agent." in done.output
    assert "Agent 1" not in done.output
