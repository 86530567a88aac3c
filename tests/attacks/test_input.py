"""Whatever is sent, the answer is a page that says what to do; nothing breaks, nothing runs off."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.attacks.dump import dump
from tests.attacks.scene import Scene
from tests.factories import touchpoint
from upturn.commitments.commands import draw_code
from upturn.commitments.models import Ask
from upturn.graph.models import Import
from upturn.voice.forms import new_visit

pytestmark = pytest.mark.django_db

HOSTILE = (
    "\0",
    "\x01\x1b[31m",
    "\u202e\u2066",
    "\ufffd\ufffe",
    "-1",
    "99999999999999999999",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "0000-00-00",
    "x" * 3_000,
    "' OR 1=1 --",
    "../../etc/passwd",
    "{{ 7*7 }}",
    "٣",
)
ALONE = ("\0", "99999999999999999999", "x" * 3_000)
Sent = tuple[str, str, dict[str, Any]]


def sent_by(scene: Scene, client: Client, address: str, data: dict[str, Any]) -> HttpResponse:
    """The answer to a form, undone."""
    cache.clear()
    cookies = client.cookies.copy()
    with transaction.atomic():
        response = client.post(address, data)
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def forms(scene: Scene) -> Iterator[Sent]:
    """Every form of the product: who sends it, where to, and what fills it rightly."""
    open_, ticket = scene.asks["open"].ref, scene.asks["ticket"].ref
    code, cook = draw_code(), scene.people["cook"].username
    ask = {"words": "a", "because": "b", "raised_as": "team", "touchpoint": "", "code": code}
    promise = {"turn": 0, "what": "a", "who": "b", "sign": "c", "due_on": date.max}
    verdict = {"turn": 1, "outcome": "better", "words": "a", "code": scene.ticket}
    join = {"display_name": "Al", "username": "albert", "password": "long words here"}
    say = {"words": "a", "score": "3", "visit": new_visit(scene.point.code), "website": ""}
    moment = {"name": "a", "moment": "b", "place": "c", "customers": "the guests name"}
    invite = {"party": scene.parties["floor"].pk, "role": "server", "uses": 1, "days": 1}
    serves = {"server": "the oven name", "served": "the stores name", "what": "heat"}
    yield "server", f"/edge/{scene.edges['kitchen'].pk}/ask/", ask
    yield "leader", f"/asks/{open_}/promise/", promise
    yield "leader", f"/asks/{open_}/decline/", {"turn": 0, "words": "a"}
    yield "anonymous", "/ticket/", {"code": scene.ticket}
    yield "anonymous", f"/asks/{ticket}/judge/", verdict
    yield "anonymous", f"/say/{scene.point.code}/", say
    yield "anonymous", f"/join/{scene.link}/", {**join, "language": "en"}
    yield "anonymous", "/account/login/", {"login": "a", "password": "b", "next": "/"}
    yield "anonymous", "/language/", {"language": "de", "next": "/keeps/"}
    yield "executive", "/people/invite/", invite
    yield "executive", f"/people/{cook}/place/", {"party": invite["party"], "leads": ""}
    yield "executive", "/pyramid/party/", {"name": "a", "kind": "team", "place": "b"}
    yield "executive", "/pyramid/serves/", serves
    yield "executive", "/pyramid/touchpoint/", {**moment, "in_sight": "the floor name"}
    yield "executive", "/themes/", {"name": "a", "descriptions": "b", "examples": "c"}
    yield "executive", f"/bring-in/{scene.tried.ref}/", {"order": "", "scale": "1-5", "day": ""}


def test_no_value_of_any_field_breaks_anything(scene: Scene) -> None:
    found = []
    for role, address, right in forms(scene):
        client = scene.client(role, raise_request_exception=False)
        tries = [right, *(dict.fromkeys(right, value) for value in HOSTILE)]
        tries += [right | {field: value} for field in right for value in ALONE]
        for data in tries:
            status = sent_by(scene, client, address, data).status_code
            if status not in {200, 302, 400, 403, 404, 409}:
                found.append((address, data, status))
    assert found == []


def test_a_nul_is_told_and_stored_nowhere(scene: Scene) -> None:
    for role, address, right in forms(scene):
        for field in ("words", "what", "name", "display_name", "descriptions"):
            if field in right:
                client = scene.client(role)
                answer = sent_by(scene, client, address, right | {field: "a\0b"})
                assert answer.status_code == 400, (address, field)
                assert "Null characters are not allowed" in answer.content.decode()


FORGED = (
    "cell|x|1|Review",
    "cell|0|x|Review",
    "cell|99999999999999999999|1|Review",
    "cell|0|1|a\0b",
    "cell|0",
    "name|x|a|b",
    "name|0|a\0|b",
    "row|x|1",
    "row|0|99999999999999999999",
    "row",
    "becomes|a\0b",
    "becomes|",
    "|||||",
)


def test_forged_names_of_a_dry_run_are_left_aside(scene: Scene) -> None:
    address = f"/bring-in/{scene.tried.ref}/"
    client = scene.client("executive")
    for name in FORGED:
        for value in ("text", "out", "leave rows out", "a\0b"):
            assert client.post(address, {name: value}).status_code == 302, name
        assert client.get(address).status_code in {200, 400}, name


IN_ADDRESSES = (
    "%00",
    "-1",
    "x",
    "99999999999999999999",
    "9" * 5_000,
    "%ED%A0%80",
    "%0d%0aSet-Cookie:%20x=1",
    "x" * 100_000,
)
QUERIES = (
    "/pyramid/?page=",
    "/pyramid/?place=",
    "/pyramid/edges.csv?place=",
    "/people/?page=",
    "/people/invite/?party=",
    "/find/?q=",
    "/customers/?place=",
    "/customers/{point}/cold/?after=",
    "/customers/{point}/cold/?mood=",
    "/edge/{edge}/ask/?touchpoint=",
    "/pyramid/serves/?server=",
    "/pyramid/party/?place=",
)
PATHS = (
    "/party/{}/",
    "/edge/{}/",
    "/edge/{}/ask/",
    "/asks/{}/",
    "/asks/{}/promise/",
    "/customers/{}/",
    "/customers/{}/code/",
    "/themes/{}/",
    "/bring-in/{}/",
    "/people/{}/",
    "/people/{}/sight/",
    "/people/memberships/{}/end/",
    "/people/invitations/{}/end/",
    "/people/tokens/{}/end/",
    "/join/{}/",
    "/say/{}/",
)


def test_no_address_breaks_anything(scene: Scene) -> None:
    client = scene.client("administrator", raise_request_exception=False)
    known = {"point": scene.point.key, "edge": scene.edges["kitchen"].pk}
    for value in IN_ADDRESSES:
        for query in QUERIES:
            answer = client.get(query.format(**known) + value)
            assert answer.status_code in {200, 404}, (query, value[:20])
            assert "x" not in answer.cookies
        for path in PATHS:
            for send in (client.get, client.post):
                status = send(path.format(value)).status_code
                assert status in {404, 405, 410}, (path, value[:20])


def test_pages_beyond_the_last_show_the_last(scene: Scene) -> None:
    client = scene.client("executive")
    for page in ("0", "-1", "2", "999999999999999999999", "x"):
        assert "the floor name" in client.get(f"/pyramid/?page={page}").content.decode()


def test_the_longest_names_find_their_way(scene: Scene) -> None:
    """What the tables hold, the journal and the log of reading hold too."""
    chief = scene.client("executive")
    name = "Ein langer Name " * 5
    chief.post("/pyramid/party/", {"name": name, "kind": "team", "place": "P" * 80})
    chief.post("/themes/", {"name": name, "descriptions": "cold"})
    long = touchpoint(name[:80], customers=scene.parties["guests"], key="k" * 80, code="c" * 16)
    for address in (f"/customers/{long.key}/", f"/customers/{long.key}/_other/", "/themes/"):
        assert chief.get(address).status_code == 200, address


@pytest.mark.parametrize(
    "body",
    [
        {"words": "x" * 3_000_000},
        {f"field {n}": "x" for n in range(4_100)},
        {"words": [f"{n}" for n in range(4_100)]},
    ],
    ids=["3 MB", "4,100 fields", "4,100 times one field"],
)
def test_too_much_is_refused_with_a_page(scene: Scene, body: dict[str, Any]) -> None:
    client = scene.client("server", raise_request_exception=False)
    before = dump().tables
    answer = client.post(f"/edge/{scene.edges['kitchen'].pk}/ask/", body)
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()
    assert dump().tables == before


def test_too_many_files_are_refused_with_a_page(scene: Scene) -> None:
    files = [SimpleUploadedFile(f"{n}.csv", b"Review\nhi\n") for n in range(150)]
    answer = scene.client("executive").post("/bring-in/", {"subject": "feedback", "files": files})
    assert answer.status_code == 400


NAMES = ("../../../x.csv", "a\\b.csv", "x" * 500 + ".csv", "a, b, c.csv", "\u202evsc.exe", ".csv")
BYTES = (b"", b"\0\0\0", b"\xff\xfe", b"Review\nx\0y\n", b"Review\n\xed\xa0\x80\n", b'"' * 999)


def test_no_file_breaks_anything_or_leaves_its_folder(scene: Scene, settings: Settings) -> None:
    client = scene.client("executive", raise_request_exception=False)
    for name, content in zip(NAMES, BYTES, strict=True):
        for subject in ("feedback", "organisation", "measures"):
            file = SimpleUploadedFile(name, content)
            answer = client.post("/bring-in/", {"subject": subject, "files": [file]})
            assert answer.status_code in {302, 400}
            if answer.status_code == 302:
                at = answer["Location"]
                assert client.get(at).status_code in {200, 400}
                assert client.post(at, {"store": "yes"}).status_code in {302, 400}
    folders = {made.ref for made in Import.objects.all()}
    for path in settings.DATA.rglob("*"):
        if path.is_file():
            assert path.parent.parent == settings.DATA / "uploads"
            assert path.parent.name in folders


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "http:///evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example/",
    "\t//evil.example/",
    "/%2f/evil.example/../..//evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
)


def test_nobody_is_sent_to_another_site(scene: Scene) -> None:
    person = scene.people["server"].username
    for onward in ELSEWHERE:
        cache.clear()
        right = {"login": person, "password": "password of server", "next": onward}
        client, query = scene.client("anonymous"), {"next": onward}
        answers = [
            client.post("/language/", {"language": "de", "next": onward}),
            client.post("/account/login/", right, query_params=query),
            client.post("/account/reauthenticate/", right, query_params=query),
            client.post("/account/logout/", {"next": onward}, query_params=query),
        ]
        for answer in answers:
            assert answer.status_code == 302
            assert answer["Location"].startswith("/"), onward
            assert not answer["Location"].startswith(("//", "/\\", "/\t")), onward


def test_only_names_of_the_installation_are_answered(scene: Scene) -> None:
    client = scene.client("administrator")
    for name in ("evil.example", "localhost.evil.example", "a b", "[::1"):
        answer = client.get("/people/invite/", headers={"host": name})
        assert answer.status_code == 400
        assert "UPTURN_HOSTS" in answer.content.decode()
        assert name not in answer.content.decode()
        sheet = f"/customers/{scene.point.key}/code/"
        assert name not in client.get(sheet, headers={"x-forwarded-host": name}).content.decode()


def test_a_method_cannot_be_put_in_a_header_or_a_field(scene: Scene) -> None:
    client, address = scene.client("administrator"), f"/party/{scene.parties['stores'].key}/let-go/"
    before = dump().tables["graph_party"]
    for header in ("x-http-method-override", "x-http-method", "x-method-override"):
        for method in ("POST", "DELETE"):
            answer = client.get(address, {"_method": method}, headers={header: method})
            assert answer.status_code == 405
    assert dump().tables["graph_party"] == before


def test_dates_far_away_are_refused_or_kept(scene: Scene) -> None:
    cook, today = scene.client("leader"), date.today()  # noqa: DTZ011 - the day on the wall
    address = f"/asks/{scene.asks['open'].ref}/promise/"
    given = {"turn": 0, "what": "a", "who": "b", "sign": "c"}
    for due in (today - timedelta(days=1), date(1, 1, 1)):
        answer = cook.post(address, given | {"due_on": due.isoformat()})
        assert answer.status_code in {400, 409}
        assert Ask.objects.get(pk=scene.asks["open"].pk).state == "asked"
