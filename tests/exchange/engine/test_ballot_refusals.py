"""What a round refuses: too few, late, copied, doubled, malformed, of another round."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.exchange.engine.rounds import (
    CLOSES,
    OPENS,
    ROUND_ID,
    Company,
    Round,
    benchmark_of,
    choices,
    drawn_from,
    forged,
    fresh,
    key_of,
    opened,
    roster_of,
    share_of,
    signed_again,
    signed_roster,
    submitted,
    whole,
    wrong,
)
from upturn.exchange.engine.ballot import (
    Ballot,
    Benchmark,
    Confirmation,
    Memory,
    accept,
    all_signed,
    check_ballot,
    confirm,
    open_sums,
    seal,
    sign_roster,
    take,
    thresholds,
)
from upturn.exchange.engine.ballot import sealing as sealing_module
from upturn.exchange.engine.ballot.group import (
    ORDER,
    G,
    write_scalars,
)
from upturn.exchange.engine.ballot.keys import seal_for
from upturn.exchange.engine.ballot.proofs import PROOF_BYTES, binding
from upturn.exchange.engine.errors import (
    AlreadySigned,
    BadBallot,
    BadBox,
    BadList,
    BadRoster,
    BadSheet,
    BadSums,
    BadTally,
    TooFew,
)


@pytest.mark.parametrize(
    ("ticks", "what"),
    [([1, 1, 0, 0, 0, 0, 0, 0], "two ticks"), ([0] * 8, "none")],
)
def test_two_ticks_or_none_fail_the_sum_proof(ticks: list[int], what: str) -> None:
    held = whole()
    with pytest.raises(BadBallot, match="does not prove exactly one tick in Metric 1"):
        check_ballot(held.benchmark, forged(held.benchmark, 2, ticks))


def test_an_older_ballot_of_the_same_member_is_refused_by_the_host_and_by_its_owner() -> None:
    held = fresh()
    first = held.ballots[1]
    second = held.companies[1].seal([5])
    newest = take(held.benchmark, second, held=first, received_at=OPENS)
    assert newest is second
    with pytest.raises(BadBallot, match="has the serial 1 and 2 is here already"):
        take(held.benchmark, first, held=second, received_at=OPENS)
    with pytest.raises(BadList, match="an older or another ballot of this company"):
        held.companies[1].confirm(held.listed(), held.ballots)


def test_the_same_ballot_twice_is_no_harm_and_two_of_one_serial_are() -> None:
    held = fresh()
    first = held.ballots[1]
    assert take(held.benchmark, first, held=first, received_at=OPENS) is first
    other, _ = seal(
        key_of(1), held.benchmark, [3], memory=Memory(ROUND_ID), draw=drawn_from("another device")
    )
    with pytest.raises(BadBallot, match="an older one does not"):
        take(held.benchmark, other, held=first, received_at=OPENS)


@pytest.mark.parametrize(("at", "what"), [(OPENS - 1, "early"), (CLOSES, "late")])
def test_a_ballot_outside_the_window_is_refused(at: int, what: str) -> None:
    held = whole()
    with pytest.raises(BadBallot, match=f"comes too {what}"):
        take(held.benchmark, held.ballots[1], held=None, received_at=at)


def test_a_foreign_company_has_no_line_to_put_its_ballot_on() -> None:
    held = whole()
    with pytest.raises(BadRoster, match="No company on this roster has the fingerprint"):
        seal(key_of(9), held.benchmark, [0], memory=Memory(ROUND_ID), draw=drawn_from("foreign"))
    foreign = signed_again(held.ballots[1], key_of(9))
    with pytest.raises(BadBallot, match="is not signed by Company 1"):
        check_ballot(held.benchmark, foreign)
    with pytest.raises(BadRoster, match="Index 9 stands on no line"):
        check_ballot(held.benchmark, signed_again(replace(foreign, index=9), key_of(9)))


def test_a_ballot_of_another_round_is_not_replayed() -> None:
    held = whole()
    sheet = replace(held.benchmark.sheet, round_id=bytes(16))
    with pytest.raises(BadBallot, match="made for another round"):
        check_ballot(Benchmark(held.benchmark.roster, sheet), held.ballots[1])


def test_a_box_swapped_by_the_host_is_seen_by_host_and_holder() -> None:
    held = fresh()
    ballot = held.ballots[1]
    swapped = replace(ballot, boxes=(ballot.boxes[1], ballot.boxes[0], *ballot.boxes[2:]))
    with pytest.raises(BadBallot, match="A box in the ballot of company 1 is not the one"):
        take(held.benchmark, swapped, held=None, received_at=OPENS)
    held.ballots[1] = swapped
    with pytest.raises(BadBox, match="box of company 1 for you is not the one it signed"):
        held.companies[2].confirm(held.listed(), held.ballots)


def test_a_ballot_without_boxes_is_not_taken() -> None:
    held = whole()
    with pytest.raises(BadBallot, match="without its sealed boxes"):
        take(held.benchmark, held.ballots[1].public(), held=None, received_at=OPENS)


def test_a_second_list_is_signed_by_no_device_that_remembers_the_first() -> None:
    held = fresh()
    listed = held.listed()
    said = held.companies[1].confirm(listed, held.ballots)
    assert held.companies[1].confirm(listed, held.ballots) == said
    with pytest.raises(AlreadySigned, match="tell the other companies"):
        held.companies[1].confirm(held.listed(1, 2, 3, 4, 5), held.ballots)


def test_sums_are_made_on_the_confirmed_list_alone_and_are_the_same_again() -> None:
    held = fresh()
    listed = held.listed()
    confirmations = held.confirmations(listed)
    sums = held.companies[1].open(listed, held.ballots, confirmations)
    assert held.companies[1].memory.opened
    assert held.companies[1].open(listed, held.ballots, confirmations) == sums
    with pytest.raises(AlreadySigned):
        held.companies[1].open(held.listed(1, 2, 3, 4, 5), held.ballots, confirmations)


def test_nobody_opens_who_has_not_confirmed() -> None:
    held = fresh()
    listed = held.listed()
    confirmations = held.confirmations(listed, 1, 2, 3, 4, 5)
    with pytest.raises(BadList, match="Confirm it first"):
        held.companies[6].open(listed, held.ballots, confirmations)


def test_two_confirmations_of_one_member_count_once() -> None:
    held = fresh()
    listed = held.listed()
    confirmations = held.confirmations(listed, 1, 2, 3, 4)
    with pytest.raises(TooFew, match="5 confirmations of one list are needed and 4 are here"):
        held.companies[1].open(listed, held.ballots, [*confirmations, confirmations[0]])


def test_a_confirmation_under_anothers_name_stops_the_opening() -> None:
    held = fresh()
    listed = held.listed()
    confirmations = held.confirmations(listed, 1, 2, 3, 4)
    lent = Confirmation(ROUND_ID, listed.hash, 5)
    lent = replace(lent, signature=key_of(4).sign(lent.said()))
    with pytest.raises(BadList, match="not signed by Company 5"):
        held.companies[1].open(listed, held.ballots, [*confirmations, lent])


def test_two_sums_of_one_opener_that_differ_stop_the_tally() -> None:
    held, listed, sums = opened()
    with pytest.raises(BadSums, match="Company 1 posted two sums that differ"):
        held.tally(listed, [*sums, wrong(sums[0])])
    assert held.tally(listed, [*sums, sums[0]]).doubtful == ()


def test_sums_under_anothers_name_or_of_another_list_are_refused() -> None:
    held, listed, sums = opened()
    with pytest.raises(BadSums, match="not signed by it"):
        held.tally(listed, [replace(sums[0], index=2), *sums[2:]])
    with pytest.raises(BadSums, match="on another list"):
        held.tally(held.listed(1, 2, 3, 4, 5), sums)


def test_a_share_off_the_polynomial_gives_no_result_and_names_nobody_for_it() -> None:
    held = fresh()
    held.ballots[1] = with_bad_share(held, 1, 4)
    held.companies[1] = Company(
        1, held.benchmark, Memory(ROUND_ID, serial=1, ballot=held.ballots[1].hash)
    )
    listed = held.listed()
    sums = held.sums(listed, held.confirmations(listed))
    with pytest.raises(BadTally) as refused:
        held.tally(listed, sums[:5])
    assert "Company" not in str(refused.value)
    assert held.tally(listed, sums).doubtful == (4,)


def with_bad_share(held: Round, index: int, holder: int) -> Ballot:
    """A ballot that proves what it must, with one holder's share changed by one."""
    ballot = held.ballots[index]
    share = share_of(held, index, holder)
    share[0] = (share[0] + 1) % ORDER
    said = binding(
        held.benchmark.context(index), serial=1, holder=holder, commitments=ballot.commitments
    )
    box = seal_for(
        key_of(holder).public, said + write_scalars(share), one_time=drawn_from("bad")(32)
    )
    boxes = (*ballot.boxes[: holder - 1], box, *ballot.boxes[holder:])
    hashes = b"".join(map(sealing_module.sha256, boxes))
    return signed_again(replace(ballot, boxes=boxes, box_hashes=hashes), key_of(index))


