"""Files for the tests of tables: plain functions that give bytes, and tables of them."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from hypothesis import settings

from upturn.graph.engine.tabular import Limits, Table, open_table

# Opening a file may be the first to import a reader of workbooks or of encodings.
unhurried = settings(deadline=None)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def csv_bytes(
    rows: Iterable[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8"
) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


def table(content: str | bytes, *, name: str = "words.csv", limits: Limits | None = None) -> Table:
    data = content.encode() if isinstance(content, str) else content
    return open_table(io.BytesIO(data), name=name, limits=limits)


def rows_of(content: str | bytes, *, limits: Limits | None = None) -> list[tuple[str, ...]]:
    return [cells for _, cells in table(content, limits=limits).rows()]


def workbook(sheet: str | bytes, *, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """Build an XLSX by hand around the XML of its sheet, so that it can be as bad as one likes."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    content: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{relations}"><sheets>'
        '<sheet name="Words" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">'
        f'<Relationship Id="rId1" Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{relations}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId3" Type="{relations}/styles" Target="styles.xml"/>'
        "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="22"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><t>review</t></si>'
        "<si><t>stars</t></si></sst>",
        "xl/worksheets/sheet1.xml": sheet,
        **(parts or {}),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, part in content.items():
            archive.writestr(path, part)
    return file.getvalue()


def sheet(*rows: str) -> str:
    """Build the XML of a sheet whose header is review and stars."""
    header = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    return f'<worksheet xmlns="{MAIN}"><sheetData>{header}{"".join(rows)}</sheetData></worksheet>'


def inline(text: str, *, row: int = 2) -> str:
    return f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>{text}</t></is></c></row>'
