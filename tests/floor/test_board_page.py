"""The board on a phone: what it says, what a tap answers, and what happens without a script."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.floor.boards import NEED, state
from tests.floor.drawn import leader
from tests.floor.live import key, opened
from upturn.floor import commands, queries
from upturn.floor.models import Shift, ShiftNeed, ShiftTap, memory
from upturn.floor.templatetags import floor_board

pytestmark = pytest.mark.django_db
STATIC = Path(floor_board.__file__).parents[1] / "static" / "floor"


def code(shift: Shift, number: int = 0) -> str:
    return queries.seat_code(leader(), shift, number)


def seated(shift: Shift, seat: str = "server 1", **how: str) -> Client:
    client = Client()
    client.post(f"/seat/{code(shift)}/", {"seat": seat, **how})
    return client


def send(client: Client, act: str, **how: Any) -> HttpResponse:
    body = {"key": key(), "act": act, **how}
    return client.post("/board/tap/", json.dumps(body), content_type="application/json")


def listed(*needs: dict[str, Any], **how: Any) -> floor_board.Lists:
    given = [NEED | need for need in needs]
    return floor_board.board_lists(state(needs=given, **how))


def test_the_promise_stands_before_the_seats() -> None:
    shift = opened()
    page = Client().get(f"/seat/{code(shift)}/").content.decode()
    promise = [page.index(words) for words in ("What is stored", "How long", "Who can see it")]
    assert promise == sorted(promise)
    assert promise[-1] < page.index('name="seat"')
    assert 'name="nickname"' in page
    assert "required" not in page


def test_a_seat_is_held_by_one_phone_and_the_other_sees_the_free_ones() -> None:
    shift = opened()
    seated(shift)
    other = Client()
    answer = other.post(f"/seat/{code(shift)}/", {"seat": "server 1"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody serves from" in page
    assert 'value="server 2"' in page
    assert 'value="server 1"' not in page
    assert queries.COOKIE not in other.cookies


def test_where_no_seat_is_free_the_page_says_what_helps() -> None:
    shift = opened()
    seated(shift)
    own = Client().get(f"/seat/{code(shift, 1)}/").content.decode()
    assert "<details open>" in own
    assert "Every seat is taken" not in own
    seated(shift, "server 2")
    assert "Every seat is taken" in Client().get(f"/seat/{code(shift)}/").content.decode()


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites() -> None:
    cookie = seated(opened()).cookies[queries.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"


def test_a_code_of_yesterday_says_so_and_what_helps() -> None:
    shift = opened()
    scanned = code(shift)
    commands.close_shift(leader(), shift, now=timezone.now())
    answer = Client().get(f"/seat/{scanned}/")
    assert answer.status_code == 410
    assert "closed on" in answer.content.decode()
    assert Client().get(f"/seat/{scanned[:-1]}x/").status_code == 404


def test_whoever_holds_no_seat_is_told_so() -> None:
    assert Client().get("/board/").status_code == 410
    answer = Client().get("/board/state.json", headers={"Accept": "application/json"})
    assert answer.status_code == 410
    assert answer.json()["closed"] is True


def test_a_tap_by_script_answers_with_the_next_round_and_is_one_however_often_it_comes() -> None:
    shift = opened()
    client, table = seated(shift), next(iter(shift.tables))
    kind = client.get("/board/state.json").json()["kinds"][0]["name"]
    body = {"key": key(), "act": "raise", "need": "n-1", "place": table, "kind": kind}
    answers = [
        client.post("/board/tap/", json.dumps(body), content_type="application/json")
        for _ in range(2)
    ]
    assert [answer.json()["again"] for answer in answers] == [False, True]
    assert ShiftNeed.objects.get().count == 1
    assert "round" in answers[0].json()
    done = send(client, "done", need="n-1")
    assert done.json()["ok"] is True
    late = send(seated(shift, "server 2"), "done", need="n-1")
    assert late.status_code == 409
    assert "Nothing is lost" in late.json()["said"]


@pytest.mark.parametrize(
    "body",
    [
        "no json",
        "[]",
        '{"act": 3}',
        '{"key": "12345678", "act": "dance"}',
        '{"key": "12345678", "act": "take", "needs": "a"}',
        '{"key": "12345678", "act": "done", "need": "a", "age_ms": "long ago"}',
        '{"key": "12345678", "act": "done", "need": "a", "age_ms": 1e400}',
        '{"key": "k", "act": "looked"}',
        json.dumps({"key": "12345678", "act": "raise", "words": "x" * 61}),
        json.dumps({"key": "12345678", "words": "x" * 30_000}),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(body: str) -> None:
    client = seated(opened())
    answer = client.post("/board/tap/", body, content_type="application/json")
    assert answer.status_code == 400, answer.content
    assert answer.json()["said"].endswith((".", "page again."))
    assert not ShiftTap.objects.exists()


def test_the_board_works_without_a_script() -> None:
    shift = opened()
    client, table = seated(shift, nickname="Maria"), next(iter(shift.tables))
    page = client.get("/board/").content.decode()
    kind = re.findall(r'name="kind" value="([^"]+)"', page)[-1]
    ask = {"key": key(), "place": table, "kind": kind}
    answer = client.post("/board/tap/", ask)
    assert answer.status_code == 302
    need = ShiftNeed.objects.get()
    page = client.get("/board/").content.decode()
    assert f'<input type="hidden" name="need" value="{need.ref}">' in page
    client.post("/board/tap/", {"key": key(), "act": "done", "need": need.ref})
    need.refresh_from_db()
    assert need.state == "done"


def test_a_refused_form_shows_the_board_with_the_reason() -> None:
    client = seated(opened())
    answer = client.post("/board/tap/", {"key": key(), "act": "done", "need": "nothing"})
    assert answer.status_code == 409
    assert "Nothing is lost" in answer.content.decode()


def test_leaving_gives_the_seat_back() -> None:
    shift = opened()
    client = seated(shift)
    answer = client.post("/board/leave/")
    assert "free again" in answer.content.decode()
    assert not queries.seats_of(shift)[0].held
    assert client.get("/board/").status_code == 410


def test_hello_tells_a_restarted_house_what_it_forgot() -> None:
    shift = opened()
    client = seated(shift, nickname="Maria")
    memory.forget(shift.ref)
    told = {"nickname": "Maria", "hands": {"pot": 2}, "claims": {"gone": "key"}}
    answer = client.post("/board/hello/", json.dumps(told), content_type="application/json")
    assert answer.json() == {"ok": True}
    me = client.get("/board/state.json").json()["me"]
    assert (me["nickname"], me["hands"]) == ("Maria", {"pot": 2})


def test_the_most_urgent_need_is_first() -> None:
    """Overdue before asked before unasked, the longest waiting first; what is taken comes last."""
    lists = listed(
        {"ref": "unasked", "asked": False, "asked_s": None, "raised_s": 200.0},
        {"ref": "asked", "kind": "bill", "raised_s": 100.0, "asked_s": 100.0},
        {"ref": "sooner", "kind": "bill", "raised_s": 90.0, "asked_s": 90.0},
        {"ref": "late", "raised_s": 10.0, "asked_s": 250.0},
        {"ref": "taken", "state": "taken", "mark": "m", "raised_s": 1.0},
    )
    assert [row.ref for row in lists.mine] == ["late", "sooner", "asked", "unasked", "taken"]


def test_the_board_is_one_for_all_and_says_whose_a_table_is() -> None:
    lists = listed(
        {"ref": "own"}, {"ref": "near", "place": "9"}, {"ref": "far", "place": "window 3"}
    )
    assert [[row.ref for row in rows] for rows in lists] == [["own"], ["near"], ["far"]]
    assert lists.beside[0].when.startswith("Bar’s, ")
    assert lists.rest[0].short == "3"
    assert lists.rest[0].when.startswith("window 3, Far’s, ")


def test_what_is_the_owners_alone_has_no_button_for_a_neighbour() -> None:
    """S0.9 on the screen: the bill of the table beside is named, and cannot be tapped."""
    own, near = listed({"kind": "bill"}), listed({"kind": "bill", "place": "9"})
    assert own.mine[0].alone == ""
    assert "yours only" in own.mine[0].when
    assert near.beside[0].alone == "Bar’s alone"


def test_a_seat_without_a_section_is_no_owner_either() -> None:
    """S0.9: whoever looks after the whole floor meets no bill at a table with a server."""
    me = {"seat": "spare", "sections": [], "tables": []}
    bill = {"kind": "bill", "place": "9"}
    assert listed(bill, me=me).mine[0].alone == "Bar’s alone"
    away = [{"name": "bar", "held": False, "called_off": True}]
    assert listed(bill, me=me, seats=away).mine[0].alone == ""
    assert listed(bill, me=None).mine[0].alone == ""


def test_the_head_says_the_time_of_the_house() -> None:
    friday = {"name": "Mill", "ref": "m", "opened": "2026-11-20T18:02:30+00:00"}
    with timezone.override("Europe/Berlin"):
        shown_at = state(shift=friday, now_s=4290.0)
    assert floor_board.clock_words(shown_at) == "Friday 20:14"
    assert floor_board.clock_words(shown_at | {"now_s": 4290.0 + 86_400 * 3}) == "Monday 20:14"
    assert floor_board.clock_words(state()) == ""


def test_what_somebody_saw_is_not_asked_for() -> None:
    """S0.1: an empty cup seen in passing stands on the board as what nobody asked for yet."""
    shift = opened()
    client, table = seated(shift), next(iter(shift.tables))
    page = client.get("/board/").content.decode()
    assert '<input type="radio" name="asked" value="no">' in page
    kind = re.findall(r'name="kind" value="([^"]+)"', page)[0]
    client.post("/board/tap/", {"key": key(), "place": table, "kind": kind, "asked": "no"})
    need = ShiftNeed.objects.get()
    assert (need.asked, need.asked_s, need.source) == (False, None, "colleague")
    assert re.search(rf'class="spot table[^"]* waits[^"]*" data-spot="{table}"', page) is None
    page = client.get("/board/").content.decode()
    assert re.search(rf'class="spot table[^"]* waits[^"]*" data-spot="{table}"', page)


def test_a_queue_says_how_many_wait() -> None:
    places = [
        {"id": "billing", "kind": "queue", "x": 0.0, "y": 0.0, "section": "", "since_s": None}
    ]
    me = {"seat": "agent", "sections": [], "tables": []}
    calls = [
        {"ref": ref, "place": "billing", "raised_s": at, "asked_s": at}
        for ref, at in (("b", 90.0), ("a", 30.0), ("c", 250.0))
    ]

    def rows(*more: dict[str, Any], **how: Any) -> list[floor_board.Row]:
        return listed(*more, places=places, me=me, **how).mine

    (row,) = rows(*calls)
    assert (row.what, row.when, row.ref, row.n) == (
        "coffee: 3 wait",
        "billing, the first came 4 min ago",
        "a",
        3,
    )
    served = {"state": "taken", "mark": "m"}
    (row,) = rows(calls[0], calls[1] | served, calls[2])
    assert (row.what, row.ref, row.n) == ("coffee: 2 wait, 1 is somebody’s", "b", 2)
    mine, rest = rows(calls[0], calls[1] | served, calls[2], claims={"a": "k"})
    assert (mine.what, mine.when) == ("coffee", "billing, you took it, asked 4 min ago")
    assert (rest.what, rest.key, rest.ref) == ("coffee: 2 wait", row.key, "b")
    (row,) = rows(*(call | served for call in calls))
    assert (row.what, row.when, row.n) == (
        "coffee, 3 are somebody’s",
        "billing, somebody is on it",
        0,
    )


def test_an_opportunity_is_said_with_its_doubt() -> None:
    """S0.1, S0.5: what nobody asked for yet stands on the board as probable."""
    row = listed({"source": "rhythm", "asked": False, "asked_s": None, "raised_s": 260.0}).mine[0]
    assert (row.what, row.when) == ("coffee, probably", "nobody asked yet")
    look = listed({"kind": "", "source": "rhythm", "asked": False, "asked_s": None}).mine[0]
    assert (look.what, look.when) == ("a look at the table", "nobody looked for a while")


def test_the_worker_and_the_shell_hold_nothing_of_anybody() -> None:
    shift = opened()
    client = seated(shift, nickname="Zenobia")
    shell = client.get("/board/shell/").content.decode()
    worker = client.get("/board/worker.js")
    for secret in ("Zenobia", shift.ref, *shift.tables):
        assert f">{secret}<" not in shell
        assert secret not in worker.content.decode()
    assert worker["Content-Type"].startswith("text/javascript")
    assert len(worker.content) < 4096


def test_no_page_of_a_seat_is_kept_on_the_way() -> None:
    client = seated(opened())
    for address in ("/board/", "/board/state.json"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_the_script_finds_every_word_it_uses() -> None:
    words = json.loads(floor_board.board_words())
    used = {
        name
        for script in ("board.js", "board_state.js", "board_draw.js")
        for name in re.findall(r"words\(\"(\w+)\"", (STATIC / script).read_text("utf-8"))
    }
    assert used
    assert used <= set(words)


def test_what_helped_becomes_a_card_in_one_step_and_without_a_name() -> None:
    """S0.15: the question is answered once, and its words are a practice card."""
    shift = opened()
    client = seated(shift, nickname="Maria")
    address = reverse("floor:helped", args=[shift.ref])
    assert client.get(address).status_code == 404
    commands.close_shift(leader(), shift, now=timezone.now())
    assert "What helped today" in client.get(address).content.decode()
    answer = client.post(address, {"words": "Ana brought the pot along."})
    assert "practice card" in answer.content.decode()
    cards = queries.practice_cards(leader())
    assert [card.words for card in cards] == ["Ana brought the pot along."]
    assert client.post(address, {"words": " "}).status_code == 400
    assert Client().get(address).status_code == 404
