"""The six attacks of the specification, with real messages."""

from dataclasses import replace

import pytest

from tests.exchange.engine.rounds import (
    OPENS,
    ROUND_ID,
    Company,
    Round,
    benchmark_of,
    choices,
    forged,
    fresh,
    key_of,
    opened,
    roster_of,
    share_of,
    signed_again,
    submitted,
    wrong,
)
from upturn.exchange.engine.ballot import (
    AcceptedList,
    Member,
    Roster,
    Sums,
    check_ballot,
    take,
)
from upturn.exchange.engine.ballot.group import (
    ORDER,
    read_scalars,
    write_scalar,
    write_scalars,
)
from upturn.exchange.engine.ballot.shares import combine, weights
from upturn.exchange.engine.errors import (
    BadBallot,
    BadBox,
    BadList,
    BadRoster,
    BadTally,
    TooFew,
)


def test_attack_1_a_malformed_ballot_is_rejected_by_host_and_by_every_client() -> None:
    held = fresh()
    bad = forged(held.benchmark, 2, [3, -2, 0, 0, 0, 0, 0, 0])
    with pytest.raises(BadBallot, match="does not prove that coordinate 0 holds 0 or 1"):
        take(held.benchmark, bad, held=None, received_at=OPENS)
    held.ballots[2] = bad
    for at in (1, 3, 4, 5, 6):
        with pytest.raises(BadBallot, match="company 2 does not prove"):
            held.companies[at].confirm(held.listed(), held.ballots)


def test_attack_2_a_wrong_sum_gives_no_result_where_only_t_plus_1_open() -> None:
    held, listed, sums = opened()
    with pytest.raises(BadTally, match="No result is shown"):
        held.tally(listed, [wrong(sums[1]), sums[0], *sums[2:5]])


@pytest.mark.parametrize("liar", [1, 2, 6])
def test_attack_2_with_one_more_opener_the_wrong_one_is_pointed_to(liar: int) -> None:
    held, listed, sums = opened()
    right = held.tally(listed, sums)
    assert right.doubtful == ()
    sums[liar - 1] = wrong(sums[liar - 1])
    found = held.tally(listed, sums)
    assert found.totals == right.totals
    assert found.doubtful == (liar,)


def test_wrong_sums_of_blindings_are_caught_too() -> None:
    held, listed, sums = opened()
    changed = replace(sums[0], blindings=write_scalar(5) + sums[0].blindings[32:])
    signed = replace(changed, signature=key_of(1).sign(changed.said()))
    with pytest.raises(BadTally):
        held.tally(listed, [signed, *sums[1:5]])


def test_attack_3_a_ballot_hidden_from_one_opener_is_caught_at_the_confirmation() -> None:
    held = fresh()
    listed, shorter = held.listed(), held.listed(1, 2, 3, 4, 5)
    confirmations = [
        *held.confirmations(listed, 1, 2, 3, 4, 6),
        *held.confirmations(shorter, 5),
    ]
    with pytest.raises(BadList, match="Company 5 confirmed another list"):
        held.sums(listed, confirmations, 1)
    with pytest.raises(BadList, match="confirmed another list"):
        held.sums(shorter, confirmations, 5)


def test_attack_3_without_the_confirmation_the_totals_do_not_fit() -> None:
    held, listed, sums = opened()
    hidden = unconfirmed_sums(held, 5, [1, 2, 3, 4, 5])
    under_the_name = replace(hidden, list_hash=listed.hash)
    signed = replace(under_the_name, signature=key_of(5).sign(under_the_name.said()))
    with pytest.raises(BadTally):
        held.tally(listed, [*sums[:4], signed])


def unconfirmed_sums(held: Round, holder: int, indices: list[int]) -> Sums:
    """What a holder would post who adds up without asking anybody."""
    rows = [share_of(held, index, holder) for index in indices]
    added = [sum(column) % ORDER for column in zip(*rows, strict=True)]
    half = len(added) // 2
    return Sums(ROUND_ID, b"", holder, write_scalars(added[:half]), write_scalars(added[half:]))


def test_attack_4_another_companys_ballot_under_the_own_name_is_rejected() -> None:
    held = fresh()
    copied = signed_again(replace(held.ballots[1], index=2, serial=9), key_of(2))
    with pytest.raises(BadBallot, match="company 2 does not prove that coordinate 0"):
        take(held.benchmark, copied, held=held.ballots[2], received_at=OPENS)


def test_attack_4_own_proofs_around_anothers_boxes_open_to_nothing() -> None:
    held = fresh()
    own, boxes = held.ballots[2], held.ballots[1].boxes
    mixed = replace(own, boxes=boxes, box_hashes=held.ballots[1].box_hashes)
    held.ballots[2] = signed_again(mixed, key_of(2))
    check_ballot(held.benchmark, held.ballots[2])
    for at in (1, 3, 4, 5, 6):
        with pytest.raises(BadBox, match="company 2 was sealed for something else"):
            held.companies[at].confirm(held.listed(), held.ballots)


