"""The reference of the webhook: every command is sent, and answered as the page says."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from tests.docs.pages import ROOT, check_quotes, examples, run, settle
from tests.floor.drawn import leader, stored
from tests.floor.hooked import address, hooked
from upturn.floor import commands
from upturn.floor.api import REFUSALS
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.models import NeedState, ShiftNeed
from upturn.floor.queries.hooks import hook_secret
from upturn.record.writer import writer

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

PAGE = "docs/reference/webhook.md"


def _opened(file: str) -> str:
    written = (ROOT / "examples/floors" / file).read_text(encoding="utf-8")
    hook = hooked(stored(floor=floor_from_toml(written)))
    commands.open_shift(leader(), hook.floor, now=timezone.now())
    return hook.ref


@pytest.fixture
def the_writer_ends() -> Iterator[None]:
    yield
    writer.stop()


@pytest.mark.usefixtures("the_writer_ends")
@pytest.mark.django_db(transaction=True)
def test_the_webhook_answers_as_the_page_says(live_server: "LiveServer", tmp_path: Path) -> None:
    folder = settle(tmp_path)
    restaurant, centre = _opened("restaurant.toml"), _opened("contact_centre.toml")
    for example in examples(PAGE):
        ref = centre if "billing call" in example.commands[0] else restaurant
        given = {"ADDRESS": live_server.url + address(ref), "SECRET": hook_secret(ref)}
        printed = run(example, folder, **given)
        assert example.quoted
        check_quotes(example, printed.replace("}{", "}\n{"))
    met = ShiftNeed.objects.filter(state=NeedState.DONE)
    assert list(met.values_list("place", "kind")) == [("bar 6", "bill")]


def test_the_page_names_every_refusal() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")
    rows = {int(row.split("|")[1]) for row in page.splitlines() if row.startswith("| 4")}
    assert rows | {503} == set(REFUSALS)
