"""The guides: the table of settings is whole, and the interface answers as the page says."""

import re
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests import factories as f
from tests.docs.pages import FENCE, ROOT, Example, check_quotes, examples, run, settle
from upturn.house import environment, settings
from upturn.people.commands import make_token
from upturn.people.models import Role, Scope

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.live_server_helper import LiveServer


def test_the_table_of_settings_is_whole() -> None:
    page = (ROOT / "docs/guides/deploy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(UPTURN_\w+)` \|", page, re.MULTILINE)
    assert settings.DATA
    assert sorted(rows) == sorted(set(environment.known()) - environment.ELSEWHERE)


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: "Path") -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", sorted((ROOT / "docs").rglob("*.md")), ids=lambda page: page.name)
def test_every_test_that_is_named_is_there(page: "Path") -> None:
    for file, name in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", page.read_text(encoding="utf-8")):
        assert f"\ndef {name}(" in (ROOT / file).read_text(encoding="utf-8"), (file, name)


@pytest.mark.django_db(transaction=True)
def test_the_interface_answers_as_the_page_says(
    live_server: "LiveServer", tmp_path: "Path"
) -> None:
    guests, floor, kitchen = f.party("Guests", kind="customers"), f.party("Floor"), f.party()
    kitchen.key = "kitchen"
    kitchen.save()
    f.serves(floor, guests)
    point = f.touchpoint("Food arrives", customers=guests, servers=(floor,))
    point.key = "food"
    point.save()
    given = {"name": "till", "scopes": list(Scope), "ends_on": timezone.localdate()}
    _token, key = make_token(f.person(role=Role.ADMINISTRATOR), **given)
    for example in examples("docs/guides/api.md"):
        printed = run(example, tmp_path, UPTURN=live_server.url, TOKEN=key)
        check_quotes(example, printed.replace("}{", "}\n{"))


def test_a_file_is_read_as_the_page_says(tmp_path: "Path") -> None:
    page, folder = "docs/guides/words.md", settle(tmp_path)
    blocks = FENCE.findall((ROOT / page).read_text(encoding="utf-8"))
    (themes,) = (content for kind, content in blocks if kind == "toml")
    (folder / "themes.toml").write_text(themes, encoding="utf-8")
    (folder / "comments.csv").write_text(
        "review,day,stars\nThe food was great but we waited an hour,2026-11-16,3\n"
        "My card 4111 1111 1111 1111 was charged twice,2026-11-17,1\n"
        "👍,2026-11-18,5\nWarm and quick,2026-11-18,5\n",
        encoding="utf-8",
    )
    _, example = examples(page)
    check_quotes(example, run(example, folder))
    assert (folder / "read.parquet").stat().st_size > 0


def test_words_of_servers_come_in_as_the_page_says(tmp_path: "Path") -> None:
    folder = settle(tmp_path)
    (folder / "parties.csv").write_text("name,kind\nGuests,customers\nKitchen,team\n")
    (folder / "words.csv").write_text(
        "party,text,at,sender\nKitchen,The dish machine stood still,2026-11-16,ann@example.org\n"
        "kitchen,No plates again,2026-11-17,bo@example.org\nKitchn,Late,2026-11-17,\n"
    )
    begin = (".venv/bin/upturn init", ".venv/bin/upturn import organisation parties.csv --yes")
    run(Example(begin, ()), folder, UPTURN_ORGANISATION="Four Hearths", UPTURN_OWNER="ann")
    example, _ = examples("docs/guides/words.md")
    check_quotes(example, run(example, folder))
