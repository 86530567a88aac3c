"""The second look: each phone hears of its own next round, and of what nobody asked for yet."""

import logging
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.translation import trans_real

from tests.floor.evening import OPENED, Evening, memory_of, needs_of, state
from upturn.floor.commands import (
    Retold,
    TapRefused,
    hello,
)
from upturn.floor.engine.live import Board, LiveRound, rounds_of
from upturn.floor.jobs.lookout import RHYTHM_S, SILENT_S
from upturn.floor.models import NeedState, PracticeCard, Shift, memory
from upturn.floor.queries import ready
from upturn.floor.queries.rounds import MEANT_S, round_of
from upturn.house import lookout as beside

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nobody_is_known")]


def test_a_need_reaches_the_round_of_its_owner_and_only_when_something_changed() -> None:
    evening = Evening("server 1", "server 2")
    evening.look()
    evening.heard.clear()
    ref = evening.calls("server 2", "1-2", "bill")
    evening.look()
    assert [needs_of(said) for said in evening.told("server 1")] == [[ref]]
    assert evening.told("server 2") == []
    evening.look()
    assert evening.heard == []


def test_what_a_tap_answered_is_not_told_again() -> None:
    evening = Evening("server 1")
    evening.look()
    evening.heard.clear()
    evening.calls("server 1", "1-1", "bill")
    answered = round_of(evening.phones["server 1"].holder, now=evening.now)
    evening.look()
    assert needs_of(answered)
    assert evening.told("server 1") == []


def test_who_does_not_listen_is_told_when_he_or_she_comes_back() -> None:
    evening = Evening("server 1")
    evening.look()
    evening.open.clear()
    evening.heard.clear()
    ref = evening.calls("server 1", "1-1", "bill")
    evening.look(3)
    assert evening.heard == []
    evening.open.add(evening.topic("server 1"))
    evening.look(3)
    assert needs_of(evening.told("server 1")[-1]) == [ref]
    evening.open.clear()
    evening.look(3)
    evening.open.add(evening.topic("server 1"))
    evening.look(3)
    assert needs_of(evening.told("server 1")[-1]) == [ref], "the last word may have been lost"


def test_what_one_takes_leaves_the_rounds_of_others_and_stays_in_ones_own() -> None:
    """S0.6: and after a restart it is in nobody's round until the phone tells it again."""
    evening = Evening("server 1", "server 2")
    ref = evening.calls("server 1", "1-1", "crumbs")
    evening.tap("server 2", "at", place="1-2")
    key = evening.tap("server 2", "take", needs=(ref,))
    evening.look()
    mine = evening.told("server 2")[-1]
    assert needs_of(mine) == [ref]
    assert (mine["taken"], mine["stops"][0]["mine"]) == (True, True)
    assert not any(ref in needs_of(said) for said in evening.told("server 1"))

    memory.forget(evening.shift.ref)
    evening.lookouts = evening.fresh()
    evening.look()
    for seat in ("server 1", "server 2"):
        assert not any(ref in needs_of(said) for said in evening.told(seat))
    hello(evening.phones["server 2"].holder, Retold(claims={ref: key}), now=evening.now)
    evening.look()
    assert needs_of(evening.told("server 2")[-1]) == [ref]
    assert evening.told("server 1") == []


@pytest.mark.parametrize("restarted", [False, True])
def test_what_somebody_took_who_is_not_heard_of_again_is_anybodys_again(
    restarted: bool,
) -> None:
    evening = Evening("server 1", "server 2")
    ref = evening.calls("server 1", "2-1", "crumbs")
    evening.tap("server 2", "take", needs=(ref,))
    evening.look()
    evening.open.discard(evening.topic("server 2"))
    if restarted:
        memory.forget(evening.shift.ref)
        evening.lookouts = evening.fresh()
    evening.look(RHYTHM_S)
    evening.look(SILENT_S - 2 * RHYTHM_S)
    assert state(evening, ref) == NeedState.TAKEN
    evening.look(3 * RHYTHM_S)
    assert state(evening, ref) == NeedState.OPEN
    evening.tap("server 2", "done", need=ref)
    assert state(evening, ref) == NeedState.DONE


