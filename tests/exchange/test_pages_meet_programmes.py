"""Pages of programmes: expectations first, moves of the engine's table, a GO signed on a device."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from tests.exchange import factories as make
from tests.exchange.pages import browser_of, convener_of, guarded
from upturn.exchange.engine import MOVES, Role, Verb
from upturn.exchange.models import Programme, ProgrammeWord, Rung
from upturn.exchange.queries import programmes as read
from upturn.exchange.views.programme_moves import BESIDE, LABELS

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:3])


def at(made: make.Made, *more: str) -> str:
    name = "exchange:programme" if more else "exchange:programmes"
    return reverse(name, args=[made.exchange.ref, *more])


def begun(made: make.Made, key: str = "k1") -> Programme:
    sent = guarded(name="A warm first week", key=key)
    answer = browser_of(made["Amber"]).post(at(made), sent)
    assert answer.status_code == 302
    return Programme.objects.get()


def do(made: make.Made, row: Programme, name: str, verb: Verb, **fields: Any) -> HttpResponse:
    sent = guarded(verb=verb.value, **fields)
    return browser_of(made[name]).post(at(made, row.ref), sent)


def built(made: make.Made) -> Programme:
    row = begun(made)
    do(made, row, "Client", Verb.EXPECT, words="People know whom they serve.")
    do(made, row, "Amber", Verb.BUILD)
    for name, code in (("Amber", "talk"), ("Birch", "walk")):
        owner = made[name].row.ref
        do(made, row, name, Verb.CHANGE, code=code, part="On the first day", owner=owner)
    return row


def with_client(made: make.Made) -> Programme:
    row = built(made)
    do(made, row, "Amber", Verb.ASK_CONSENT)
    row.refresh_from_db()
    for company in made.members:
        do(made, row, company.name, Verb.CONSENT, on=str(row.version))
    do(made, row, "Amber", Verb.PUT_TO_CLIENT)
    row.refresh_from_db()
    return row


def signature(made: make.Made, row: Programme, name: str = "Client") -> str:
    return made[name].key.sign(read.go_to_sign(row)).hex()


def offered(made: make.Made, row: Programme, name: str) -> set[str]:
    page = browser_of(made[name]).get(at(made, row.ref))
    return {each.verb.value for each in page.context["offers"]}


def test_a_programme_goes_live_only_by_a_go_signed_on_this_version(made: make.Made) -> None:
    row = with_client(made)
    client = {"on": str(row.version)}
    for wrong in ("", "00" * 64, signature(made, row, "Amber")):
        answer = do(made, row, "Client", Verb.GO, **client, signature=wrong)
        assert answer.status_code == 409
    assert do(made, row, "Amber", Verb.GO, **client, signature=signature(made, row)).status_code
    row.refresh_from_db()
    assert (row.state, row.live_version) == ("decides", None)
    answer = do(made, row, "Client", Verb.GO, **client, signature=signature(made, row))
    assert answer.url == at(made, row.ref)
    row.refresh_from_db()
    assert (row.state, row.live_version) == ("live", 1)
    assert ProgrammeWord.objects.filter(said="go").count() == 1


def test_the_page_of_a_go_holds_what_the_device_signs(made: make.Made) -> None:
    row = with_client(made)
    page = browser_of(made["Client"]).get(at(made, row.ref)).content.decode()
    said = read.go_to_sign(row).decode().split("\n")
    assert said[1:] == ["go", made.exchange.ref, row.ref, str(row.version), said[-1]]
    assert all(f'"{each}"' in page for each in said[1:])
    assert 'id="go"' not in browser_of(made["Amber"]).get(at(made, row.ref)).content.decode()


def test_nothing_is_built_before_the_client_was_heard(made: make.Made) -> None:
    row = begun(made)
    page = browser_of(made["Amber"]).get(at(made, row.ref))
    assert offered(made, row, "Amber") == set()
    assert "has not said what it expects" in page.content.decode()
    assert do(made, row, "Amber", Verb.BUILD).status_code == 409
    do(made, row, "Client", Verb.EXPECT, words="People know whom they serve.")
    assert offered(made, row, "Amber") == {"build"}


def test_the_same_beginning_sent_twice_is_one_programme(made: make.Made) -> None:
    assert begun(made).pk == begun(made).pk


def test_a_change_shows_what_changed_and_asks_for_another_go(made: make.Made) -> None:
    row = with_client(made)
    do(made, row, "Client", Verb.GO, on="1", signature=signature(made, row))
    owner = made["Birch"].row.ref
    do(made, row, "Birch", Verb.CHANGE, code="walk", part="On the second day", owner=owner)
    page = browser_of(made["Client"]).get(at(made, row.ref)).content.decode()
    assert '<del dir="auto">On the first day</del> <ins dir="auto">On the second day' in page
    assert "Version 1 stays live until the client says GO on the new one." in page
    old = signature(made, row)
    assert do(made, row, "Client", Verb.GO, on="1", signature=old).status_code == 409


def test_a_no_needs_no_reason_and_offers_what_would_make_it_a_go(made: make.Made) -> None:
    row = with_client(made)
    assert {"go", "not_yet", "no"} <= offered(made, row, "Client")
    assert do(made, row, "Client", Verb.NO, on="1").status_code == 302
    assert "would_make_go" in offered(made, row, "Client")
    do(made, row, "Client", Verb.WOULD_MAKE_GO, on="1", words="A shorter one.")
    page = browser_of(made["Cedar"]).get(at(made, row.ref)).content.decode()
    assert "said what would make it a go" in page
    assert "A shorter one." in page
    assert offered(made, row, "Cedar") == {"take_up"}


def test_what_was_typed_comes_back_with_the_reason(made: make.Made) -> None:
    row = built(made)
    words = "We charge 12 euros a call."
    answer = do(made, row, "Amber", Verb.CHANGE, code="price", part=words, owner="")
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert do(made, row, "Amber", Verb.CHANGE, code="", part="x").status_code == 409
    assert browser_of(made["Amber"]).post(at(made, row.ref), {"verb": "fly"}).status_code == 409


def test_words_that_no_device_checked_are_not_taken(made: make.Made) -> None:
    row = begun(made)
    sent = {"verb": "expect", "words": "People know whom they serve."}
    assert browser_of(made["Client"]).post(at(made, row.ref), sent).status_code == 409


def test_every_move_of_the_table_has_a_word_or_a_place(made: make.Made) -> None:
    assert set(LABELS) | BESIDE == set(MOVES)
    assert set(LABELS) & BESIDE == set()


def test_the_page_offers_what_the_table_allows_and_nothing_else(made: make.Made) -> None:
    row = with_client(made)
    for company in made.companies.values():
        seen = read.programme_seen(company.sitting, row.ref)
        told = offered(made, row, company.name)
        assert told == {verb.value for verb in seen.may - BESIDE}
        assert (
            all(MOVES[Verb(verb)].role is Role.CLIENT for verb in told) or company.name != "Client"
        )
    assert offered(made, row, "Steward") == set()
    assert convener_of(made).get(at(made, row.ref)).context["offers"] == ()


def test_who_stands_lower_reads_along_and_is_told_from_where_it_is_open(made: make.Made) -> None:
    low = make.opened("Low", names=make.NAMES[:3], rung=Rung.SHARE_PRACTICE)
    page = browser_of(low["Amber"]).get(at(low)).content.decode()
    assert "plan together" in page
    sent = guarded(name="A warm first week", key="k")
    assert browser_of(low["Amber"]).post(at(low), sent).status_code == 409
    assert not Programme.objects.exists()


def test_a_programme_of_another_exchange_is_not_there(made: make.Made) -> None:
    row = begun(made)
    other = make.opened("Another", names=make.NAMES[:3])
    there = reverse("exchange:programme", args=[other.exchange.ref, row.ref])
    assert browser_of(other["Amber"]).get(there).status_code == 404
    assert browser_of(other["Amber"]).get(at(made, row.ref)).status_code == 302
    assert convener_of(other).get(at(made, row.ref)).status_code == 404


def test_who_keeps_the_exchange_makes_no_move(made: make.Made) -> None:
    host = convener_of(made)
    assert host.post(at(made), guarded(name="Another", key="k")).status_code == 403
    row = begun(made)
    sent = guarded(verb="expect", words="People know whom they serve.")
    assert host.post(at(made, row.ref), sent).status_code == 403
    assert not row.expectations.exists()
