"""The guide on live floors plays its hours, and quotes what they print."""

from pathlib import Path

import pytest

from tests.docs.pages import Example, check_quotes, examples, run, settle

EXAMPLES = examples("docs/guides/live-floor.md")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.commands[0][10:])
def test_what_the_guide_quotes_is_printed(example: Example, tmp_path: Path) -> None:
    assert example.quoted, f"nothing is quoted below {example.commands}"
    check_quotes(example, run(example, settle(tmp_path)))