def test_who_listens_or_said_how_long_it_takes_keeps_what_was_taken() -> None:
    evening = Evening("server 1", "server 2")
    ref, other = [evening.calls("server 1", place, "crumbs") for place in ("1-1", "2-1")]
    evening.tap("server 1", "take", needs=(ref,))
    evening.tap("server 2", "take", needs=(other,))
    evening.open.discard(evening.topic("server 2"))
    memory.of(evening.shift.ref).seat("server 2").busy_until_s = 4 * SILENT_S
    for _ in range(3):
        evening.look(SILENT_S)
    assert (state(evening, ref), state(evening, other)) == (NeedState.TAKEN, NeedState.TAKEN)


def test_the_rhythm_brings_what_nobody_asked_for_once() -> None:
    """S0.1, S0.5: crumbs come four times an hour, and nobody asks for them."""
    evening = Evening("server 1", "server 2")
    evening.tap("server 1", "seated", place="1-1")
    evening.look()
    assert not evening.shift.needs.exists()
    evening.look(16 * 60)
    for _ in range(3):
        evening.look(RHYTHM_S)
    found = evening.shift.needs.values_list("place", "kind", "asked", "source")
    assert ("1-1", "crumbs", False, "rhythm") in found
    assert len(found) == len(set(found)), "each of them once"
    refs = set(evening.shift.needs.values_list("ref", flat=True))
    assert any(refs.intersection(needs_of(said)) for said in evening.told("server 1"))


def test_two_quiet_minutes_are_offered_and_taken_back_when_work_comes() -> None:
    PracticeCard.objects.create(ref="c1", words="Ask <who> is full", put_up_on=OPENED.date())
    evening = Evening("server 1", "server 2")
    evening.look()
    offers = {seat: evening.told(seat, "offer") for seat in evening.phones}
    given = [(seat, told[0]) for seat, told in offers.items() if told]
    assert len(given) == 1, "somebody stays free for what comes"
    seat, offer = given[0]
    assert offer == {"card": "c1", "words": "Ask <who> is full"}
    evening.look(RHYTHM_S)
    assert evening.told(seat, "offer") == [], "not again while it stands"
    evening.calls("server 1", "1-1", "bill")
    evening.look(RHYTHM_S)
    assert evening.told(seat, "offer") == [None]


def test_an_offer_that_was_answered_is_not_made_again_soon() -> None:
    evening = Evening("server 1", "server 2")
    evening.look()
    seat = next(seat for seat in evening.phones if evening.told(seat, "offer"))
    evening.tap(seat, "quiet", words="no")
    for _ in range(5):
        evening.look(RHYTHM_S)
    assert evening.told(seat, "offer") == []


def test_each_seat_is_told_in_its_own_language(monkeypatch: pytest.MonkeyPatch) -> None:
    german = trans_real.translation("de")._catalog
    first = {"yours": "deins", "Walk once past": ""}
    monkeypatch.setattr(german, "_catalogs", [first, *german._catalogs])
    monkeypatch.setattr(german, "_plurals", [german._plurals[0], *german._plurals])
    evening = Evening()
    evening.join("server 1", language="de", nickname="Zoë")
    evening.join("server 2", language="en")
    for place in ("1-1", "2-1"):
        evening.calls("server 1", place, "bill")
    with translation.override("es"):
        evening.look()
        assert translation.get_language() == "es"
    whys = {seat: evening.told(seat)[-1]["stops"][0]["why"] for seat in evening.phones}
    assert whys == {"server 1": "deins", "server 2": "yours"}


