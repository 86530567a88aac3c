"""The crawl reads what it finds, or it would find nothing."""

from tests.attacks.crawling import words_of
from upturn.paper import Columns, Heading, Paragraph, Sheet, Table, print_pdf


def test_the_words_of_a_sheet_are_found_wherever_they_stand() -> None:
    said = [f"Kanari {part} Vogel" for part in ("title", "lead", "head", "cell", "small", "list")]
    title, lead, head, cell, small, listed = said
    blocks = (
        Paragraph(f"{lead}, and on it goes. " * 9),
        Heading(head),
        Table(("a", "b"), (("x (1)", (cell, small)),), (1, 1)),
        Columns(("Be",), ((listed,),)),
    )
    found = words_of(print_pdf(Sheet(title, "en", blocks)))
    assert [words for words in said if words not in found] == []
    assert "x (1)" in found
    assert "Kanari absent Vogel" not in found
