"""What would eat the machine, or is no table, is refused by name; memory stays small meanwhile."""

import gzip
import io
import struct
import subprocess
import sys
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.graph.tables import MAIN, inline, sheet, table, unhurried, workbook
from upturn.graph.engine.tabular import Limits
from upturn.graph.engine.tabular_errors import (
    ArchiveRefused,
    Damaged,
    NotATable,
    QuoteLeftOpen,
    TabularError,
    TooLarge,
)

MEMORY_MAX = 256_000_000
SMALL = Limits(
    bytes_max=50_000, rows_max=20, columns_max=5, cell_characters_max=1_000, strings_bytes_max=5_000
)


def drain(content, limits=None):
    return list(table(content, limits=limits).rows())


def refusal(kind, content, limits=None):
    with pytest.raises(kind) as refused:
        drain(content, limits)
    return str(refused.value)


def archive(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in files.items():
            packed.writestr(path, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (b" \r\n ", "The file is empty."),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel file"),
        (b"%PDF-1.7 ...", "PDF"),
        (gzip.compress(b"review\nwarm\n", mtime=0), "packed (gzip)"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "picture"),
        (b'{"review": "warm"}', "JSON"),
        (b"<html><table>", "web page"),
        (b"review,stars\n" + bytes(range(32)) * 20, "control characters"),
        (bytes(2_000), "control characters"),
        (archive({"mimetype": "application/vnd.oasis", "content.xml": "<x/>"}), "not an XLSX"),
        (archive({"a.csv": "review\nwarm\n"}), "not an XLSX"),
        (archive({"xl/workbook.bin": "x", "xl/worksheets/sheet1.bin": "x"}), "not an XLSX"),
    ],
)
def test_what_is_no_table_is_named(content, says):
    told = refusal(NotATable, content)
    assert told.startswith("words.csv: ")
    assert says in told
    assert "bring that in" in told


def test_the_place_and_the_remedy_of_a_refusal_are_told():
    assert refusal(TooLarge, "review,stars\nwarm,5\n" + "x" * 1_500 + ",5\n", SMALL) == (
        "words.csv, row 3, “" + "x" * 59 + "…”: A cell here has more than 1000 characters. "
        "Shorten it in the file, or take the row out."
    )


def test_an_open_quote_is_named_where_it_opens():
    rows = "".join(f"row {n},5\n" for n in range(4_000))
    told = refusal(QuoteLeftOpen, f'review,stars\nwarm,5\n"cold,4\n{rows}', None)
    assert 'words.csv, row 3, “"cold,4”: A quote mark opens a cell in this row' in told


def test_a_quote_left_open_at_the_end_of_a_small_file_is_seen():
    assert "row 3" in refusal(QuoteLeftOpen, 'review,stars\nwarm,5\n"cold,4\nlate,3\n')
    assert "row 3" in refusal(QuoteLeftOpen, 'review,stars\nwarm,5\n"cold')


WELL_QUOTED = st.sampled_from(['"a"', '"a ""b"""', "a", '"a\nb"', '""', '"a, b"'])


@unhurried
@given(
    st.lists(WELL_QUOTED, max_size=8), st.sampled_from(["", '"', '"late', '"late\nand ""cold""'])
)
def test_only_a_quote_that_is_open_is_called_so(cells, last):
    content = "review,stars\n" + "".join(f"{cell},5\n" for cell in cells)
    if last:
        assert f"row {len(cells) + 2}," in refusal(QuoteLeftOpen, content + last + ",5\n")
    else:
        assert len(drain(content)) == len(cells)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("review\n" + "warm\n" * 21, "row 22: The file goes on after 20 rows"),
        (",".join("abcdef") + "\n1,2\n", "6 columns; at most 5"),
        ("review,stars\n" + "x" * 20_000 + ",5\n", "more than 1000 characters"),
        (workbook(sheet(inline("x" * 1_500))), "row 2, "),
        (workbook(sheet('<row><c r="ZZ2"><v>1</v></c></row>')), "702 columns; at most 5"),
        (
            workbook(
                sheet(),
                parts={"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"<si/>" * 500}</sst>'},
            ),
            "more text than can be read",
        ),
        ("x" * 50_001, "0 MB"),
    ],
)
def test_limits_hold(content, says):
    assert says in refusal(TooLarge, content, SMALL)


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("kind", "xml"),
    [
        (Damaged, f'{DOCTYPE}<worksheet xmlns="{MAIN}">&b;</worksheet>'),
        (ArchiveRefused, sheet("<a>" * 40_000)),
        (ArchiveRefused, sheet(f'<row a="{"x" * 2_000_000}"/>')),
        (ArchiveRefused, sheet(f"<!--{'x' * 2_000_000}-->")),
        (ArchiveRefused, sheet("".join(f"<a{n}/>" for n in range(6_000)))),
        (ArchiveRefused, sheet('<row><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>')),
        (ArchiveRefused, sheet('<row><c r="ABCD2"><v>1</v></c></row>')),
        (Damaged, sheet('<row><c r="A2" t="s"><v>99</v></c></row>')),
        (Damaged, sheet('<row r="x"><c><v>1</v></c></row>')),
        (Damaged, sheet("<row><c><v>one</v></c></row>")),
        (Damaged, sheet()[:-20]),
    ],
)
def test_hostile_xml_is_refused(kind, xml):
    refusal(kind, workbook(xml))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = workbook(sheet(), parts={"xl/media/big": bytes(20_000_000)})
    assert "unpack to 20 MB" in refusal(ArchiveRefused, bomb)