def test_owners_are_called_as_they_like_and_by_nobody_else_s_name() -> None:
    """S0.8, S0.10: the neighbour's table on the way stays the neighbour's."""
    evening = Evening()
    evening.join("server 1", nickname="Zoë")
    evening.join("server 2", nickname="Maria")
    evening.tap("server 2", "at", place="2-3")
    evening.calls("server 2", "2-1", "coffee")
    evening.calls("server 1", "2-2", "bill")
    evening.tap("server 1", "at", place="2-1")
    evening.tap("server 1", "hold", item="pot", left=3)
    evening.look()
    said = evening.told("server 1")[-1]
    assert said["note"] == "Table 2-1 stays Maria’s, with its cheque and its tip."
    assert said["carry"] == "you carry the pot"
    assert "bill" not in str(said), "what is for the owner alone is offered to nobody else"


def test_needs_for_the_owner_alone_are_anybodys_while_nobody_holds_the_seat() -> None:
    evening = Evening("server 1")
    ref = evening.calls("server 1", "2-1", "bill")
    evening.look()
    assert ref in needs_of(evening.told("server 1")[-1])
    evening.join("server 2")
    evening.look(3)
    assert ref in needs_of(evening.told("server 2")[-1])
    assert ref not in needs_of(evening.told("server 1")[-1])
    with pytest.raises(TapRefused):
        evening.tap("server 1", "take", needs=(ref,))