@pytest.mark.parametrize("n", [5, 6, 7, 8])
def test_attack_5_t_openers_give_no_result_and_their_sums_fit_every_total(n: int) -> None:
    held = fresh(n)
    listed = held.listed()
    t = held.benchmark.sheet.asked.secret
    sums = held.sums(listed, held.confirmations(listed), *range(1, t + 1))
    with pytest.raises(TooFew, match=f"{t + 1} companies that open are needed and {t} are here"):
        held.tally(listed, sums)
    rows = [read_scalars(one.values)[:1] for one in sums]
    for count in range(n + 1):
        last = pretended(rows, count, t + 1)
        assert combine(weights(range(1, t + 2)), [*rows, [last]]) == [count]


def pretended(rows: list[list[int]], count: int, holder: int) -> int:
    """The share with which the openers' sums would lead to a count: there always is one."""
    at = [0, *range(1, holder)]
    return combine(weights(at, at=holder), [[count], *rows])[0]


@pytest.mark.parametrize("n", [6, 7, 8])
def test_attack_6_with_one_confirmation_missing_n_less_2_colluders_read_a_ballot(n: int) -> None:
    held = fresh(n)
    victim, dropped = 1, 2
    colluders = range(3, n + 1)
    shorter = held.listed(victim, *colluders)
    confirmations = held.confirmations(shorter, victim, *colluders)
    posted = held.sums(shorter, confirmations, victim)[0]
    assert read_by(held, victim, posted, list(colluders)) == choices(n, 1)[victim]
    assert dropped not in dict(shorter.ballots)


def read_by(held: Round, victim: int, posted: Sums, colluders: list[int]) -> list[int]:
    """Take the colluders' own shares from the victim's sums, add theirs of the victim's ballot."""
    known = [share_of(held, one, victim) for one in colluders]
    sums = read_scalars(posted.values) + read_scalars(posted.blindings)
    own = [(total - sum(rest)) % ORDER for total, *rest in zip(sums, *known, strict=True)]
    rows = [own, *(share_of(held, victim, one) for one in colluders)]
    ticks = combine(weights([victim, *colluders]), rows)[:8]
    return [ticks.index(1)]


@pytest.mark.parametrize("n", [6, 7, 8])
def test_attack_6_where_all_confirm_the_dropped_company_stops_it(n: int) -> None:
    held = submitted(benchmark_of(n, metrics=1, all_confirm=True, promised=3), choices(n, 1))
    shorter = held.listed(1, *range(3, n + 1))
    confirmations = held.confirmations(shorter, 1, *range(3, n + 1))
    with pytest.raises(TooFew, match=f"{n} confirmations of one list are needed and {n - 1}"):
        held.sums(shorter, confirmations, 1)
    with pytest.raises(BadList, match=r"The list has no ballot of this company.*do not confirm"):
        held.companies[2].confirm(shorter, held.ballots)


@pytest.mark.parametrize("n", [6, 7, 8])
def test_attack_6_with_the_highest_promise_every_company_must_be_on_the_list(n: int) -> None:
    held = submitted(benchmark_of(n, metrics=1, all_confirm=True), choices(n, 1))
    with pytest.raises(BadList, match=f"withstand {n - 2} colluding members, for which {n} are"):
        held.listed(1, *range(3, n + 1))


def test_attack_6_a_silent_member_and_four_of_seven_find_the_list_too_short() -> None:
    held = fresh(7)
    silent = Company(7, held.benchmark)
    with pytest.raises(BadList, match="promises to withstand 4 colluding members, for which 6"):
        silent.confirm(five_of_seven(held), held.ballots)
    with pytest.raises(BadList, match="5 ballots are on the list"):
        held.companies[1].confirm(five_of_seven(held), held.ballots)


def five_of_seven(held: Round) -> AcceptedList:
    rows = tuple((at, held.ballots[at].hash) for at in (1, 2, 3, 4, 5))
    return AcceptedList(ROUND_ID, held.benchmark.sheet.hash, rows)


def test_five_companies_open_with_five_ballots_or_not_at_all() -> None:
    held = fresh(5)
    with pytest.raises(BadList, match="Ballots of 4 unaffiliated companies"):
        held.listed(1, 2, 3, 4)


def test_four_companies_are_no_roster_and_five_of_one_group_neither() -> None:
    with pytest.raises(BadRoster, match="4 unaffiliated companies"):
        roster_of(4)
    rows = [Member(f"Company {at}", "One owner", key_of(at).public) for at in range(1, 7)]
    with pytest.raises(BadRoster, match="1 unaffiliated"):
        Roster("An exchange", tuple(rows))
