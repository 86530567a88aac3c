"""Ground rules for a benchmark: who takes part, what is asked, and when totals may be opened."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations

from upturn.exchange.engine.days import months_later
from upturn.exchange.engine.metrics import FEWEST, METRICS, Light, bins_of, speaks_of, too_narrow
from upturn.exchange.engine.rules import Check, Findings, Offence, SignOff, run

OLD_DAYS = 90
"""How long a period must be over before its figures are compared (rule 3)."""
MONTHS_BETWEEN = 3
OWNER_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Company:
    """Who takes part; companies of one owner belong together."""

    name: str
    owner: str = ""

    @property
    def group(self) -> str:
        """Give the owner, or the company itself where it belongs to nobody else."""
        return self.owner or self.name


@dataclass(frozen=True, slots=True)
class AskedMetric:
    """A metric on a sheet, as it would be shown: its code, name and unit, and its inner edges."""

    code: str
    name: str
    unit: str
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSheet:
    """A round as it is planned.

    Parameters
    ----------
    ref : str
    companies : tuple of Company
    metrics : tuple of AskedMetric
    period : (date, date)
        First and last day the figures speak of.
    fixed_on, opens_on, closes_on : date
        When the bins became public, and when ballots are taken.
    last_closed : date or None
        When the round before closed.
    parts : tuple of frozenset of str
        Names of companies whose totals are to be opened as a part; none: all together.
    """

    ref: str
    companies: tuple[Company, ...]
    metrics: tuple[AskedMetric, ...]
    period: tuple[date, date]
    fixed_on: date
    opens_on: date
    closes_on: date
    last_closed: date | None = None
    parts: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A round that is about to be opened, or was.

    Parameters
    ----------
    ref : str
    roster, accepted : frozenset of Company
        Who was enrolled, and whose ballots are in.
    period : (date, date)
    planned, parts : frozenset of frozenset of str
        Parts on the sheet, and parts that are asked for now.
    opened_before : bool
    """

    ref: str
    roster: frozenset[Company]
    accepted: frozenset[Company]
    period: tuple[date, date]
    planned: frozenset[frozenset[str]] = frozenset()
    parts: frozenset[frozenset[str]] = frozenset()
    opened_before: bool = False


def groups(companies: Iterable[Company]) -> frozenset[str]:
    """Give the owners that stand behind companies, each once."""
    return frozenset(company.group for company in companies)


def _five(companies: Collection[Company]) -> Iterator[Offence]:
    if (count := len(groups(companies))) < FEWEST:
        yield Offence("too_few", {"count": count, "needed": FEWEST})


def _equal(companies: Collection[Company]) -> Iterator[Offence]:
    for name, count in Counter(company.name for company in companies).items():
        if count > 1:
            yield Offence("twice", {"name": name, "count": count})
    for owner, count in Counter(company.group for company in companies).items():
        if count > 1 and count > OWNER_SHARE * len(companies):
            yield Offence("one_owner", {"owner": owner, "count": count, "all": len(companies)})


def _old(sheet: AskedSheet) -> Iterator[Offence]:
    first, last = sheet.period
    if last < first:
        yield Offence("backwards", {"first": first, "last": last})
    if last + timedelta(days=OLD_DAYS) > sheet.opens_on:
        yield Offence("too_young", {"last": last, "opens": sheet.opens_on})


def _quarterly(sheet: AskedSheet) -> Iterator[Offence]:
    last = sheet.last_closed
    if last is not None and sheet.closes_on < (due := months_later(last, MONTHS_BETWEEN)):
        found = {"closes": sheet.closes_on, "last": last, "due": due}
        yield Offence("too_soon", found, sheet.ref)


def _allowed(sheet: AskedSheet) -> Iterator[Offence]:
    for metric in sheet.metrics:
        known = METRICS.get(metric.code)
        if topic := speaks_of(metric.name) or speaks_of(metric.unit):
            yield Offence("forbidden", {"name": metric.name, "unit": metric.unit, "topic": topic})
        elif known is None:
            yield Offence("not_listed", {"metric": metric.code})
        elif metric.unit != known.unit:
            yield Offence("unit", {"metric": metric.code, "unit": metric.unit, "known": known.unit})


def _amber(sheet: AskedSheet) -> Iterator[Offence]:
    for metric in sheet.metrics:
        if metric.code in METRICS and METRICS[metric.code].light is Light.AMBER:
            yield Offence("amber", {"metric": metric.code}, metric.code)


