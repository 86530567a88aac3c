"""The guide on pooling prints what the lab prints; the reference names what the reader reads."""

import re
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Example, check_quotes, examples, run, settle
from upturn.floor.engine.described import toml_floor
from upturn.floor.engine.grid import grid
from upturn.floor.engine.lab import scenario

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


def _keys(heading: str) -> set[str]:
    page = (ROOT / "docs/reference/floor-file.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = [row.split("|")[1] for row in re.findall(r"^\| `.*$", section, re.MULTILINE)]
    return {key for cell in cells for key in re.findall(r"`([\w-]+)`", cell)}


@pytest.mark.parametrize(
    ("heading", "known"),
    [
        ("[floor]", toml_floor.FLOOR),
        ("[[section]]", toml_floor.SECTION),
        ("[[table]], [[station]], [[pass]], [[door]], [[queue]]", toml_floor.PLACE),
        ("[[walk]]", toml_floor.WALK),
        ("[[need]]", toml_floor.NEED),
        ("[every_server], [[server]]", toml_floor.SERVER),
        ("[[agents]]", toml_floor.AGENTS),
        ("[day]", toml_floor.DAY),
        ("[behaviour]", toml_floor.BEHAVIOUR),
        ("What is compared", scenario.POLICIES),
    ],
)
def test_the_reference_names_every_key_of_a_file(heading: str, known: Mapping[str, object]) -> None:
    assert _keys(heading) == set(known)


def test_the_reference_names_every_setting_of_a_policy() -> None:
    page = (ROOT / "docs/reference/floor-file.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| `([\w-]+)` \|.*\| `([^`]+)` \|$", page, re.MULTILINE)
    told = {(policy, name): usual for policy, name, usual in rows if policy in scenario.POLICIES}
    names = {long: name for name, long in scenario.SETTINGS.items()}
    known = {
        (policy, names[field.name])
        for policy, kind in scenario.POLICIES.items()
        for field in fields(kind)
    }
    assert set(told) == known
    for (policy, name), usual in told.items():  # the usual value leaves no trace in the text
        assert scenario.scenario_from(f"{policy}:{name}={usual}", grid()).text == policy
