"""Any table a person may have at hand comes in as it is."""

import csv
import io
from datetime import date, datetime, time
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.tables import csv_bytes, inline, rows_of, sheet, table, unhurried, workbook
from upturn.graph.engine.tabular import csv_lines, escape_formula, sample_rows
from upturn.graph.engine.tabular_errors import HeaderRefused

HEADER = ("review", "stars", "place")
MARKS = [",", ";", "\t", "|"]
# Anything that is not a control character; files full of those are refused as rubbish.
ANY_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\r\t\",;|'\\="), max_size=30
)
WESTERN_TEXT = st.lists(
    st.sampled_from(
        ["cold ", "café ", "naïve ", "Grüße ", "señor ", "5\u00a0£ ", '"so" ', "a,b;c|d\t", "\r\n"]
    ),
    max_size=8,
).map("".join)
CURLY_TEXT = st.lists(st.sampled_from(["“hi” ", "5 € ", "– ", "it’s ", "plain "]), max_size=8).map(
    "".join
)


def tables(cells):
    return st.lists(st.tuples(cells, cells, cells).filter(any), max_size=6)


@unhurried
@given(tables(ANY_TEXT), st.sampled_from(MARKS), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_text_comes_back_in_unicode(rows, mark, encoding):
    assert rows_of(csv_bytes([HEADER, *rows], delimiter=mark, encoding=encoding)) == rows


@unhurried
@given(tables(ANY_TEXT).filter(bool), st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_utf_16_is_known_without_its_mark(rows, encoding):
    plain = [tuple("x" + cell.encode("ascii", "ignore").decode() for cell in row) for row in rows]
    assert rows_of(csv_bytes([HEADER, *plain], encoding=encoding)) == plain


@unhurried
@given(tables(WESTERN_TEXT), st.sampled_from(MARKS), st.sampled_from(["cp1252", "latin-1"]))
def test_western_text_comes_back_in_older_encodings(rows, mark, encoding):
    assert rows_of(csv_bytes([HEADER, *rows], delimiter=mark, encoding=encoding)) == rows


@unhurried
@given(tables(CURLY_TEXT), st.sampled_from(MARKS))
def test_curly_quotes_and_euros_come_back_from_windows(rows, mark):
    assert rows_of(csv_bytes([HEADER, *rows], delimiter=mark, encoding="cp1252")) == rows


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("Très bon café, le serveur était aimable", "cp1252", "cp1252"),
        ("Bardzo dobrze, café", "utf-8", "utf-8"),
        ("Обслуживание было очень хорошим, спасибо всем большое", "cp1251", "cp1251"),
        ("とても美味しかったです。また来ます。ありがとうございました。", "shift_jis", "shift_jis"),
    ],
)
def test_the_encoding_is_told(text, encoding, found):
    opened = table(csv_bytes([("review", "stars"), (text, "5")], encoding=encoding))
    assert (opened.encoding, opened.broken_characters) == (found, 0)
    assert [cells for _, cells in opened.rows()] == [(text, "5")]


def test_an_undefined_byte_of_windows_means_latin_1():
    opened = table(b"review,stars\nvery na\xefve and \x81 odd,5\n")
    assert opened.encoding == "latin-1"


def test_a_few_broken_bytes_do_not_turn_utf_8_into_rubbish():
    good = "ein schönes Café, größer und wärmer als früher\n" * 40
    opened = table(b"review\n" + good.encode() + b"broken \xff here\n")
    assert (opened.encoding, opened.broken_characters) == ("utf-8", 1)
    assert [cells for _, cells in opened.rows()][-1] == ("broken � here",)


@pytest.mark.parametrize(
    "content",
    [
        'sep=;\nreview;stars\n"cold, but kind";4\n',
        'review;stars\r\n\r\n"cold, but kind";4\r\n;\r\n\r\n',
        '\n\nreview;stars\n"cold, but kind";4',
        "review;stars\r'cold, but kind';4\r".replace("'", '"'),
        "'review';'stars'\n'cold, but kind';'4'\n",
        'review;stars;;\n"cold, but kind";4;;\n',
        ' review ;stars\n"cold, but kind";4\n',
    ],
)
def test_habits_of_other_programs_are_understood(content):
    opened = table(content)
    assert opened.columns == ("review", "stars")
    assert [cells for _, cells in opened.rows()] == [("cold, but kind", "4")]


def test_backslashes_before_quotes_are_understood_where_a_file_has_them():
    rows = [f'"she said \\"number {n}\\", twice",5' for n in range(5)]
    assert rows_of("review,stars\n" + "\n".join(rows))[3] == ('she said "number 3", twice', "5")
    assert rows_of('review,stars\n"C:\\new",5\n') == [("C:\\new", "5")]


def test_a_single_column_of_prose_is_not_cut_at_commas():
    lines = ["Good, but cold", "Bad", "Late, loud, dear"]
    assert rows_of("review\n" + "\n".join(lines)) == [(line,) for line in lines]


def test_rows_are_numbered_as_a_spreadsheet_shows_them():
    content = 'review,stars\n"two\nlines",5\n\ncold,4\n'
    assert [number for number, _ in table(content).rows()] == [2, 4]


