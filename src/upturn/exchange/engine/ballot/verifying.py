"""Recomputing a round from its audit bundle, without a network and without trust in the host."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from upturn.exchange.engine.ballot.accepting import check_confirmations, check_list
from upturn.exchange.engine.ballot.bundle import AuditBundle, read_bundle
from upturn.exchange.engine.ballot.sealing import check_ballot
from upturn.exchange.engine.ballot.sheet import Benchmark
from upturn.exchange.engine.ballot.tally import add_up
from upturn.exchange.engine.errors import BadBallot, BadBundle, BallotError


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was recomputed.

    Parameters
    ----------
    code : str
        bundle, roster, sheet, ballots, list, confirmations, sums, verdict.
    holds : bool
    sentence : str
        What holds, or what does not and why.
    """

    code: str
    holds: bool
    sentence: str


Check = Callable[[AuditBundle], str]


def verify(written: bytes) -> tuple[Step, ...]:
    """Recompute all of a round.

    Parameters
    ----------
    written : bytes
        Of ``round.zip``.

    Returns
    -------
    tuple of Step
        In order; it ends with the first that does not hold, for the later ones rest on it.
    """
    try:
        bundle = read_bundle(written)
    except BadBundle as error:
        return (Step("bundle", holds=False, sentence=str(error)),)
    whole = Step("bundle", holds=True, sentence="The bundle is whole and written as it must be.")
    steps = tuple(_steps(bundle))
    if not all(step.holds for step in steps):
        return (whole, *steps)
    return (whole, *steps, _verdict(bundle, steps))


def with_verdict(bundle: AuditBundle) -> AuditBundle:
    """The bundle with the verdict that recomputing it gives.

    Raises
    ------
    BadBundle
        If a step does not hold: a bundle that fails its own check is not written.
    """
    steps = tuple(_steps(bundle))
    failed = [step for step in steps if not step.holds]
    if failed:
        raise BadBundle(failed[0].sentence)
    return replace(bundle, verdict=_lines(steps))


def _lines(steps: tuple[Step, ...]) -> str:
    return "".join(f"{step.code}: {step.sentence}\n" for step in steps)


def _steps(bundle: AuditBundle) -> Iterator[Step]:
    for code, check in CHECKS.items():
        try:
            sentence = check(bundle)
        except BallotError as error:
            yield Step(code, holds=False, sentence=str(error))
            return
        yield Step(code, holds=True, sentence=sentence)


def _benchmark(bundle: AuditBundle) -> Benchmark:
    return Benchmark(bundle.roster.roster, bundle.sheet)


def _roster(bundle: AuditBundle) -> str:
    bundle.roster.check()
    return f"All {len(bundle.roster.roster)} companies signed the roster."


def _sheet(bundle: AuditBundle) -> str:
    sheet = _benchmark(bundle).sheet
    return (
        f"The sheet is this roster's: {len(sheet.metrics)} metrics, t = {sheet.asked.secret}, "
        f"q = {sheet.asked.signatures}; it withstands {sheet.promised} colluding members beside "
        "a host that cheats."
    )


def _ballots(bundle: AuditBundle) -> str:
    benchmark = _benchmark(bundle)
    for ballot in bundle.ballots:
        check_ballot(benchmark, ballot)
        if ballot.boxes:
            raise BadBallot(f"The ballot of company {ballot.index} is not in its public form.")
    return f"{len(bundle.ballots)} ballots are signed, and prove one tick in every metric."


def _list(bundle: AuditBundle) -> str:
    check_list(_benchmark(bundle), bundle.listed)
    found = tuple((ballot.index, ballot.hash) for ballot in bundle.ballots)
    if found != bundle.listed.ballots:
        raise BadBundle("The ballots in the bundle are not those on the accepted list.")
    return f"The accepted list holds exactly these {len(found)} ballots."


def _confirmations(bundle: AuditBundle) -> str:
    check_confirmations(_benchmark(bundle), bundle.listed, bundle.confirmations)
    _once([one.index for one in bundle.confirmations], "confirmations")
    return f"{len(bundle.confirmations)} companies confirmed this list."


def _once(indices: list[int], what: str) -> None:
    if indices != sorted(set(indices)):
        raise BadBundle(f"The {what} are not one a company, in the order of the roster.")


def _sums(bundle: AuditBundle) -> str:
    ballots = {ballot.index: ballot for ballot in bundle.ballots}
    _once([one.index for one in bundle.sums], "sums")
    found = add_up(_benchmark(bundle), bundle.listed, ballots=ballots, sums=bundle.sums)
    if found.totals != bundle.totals:
        raise BadBundle("The totals in the bundle are not those that the sums give.")
    said = f"The sums of {len(bundle.sums)} companies give the totals, and fit all commitments."
    if found.doubtful:
        members = [bundle.roster.roster.member(one).company for one in found.doubtful]
        said += f" The sums of {', '.join(members)} do not fit the others and were left out."
    return said


def _verdict(bundle: AuditBundle, steps: tuple[Step, ...]) -> Step:
    if _lines(steps) != bundle.verdict:
        said = "The verdict in the bundle is not what recomputing it gives."
        return Step("verdict", holds=False, sentence=said)
    return Step("verdict", holds=True, sentence="The verdict in the bundle is the same.")


CHECKS: dict[str, Check] = {
    "roster": _roster,
    "sheet": _sheet,
    "ballots": _ballots,
    "list": _list,
    "confirmations": _confirmations,
    "sums": _sums,
}
