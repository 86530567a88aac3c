"""A floor out of a list of tables: looked at first, mended on the page, then drawn."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.floor.drawn import body, leader
from upturn.floor import queries
from upturn.floor.models import LabFloor

pytestmark = pytest.mark.django_db
WELL = "table;section;x;y\n" + "".join(
    f"{at};{'Window' if at < 7 else 'Garden'};{1.5 * at:.1f};2\n".replace(".", ",")
    for at in range(1, 14)
)


def handed(client: Client, text: str | bytes, name: str = "Mill.csv") -> str:
    data = text.encode() if isinstance(text, str) else text
    answer = client.post("/lab/bring-in/", {"file": SimpleUploadedFile(name, data), "code": "a"})
    assert answer.status_code == 200
    return body(answer)


def fields(page: str) -> dict[str, str]:
    text = re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL)
    code = re.search(r'name="code" value="(\w+)"', page)
    assert text
    assert code
    return {"text": text[1].replace("&quot;", '"'), "code": code[1], "name": "Mill"}


def test_a_sound_list_is_two_taps_from_a_drawn_floor(client: Client) -> None:
    page = handed(client, WELL)
    assert "13 tables" in page
    assert "Nothing has been stored yet" in page
    assert LabFloor.objects.count() == 0
    given = fields(page) | {"store": "yes"}
    answers = [client.post("/lab/bring-in/tables/", given) for _ in range(2)]
    assert answers[0]["Location"] == answers[1]["Location"]
    made = queries.drawn(leader(), LabFloor.objects.get().ref).floor
    assert [section.id for section in made.sections] == ["Window", "Garden"]
    assert {section.owner for section in made.sections} == {server.id for server in made.servers}
    assert made.nodes[0].x_m == 1.5


def test_what_is_wrong_is_mended_on_the_page_and_nothing_else_is_lost(client: Client) -> None:
    wrong = WELL.replace("1;Window;1,5;2", "1;Window;near the door;2") + "13;Garden;99;2\n"
    page = handed(client, wrong)
    assert "near the door" in page
    assert 'name="cell|2|x"' in page
    assert 'name="cell|15|table"' in page
    refused = client.post("/lab/bring-in/tables/", fields(page) | {"store": "yes"})
    assert "2 cells need you" in body(refused)
    assert LabFloor.objects.count() == 0
    given = fields(page) | {"cell|2|x": "4,25", "cell|15|table": "14"}
    again = body(client.post("/lab/bring-in/tables/", given))
    assert "14 tables" in again
    assert "needs you" not in again
    client.post("/lab/bring-in/tables/", fields(again) | {"store": "yes"})
    nodes = {
        node.id: node.x_m
        for node in queries.drawn(leader(), LabFloor.objects.get().ref).floor.nodes
    }
    assert (nodes["1"], nodes["13"], nodes["14"]) == (4.25, 19.5, 99.0)


def test_a_row_that_cannot_be_mended_is_left_out(client: Client) -> None:
    page = handed(client, WELL + "14;Garden;1;2;3;4\n")
    assert 'name="row|15"' in page
    again = body(client.post("/lab/bring-in/tables/", fields(page) | {"row|15": "out"}))
    assert "13 tables" in again
    assert "Draw this floor" in again


def test_a_workbook_reads_as_its_csv_does(client: Client) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - 0.4 s

    book, out = Workbook(), io.BytesIO()
    for line in WELL.splitlines():
        book.active.append([cell.replace(",", ".") for cell in line.split(";")])
    book.save(out)
    assert "13 tables" in handed(client, out.getvalue(), "Mill.xlsx")


def test_a_section_of_an_unusual_size_is_said_and_drawn_all_the_same(client: Client) -> None:
    page = handed(client, "table,section\n1,A\n2,A\n")
    assert "Section A has 2 tables; six to eight are usual" in page
    assert "Draw this floor" in page


def test_pixels_taken_for_metres_are_asked_about(client: Client) -> None:
    page = handed(client, "table,section,x,y\n1,A,10,10\n2,A,320,240\n")
    assert "310 metres long" in page


def test_a_pasted_list_and_toml_each_find_their_way(client: Client) -> None:
    pasted = client.post("/lab/bring-in/", {"text": WELL, "code": "b"})
    assert "13 tables" in body(pasted)
    toml = '[[section]]\nid = "A"\ntables = "6 tables"\n[[need]]\nname = "order"\nper_hour = 2\n'
    answer = client.post("/lab/bring-in/", {"text": toml + "service = 60\n", "code": "c"})
    assert answer.status_code == 400  # a floor in a file has a name of its own
    assert "name" in body(answer)


@pytest.mark.parametrize("given", ["one\ntwo\n", "a,b\n1,2\n", "table,section\n"])
def test_what_is_no_list_is_refused_with_what_helps(client: Client, given: str) -> None:
    answer = client.post("/lab/bring-in/", {"text": given, "code": "d"})
    assert answer.status_code == 400
    assert 'class="bad"' in body(answer)