def test_what_was_proposed_stays_with_its_seat_while_things_happen_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A round does not change under the eyes of who reads it; what is taken shows, as before."""
    boards: list[Board] = []

    def planned(board: Board, **how: Any) -> dict[str, LiveRound]:
        boards.append(board)
        return rounds_of(board, **how)

    evening = Evening("server 1", "server 2")
    ref = evening.calls("server 1", "1-3", "crumbs")
    evening.look()
    monkeypatch.setattr("upturn.floor.queries.rounds.rounds_of", planned)
    evening.calls("server 2", "2-1", "coffee")
    evening.look(2)
    takers = {need.ref: need.taker for need in boards[-1].needs}
    assert takers.pop(ref) == "server 1"
    assert set(takers.values()) == {""}
    round_ = memory_of(evening, "server 1").round
    assert round_ is not None
    assert [stop["mine"] for stop in round_["stops"] if stop["need"] == ref] == [False]


def test_what_was_proposed_and_declined_is_proposed_to_that_seat_no_more() -> None:
    """S0.14: one tap, and no reason is asked."""
    evening = Evening("server 1", "server 2")
    evening.tap("server 1", "at", place="1-1")
    ref = evening.calls("server 1", "1-1", "crumbs")
    evening.look()
    assert needs_of(evening.told("server 1")[-1]) == [ref]
    evening.tap("server 1", "decline", needs=(ref,))
    evening.look()
    assert evening.told("server 1")[-1] is None
    assert ref not in memory_of(evening, "server 1").meant_s


def test_what_nobody_takes_is_thought_over_again_after_a_while() -> None:
    evening = Evening("server 1", "server 2")
    ref = evening.calls("server 1", "1-1", "crumbs")
    since_s = []
    for after_s in (0.1, MEANT_S / 2, MEANT_S):
        evening.look(after_s)
        since_s.append(memory_of(evening, "server 1").meant_s[ref])
    assert since_s[0] == since_s[1]
    assert since_s[2] == evening.shift.seconds(evening.now)


def test_a_proposal_ends_when_somebody_else_takes_it_whatever_a_tap_answered() -> None:
    evening = Evening("server 1", "server 2")
    evening.tap("server 1", "at", place="1-1")
    ref = evening.calls("server 1", "1-1", "crumbs")
    evening.look()
    round_of(evening.phones["server 1"].holder, now=evening.now)
    evening.tap("server 2", "take", needs=(ref,))
    evening.look()
    assert evening.told("server 1")[-1] is None
    assert needs_of(memory_of(evening, "server 2").round) == [ref]
    assert round_of(evening.phones["server 1"].holder, now=evening.now) is None


def test_what_is_urgent_enters_a_round_that_was_proposed() -> None:
    evening = Evening("server 1")
    evening.tap("server 1", "at", place="1-1")
    crumbs = evening.calls("server 1", "1-3", "crumbs")
    evening.look()
    bill = evening.calls("server 1", "1-1", "bill")
    evening.look()
    assert set(needs_of(evening.told("server 1")[-1])) == {bill, crumbs}


def test_a_closed_shift_is_forgotten_and_no_shift_costs_one_question_in_two_seconds() -> None:
    evening = Evening("server 1")
    evening.look()
    Shift.objects.filter(pk=evening.shift.pk).delete()
    evening.look(RHYTHM_S)
    assert memory.known() == ()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for _ in range(100):
            evening.look(0.05)
    assert len(asked) <= 3
    assert memory.known() == ()


def test_an_open_shift_where_nothing_happens_is_read_at_its_rhythm_alone() -> None:
    evening = Evening("server 1", "server 2")
    evening.look()
    evening.look()
    with CaptureQueriesContext(connection) as asked:
        for _ in range(39):
            evening.look(0.05)
    assert len(asked) <= 1


def test_a_look_costs_few_questions() -> None:
    evening = Evening("server 1", "server 2")
    evening.look()
    evening.calls("server 1", "1-1", "bill")
    with CaptureQueriesContext(connection) as asked:
        evening.look()
    assert len(asked) == 3


def test_rounds_wait_for_a_planner_that_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    evening = Evening("server 1")
    monkeypatch.setattr(ready, "is_made_ready", lambda: False)
    evening.calls("server 1", "1-1", "bill")
    evening.look()
    assert evening.heard == []
    said = round_of(evening.phones["server 1"].holder, now=evening.now)
    assert said is not None
    assert (said["title"], said["stops"]) == ("Rounds come in a moment", [])


def test_a_tap_is_answered_though_no_round_can_be_planned(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    evening = Evening("server 1")
    evening.calls("server 1", "1-1", "bill")

    def breaks(*_: Any, **__: Any) -> None:
        raise ValueError("Zoë took the bill")

    monkeypatch.setattr("upturn.floor.queries.rounds.rounds_of", breaks)
    said = round_of(evening.phones["server 1"].holder, now=evening.now)
    assert said is not None
    assert said["stops"] == []
    assert "ValueError" in caplog.text
    assert "Zoë" not in caplog.text


def test_an_error_is_logged_without_words_and_what_changed_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    evening = Evening("server 1")
    turns = beside.Lookout(say=lambda *_: None, listening=lambda _: 0)
    turns._floors = evening.lookouts
    monkeypatch.setattr("django.utils.timezone.now", lambda: evening.now)

    def breaks(*_: Any, **__: Any) -> None:
        raise ValueError("Zoë took the bill")

    with monkeypatch.context() as broken, caplog.at_level(logging.ERROR):
        broken.setattr("upturn.floor.queries.rounds.rounds_of", breaks)
        evening.calls("server 1", "1-1", "bill")
        assert turns.turn() is False
    assert "Zoë" not in caplog.text
    assert "ValueError" in caplog.text
    assert turns.pause_s >= 1
    turns.turn()
    assert needs_of(evening.told("server 1")[-1])


def test_the_thread_ends_at_once() -> None:
    turns = beside.Lookout(say=lambda *_: None, listening=lambda _: 0)
    turns._floors.look = lambda now: None  # type: ignore[method-assign]
    turns.start()
    turns.stop()
    assert not turns._thread.is_alive()


def test_help_that_was_proposed_gives_way_when_an_own_table_calls() -> None:
    evening = Evening("server 1", "server 2")
    evening.tap("server 1", "at", place="1-1")
    evening.tap("server 2", "at", place="2-1")
    help_ref = evening.calls("server 2", "1-3", "crumbs")
    memory_of(evening, "server 2").meant_s = {help_ref: evening.shift.seconds(evening.now)}
    own = evening.calls("server 1", "2-1", "coffee")
    evening.look()
    assert own in needs_of(evening.told("server 2")[-1])
    assert help_ref in needs_of(evening.told("server 1")[-1])
