"""All answer before anybody reads; ideas rest; listening goes speak, say again, reply."""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.exchange.engine import (
    LISTENING,
    ROUTES,
    HostClock,
    ListeningStep,
    ListeningTurn,
    MoveRefused,
    Round,
    RoundKind,
    RoundPhase,
    RoundRefusal,
    answer_by,
    gone_on,
    host_clock,
    may_take,
    rest_until,
    reveal,
    us_too,
    why_not_on,
)
from upturn.stats.figures import Withheld

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
SIX = frozenset("abcdef")
P, K, N = RoundPhase, RoundKind, RoundRefusal


def a_round(kind: RoundKind = K.QUESTION, *, answered: str = "", **changes: object) -> Round:
    return Round(kind=kind, until=LATER, members=SIX, answered=frozenset(answered), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "answered", "now", "shown"),
    [
        (K.QUESTION, "abcde", NOON, False),
        (K.QUESTION, "abcdef", NOON, True),
        (K.QUESTION, "", LATER, True),
        (K.HOST, "abcdef", NOON, True),
        (K.HOST, "abcde", NOON, False),
        (K.HOST, "abcde", LATER, True),
        (K.HOST, "abcd", LATER, False),
        (K.BRAINSTORM, "abcde", NOON, False),
    ],
)
def test_nobody_reads_before_all_answered_or_the_clock_ends(
    kind: RoundKind, answered: str, now: datetime, shown: bool
) -> None:
    assert reveal(a_round(kind, answered=answered), now) is shown


def test_an_answer_more_never_closes_what_was_open() -> None:
    for kind, count in product(K, range(6)):
        fewer, more = (a_round(kind, answered="abcdef"[:at]) for at in (count, count + 1))
        for now in (NOON, LATER):
            assert reveal(more, now) >= reveal(fewer, now)


@pytest.mark.parametrize(("kind", "at", "to"), list(product(K, P, P)))
def test_phases_come_in_their_one_order(kind: RoundKind, at: RoundPhase, to: RoundPhase) -> None:
    route = ROUTES[kind]
    if at not in route:
        return
    asked = a_round(kind, answered="abcdef", phase=at, rests_until=NOON, host_answered=True)
    follows = at is not P.OVER and to is route[route.index(at) + 1]
    assert (why_not_on(asked, to, now=LATER) is None) is follows


def test_a_brainstorm_is_silent_then_open_then_built_on_and_rests_before_it_is_weighed() -> None:
    asked = a_round(K.BRAINSTORM, answered="abcdef")
    built = gone_on(gone_on(asked, P.READ, now=NOON), P.BUILD, now=NOON)
    assert built.rests_until == datetime(2026, 11, 24, 7, tzinfo=UTC)
    for now in (NOON, built.rests_until - timedelta(seconds=1)):
        assert why_not_on(built, P.WEIGH, now=now) is N.RESTING
        with pytest.raises(MoveRefused, match="rest"):
            gone_on(built, P.WEIGH, now=now)
    assert gone_on(built, P.WEIGH, now=built.rests_until).phase is P.WEIGH


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda now: now.year < 9000))
def test_ideas_rest_over_night_and_twelve_hours(now: datetime) -> None:
    until = rest_until(now)
    assert until.date() > now.date()
    assert timedelta(hours=12) <= until - now <= timedelta(hours=31)


@pytest.mark.parametrize(
    ("asked", "to", "refusal"),
    [
        (a_round(), P.READ, N.STILL_WRITING),
        (a_round(answered="abcdef", stopped=True), P.READ, N.STOPPED),
        (a_round(phase=P.READ, stopped=True), P.OVER, None),
        (a_round(K.HOST, phase=P.READ), P.OVER, N.NOT_ANSWERED),
        (a_round(K.HOST, phase=P.READ, host_answered=True), P.OVER, None),
        (a_round(), P.OVER, N.NOT_NEXT),
    ],
)
def test_what_keeps_a_round_from_going_on(
    asked: Round, to: RoundPhase, refusal: RoundRefusal | None
) -> None:
    assert why_not_on(asked, to, now=NOON) is refusal


@given(st.integers(0, 12))
def test_us_too_is_counted_from_five_companies_and_says_nothing_below(count: int) -> None:
    companies = [str(at) for at in range(count)] * 2
    expected = count if count >= 5 else Withheld("too_few", needed=5, got=0)
    assert us_too(companies) == expected


def test_the_host_s_clock_runs_until_it_answers() -> None:
    due = answer_by(date(2026, 11, 22))
    assert due == date(2026, 12, 6)
    assert host_clock(due, answered_on=None, today=due) is HostClock.RUNNING
    assert host_clock(due, answered_on=None, today=due + timedelta(days=1)) is HostClock.OVERDUE
    late = due + timedelta(days=9)
    assert host_clock(due, answered_on=late, today=late) is HostClock.ANSWERED


A, R, S, Y = (
    ListeningStep.AGAIN,
    ListeningStep.RESTATE,
    ListeningStep.SPEAK,
    ListeningStep.REPLY,
)


@pytest.mark.parametrize(
    ("before", "allowed"),
    [
        ("", {(S, "a"), (S, "b"), (S, "c")}),
        ("Sa", {(R, "b"), (R, "c")}),
        ("Sa Rb", {(A, "a"), (Y, "b")}),
        ("Sa Rb Aa", {(R, "b"), (R, "c")}),
        ("Sa Rb Aa Rc", {(A, "a"), (Y, "c")}),
        ("Sa Rb Yb", {(S, "a"), (S, "b"), (S, "c"), (R, "b"), (R, "c")}),
    ],
)
def test_nobody_replies_before_saying_it_again(
    before: str, allowed: set[tuple[ListeningStep, str]]
) -> None:
    steps = {"S": S, "R": R, "A": A, "Y": Y}
    turns = [ListeningTurn(steps[each[0]], each[1]) for each in before.split()]
    found = {(step, party) for step in ListeningStep for party in "abc"}
    assert {each for each in found if may_take(turns, each[0], party=each[1])} == allowed
    assert set(LISTENING) == {None, *ListeningStep}


def test_a_turn_has_no_place_for_what_was_said() -> None:
    assert set(ListeningTurn.__slots__) == {"step", "party"}
