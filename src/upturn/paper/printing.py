"""From a sheet to a PDF: the sheet goes to the typesetter as data, never as a program."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from upturn.paper.errors import UnprintableSheet
from upturn.paper.letters import FAMILIES, letters
from upturn.paper.sheet import (
    MARGIN_PT,
    Block,
    Columns,
    Drawing,
    Entry,
    Heading,
    NewPage,
    Paragraph,
    Sheet,
    Table,
    Words,
    text_width,
)
from upturn.paper.signs import BOX, Printable, Signs, named

TOGETHER = 900  # so many signs of a row or of a list still stay on one page
FORGETS_AFTER = 11
RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"}


def print_pdf(sheet: Sheet, *, made_on: date | None = None, fonts: str = "") -> bytes:
    """Print a sheet.

    Parameters
    ----------
    sheet : Sheet
    made_on : date, optional
        What the file says of when it was made; without it, it does not say.
    fonts : str
        A folder with further fonts, for scripts that the own ones do not have.

    Returns
    -------
    bytes
        A PDF by PDF/UA-1: tagged, with its title and its language, its text to be selected. The
        same sheet gives the same bytes.

    Raises
    ------
    UnprintableSheet
    """
    import typst  # noqa: PLC0415 - 40 MB that only printing needs

    own = letters(fonts)
    data = {**_described(sheet, own.signs), "made_on": made_on and made_on.timetuple()[:3]}
    compiler = typst.Compiler(font_paths=own.fonts, ignore_system_fonts=True)
    try:
        made = compiler.compile(
            _program(),
            format="pdf",
            sys_inputs={"sheet": json.dumps(data)},
            pdf_standards=["ua-1"],
            timestamp=0,
        )
    except typst.TypstError as error:
        raise UnprintableSheet(error.message) from error
    finally:
        _forget(compiler)
    if not isinstance(made, bytes):
        raise UnprintableSheet("it made no file")
    return made


@cache
def _program() -> bytes:
    return (files("upturn.paper") / "sheet.typ").read_bytes()


def _forget(compiler: Any) -> None:
    """Make it let go of the sheet: it remembers as many sheets as it made pages of nothing here.

    A long sheet holds some 25 MB, and ten of them would be kept.
    """
    for _ in range(FORGETS_AFTER):
        compiler.compile(b"", format="svg", sys_inputs=None)


def _described(sheet: Sheet, known: frozenset[int]) -> dict[str, object]:
    """Describe a sheet in JSON: words printable, the note on missing letters at its end."""
    signs = Signs(known)
    width, height = text_width(sheet)
    stepwise = _stepwise(sheet.blocks)
    blocks = [part for block in stepwise for part in _parts(block, signs, width, height)]
    title, way = signs.printable(sheet.title)
    footer = signs.printable(sheet.footer)
    if signs.missing:
        note = sheet.box_note.replace("{signs}", named(signs.missing))
        blocks += _parts(Paragraph(note, "small"), signs, width, height)
    language, _, region = sheet.language.partition("-")
    return {
        "title": (title or BOX, way),
        "footer": footer,
        "language": language.lower(),
        "right_to_left": language.lower() in RIGHT_TO_LEFT,
        "region": region.upper() if len(region) == 2 else "",
        "paper": sheet.size,
        "flipped": sheet.turned == "landscape",
        "margin": MARGIN_PT[sheet.size],
        "families": FAMILIES,
        "blocks": blocks,
    }


def _stepwise(blocks: Iterable[Block]) -> Iterator[Block]:
    """Let the first heading be of level 1: PDF/UA leaves no level out."""
    below = False
    for block in blocks:
        if isinstance(block, Heading):
            yield block if below else Heading(block.words)
            below = below or bool(Signs(()).printable(block.words)[0])
        else:
            yield block


def _parts(block: Block, signs: Signs, width: float, height: float) -> list[dict[str, object]]:
    match block:
        case Heading():
            return _heading(block, signs)
        case Paragraph():
            return _paragraphs(block, signs)
        case Table():
            return [_table(block, signs)]
        case Columns():
            return [_columns(block, signs)]
        case Drawing():
            return [_drawing(block, signs, min(width / block.width, _most(block, height)))]
        case NewPage():
            return [{"kind": "page"}]


def _heading(block: Heading, signs: Signs) -> list[dict[str, object]]:
    words = signs.printable(block.words)
    return [{"kind": "heading", "level": block.level, "words": words}] if words[0] else []


def _paragraphs(block: Paragraph, signs: Signs) -> list[dict[str, object]]:
    lines = (line for line in block.words.splitlines() if line.strip())
    return [{"kind": "par", "look": block.look, "words": signs.printable(line)} for line in lines]


def _table(block: Table, signs: Signs) -> dict[str, object]:
    return {
        "kind": "table",
        "columns": [signs.printable(column) for column in block.columns],
        "shares": block.shares or [1] * len(block.columns),
        "rows": [
            {"cells": [_entry(cell, signs) for cell in row], "whole": _length(row) < TOGETHER}
            for row in block.rows
        ],
    }


def _columns(block: Columns, signs: Signs) -> dict[str, object]:
    return {
        "kind": "columns",
        "heads": [signs.printable(head) for head in block.heads],
        "lists": [[_entry(entry, signs) for entry in each] for each in block.lists],
        "whole": max(map(_length, block.lists), default=0) < TOGETHER,
    }


def _drawing(block: Drawing, signs: Signs, factor: float) -> dict[str, object]:
    marks = []
    for mark in block.marks:
        told = {"kind": type(mark).__name__.lower(), **asdict(mark)}
        if isinstance(mark, Words):
            told["words"] = signs.printable(mark.words)
        marks.append(told)
    says = signs.printable(block.says)[0] or BOX
    size = {"width": block.width * factor, "height": block.height * factor}
    return {"kind": "drawing", "factor": factor, "marks": marks, "says": says, **size}


def _most(block: Drawing, height: float) -> float:
    return height * block.most_high / block.height


def _entry(entry: Entry, signs: Signs) -> list[Printable]:
    return [signs.printable(words) for words in ([entry] if isinstance(entry, str) else entry)]


def _length(entries: Iterable[Entry]) -> int:
    return sum(sum(map(len, entry)) for entry in entries)
