"""The tutorial and the README tell the truth: their commands are run, their quotes compared."""

from pathlib import Path

import pytest

from tests.docs.pages import Example, check_quotes, examples, run, settle
from upturn.house.cli import COMMANDS

NAMES = {"UPTURN_ORGANISATION": "Four Hearths", "UPTURN_OWNER": "ann"}


DEMO, CLOSE, ATTACK, *OWN = examples("docs/tutorial.md")


def test_the_demo_of_the_tutorial_opens_and_holds_against_the_attacks(tmp_path: Path) -> None:
    assert DEMO.commands == (".venv/bin/upturn demo",)
    folder = settle(tmp_path)
    for example in (DEMO, CLOSE, ATTACK):
        check_quotes(example, run(example, folder))


def test_the_tutorial_works_with_the_files_of_the_example(tmp_path: Path) -> None:
    folder = settle(tmp_path)
    for example in OWN:
        assert example.quoted, f"nothing is quoted below {example.commands}"
        check_quotes(example, run(example, folder, **NAMES))


def test_the_tutorial_uses_every_command() -> None:
    used = {
        word
        for example in (DEMO, CLOSE, ATTACK, *OWN)
        for one in example.commands
        for word in one.split()
    }
    assert set(COMMANDS) <= used


def test_the_readme_works_with_the_files_it_names(tmp_path: Path) -> None:
    folder = settle(tmp_path)
    (folder / "parties.csv").write_text(
        "Who,Kind\nGuests,customers\nFloor,team\nKitchen,team\n", encoding="utf-8"
    )
    (folder / "serves.csv").write_text("server,served\nFloor,Guests\nKitchen,Floor\n")
    (folder / "comments.csv").write_text(
        "Stars,Review,Day\n5,Warm and quick,2026-11-16\n1,Cold soup,17 Nov 2026\n"
    )
    (folder / "weekly.csv").write_text(
        "party,measure,week,value\nKitchen,warm plates,2026-11-16,97\n"
    )
    (own,) = (found for found in examples("README.md") if "upturn init" in found.commands[0])
    for command in own.commands:
        asked = ("Bring in ? [y/N]: y",) if " import " in command else ()
        printed = run(Example((command,), asked), folder, **NAMES)
        assert (" came in." in printed) is (" import " in command), printed


def test_a_quote_that_was_not_printed_is_found() -> None:
    quotes = Example(("upturn",), ("first", "thi… line"))
    check_quotes(quotes, "first\nsecond\nthird line\n")
    for other in ("first\nsecond\n", "third line\nfirst\n", "first\nthird line more\n"):
        with pytest.raises(AssertionError, match="the page quotes"):
            check_quotes(quotes, other)
