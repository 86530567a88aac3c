"""Nobody gets anything of an exchange by any address that is not for them, whatever the answer."""

from collections.abc import Callable
from itertools import chain, product
from typing import Any

import pytest

from tests.attacks.lines import written
from tests.exchange import factories as make
from tests.exchange import planting, rounds, walking
from tests.exchange.test_leaks import (
    ALL,
    CONVENER,
    KNOWN,
    MEMBER,
    OWN,
    all_exchanges,
    everybody,
    modules,
    some_party,
)
from tests.factories import person
from upturn.exchange import views
from upturn.exchange.models import Seat
from upturn.exchange.queries.sittings import Sitting, sitting_from

pytestmark = pytest.mark.django_db

PARTIES = ALL - {CONVENER}
HOST = frozenset({CONVENER})
MEMBERS = frozenset({OWN, MEMBER})
EVERYBODY = ALL | {"anonymous", "administrator"}
NO_STEWARD = ALL - {"steward"}
NOBODY: frozenset[str] = frozenset()

LET_IN: dict[str, frozenset[str]] = {
    "answer": PARTIES,
    "answer_knock": HOST,
    "answer_report": HOST,
    "api_about": NOBODY,
    "api_bundle": NOBODY,
    "api_message": NOBODY,
    "api_packet": NOBODY,
    "api_post": NOBODY,
    "back": EVERYBODY,
    "benchmark": NO_STEWARD,
    "benchmark_bundle": NO_STEWARD,
    "benchmark_counsel": HOST,
    "benchmark_end": HOST,
    "benchmark_new": HOST,
    "benchmark_packet": MEMBERS,
    "benchmark_send": MEMBERS | {"client"},
    "benchmark_state": NO_STEWARD,
    "benchmarks": ALL,
    "boat": PARTIES,
    "brakes": PARTIES,
    "call": HOST,
    "calls": HOST,
    "card": ALL,
    "card_new": PARTIES,
    "cards": ALL,
    "chair": ALL,
    "charter": ALL,
    "charter_file": ALL,
    "code": EVERYBODY,
    "counsel": HOST,
    "decision": ALL,
    "decision_new": PARTIES,
    "decisions": ALL,
    "desk": HOST,
    "gain": PARTIES,
    "guard_device": ALL,
    "guard_held": PARTIES,
    "guard_hold": PARTIES,
    "guard_log": ALL,
    "guard_model": NOBODY,  # where no model was packed
    "guard_notes": PARTIES,
    "guard_withdraw": PARTIES,
    "guard_words": ALL,
    "here": ALL,
    "keepers": HOST,
    "keys": PARTIES,
    "kit": ALL,
    "knock": EVERYBODY,
    "leave": PARTIES,
    "leave_browser": PARTIES,
    "lists": PARTIES,
    "media": ALL,
    "media_content": ALL,
    "meeting": ALL,
    "meeting_ics": ALL,
    "meetings": ALL,
    "move": HOST,
    "new": HOST,
    "new_door": HOST,
    "out": NOBODY,
    "outside": ALL,
    "pair": MEMBERS,
    "pairs": ALL,
    "parties": HOST,
    "programme": ALL,
    "programmes": ALL,
    "exchanges": HOST,
    "ready": HOST,
    "report": PARTIES,
    "ring": PARTIES,
    "round": ALL,
    "round_new": ALL,
    "rules": ALL,
    "seal": EVERYBODY,
    "side": ALL,
    "standing": PARTIES,
    "sum_of_us": ALL,
    "steward": frozenset({"steward"}),
    "steward_decide": PARTIES,
    "talk": ALL,
    "trust": ALL,
    "vision_line": PARTIES,
    "withdraw": HOST,
    "withdraw_counsel": HOST,
    "words": HOST,
    "write_charter": HOST,
}
"""Who is let in at each address, to a page or to an answer; a new address fails until it is here.

What somebody then reads there is decided column by column in `KNOWN`. The signed interface lets in
signatures alone, and the page for outsiders is there once every party has cleared it.
"""


@pytest.fixture
def made() -> make.Made:
    here = make.opened("Here")
    rounds.whole(here)
    return planting.plant(here, whose="Amber")


@pytest.fixture
def elsewhere() -> make.Made:
    return make.opened("Elsewhere", names=("Gale", "Hill", "Iris"))


def leaks(reads: Any, words: dict[str, str]) -> set[tuple[str, str, str, str]]:
    """What somebody got who may not: by whom it was got where, and of which column."""
    return {
        (read.name, read.who, read.method, column)
        for read in reads
        for column in walking.told(read, words)
        if read.who not in KNOWN[column]
    }