def _public(sheet: AskedSheet) -> Iterator[Offence]:
    if sheet.fixed_on > sheet.opens_on:
        yield Offence("fixed_late", {"fixed": sheet.fixed_on, "opens": sheet.opens_on})
    edges = bins_of(len(sheet.companies)) - 2
    for metric in sheet.metrics:
        if len(metric.edges) != edges:
            yield Offence(
                "edges", {"metric": metric.code, "count": len(metric.edges), "needed": edges}
            )
        if sorted(set(metric.edges)) != list(metric.edges):
            yield Offence("order", {"metric": metric.code, "edges": metric.edges})


def _wide(sheet: AskedSheet) -> Iterator[Offence]:
    for metric in sheet.metrics:
        if len(set(metric.edges)) < 2 or min(metric.edges) <= 0:
            yield Offence("no_middle", {"metric": metric.code, "edges": metric.edges})
        elif (width := too_narrow(sorted(set(metric.edges)))) is not None:
            yield Offence("narrow", {"metric": metric.code, "width": f"{width:g}"})


def _parts(sheet: AskedSheet) -> Iterator[Offence]:
    return _apart(sheet.companies, sheet.parts)


def _apart(companies: Collection[Company], parts: Iterable[Collection[str]]) -> Iterator[Offence]:
    """Find totals that tell, one taken from another, of fewer than five companies."""
    everybody = frozenset(company.name for company in companies)
    totals = [everybody, *(everybody & frozenset(part) for part in parts)]
    for one, other in permutations(totals, 2):
        left = groups(company for company in companies if company.name in one - other)
        if 0 < len(left) < FEWEST:
            yield Offence("difference", {"count": len(left), "names": ", ".join(sorted(left))})
    for part in totals[1:]:
        inside = groups(company for company in companies if company.name in part)
        if len(inside) < FEWEST:
            yield Offence("part", {"count": len(inside)})


_ON_SHEETS: Mapping[int, Check[AskedSheet]] = {
    1: lambda sheet: _five(sheet.companies),
    2: lambda sheet: _equal(sheet.companies),
    3: _old,
    4: _quarterly,
    5: _allowed,
    6: _amber,
    7: _public,
    8: _wide,
    10: _parts,
}


def check_sheet(sheet: AskedSheet, *, sign_offs: Sequence[SignOff] = ()) -> Findings:
    """Hold a planned round against rules 1 to 8 and 10; sign-offs count from before it opens."""
    return run(_ON_SHEETS, sheet, sign_offs=sign_offs, by=sheet.opens_on)


def check_roster(companies: Collection[Company]) -> Findings:
    """Hold a roster against rules 1 and 2.

    Examples
    --------
    >>> check_roster([Company(name) for name in "ABCDE"]).passed
    (1, 2)
    >>> check_roster([Company(name) for name in "ABCD"]).numbers
    (1,)
    """
    return run({1: _five, 2: _equal}, tuple(companies))


def check_opening(this: Opening, previous: Sequence[Opening] = ()) -> Findings:
    """Hold a round that is about to be opened against rules 1, 9 and 10.

    Parameters
    ----------
    this : Opening
    previous : sequence of Opening
        Rounds opened before, in their order. Rule 9 compares rosters and accepted lists with the
        last one, and with each earlier one whose period overlaps.
    """
    compared = [
        other
        for at, other in enumerate(previous, 1)
        if at == len(previous) or _overlap(this.period, other.period)
    ]
    return run(
        {
            1: lambda opening: _five(opening.accepted),
            9: lambda opening: _by_one(opening, compared),
            10: _once,
        },
        this,
    )


def _overlap(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _by_one(this: Opening, previous: Sequence[Opening]) -> Iterator[Offence]:
    for other in previous:
        pairs = (("roster", this.roster, other.roster), ("list", this.accepted, other.accepted))
        for which, now, then in pairs:
            changed = {company.name for company in now} ^ {company.name for company in then}
            if len(changed) == 1:
                yield Offence(which, {"names": ", ".join(changed), "round": other.ref})


def _once(this: Opening) -> Iterator[Offence]:
    if this.opened_before:
        yield Offence("opened", {"round": this.ref})
    for part in this.parts - this.planned:
        yield Offence("unplanned", {"names": ", ".join(sorted(part))})
    yield from _apart(this.accepted, this.parts & this.planned)
