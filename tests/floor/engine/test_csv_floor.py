"""Tables of a floor out of files as people have them: every separator, language, unit, mistake."""

import io
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.floor.engine.described.csv_floor import Tables, read_tables
from upturn.floor.engine.shapes import Kind
from upturn.graph.engine.tabular import open_table
from upturn.graph.engine.tabular_errors import TabularError
from upturn.graph.engine.tabular_problems import Repairs, describe


def read(text: str | bytes, repairs: Repairs | None = None) -> Tables:
    data = text.encode() if isinstance(text, str) else text
    return read_tables(open_table(io.BytesIO(data), name="tables.csv"), repairs=repairs)


def spots(found: Tables) -> dict[str, tuple[float, float]]:
    return {place.id: (place.x_m, place.y_m) for place in found.places}


@pytest.mark.parametrize(
    ("mark", "encoding", "comma"),
    [
        row
        for row in product(",;\t|", ("utf-8", "utf-8-sig", "utf-16", "cp1252"), ".,")
        if row[0] != row[2]
    ],
)
def test_every_separator_encoding_and_comma_reads_alike(
    mark: str, encoding: str, comma: str
) -> None:
    rows = [
        ("table", "section", "x_m", "y_m"),
        ("1", "Küche", "1.5", "2.25"),
        ("2", "Bar", "3", "4"),
    ]
    text = "\r\n".join(mark.join(row) for row in rows).replace(".", comma)
    found = read(text.encode(encoding))
    assert found.problems == ()
    assert found.sections == ("Küche", "Bar")
    assert {name: spots(found)[name] for name in "12"} == {"1": (1.5, 2.25), "2": (3.0, 4.0)}


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Tisch,Bereich,Art", "Tür"),
        ("mesa,zona,tipo", "puerta"),
        ("الطاولة,القسم,نوع", "باب"),
        ("Table number,Section,Kind", "DOOR"),
    ],
)
def test_columns_and_kinds_go_by_their_names_in_four_languages(head: str, kind: str) -> None:
    found = read(f"{head}\n1,A,\nfront,,{kind}\n")
    assert found.problems == ()
    assert [place.kind for place in found.places] == [Kind.TABLE, Kind.DOOR, Kind.STATION]


@pytest.mark.parametrize(
    ("unit", "written"), [("cm", "150"), ("mm", "1500"), ("m", "1.5"), ("ft", "4.9213")]
)
def test_a_column_may_name_its_unit(unit: str, written: str) -> None:
    found = read(f"table,section,x ({unit}),y ({unit})\n1,A,{written},{written}\n")
    assert spots(found)["1"] == pytest.approx((1.5, 1.5), abs=1e-3)


def test_without_places_each_section_stands_in_a_row_of_its_own() -> None:
    found = read("table,section\n1,A\n2,B\n3,A\n")
    assert found.laid == 3
    assert spots(found) == {"1": (1, 1), "2": (1, 4), "3": (3, 1), "station": (2, -2)}


def test_tables_without_a_place_stand_below_those_that_have_one() -> None:
    found = read("table,section,x,y\n1,A,10,20\n2,A,,\n")
    assert found.laid == 1
    assert spots(found)["2"] == (10, 23)


WRONG = {
    "1,A,1,2,\n1,B,1,2,\n": (3, "table", "Row 2 has a place of this name already"),
    ",A,1,2,\n": (2, "table", "This cell is empty"),
    "1,,1,2,\n": (2, "section", "Every table belongs to one section"),
    "1,A,1,,\n": (2, "y_m", "One of the two measures is missing"),
    "1,A,left,2,\n": (2, "x_m", "cannot be read as a number"),
    "1,A,5000,2,\n": (2, "x_m", "5,000 metres"),
    "1,A,1,2,statoin\n": (2, "kind", "Perhaps “station”"),
    "1,A,1,2,,,9\n": (2, "", "Cells in this row: 7"),
    f"{'x' * 61},A,1,2,\n": (2, "table", "at most 60"),
    "a\u202eb,A,1,2,\n": (2, "table", "cannot be shown"),
}


@pytest.mark.parametrize("rows", WRONG)
def test_what_is_wrong_names_row_and_column_and_what_helps(rows: str) -> None:
    row, column, says = WRONG[rows]
    problem = read("table,section,x_m,y_m,kind\n" + rows).problems[0]
    assert (problem.row, problem.column) == (row, column)
    assert says in describe(problem)


def test_what_a_person_writes_instead_mends_the_row() -> None:
    text = "table,section,x,y\n1,A,left,2\n2,A,3,4\n3,A,,5\n"
    mended = read(text, Repairs(cells={2: {"x": "7"}}, left_out=frozenset({4})))
    assert spots(mended)["1"] == (7, 2)
    assert [problem.code for problem in mended.problems] == ["left_out"]
    assert "3" not in spots(mended)


@pytest.mark.parametrize("text", ["", "table,section\n", "a,b\n1,2\n", "{}", "<html>", "%PDF-1.4"])
def test_what_is_no_list_of_tables_is_refused_with_what_helps(text: str) -> None:
    with pytest.raises(TabularError):
        read(text)


NAME = st.text("abcäß123 ", min_size=1, max_size=6).map(str.strip).filter(bool)


@given(
    st.lists(
        st.tuples(NAME, NAME, st.integers(-400, 400), st.integers(-400, 400)),
        min_size=1,
        max_size=30,
        unique_by=lambda row: row[0],
    )
)
def test_every_table_of_a_sound_file_is_there_once_with_its_one_section(
    rows: list[tuple[str, str, int, int]],
) -> None:
    lines = ["table,section,x_m,y_m", *(",".join(map(str, row)) for row in rows)]
    found = read("\n".join(lines))
    assert found.problems == ()
    drawn = [(p.id, p.section, p.x_m, p.y_m) for p in found.places if p.kind is Kind.TABLE]
    assert drawn == rows