NOT_CANONICAL: dict[str, Callable[[Ballot], Ballot]] = {
    "a challenge above the order": lambda one: replace(
        one, proofs=one.proofs[:64] + above(one.proofs[64:96]) + one.proofs[96:]
    ),
    "a response above the order": lambda one: replace(
        one, proofs=one.proofs[:128] + above(one.proofs[128:160]) + one.proofs[160:]
    ),
    "a sum proof above the order": lambda one: replace(one, sum_proofs=above(one.sum_proofs)),
    "a commitment that is no point": lambda one: replace(
        one, commitments=b"\xff" * 32 + one.commitments[32:]
    ),
    "the identity": lambda one: replace(one, commitments=bytes(32) + one.commitments[32:]),
    "the base point itself": lambda one: replace(one, commitments=G + one.commitments[32:]),
    "an announcement that is no point": lambda one: replace(
        one, proofs=b"\xff" * 32 + one.proofs[32:]
    ),
}


def above(written: bytes) -> bytes:
    """The same scalar, written as another number."""
    return (int.from_bytes(written, "little") + ORDER).to_bytes(32, "little")


@pytest.mark.parametrize("what", NOT_CANONICAL)
def test_another_encoding_of_the_same_thing_proves_nothing(what: str) -> None:
    held = whole()
    changed = signed_again(NOT_CANONICAL[what](held.ballots[1]), key_of(1))
    with pytest.raises(BadBallot):
        check_ballot(held.benchmark, changed)