def test_a_bomb_that_lies_about_its_size_stays_small():
    honest = bytearray(workbook(sheet(inline("x" * 900_000))))
    place = honest.rfind(b"xl/worksheets/sheet1.xml") - 22
    honest[place : place + 4] = (500).to_bytes(4, "little")
    refusal(Damaged, bytes(honest))


def test_more_parts_than_a_workbook_has_are_refused():
    refusal(ArchiveRefused, archive({f"xl/worksheets/{n}": "" for n in range(1_001)}))


def test_a_list_of_parts_that_says_it_is_long_is_not_read():
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65_000, 65_000, 1_500_000, 0, 0)
    assert "more parts" in refusal(ArchiveRefused, b"PK\x03\x04" + bytes(2_000_000) + end)


@unhurried
@given(st.binary(max_size=400))
def test_random_bytes_are_a_table_or_a_refusal(content):
    try:
        drain(content)
    except TabularError as refused:
        assert str(refused).startswith("words.csv")


@unhurried
@given(st.text("review,;\t|\"'\\\n\r5- =\x00é", max_size=150))
def test_nearly_tables_are_a_table_or_a_refusal(content):
    try:
        opened = table(content)
        for number, cells in opened.rows():
            assert number > 1
            assert any(cells)
    except TabularError as refused:
        assert str(refused).startswith("words.csv")


GOOD = workbook(sheet(inline("warm &amp; kind"), inline("cold", row=3)))


@unhurried
@given(st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=6))
def test_a_workbook_with_changed_bytes_is_a_table_or_a_refusal(changes):
    bad = bytearray(GOOD)
    for place, byte in changes:
        bad[place] = byte
    try:
        drain(bytes(bad))
    except TabularError as refused:
        assert str(refused).startswith("words.csv")


@unhurried
@given(st.integers(0, 400), st.text('<>/="cvrowt&;1A ', max_size=12))
def test_a_sheet_with_changed_xml_is_a_table_or_a_refusal(place, piece):
    xml = sheet(inline("warm"))
    try:
        drain(workbook(xml[:place] + piece + xml[place:]))
    except TabularError as refused:
        assert str(refused).startswith("words.csv")


READ_ALL = """
import sys
from pathlib import Path
from upturn.graph.engine.tabular import open_table
from upturn.graph.engine.tabular_errors import TabularError
for path in sorted(Path(sys.argv[1]).iterdir()):
    with path.open("rb") as file:
        try:
            rows = sum(1 for _ in open_table(file, name=path.name).rows())
            print(path.name, "rows", rows)
        except TabularError as refused:
            print(path.name, type(refused).__name__)
status = Path("/proc/self/status").read_text()
print("bytes", next(line for line in status.splitlines() if "VmHWM" in line).split()[1] + "000")
"""


def hostile_files(folder):
    """Write files that are small on the disk and large for a careless reader."""
    with (folder / "a-200-megabytes.csv").open("wb") as file:
        file.truncate(200_000_000)
    long_cell = b"review,stars\nwarm,5\n" + b"x" * 10_000_000 + b",5\n"
    (folder / "b-cell-of-10-megabytes.csv").write_bytes(long_cell)
    lines = b"row of a file that goes on and on,5\n" * 500_000
    (folder / "c-open-quote.csv").write_bytes(b'review,stars\n"cold,4\n' + lines)
    (folder / "d-one-line.csv").write_bytes(b"review" + b",review" * 10_000_000)
    (folder / "e-zip-bomb.xlsx").write_bytes(
        workbook(sheet(), parts={"xl/worksheets/sheet2.xml": bytes(150_000_000)})
    )
    (folder / "f-cell-of-9-megabytes.xlsx").write_bytes(workbook(sheet(inline("x" * 9_000_000))))
    texts = f'<sst xmlns="{MAIN}"><si><t>{"x" * 9_000_000}</t></si></sst>'
    (folder / "g-text-of-9-megabytes.xlsx").write_bytes(
        workbook(sheet(), parts={"xl/sharedStrings.xml": texts})
    )
    cells = "<c><v>1</v></c>" * 600_000
    (folder / "h-row-of-9-megabytes.xlsx").write_bytes(workbook(sheet(f"<row>{cells}</row>")))
    (folder / "i-nul.csv").write_bytes(b"review,stars\nwa\0rm,5\n" + bytes(90_000_000))
    (folder / "j-honest.csv").write_bytes(b"review,stars\n" + lines[: 36 * 300_000])


def test_memory_stays_below_256_megabytes_whatever_comes(tmp_path):
    hostile_files(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, str(tmp_path)], capture_output=True, text=True, check=True
    )
    *told, memory = done.stdout.splitlines()
    assert told == [
        "a-200-megabytes.csv TooLarge",
        "b-cell-of-10-megabytes.csv TooLarge",
        "c-open-quote.csv QuoteLeftOpen",
        "d-one-line.csv TooLarge",
        "e-zip-bomb.xlsx ArchiveRefused",
        "f-cell-of-9-megabytes.xlsx TooLarge",
        "g-text-of-9-megabytes.xlsx TooLarge",
        "h-row-of-9-megabytes.xlsx TooLarge",
        "i-nul.csv NotATable",
        "j-honest.csv rows 300000",
    ]
    assert int(memory.removeprefix("bytes ")) < MEMORY_MAX