def test_rows_can_be_read_again():
    opened = table("review,stars\nwarm,5\n")
    first = next(opened.rows())
    assert list(opened.rows()) == [first]


def test_ragged_rows_are_left_to_the_reader():
    rows = rows_of("a,b\n3,4\n5,6\n1\n1,2,3\n1,2,,\n")
    assert rows[2:] == [("1",), ("1", "2", "3"), ("1", "2")]


def test_a_first_column_without_a_name_is_a_running_number():
    assert table(",review\n0,warm\n").columns == ("column 1", "review")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("review,,stars", "Column 2 has no name"),
        ("review,stars,review", "“review”: Two columns have the same name"),
        ("5,2026-11-03,warm", "“5”: This looks like data"),
        ("warm,03/11/2026", "“03/11/2026”: This looks like data"),
    ],
)
def test_a_header_names_every_column_once(header, says):
    with pytest.raises(HeaderRefused, match=r"words\.csv, row 1") as refused:
        table(f"{header}\n1,2,3\n")
    assert says in str(refused.value)


@unhurried
@given(st.integers(0, 300), st.integers(2, 40))
def test_a_sample_is_spread_over_the_whole_file(count, most):
    opened = table("n\n" + "".join(f"{n}\n" for n in range(count)))
    sample = [int(cells[0]) for cells in sample_rows(opened, most=most)]
    assert len(sample) <= most
    assert len(sample) >= min(count, most // 2)
    steps = {after - before for before, after in pairwise(sample)}
    assert len(steps) <= 1
    assert not count or (sample[0] == 0 and count - sample[-1] <= 2 * max(steps | {1}))


def written(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


XML_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)


@unhurried
@given(st.lists(st.tuples(XML_TEXT, XML_TEXT), min_size=1, max_size=5))
def test_any_text_comes_back_from_a_workbook(rows):
    # A workbook writes control characters as _x0007_, so such words cannot be told from them.
    plain = [tuple(cell.replace("_x", "x") for cell in row) for row in rows]
    assert rows_of(written(("a", "b"), *plain)) == plain


def test_cells_of_a_workbook_are_written_as_a_person_would():
    content = written(
        ("words", "score", "at", "flag"),
        ("two\nlines", 4.6, datetime.fromisoformat("2026-11-03T14:30"), True),
        (None, 5, date(2026, 11, 3), None),
        (None, None, None, None),
        ("=1+1", 0.35, time(9, 30), "#N/A"),
    )
    opened = table(content, name="x.xlsx")
    assert (opened.kind, opened.encoding, opened.delimiter) == ("xlsx", "", "")
    assert list(opened.rows()) == [
        (2, ("two\nlines", "4.6", "2026-11-03T14:30:00", "TRUE")),
        (3, ("", "5", "2026-11-03", "")),
        (5, ("=1+1", "0.35", "09:30:00", "#N/A")),
    ]


def test_a_formula_comes_as_its_stored_result():
    row = '<row r="2"><c r="A2" t="str"><f>CONCAT("a")</f><v>cold</v></c><c><f>cmd()</f></c></row>'
    assert rows_of(workbook(sheet(row))) == [("cold", "=cmd()")]


def test_gaps_rich_text_and_phonetic_marks_in_a_sheet():
    rich = "<is><r><t>so </t></r><r><t>kind</t></r><rPh><t>reading</t></rPh></is>"
    row = f'<row r="9"><c r="B9" t="inlineStr">{rich}</c></row>'
    assert list(table(workbook(sheet(row))).rows()) == [(9, ("", "so kind"))]


def test_dates_since_1904_and_dates_out_of_reach():
    base = workbook(sheet('<row r="2"><c r="A2" s="1"><v>44867.5</v></c></row>'))
    assert rows_of(base) == [("2022-11-02T12:00:00", "")]
    mac = {"xl/workbook.xml": table_of_1904()}
    row = '<row r="2"><c r="A2" s="1"><v>44867.5</v></c><c s="1"><v>1e12</v></c></row>'
    assert rows_of(workbook(sheet(row), parts=mac)) == [("2026-11-03T12:00:00", "1000000000000")]


def table_of_1904():
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<workbook xmlns="{main}" xmlns:r="{relations}"><workbookPr date1904="1"/>'
        '<sheets><sheet name="hidden" state="hidden" r:id="rId9"/><sheet name="W" r:id="rId1"/>'
        "</sheets></workbook>"
    )


def test_characters_xml_cannot_hold_are_unescaped_but_never_to_half_a_character():
    assert rows_of(workbook(sheet(inline("a_x000D_b_xD800_c")))) == [("a\rb�c", "")]


@given(st.text(max_size=20))
def test_an_escaped_cell_never_runs(cell):
    escaped = escape_formula(cell)
    assert not escaped.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert escaped.replace("'", "") == cell.replace("'", "")


@given(st.lists(st.tuples(ANY_TEXT, st.integers() | st.none()), max_size=5))
def test_an_exported_table_reads_back_and_runs_nothing(rows):
    exported = b"".join(csv_lines(rows, columns=("=words", "score"))).decode("utf-8-sig")
    header, *read = csv.reader(io.StringIO(exported, newline=""))
    assert header == ["'=words", "score"]
    assert read == [[escape_formula(text), "" if n is None else str(n)] for text, n in rows]
