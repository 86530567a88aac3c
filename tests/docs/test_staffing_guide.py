"""The guide on staffing quotes what the commands print, each of them run."""

from pathlib import Path

import pytest

from tests.docs.pages import Example, check_quotes, examples, run, settle

EXAMPLES = examples("docs/guides/staffing.md")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.commands[0][10:40])
def test_every_number_of_the_guide_is_computed(example: Example, tmp_path: Path) -> None:
    assert example.quoted, f"nothing is quoted below {example.commands}"
    check_quotes(example, run(example, settle(tmp_path)))
