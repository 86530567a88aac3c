"""The page on which a lead lets programs bring needs in, and the lines it gives to try it."""

import re
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories as f
from tests.floor.drawn import body, leader, stored
from tests.floor.hooked import hooked
from upturn.floor import commands
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.models import FloorHook, LabFloor, ShiftNeed
from upturn.floor.queries.hooks import hook_secret
from upturn.record.models import JournalEntry
from upturn.record.writer import writer

if TYPE_CHECKING:
    from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.django_db


def page(lab_floor: LabFloor) -> str:
    return f"/floor/hooks/{lab_floor.ref}/"


def make(client: Client, lab_floor: LabFloor, name: str = "The till") -> str:
    empty = body(client.get(page(lab_floor)))
    code = re.search(r'name="code" value="(\w+)"', empty)
    assert code
    return unescape(body(client.post(page(lab_floor), {"name": name, "code": code[1]})))


def test_the_secret_is_shown_in_the_answer_that_made_it_and_kept_nowhere(client: Client) -> None:
    lab_floor = stored()
    shown = make(client, lab_floor)
    hook = FloorHook.objects.get()
    secret = hook_secret(hook.ref)
    assert secret in shown
    assert f"http://testserver/api/floor/{hook.ref}/needs" in shown
    assert secret not in body(client.get(page(lab_floor)))
    kept = [str(vars(row)) for row in (*FloorHook.objects.all(), *JournalEntry.objects.all())]
    assert not any(secret.removeprefix("whsec_") in row for row in kept)


def test_two_addresses_have_two_secrets_and_a_second_tap_makes_no_second_one(
    client: Client,
) -> None:
    lab_floor = stored()
    given = {"name": "The till", "code": "once"}
    for _ in range(2):
        assert client.post(page(lab_floor), given).status_code == 200
    (hook,) = FloorHook.objects.all()
    assert hook_secret(hook.ref) != hook_secret(hooked(lab_floor).ref)


def test_an_address_is_ended_with_one_tap_and_taken_up_with_another(client: Client) -> None:
    hook = hooked(name="The queue")
    after = client.post(page(hook.floor), {"end": hook.ref}, follow=True)
    hook.refresh_from_db()
    assert hook.ended_on
    assert "The queue brings in nothing any more." in body(after)
    again = client.post(page(hook.floor), {"again": hook.ref}, follow=True)
    hook.refresh_from_db()
    assert hook.ended_on is None
    assert "any more" not in body(again)
    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert verbs >= {"make webhook", "end webhook", "take up webhook"}


@pytest.mark.parametrize("given", [{"end": "nothing"}, {"again": "x" * 99}, {}, {"end": "\0"}])
def test_what_is_not_there_cannot_be_ended(client: Client, given: dict[str, str]) -> None:
    lab_floor, other = stored(), hooked()
    assert client.post(page(lab_floor), given).status_code == 404
    assert client.post(page(lab_floor), {"end": other.ref}).status_code == 404
    assert client.get(page(lab_floor), {"ended": "\0"}).status_code == 404
    other.refresh_from_db()
    assert other.ended_on is None


def test_a_nameless_program_and_one_too_many_are_told_what_helps(client: Client) -> None:
    lab_floor = stored()
    assert client.post(page(lab_floor), {"name": "", "code": "a"}).status_code == 400
    for _ in range(20):
        hooked(lab_floor)
    full = client.post(page(lab_floor), {"name": "One more", "code": "b"})
    assert full.status_code == 400
    assert "end one that is no longer used" in body(full)


def test_only_those_who_draw_floors_let_programs_in() -> None:
    lab_floor = stored()
    for role, status in {"server": 403, "guest": 404, "administrator": 200}.items():
        client = f.signed_in(f.person(role=role))
        assert client.get(page(lab_floor)).status_code == status
        if status != 200:
            assert client.post(page(lab_floor), {"name": "x", "code": role}).status_code == status
    assert not FloorHook.objects.exists()


@pytest.fixture
def the_writer_ends() -> Iterator[None]:
    yield
    writer.stop()


@pytest.mark.usefixtures("the_writer_ends")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("floor", ["restaurant", "contact_centre"])
def test_the_lines_on_the_page_bring_a_need_in(live_server: "LiveServer", floor: str) -> None:
    file = Path(__file__).parents[2] / f"examples/floors/{floor}.toml"
    lab_floor = stored(floor=floor_from_toml(file.read_text(encoding="utf-8")))
    commands.open_shift(leader(), lab_floor, now=timezone.now())
    shown = make(f.signed_in(leader()), lab_floor, name="It's the <till>")
    lines = re.search(r"<pre[^>]*>(.*?)</pre>", shown, re.DOTALL)
    assert lines
    script = lines[1].replace("http://testserver", live_server.url)
    done = subprocess.run(
        ["bash", "-euc", script],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith('{"new": 1, "same": 0, "refs": ["'), done
    assert ShiftNeed.objects.count() == (1 if floor == "restaurant" else 3)
