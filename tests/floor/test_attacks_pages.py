"""What liars, rivals and clumsy hands send to the pages of the lab."""

import json
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories as f
from tests.floor.drawn import body, done, small, stored
from tests.floor.engine.test_redrawn import sent
from upturn.floor.engine.described.toml_writing import floor_to_toml
from upturn.floor.engine.grid import grid
from upturn.floor.engine.lab.practice import seats
from upturn.floor.engine.shapes import Durations, Floor
from upturn.floor.models import LabFloor

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"
FORMULA = "=HYPERLINK(1)"


def hostile() -> Floor:
    """A floor whose names are markup and formulas."""
    floor = small(name=SCRIPT)
    kinds = (
        replace(floor.need_types[0], name=FORMULA),
        replace(floor.need_types[1], name=SCRIPT),
        floor.need_types[2],
    )
    nodes = (replace(floor.nodes[0], id=f"</text>{SCRIPT}"), *floor.nodes[1:])
    return replace(floor, need_types=kinds, nodes=nodes)


def test_names_are_words_on_every_page_whatever_they_hold(client: Client) -> None:
    run = done(stored(floor=hostile()))
    at = f"/lab/{run.version.floor.ref}/"
    pages = (
        "/lab/", at, f"{at}draw/", f"{at}run/", f"{at}practise/", f"/lab/runs/{run.ref}/",
        f"/lab/runs/{run.ref}/film/",
    )  # fmt: skip
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "<script>alert" not in body(answer), page
        assert "</text><script" not in body(answer), page
    film = client.get(f"/lab/runs/{run.ref}/film.json")
    assert film["Content-Type"] == "application/json"
    assert json.loads(film.content)
    table = client.get(f"/lab/runs/{run.ref}/figures.csv").content.decode("utf-8-sig")
    assert f",'{FORMULA}," in table
    assert f",{FORMULA}," not in table
    named = client.get(f"{at}floor.toml")["Content-Disposition"]
    assert "<" not in named


@pytest.mark.parametrize(
    "content",
    [
        b"x" * 300_000,
        b"\x00\x01\xff\xfe binary",
        "name = 'M\u00fcnchen'".encode("latin-1"),
        b"",
        b"a = " + b"[" * 150_000,
        b"[floor]\nname = " + b"9" * 9_000,
        b"a." * 60_000 + b"a = 1",
    ],
    ids=["too long", "binary", "latin-1", "empty", "deep", "a long number", "dotted"],
)
def test_a_file_that_is_no_floor_is_refused_in_a_sentence(client: Client, content: bytes) -> None:
    file = SimpleUploadedFile("floor.toml", content)
    answer = client.post("/lab/bring-in/", {"file": file, "text": "", "code": "c"})
    assert answer.status_code == 400
    assert 'class="bad"' in body(answer)
    assert not LabFloor.objects.exists()


def test_marks_and_line_ends_of_other_systems_do_not_matter(client: Client) -> None:
    written = "\ufeff" + floor_to_toml(small()).replace("\n", "\r\n")
    file = SimpleUploadedFile("floor.toml", written.encode())
    answer = client.post("/lab/bring-in/", {"file": file, "text": "", "code": "c"})
    assert answer.status_code == 302


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "a\u202eb", "n" * 81])
def test_names_that_cannot_be_shown_are_refused_at_the_text(client: Client, name: str) -> None:
    floor = small()
    floor = replace(floor, servers=(replace(floor.servers[0], id=name), floor.servers[1]))
    floor = replace(floor, sections=(replace(floor.sections[0], owner=name), floor.sections[1]))
    answer = client.post("/lab/bring-in/", {"text": floor_to_toml(floor), "code": "c"})
    assert answer.status_code == 400
    assert not LabFloor.objects.exists()


@pytest.mark.parametrize(
    "asked",
    [
        "choices=0&before=999999",
        "choices=999999999999999999999",
        "choices=" + "0." * 500,
        "before=" + "0." * 201,
        "seat=0&evening=1&choices=0.0.0&before=1.1.1.1.1",
    ],
)
def test_forged_choices_begin_anew(client: Client, asked: str) -> None:
    drawn = stored()
    all_home = ".".join(["0"] * 199)
    for end in ("", all_home):
        address = f"/lab/{drawn.ref}/practise/?{asked}".replace("choices=0&", f"choices={end}&")
        assert client.get(address, follow=True).status_code in (200, 404)


def test_a_guest_of_the_house_finds_no_floor_and_no_run(client: Client) -> None:
    run = done()
    at = f"/lab/{run.version.floor.ref}/"
    guest = f.signed_in(f.person(role="guest"))
    for page in ("/lab/", at, f"{at}draw/", f"{at}run/", f"{at}floor.toml", f"{at}practise/"):
        assert guest.get(page).status_code in (403, 404), page
    for page in ("", "film/", "film.json", "figures.csv", "figures.json"):
        assert guest.get(f"/lab/runs/{run.ref}/{page}").status_code in (403, 404), page


def test_a_large_floor_is_drawn_in_one_form(client: Client) -> None:
    """More than a thousand fields."""
    kinds = small().need_types
    floor = replace(grid(sections=20, tables=9, need_types=kinds, hands={"pot": 4}), name="Large")
    drawn = stored(floor=floor)
    given = sent(floor, **{"place-0-x_m": "9.5"})
    assert len(given) > 1000
    assert client.post(f"/lab/{drawn.ref}/draw/", given).status_code == 302
    assert drawn.versions.count() == 2


def test_where_too_much_happens_nobody_practises(client: Client) -> None:
    floor = small()
    kind = replace(floor.need_types[0], per_hour=100_000.0, patience=Durations(60.0))
    rush = replace(floor, need_types=(kind,))
    assert seats(rush) == ()
    drawn = stored(floor=rush)
    assert client.get(f"/lab/{drawn.ref}/").status_code == 200
    assert client.get(f"/lab/{drawn.ref}/practise/").status_code == 404
