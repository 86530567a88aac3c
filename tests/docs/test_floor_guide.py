"""The guide on pooling prints what the lab prints: every command is run, every quote compared."""

from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import Example, check_quotes, examples, run, settle

EXAMPLES = examples("docs/guides/pool-sections.md")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return settle(tmp_path_factory.mktemp("guide"))


@cache
def printed(commands: tuple[str, ...], folder: Path) -> str:
    """What commands print; the same ones twice on the page are run once."""
    return run(Example(commands, ()), folder)


@pytest.mark.parametrize("at", range(len(EXAMPLES)))
def test_every_number_of_the_guide_is_computed(at: int, folder: Path) -> None:
    example = EXAMPLES[at]
    assert example.quoted, f"nothing is quoted below {example.commands}"
    check_quotes(example, printed(example.commands, folder))