def test_every_address_says_who_is_let_in() -> None:
    assert set(LET_IN) == set(walking.addresses())


def test_everybody_within_gets_what_is_for_them_and_no_more(made: make.Made) -> None:
    beside = {"administrator": walking.signed_in(person(role="administrator"))}
    browsers = walking.within(made) | beside | {"anonymous": walking.Client()}
    reads = list(walking.walk(browsers, made))
    came_in: dict[str, set[str]] = {name: set() for name in LET_IN}
    for read in reads:
        if read.let_in:
            came_in[read.name].add(read.who)
    wrong = {name: who for name, who in came_in.items() if who != LET_IN[name]}
    assert wrong == {}
    assert [read for read in reads if read.status >= 500] == []
    words = planting.canaries(made)
    assert leaks(reads, words) == set()
    seen = {(read.who, column) for read in reads for column in walking.told(read, words)}
    blind = {"PracticeCard.situation", "Charter.content", "Decision.words", "Meeting.agenda"}
    assert {(who, column) for who in ALL for column in blind} <= seen
    assert {(CONVENER, "Knock.need"), (CONVENER, "SideNote.words")} <= seen


def test_nobody_outside_gets_anything_by_any_address(made: make.Made, elsewhere: make.Made) -> None:
    """Nor by an address of the own exchange that asks for something of another."""
    strangers, words = walking.outside(elsewhere), planting.canaries(made)
    reads = walking.walk(strangers, made)
    sitting = {who: strangers[who] for who in strangers if who.endswith("elsewhere")}
    beside = walking.walk(sitting, made, inside=elsewhere)
    assert leaks(chain(reads, beside), words) == set()


def test_whether_there_is_such_an_exchange_or_thing_is_told_to_nobody(
    made: make.Made, elsewhere: make.Made
) -> None:
    strangers = walking.outside(elsewhere)
    asked = ("member elsewhere", "convener elsewhere", "administrator", "anonymous")
    for name, pattern in walking.addresses().items():
        if LET_IN[name] >= EVERYBODY or pattern.startswith("api/"):
            continue
        there = walking.filled(name, pattern, made, within=made)
        nowhere = walking.PLACE.sub(lambda place: "7" if place[1] else "none", f"/{pattern}")
        for who, method in product(asked, ("GET", "POST")):
            found = walking.ask(strangers[who], method, there)
            missing = walking.ask(strangers[who], method, nowhere)
            assert found.status_code == missing.status_code, (name, who, method)
            said = found.headers.get("Location", "").replace(there, nowhere)
            assert said == missing.headers.get("Location", "")
            assert found.headers.get("ETag") is None


def test_a_page_that_breaks_tells_nothing(made: make.Made, monkeypatch: pytest.MonkeyPatch) -> None:
    words = planting.canaries(made)
    secret = words["Charter.content"]

    def broken(*_given: object, **_named: object) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr("upturn.exchange.views.entering.here", broken)
    with written() as lines:
        for client in walking.within(made).values():
            client.raise_request_exception = False
            answer = client.get(f"/exchanges/{made.exchange.ref}/")
            assert answer.status_code == 500
            assert secret not in answer.content.decode()
    assert "RuntimeError" in lines.getvalue()
    assert secret not in lines.getvalue()


def _any_seat(_cookie: str) -> Sitting | None:
    rows = Seat.objects.select_related("party__exchange").order_by("party__exchange", "party")
    found = rows.first()
    return sitting_from(found) if found else None


BROKEN: dict[str, Callable[..., Any]] = {
    "exchanges_seen": all_exchanges,
    "check_convene": everybody,
    "may_convene": everybody,
    "is_steward": everybody,
    "own_party": some_party,
    "sitting_of": _any_seat,
}


@pytest.mark.parametrize("guard", BROKEN)
def test_a_guard_that_is_broken_turns_it_red(
    guard: str, made: make.Made, elsewhere: make.Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (*modules(), *walking.modules_of(views)):
        if hasattr(module, guard):
            monkeypatch.setattr(module, guard, BROKEN[guard])
    words = planting.canaries(made)
    everybody = walking.within(made)
    reads = chain(
        walking.walk(everybody, made, raising=False),
        walking.walk(walking.outside(elsewhere), made, raising=False),
    )
    for read in reads:
        if leaks([read], words) or (read.let_in and read.who not in LET_IN[read.name]):
            return
    pytest.fail(f"nothing noticed that {guard} holds no more")
