"""No majority, brakes without a name, dissent that stays and must be answered."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upturn.exchange.engine import (
    Agreement,
    Brake,
    Decision,
    DecisionRefusal,
    Dissent,
    Ground,
    Incomplete,
    MoveRefused,
    Outcome,
    Position,
    Recognition,
    Vote,
    closed,
    common_ground,
    dissent_answered,
    dissent_read,
    dissented,
    most_split,
    outcome,
    positioned,
    recognised,
    stands,
    why_not_close,
)
from upturn.stats.figures import Withheld

SIX = ("Amber", "Birch", "Cedar", "Dune", "Elder", "Fern")
OPEN = Decision(members=frozenset(SIX))
AGREED = replace(OPEN, positions=dict.fromkeys(SIX, Position.CONSENT))
N = DecisionRefusal


@pytest.mark.parametrize("positions", list(product(Position, repeat=3)))
def test_positions_are_never_counted_against_each_other(positions: tuple[Position, ...]) -> None:
    expected = next(
        found
        for position, found in (
            (Position.BRAKES, Outcome.STOPPED),
            (Position.OBJECT, Outcome.OBJECTED),
            (Position.CONCERN, Outcome.CONCERN),
            (Position.CONSENT, Outcome.CONSENT),
        )
        if position in positions
    )
    assert outcome(positions, members=3) is expected
    silent = Outcome.STOPPED if expected is Outcome.STOPPED else Outcome.WAITING
    assert outcome(positions, members=4) is silent


def test_fifty_consents_do_not_outvote_one_objection() -> None:
    assert outcome([Position.CONSENT] * 50 + [Position.OBJECT], members=51) is Outcome.OBJECTED
    assert outcome([], members=0) is Outcome.WAITING


def test_brakes_and_thanks_have_no_place_for_a_name_or_a_number() -> None:
    assert {each.name for each in fields(Brake)} == {"topic", "on", "reason"}
    assert {each.name for each in fields(Recognition)} == {"practice", "reason"}
    assert Brake("coaching", date(2026, 11, 22)).reason == ""
    with pytest.raises(Incomplete):
        recognised("films", reason=" ")
    assert recognised("films", reason="New leaders speak up.").reason
    with pytest.raises(Incomplete, match="no name"):
        positioned(OPEN, Position.BRAKES, party="Amber", words="Stop")


def test_an_objection_has_a_reason_and_stays_as_dissent() -> None:
    with pytest.raises(Incomplete):
        positioned(OPEN, Position.OBJECT, party="Amber")
    at = positioned(OPEN, Position.OBJECT, party="Amber", words="Nights.", would_change="A trial")
    assert at.dissents == (Dissent("Nights.", "Amber", "A trial"),)
    changed = positioned(at, Position.CONSENT, party="Amber")
    assert changed.dissents == at.dissents
    with pytest.raises(MoveRefused):
        positioned(OPEN, Position.CONSENT, party="Stranger")


@pytest.mark.parametrize(("count", "passes"), [(4, False), (5, True), (6, True)])
def test_a_concern_without_a_name_takes_five_members(count: int, passes: bool) -> None:
    few = Decision(members=frozenset(SIX[:count]))
    if passes:
        assert dissented(few, Dissent("Nights.")).dissents[0].party == ""
    else:
        with pytest.raises(Incomplete):
            dissented(few, Dissent("Nights."))


def dissenting(*, read: bool = True, answered: bool = True, review: bool = True) -> Decision:
    at = dissented(AGREED, Dissent("Nights."))
    at = dissent_answered(at, 0, answer="We begin with days.", by="Birch") if answered else at
    at = dissent_read(at) if read else at
    return replace(at, review_on=date(2027, 3, 1)) if review else at


@pytest.mark.parametrize(
    ("decision", "refusal"),
    [
        (OPEN, N.WAITING),
        (AGREED, N.DISSENT_UNREAD),
        (dissent_read(AGREED), None),
        (replace(dissent_read(AGREED), stopped=True), N.STOPPED),
        (dissenting(), None),
        (dissenting(read=False), N.DISSENT_UNREAD),
        (dissenting(answered=False), N.DISSENT_UNANSWERED),
        (dissenting(review=False), N.NO_REVIEW),
        (dissented(dissent_read(AGREED), Dissent("Late.")), N.DISSENT_UNREAD),
        (closed(dissenting()), N.CLOSED),
    ],
)
def test_a_decision_closes_only_when_its_dissent_is_read_and_answered(
    decision: Decision, refusal: DecisionRefusal | None
) -> None:
    assert why_not_close(decision) is refusal
    if refusal is None:
        assert closed(decision).closed_as is stands(decision)
    else:
        with pytest.raises(MoveRefused) as caught:
            closed(decision)
        assert caught.value.code == refusal


def test_dissent_without_a_name_makes_it_a_consent_with_concern() -> None:
    assert closed(dissenting()).closed_as is Outcome.CONCERN
    assert closed(dissent_read(AGREED)).closed_as is Outcome.CONSENT


def test_nobody_answers_the_own_dissent() -> None:
    at = positioned(OPEN, Position.CONCERN, party="Amber", words="Nights.")
    with pytest.raises(MoveRefused):
        dissent_answered(at, 0, answer="Never mind.", by="Amber")
    with pytest.raises(Incomplete):
        dissent_answered(at, 0, answer=" ", by="Birch")


def test_while_the_brakes_are_on_nothing_moves() -> None:
    at = replace(dissented(AGREED, Dissent("Nights.")), stopped=True)
    acts: list[Callable[[], Decision]] = [
        lambda: positioned(at, Position.CONSENT, party="Amber"),
        lambda: dissented(at, Dissent("More.")),
        lambda: dissent_read(at),
        lambda: dissent_answered(at, 0, answer="Yes.", by="Birch"),
        lambda: closed(at),
    ]
    for act in acts:
        with pytest.raises(MoveRefused) as caught:
            act()
        assert caught.value.code == N.STOPPED


@given(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(list(Position)), st.sampled_from(SIX)),
            st.tuples(st.just("read"), st.none()),
            st.tuples(st.just("answer"), st.integers(0, 3)),
            st.tuples(st.just("close"), st.none()),
        ),
        max_size=25,
    )
)
def test_dissent_is_never_lost_whatever_is_done(acts: list[tuple]) -> None:
    at = OPEN
    for act, what in acts:
        before = [(each.words, each.party) for each in at.dissents]
        try:
            if isinstance(act, Position):
                at = positioned(at, act, party=what, words="Because.")
            elif act == "read":
                at = dissent_read(at)
            elif act == "answer":
                at = dissent_answered(at, what, answer="So.", by="Nobody")
            else:
                at = closed(replace(at, review_on=date(2027, 3, 1)))
        except (MoveRefused, Incomplete, IndexError):
            continue
        assert [(each.words, each.party) for each in at.dissents][: len(before)] == before
        if at.closed_as is not None:
            assert all(each.answer for each in at.dissents)


def votes(*companies: tuple[int, int, int]) -> list[tuple[str, Vote]]:
    return [
        (str(at), vote)
        for at, counts in enumerate(companies)
        for vote, count in zip(Vote, counts, strict=True)
        for _voter in range(count)
    ]


@pytest.mark.parametrize(
    ("companies", "ground"),
    [
        ([(6, 0, 0)] * 5, Ground.COMMON),
        ([(5, 0, 0)] * 5, Ground.OPEN),
        ([(60, 0, 0)] * 4 + [(3, 0, 3)], Ground.OPEN),
        ([(20, 0, 20)] * 5, Ground.WORTH_TALKING),
        ([(0, 20, 0)] * 5, Ground.OPEN),
        ([(0, 0, 9)] * 5, Ground.OPEN),
        ([(6, 0, 0)] * 4, None),
        ([(6, 0, 0)] * 4 + [(4, 0, 0)], None),
    ],
)
def test_common_ground_needs_every_company(
    companies: list[tuple[int, int, int]], ground: Ground | None
) -> None:
    found = common_ground(votes(*companies))
    if ground is None:
        assert found == Withheld("too_few", needed=5, got=0)
    else:
        assert isinstance(found, Agreement)
        assert found.ground is ground


def test_a_company_counts_once_however_many_it_brings() -> None:
    found = common_ground(votes((600, 0, 0), *[(0, 0, 6)] * 4))
    assert isinstance(found, Agreement)
    assert found.agree.value == pytest.approx(0.2)
    assert 0 <= found.agree.low < 0.2 < found.agree.high < 0.6


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    from upturn.stats.draws import generator  # noqa: PLC0415 - for this test alone

    draws, shares, held = generator(9, "ground"), [0.9, 0.7, 0.6, 0.4, 0.3, 0.2], 0
    truth, rounds = sum(shares) / len(shares), 600
    for _round in range(rounds):
        agree = [int(draws.binomial(12, share)) for share in shares]
        found = common_ground(votes(*[(hits, 0, 12 - hits) for hits in agree]))
        assert isinstance(found, Agreement)
        held += found.agree.low <= truth <= found.agree.high
    assert 0.93 <= held / rounds <= 0.985


def test_the_most_split_statement_is_named_and_the_others_are_not_ordered() -> None:
    found = {
        "agreed": common_ground(votes(*[(9, 0, 0)] * 5)),
        "split": common_ground(votes(*[(20, 0, 20)] * 5)),
        "leaning": common_ground(votes(*[(25, 0, 15)] * 5)),
        "few": common_ground([]),
    }
    assert most_split(found) == "split"
    assert most_split({"agreed": found["agreed"], "few": found["few"]}) == ""
