"""Sheets for the wall: what stands on them as plain data, and the PDF made of it."""

from upturn.paper.errors import ImpossibleSheet, PaperError, UnprintableSheet
from upturn.paper.printing import print_pdf
from upturn.paper.sheet import (
    Block,
    Circle,
    Columns,
    Drawing,
    Entry,
    Heading,
    Line,
    Mark,
    NewPage,
    Paragraph,
    Sheet,
    Table,
    Tone,
    Words,
    text_width,
)

__all__ = [
    "Block",
    "Circle",
    "Columns",
    "Drawing",
    "Entry",
    "Heading",
    "ImpossibleSheet",
    "Line",
    "Mark",
    "NewPage",
    "PaperError",
    "Paragraph",
    "Sheet",
    "Table",
    "Tone",
    "UnprintableSheet",
    "Words",
    "print_pdf",
    "text_width",
]