def test_sums_above_the_order_are_refused() -> None:
    held, listed, sums = opened()
    changed = replace(sums[0], values=above(sums[0].values[:32]) + sums[0].values[32:])
    signed = replace(changed, signature=key_of(1).sign(changed.said()))
    with pytest.raises(BadSums, match="no canonical scalars"):
        held.tally(listed, [signed, *sums[1:]])


def test_a_proof_holds_at_its_own_coordinate_alone() -> None:
    held = whole()
    ballot = held.ballots[1]
    turned = replace(
        ballot,
        commitments=ballot.commitments[32:] + ballot.commitments[:32],
        proofs=ballot.proofs[PROOF_BYTES:] + ballot.proofs[:PROOF_BYTES],
    )
    with pytest.raises(BadBallot, match="coordinate 0"):
        check_ballot(held.benchmark, signed_again(turned, key_of(1)))


@pytest.mark.parametrize(
    ("before", "listed", "only"),
    [
        ((), (1, 2, 3, 4, 5, 6), None),
        ((1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 5, 6), None),
        ((1, 2, 3, 4, 5), (1, 2, 3, 4, 5), None),
        ((1, 2, 3, 4, 5, 7), (1, 2, 3, 4, 5, 6), None),
        ((1, 2, 3, 4), (1, 2, 3, 4, 5, 6), None),
        ((1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6), 6),
        ((1, 2, 3, 4, 5, 6, 7), (1, 2, 3, 4, 5, 6), 7),
        ((1, 2, 3, 4, 5, 6), (1, 2, 3, 4, 5), 6),
    ],
)
def test_a_list_or_roster_that_changed_by_exactly_one_company_is_not_opened(
    before: tuple[int, ...], listed: tuple[int, ...], only: int | None
) -> None:
    names = tuple(f"Company {at}" for at in before)
    held = submitted(benchmark_of(6, metrics=1, before=names), choices(6, 1))
    if only is None:
        assert len(held.listed(*listed).ballots) == len(listed)
        return
    with pytest.raises(BadList, match=f"only Company {only} came or went"):
        held.listed(*listed)


