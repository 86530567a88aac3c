"""Sheets as PDF."""

import re
import zlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.paper import (
    Circle,
    Columns,
    Drawing,
    Heading,
    ImpossibleSheet,
    Line,
    NewPage,
    PaperError,
    Paragraph,
    Sheet,
    Table,
    Words,
    print_pdf,
    text_width,
)
from upturn.paper.sheet import Block

DRAWN = Drawing(
    400,
    60,
    (Line(0, 0, 390, 30, dotted=True), Circle(5, 5, 3, full=False), Words(50, 20, "6.9", 9, "end")),
    "A line that falls",
)
EVERYTHING: tuple[Block, ...] = (
    Paragraph("One line.\nAnother line.", "lead"),
    DRAWN,
    Heading("Moments"),
    Table(("Time", "Moment"), (("19:50", ("Food", "hot")), ("21:00", "Paying")), (1, 4)),
    NewPage(),
    Heading("19:50", 2),
    Columns(("Be", "Do", "Have"), (("Unhurried",), (), (("Warm plates", "Dish room"),))),
)


def sheet(*blocks: Block, title: str = "A Friday evening", language: str = "en") -> Sheet:
    return Sheet(title, language, blocks, footer="Friday at Mill. Synthetic data.")


def pages(made: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", unpacked(made)))


def unpacked(made: bytes) -> bytes:
    """The file with its packed parts beside it, as they read when unpacked."""
    parts = [made]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL):
        try:
            parts.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_a_sheet_with_everything_is_a_tagged_file_with_title_and_language() -> None:
    made = print_pdf(sheet(*EVERYTHING, language="en-GB"))
    inside = unpacked(made)
    assert made.startswith(b"%PDF-1.7")
    assert pages(made) == 2
    assert b"/Marked true" in inside
    assert b"/StructTreeRoot" in inside
    assert b"/Lang (en-GB)" in inside or b"/Lang(en-GB)" in inside
    assert b"A Friday evening" in inside
    assert b"pdfuaid:part" in inside
    assert b"A line that falls" in inside  # what the drawing says to who does not see it


def test_the_same_sheet_gives_the_same_file_and_says_no_time() -> None:
    made = print_pdf(sheet(*EVERYTHING))
    assert made == print_pdf(sheet(*EVERYTHING))
    assert b"CreationDate" not in unpacked(made)
    dated = print_pdf(sheet(*EVERYTHING), made_on=date(2026, 11, 22))
    assert b"D:20261122" in unpacked(dated)


def test_nothing_that_is_written_is_run() -> None:
    """Words of the typesetter's own language stand on the sheet like any others."""
    wicked = '#panic("no") #read("/etc/passwd") $x$ *b* _i_ `r` \\ "q" <l> @r // c /* d */'
    blocks = (Paragraph(wicked), Heading(wicked), Table((wicked,), ((wicked,),)))
    assert pages(print_pdf(sheet(*blocks, title=wicked))) == 1


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ar", "مساء الجمعة"),
        ("he", "ערב שישי"),
        ("de", "Ein Freitag"),
        ("el", "Βράδυ"),
        ("xx", "?"),
    ],
)
def test_any_language_is_printed(language: str, title: str) -> None:
    both = (*EVERYTHING, Paragraph("שלום, كيف الحال؟ and English 17%"), Heading("مرحبا"))
    assert pages(print_pdf(sheet(*both, title=title, language=language))) == 2


def test_signs_without_a_letter_are_named_at_the_end() -> None:
    plain = print_pdf(sheet(Paragraph("Pizza")))
    boxed = print_pdf(sheet(Paragraph("Pizza 🍕 漢字")))
    assert len(boxed) > len(plain)
    assert pages(boxed) == 1


def test_further_letters_come_from_a_folder(tmp_path) -> None:
    from upturn.paper.letters import letters  # noqa: PLC0415

    (tmp_path / "broken.ttf").write_bytes(b"no font")
    assert letters(str(tmp_path)).signs == letters().signs
    assert pages(print_pdf(sheet(Paragraph("a")), fonts=str(tmp_path))) == 1


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=60))
def test_whatever_somebody_wrote_can_be_printed(words: str) -> None:
    drawn = Drawing(100, 10, (Words(5, 5, words),), words)
    told = (Heading(words), Paragraph(words), drawn, Table((words,), ((words,),)))
    assert pages(print_pdf(sheet(*told, Columns((words,), ((words,),)), title=f"A{words}"))) >= 1


def test_long_words_and_long_tables_go_on() -> None:
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    rows = tuple((f"{n}", (long * 3, "x " * 300)) for n in range(120))
    made = print_pdf(sheet(Table(("n", "w"), rows, (1, 3)), Heading(long * 2), Paragraph(long * 9)))
    assert pages(made) > 10


def test_headings_may_begin_anywhere() -> None:
    assert pages(print_pdf(sheet(Heading("First", 2), Heading("Second", 1)))) == 1


def test_larger_paper_and_paper_upright() -> None:
    a3 = Sheet("t", "en", EVERYTHING, size="a3", turned="portrait")
    assert text_width(a3) == (721.89, 1070.55)
    assert re.search(rb"MediaBox\s*\[0 0 841\.8\d+ 1190\.5", unpacked(print_pdf(a3)))


@pytest.mark.parametrize(
    "make",
    [
        lambda: Table(("a",), (("1", "2"),)),
        lambda: Table(("a", "b"), (), (1,)),
        lambda: Table((), ()),
        lambda: Columns(("a", "b"), ((),)),
        lambda: Drawing(0, 10, (), "nothing"),
        lambda: Sheet(" ", "en", ()),
        lambda: Sheet("t", "en", (), size="a5"),
    ],
)
def test_impossible_sheets_are_refused_with_what_to_do(make) -> None:
    with pytest.raises(ImpossibleSheet, match=r"\. [A-Z].+\.$") as refused:
        make()
    assert isinstance(refused.value, PaperError)
