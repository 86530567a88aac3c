"""A sealed benchmark from the sheet to the bundle, and all that can come in wrongly."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.exchange import factories as make
from tests.exchange import rounds
from upturn.exchange.commands import benchmarks, closing_benchmarks, leaving, sealed
from upturn.exchange.commands.refusals import BadSignature, NotYours, TooLow
from upturn.exchange.engine import RulesBroken
from upturn.exchange.engine.ballot import (
    Confirmation,
    pack,
    read_ballot,
    read_sums,
    verify,
)
from upturn.exchange.engine.errors import BadBallot, BadList, BadSums, BallotError, Malformed
from upturn.exchange.models import (
    Benchmark,
    BenchmarkState,
    Rung,
    SealedBox,
    SealedMessage,
)
from upturn.exchange.queries import benchmarks as seen
from upturn.exchange.queries.benchmarks import Quarters
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    return make.opened()


def state(asked: rounds.Round) -> tuple[str, str]:
    row = asked.row
    return row.state, row.refused_because


def test_a_round_from_the_sheet_to_a_bundle_that_verifies(made: make.Made) -> None:
    asked = rounds.whole(made)
    assert state(asked) == ("opened", "")
    bundle = seen.bundle_of(made["Client"].sitting, asked.ref)
    assert bundle is not None
    assert all(step.holds for step in verify(bundle))
    told = {name: seen.totals_of(made[name].sitting, asked.ref) for name in (*make.NAMES, "Client")}
    assert len({each.totals for each in told.values() if each}) == 1
    first = told["Client"]
    assert first is not None
    assert first.complete
    assert [(code, type(shown)) for code, _unit, shown in first.metrics] == [
        (code, Quarters) for code in rounds.CODES
    ]
    assert not SealedBox.objects.exists()


def test_nobody_reads_totals_before_they_are_everybodys(made: make.Made) -> None:
    asked = rounds.submitted(made)
    asked.close()
    asked.confirm()
    asked.open(make.NAMES[:4])
    for viewer in (made["Amber"].sitting, made["Client"].sitting, made.convener):
        assert seen.totals_of(viewer, asked.ref) is None
        assert seen.bundle_of(viewer, asked.ref) is None
    assert for_device(asked, "Amber").totals == b""
    asked.open(make.NAMES[4:5])
    assert all(seen.totals_of(made[name].sitting, asked.ref) for name in (*make.NAMES, "Client"))


def for_device(asked: rounds.Round, name: str) -> seen.ForDevice:
    return seen.for_device(asked.made[name].sitting, asked.ref)


def test_a_company_gets_its_own_boxes_and_nobody_elses(made: make.Made) -> None:
    asked = rounds.submitted(made)
    assert for_device(asked, "Amber").ballots == {}
    asked.close()
    for at, name in enumerate(make.NAMES, 1):
        own = {bytes(each.content) for each in SealedBox.objects.filter(holder=at)}
        assert {box for _ballot, box in for_device(asked, name).ballots.values()} == own
    with pytest.raises(Benchmark.DoesNotExist):
        for_device(asked, "Client")
    with pytest.raises(Benchmark.DoesNotExist):
        seen.benchmark_seen(made["Steward"].sitting, asked.ref)


def test_one_absent_opener_does_not_stop_six(made: make.Made) -> None:
    asked = rounds.submitted(made)
    asked.close()
    asked.confirm(make.NAMES[:5])
    asked.open(make.NAMES[:5])
    assert state(asked) == ("opened", "")
    found = seen.totals_of(made["Amber"].sitting, asked.ref)
    assert found is not None
    assert not found.complete


def test_all_confirm_waits_for_all(made: make.Made) -> None:
    asked = rounds.submitted(made, all_confirm=True)
    asked.close()
    asked.confirm(make.NAMES[:5])
    assert state(asked)[0] == "confirming"
    asked.confirm(make.NAMES[5:])
    assert state(asked)[0] == "opening"


def test_the_same_again_changes_nothing_and_a_later_ballot_replaces(made: make.Made) -> None:
    asked = rounds.drafted(made)
    asked.sign()
    asked.sign()
    first = asked.hand_in({"Amber": (8.0, 1.0)})["Amber"]
    sitting = made["Amber"].sitting
    entries = JournalEntry.objects.count()
    sealed.take_ballot(sitting, asked.ref, first, now=rounds.SENT)
    assert (SealedMessage.objects.filter(kind="ballot").count(), entries) == (
        1,
        JournalEntry.objects.count(),
    )
    second = asked.hand_in({"Amber": (30.0, 5.0)})["Amber"]
    held = SealedMessage.objects.get(kind="ballot")
    assert held.digest == read_ballot(second).hash.hex()
    assert held.boxes.count() == SealedBox.objects.count() == 6
    with pytest.raises(BadBallot):
        sealed.take_ballot(sitting, asked.ref, first, now=rounds.SENT)
    assert for_device(asked, "Amber").serial == 2


def test_a_browser_that_forgot_goes_on_from_the_number_that_is_held(made: make.Made) -> None:
    asked = rounds.drafted(made)
    asked.sign()
    asked.hand_in({"Amber": (8.0, 1.0)})
    forgetful = rounds.Device(made["Amber"], asked.ref)
    again = forgetful.seal(31.0, 1.0)
    with pytest.raises(BadBallot):
        sealed.take_ballot(made["Amber"].sitting, asked.ref, again, now=rounds.SENT)
    forgetful.memory = replace(forgetful.memory, serial=forgetful.packet.serial)
    newer = forgetful.seal(9.0, 1.0)
    sealed.take_ballot(made["Amber"].sitting, asked.ref, newer, now=rounds.SENT)


def test_what_comes_late_early_malformed_copied_or_for_another_is_refused(
    made: make.Made,
) -> None:
    asked = rounds.drafted(made)
    asked.sign()
    amber, birch = made["Amber"].sitting, made["Birch"].sitting
    good = asked.devices["Amber"].seal(8.0, 1.0)
    ballot = read_ballot(good)
    copied = replace(ballot, index=2, signature=made["Birch"].key.sign(b"x"))
    signed_again = replace(
        copied, signature=made["Birch"].key.sign(replace(copied, signature=b"").head)
    )
    wrong: list[tuple[object, bytes, timedelta, type[Exception]]] = [
        (amber, good, timedelta(days=8), BadBallot),
        (amber, good, -timedelta(days=1), BadBallot),
        (amber, good[:-1], timedelta(), Malformed),
        (amber, b"", timedelta(), Malformed),
        (amber, good + b"x", timedelta(), Malformed),
        (amber, ballot.public().written(), timedelta(), BadBallot),
        (birch, good, timedelta(), NotYours),
        (birch, copied.written(), timedelta(), BadBallot),
        (birch, signed_again.written(), timedelta(), BadBallot),
        (amber, pack(["x" * (9 * 2**20)]), timedelta(), BadBallot),
    ]
    for sitting, content, after, why in wrong:
        with pytest.raises(why):
            sealed.take_ballot(sitting, asked.ref, content, now=rounds.SENT + after)  # type: ignore[arg-type]
    assert not SealedMessage.objects.filter(kind="ballot").exists()
    with pytest.raises(NotYours):
        sealed.take_ballot(made["Client"].sitting, asked.ref, good, now=rounds.SENT)


def test_a_ballot_of_another_round_is_refused(made: make.Made) -> None:
    old = rounds.drafted(made, key="an older draft of it")
    old.sign()
    foreign = old.devices["Amber"].seal(8.0, 1.0)
    closing_benchmarks.give_up(made.convener, old.ref)
    asked = rounds.drafted(made)
    asked.sign()
    with pytest.raises(BadBallot):
        sealed.take_ballot(made["Amber"].sitting, asked.ref, foreign, now=rounds.SENT)


def test_roster_signatures_are_each_companys_own(made: make.Made) -> None:
    asked = rounds.drafted(made)
    roster = bytes(asked.row.roster)
    with pytest.raises(BadSignature):
        benchmarks.sign_roster(
            made["Amber"].sitting, asked.ref, signature=made["Birch"].key.sign(roster)
        )
    asked.sign(*make.NAMES[:5])
    assert state(asked)[0] == "roster"
    assert seen.missing_in(made.convener, asked.ref) == (made["Fern"].row.ref,)
    assert seen.benchmark_seen(made["Fern"].sitting, asked.ref).waits_for == "roster"
    asked.close()
    assert state(asked) == ("refused", "unsigned")


def test_who_steps_down_sends_nothing_and_its_ballot_is_left_out(made: make.Made) -> None:
    asked = rounds.submitted(made, promised=1)
    leaving.step(made["Fern"].sitting, Rung.SHARE_PRACTICE, today=make.TODAY)
    with pytest.raises(TooLow):
        sealed.take_ballot(
            made["Fern"].sitting, asked.ref, asked.devices["Fern"].seal(1, 1), now=rounds.SENT
        )
    asked.close()
    assert state(asked) == ("confirming", "")
    assert set(for_device(asked, "Amber").ballots) == {1, 2, 3, 4, 5}
    asked.confirm(make.NAMES[:5])
    asked.open(make.NAMES[:5])
    assert state(asked) == ("opened", "")


def test_a_company_that_leaves_while_ballots_come_in_is_dropped(made: make.Made) -> None:
    asked = rounds.submitted(made, promised=1)
    leaving.leave(made["Fern"].sitting, words_too=True, today=make.TODAY)
    asked.close()
    assert set(for_device(asked, "Amber").ballots) == {1, 2, 3, 4, 5}


def test_a_company_that_leaves_after_the_list_ends_the_round(made: make.Made) -> None:
    asked = rounds.submitted(made)
    asked.close()
    asked.confirm(make.NAMES[:2])
    leaving.leave(made["Fern"].sitting, words_too=False, today=make.TODAY)
    assert state(asked) == ("refused", "left")
    assert not SealedBox.objects.exists()
    assert not SealedMessage.objects.exclude(kind="roster").exists()
    assert "left" in seen.benchmark_seen(made["Amber"].sitting, asked.ref).why


def test_a_company_that_leaves_before_all_signed_ends_the_round(made: make.Made) -> None:
    asked = rounds.drafted(made)
    leaving.leave(made["Fern"].sitting, words_too=False, today=make.TODAY)
    assert state(asked) == ("refused", "left")


def test_too_few_ballots_are_refused_with_the_rule(made: make.Made) -> None:
    asked = rounds.drafted(made)
    asked.sign()
    asked.hand_in(dict.fromkeys(make.NAMES[:4], (8.0, 1.0)))
    asked.close()
    assert state(asked) == ("refused", "rule_1")
    assert not SealedBox.objects.exists()


def test_fewer_ballots_than_the_sheet_promises_are_refused(made: make.Made) -> None:
    asked = rounds.drafted(made, all_confirm=True)
    asked.sign()
    asked.hand_in(dict.fromkeys(make.NAMES[:5], (8.0, 1.0)))
    asked.close()
    assert state(asked) == ("refused", "too_short")


def test_a_list_that_differs_by_one_from_the_last_is_refused_and_a_roster_not_drafted(
    made: make.Made,
) -> None:
    first = rounds.whole(made)
    second = rounds.later(made, first, promised=1)
    second.sign()
    for name in make.NAMES[:5]:
        content = second.devices[name].seal(8.0, 1.0)
        after = rounds.SENT + timedelta(days=100)
        sealed.take_ballot(made[name].sitting, second.ref, content, now=after)
    second.close(rounds.CLOSES + timedelta(days=100))
    assert state(second) == ("refused", "rule_9")
    leaving.step(made["Fern"].sitting, Rung.LISTEN, today=make.TODAY + timedelta(days=101))
    with pytest.raises(RulesBroken) as refused:
        rounds.later(made, first, key="a third draft of it")
    assert {each.number for each in refused.value.refusals} == {9}  # type: ignore[attr-defined]


def test_another_list_that_a_company_signed_stops_everything(made: make.Made) -> None:
    asked = rounds.submitted(made)
    asked.close()
    round_id = asked.devices["Amber"].benchmark.sheet.round_id
    said = Confirmation(round_id, bytes(32), 1)
    forged = replace(said, signature=bytes(64))
    with pytest.raises(BadList):
        sealed.take_confirmation(made["Amber"].sitting, asked.ref, forged.written())
    signed = replace(said, signature=made["Amber"].key.sign(said.said()))
    with pytest.raises(NotYours):
        sealed.take_confirmation(made["Birch"].sitting, asked.ref, signed.written())
    assert state(asked)[0] == "confirming"
    sealed.take_confirmation(made["Amber"].sitting, asked.ref, signed.written())
    assert state(asked) == ("refused", "other_list")


def test_sums_come_once_and_only_after_the_confirmations(made: make.Made) -> None:
    asked = rounds.submitted(made)
    asked.close()
    with pytest.raises(BallotError):
        asked.open(["Amber"])
    asked.confirm()
    sums = asked.devices["Amber"].open()
    amber = made["Amber"].sitting
    sealed.take_sums(amber, asked.ref, sums, now=rounds.CLOSES)
    sealed.take_sums(amber, asked.ref, sums, now=rounds.CLOSES)
    assert SealedMessage.objects.filter(kind="sums").count() == 1
    wrong = read_sums(sums)
    half = replace(wrong, values=wrong.blindings, blindings=wrong.values)
    half = replace(half, signature=made["Amber"].key.sign(half.said()))
    with pytest.raises(BadSums):
        sealed.take_sums(amber, asked.ref, half.written(), now=rounds.CLOSES)
    with pytest.raises(NotYours):
        sealed.take_sums(made["Birch"].sitting, asked.ref, sums, now=rounds.CLOSES)


def _wrong_sums(asked: rounds.Round, name: str) -> bytes:
    sums = read_sums(asked.devices[name].open())
    swapped = replace(sums, values=sums.blindings, blindings=sums.values)
    return replace(swapped, signature=asked.made[name].key.sign(swapped.said())).written()


def test_wrong_sums_are_outvoted_by_the_sixth_and_else_nothing_is_shown(made: make.Made) -> None:
    asked = rounds.submitted(made)
    asked.close()
    asked.confirm()
    wrong = {name: _wrong_sums(asked, name) for name in ("Amber", "Birch")}
    sealed.take_sums(made["Amber"].sitting, asked.ref, wrong["Amber"], now=rounds.CLOSES)
    asked.open(make.NAMES[2:])
    assert state(asked) == ("opening", "")
    sealed.take_sums(made["Birch"].sitting, asked.ref, wrong["Birch"], now=rounds.CLOSES)
    assert state(asked) == ("refused", "bad_sums")
    assert asked.row.totals == b""


def test_a_host_that_stops_in_mid_opening_goes_on(
    made: make.Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = rounds.submitted(made)
    asked.close()
    asked.confirm()

    def stopped(pk: int, *, now: object) -> None:
        raise SystemExit

    with monkeypatch.context() as context:
        context.setattr(sealed, "publish", stopped)
        for name in make.NAMES[:5]:
            with pytest.raises(SystemExit):
                asked.open([name])
    assert state(asked)[0] == "opening"
    assert closing_benchmarks.open_due(rounds.CLOSES) == 1
    assert state(asked) == ("opened", "")
    assert closing_benchmarks.open_due(rounds.CLOSES) == 0


def test_closing_twice_closes_once(made: make.Made) -> None:
    asked = rounds.submitted(made)
    assert closing_benchmarks.close_due(rounds.CLOSES - timedelta(seconds=1)) == 0
    assert closing_benchmarks.close_due(rounds.CLOSES) == 1
    assert closing_benchmarks.close_due(rounds.CLOSES) == 0
    assert asked.row.state == BenchmarkState.CONFIRMING


def test_a_host_ends_a_round_that_waits_for_ever(made: make.Made) -> None:
    asked = rounds.submitted(made)
    asked.close()
    closing_benchmarks.give_up(made.convener, asked.ref)
    assert state(asked) == ("refused", "given_up")
    with pytest.raises(NotYours):
        closing_benchmarks.give_up(made.convener, asked.ref)
    with pytest.raises(Benchmark.DoesNotExist):
        closing_benchmarks.give_up(make.prepared("Other").convener, asked.ref)