def test_a_sheet_keeps_to_its_roster_and_to_what_its_numbers_can_keep() -> None:
    benchmark = benchmark_of(6, metrics=1)
    sheet, roster = benchmark.sheet, benchmark.roster
    for changed, what in (
        (replace(sheet, roster=bytes(32)), "another roster"),
        (replace(sheet, asked=thresholds(7)), "not the thresholds of 6"),
        (replace(sheet, promised=4), "it is 3 at most"),
        (replace(sheet, metrics=sheet.metrics * 2), "twice"),
        (replace(sheet, metrics=benchmark_of(12, metrics=1).sheet.metrics), "has 12 bins"),
        (replace(sheet, closes_at=OPENS), "closes before"),
    ):
        with pytest.raises(BadSheet, match=what):
            Benchmark(roster, changed)


@pytest.mark.parametrize("edges", [("70", "70"), ("80", "75"), ("7e1", "80"), ("07", "80")])
def test_edges_are_plain_numbers_that_ascend(edges: tuple[str, str]) -> None:
    benchmark = benchmark_of(6, metrics=1)
    asked = benchmark.sheet.metrics[0]
    changed = replace(asked, edges=(*edges, *asked.edges[2:]))
    with pytest.raises(BadSheet, match=r"ascend|plain decimal"):
        Benchmark(benchmark.roster, replace(benchmark.sheet, metrics=(changed,)))


def test_every_member_signs_the_roster_or_nothing_begins() -> None:
    roster = roster_of(6)
    signed_roster(roster).check()
    signatures = dict(sign_roster(roster, key_of(at)) for at in range(1, 6))
    with pytest.raises(BadRoster, match="signature of Company 6 is not under this roster"):
        all_signed(roster, signatures)
    other = replace(roster, exchange="Another")
    with pytest.raises(BadRoster, match="Company 1"):
        replace(signed_roster(roster), roster=other).check()


def test_a_ballot_made_elsewhere_is_not_confirmed_by_a_device_that_does_not_know_it() -> None:
    held = fresh()
    with pytest.raises(BadList, match="this device made none"):
        Company(1, held.benchmark).confirm(held.listed(), held.ballots)


def test_a_missing_ballot_is_no_ballot() -> None:
    held = fresh()
    listed = held.listed()
    del held.ballots[3]
    with pytest.raises(BadList, match="company 3 is not the one on the list"):
        held.companies[1].confirm(listed, held.ballots)


def test_a_list_out_of_order_or_of_another_round_is_refused() -> None:
    held = fresh()
    listed = held.listed()
    for changed in (
        replace(listed, ballots=listed.ballots[::-1]),
        replace(listed, ballots=(listed.ballots[0], *listed.ballots)),
        replace(listed, round_id=bytes(16)),
        replace(listed, sheet=bytes(32)),
    ):
        with pytest.raises(BadList):
            held.companies[1].confirm(changed, held.ballots)
    assert accept(held.benchmark, reversed(held.ballots.values())) == listed


def test_openers_check_again_what_they_are_sent() -> None:
    held = fresh()
    listed = held.listed()
    confirmations = held.confirmations(listed)
    company = held.companies[1]
    received = company.receive(listed, held.ballots)
    received[2] = received[3]
    with pytest.raises(BadList, match="company 2 is not the one on the list"):
        open_sums(
            company.key,
            held.benchmark,
            listed,
            received=received,
            confirmations=confirmations,
            memory=company.memory,
        )
    with pytest.raises(BadList):
        confirm(company.key, held.benchmark, listed, received=received, memory=company.memory)
