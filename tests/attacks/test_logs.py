"""Where customers speak and tickets are used, no line is written that ties a time to an address."""

import json
import logging

import pytest
from django.test import Client

from tests.attacks.lines import written
from tests.attacks.scene import Scene
from upturn.house.logs import JsonLines
from upturn.record.errors import NotStored
from upturn.voice.forms import new_visit

pytestmark = pytest.mark.django_db


def use_every_way(scene: Scene, client: Client) -> set[int]:
    """What holders of codes and tickets do, right and wrong; the statuses they get."""
    ask, say = scene.asks["ticket"], f"/say/{scene.point.code}/"
    with_code = {"turn": 1, "outcome": "better", "words": "It shows", "code": scene.ticket}
    answers = [
        client.get(say),
        client.get("/say/wrong/"),
        client.post(say, {"words": "", "visit": "x"}),
        client.post(say, {"words": "x" * 50_000}),
        client.put(say),
        client.post(say, {"words": "Cold", "visit": new_visit(scene.point.code)}),
        client.get("/ticket/"),
        client.post("/ticket/", {"code": "AAAAA-AAAAA-AAAAA-AAAAA"}),
        client.post("/ticket/", {"code": scene.ticket}),
        client.post(f"/asks/{ask.ref}/judge/", with_code | {"turn": "x"}),
        client.post(f"/asks/{ask.ref}/judge/", with_code),
        client.post(f"/asks/{ask.ref}/judge/", with_code),
        client.post(f"/asks/{ask.ref}/unheard_of/", with_code),
        client.post(f"/asks/{ask.ref}/judge/", with_code | {"code": "wrong"}),
        client.post(f"/asks/{ask.ref}/thank/", with_code),
        Client(enforce_csrf_checks=True).post("/ticket/", {"code": scene.ticket}),
        client.post("/ticket/", {"code": scene.ticket}, headers={"host": "evil.example"}),
    ]
    return {answer.status_code for answer in answers}


def test_customers_and_holders_of_tickets_leave_no_line(scene: Scene) -> None:
    with written() as lines:
        statuses = use_every_way(scene, Client())
    assert {200, 400, 403, 404, 405, 409, 413} <= statuses
    assert lines.getvalue() == ""


def test_too_much_at_once_leaves_no_line(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upturn.voice.forms.A_MINUTE_PER_CODE", 0)
    with written() as lines:
        answer = Client().post(f"/say/{scene.point.code}/", {"words": "Cold"})
    assert (answer.status_code, lines.getvalue()) == (429, "")


def test_what_was_not_stored_is_told_without_the_code(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_args: object, **_given: object) -> None:
        raise NotStored("too many writes wait")

    monkeypatch.setattr("upturn.voice.commands.hand_in", busy)
    said = {"words": "Cold", "visit": new_visit(scene.point.code)}
    with written() as lines:
        answer = Client().post(f"/say/{scene.point.code}/", said)
    assert answer.status_code == 503
    assert json.loads(lines.getvalue())["what"] == "Service Unavailable: /say/…/"


@pytest.mark.parametrize(
    "path",
    ["/say/code17/", "/join/lHd-56Zh/", "/asks/41b982910b0b/judge/", "/people/maria/role/"],
)
def test_a_path_loses_its_code_or_name(path: str) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, "", 0, "Broke: %s", (path,), None)
    line = json.loads(JsonLines().format(record))["what"]
    assert line.startswith(f"Broke: /{path.split('/')[1]}/…")
    assert path.split("/")[2] not in line


def test_a_line_holds_no_words_of_an_error_and_no_query() -> None:
    try:
        raise ValueError("somebody's words")
    except ValueError as error:
        told = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "At /find/?q=somebody's words", (), told)
    line = JsonLines().format(record)
    assert "somebody" not in line
    assert json.loads(line)["error"] == "ValueError"
