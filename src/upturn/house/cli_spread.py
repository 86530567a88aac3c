"""``upturn exchange spread``: where differences lie, on one's own machine, without names."""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console

from upturn.graph.engine.tabular_errors import TabularError
from upturn.house.spread_file import SMALLEST, SpreadRefused, Told, read_spread
from upturn.stats.errors import StatsError
from upturn.stats.figures import Withheld
from upturn.stats.nested import FEWEST_GROUPS, Part, Spread, nested_spread

FEW_COMPANIES = 10
file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)
LIMITS = (
    "This says where differences lie, not why: other work or other customers of a centre count as "
    "differences of that centre. The ranges are too narrow where one company or centre lies far "
    "off from all others."
)


@click.command("spread")
@click.argument("file", type=file_argument)
def spread_(file: Path) -> None:
    """Say which part of the differences in FILE lies between companies, centres, and within them.

    FILE (CSV or XLSX) has a row for each person, with the columns company (may be missing), centre
    and figure. It is read here; nothing of it is stored or sent, and no figure of a person, a
    centre or a company is printed.
    """
    try:
        told = read_spread(file)
        found = nested_spread(told.figures, told.centres, told.companies)
    except (TabularError, SpreadRefused, StatsError) as error:
        raise click.ClickException(str(error)) from None
    console = Console(highlight=False, markup=False, emoji=False)
    for line in _read(told, file.name):
        console.print(line, soft_wrap=True)
    if isinstance(found, Spread):
        _show(found, console)
    else:
        console.print(f"\n{_nothing(found)}", soft_wrap=True)


def _read(told: Told, file: str) -> Iterator[str]:
    yield (
        f"{told.figures.size:,} people; {file} was read on this machine. "
        "Nothing was stored or sent."
    )
    if told.small:
        left = " Some people were still too few and are left out." if told.left_out else ""
        yield f"Centres of fewer than {SMALLEST} people count together, a company's as one.{left}"
    if told.passed_over:
        yield f"Columns that were not read: {', '.join(told.passed_over)}."


def _nothing(found: Withheld) -> str:
    if found.reason == "all_alike":
        return "Cannot tell: people of one centre all have the same figure. Is it the centre's own?"
    return (
        "Cannot tell: there are too few centres to compare within their companies. It takes "
        f"{found.needed} centres of one company, or {found.needed - 1} more centres than companies."
    )


def _show(found: Spread, console: Console) -> None:
    of = "spread within companies" if isinstance(found.outer, Withheld) else "whole spread"
    console.print(
        f"\nShares of the {of} of {_groups(found)}, each with the range that holds 19 times in "
        "20:\n",
        soft_wrap=True,
    )
    centres = "between centres" if found.outer is None else "between centres of a company"
    if isinstance(found.outer, Part):
        console.print(_row("between companies", found.outer, _said(found.outer)))
    console.print(_row(centres, found.inner, _said(found.inner)))
    console.print(_row("within a centre", found.rest, "people and chance"))
    console.print()
    for line in _notes(found):
        console.print(line, soft_wrap=True)


def _groups(found: Spread) -> str:
    companies = f" of {found.outer.share.n} companies" if isinstance(found.outer, Part) else ""
    return f"{found.inner.share.n} centres{companies}"


def _row(name: str, part: Part, said: str) -> str:
    share = part.share
    reach = f"{_percent(share.low)} to {_percent(share.high)}"
    return f"{name:<28}  {_percent(share.value):>8}  {reach:<20}  {said}"


def _percent(share: float) -> str:
    if 0 < share < 0.005:
        return "under 1%"
    return "over 99%" if 0.995 < share < 1 else f"{share:.0%}"


def _said(part: Part) -> str:
    return "moves together" if part.share.low > 0 else "cannot tell"


def _notes(found: Spread) -> Iterator[str]:
    yield (
        "Moves together: people of one company, or of one centre, are more alike than chance makes "
        "them. Cannot tell: chance alone may have done it."
    )
    if isinstance(found.outer, Withheld):
        yield (
            f"Between companies: cannot tell. It takes {FEWEST_GROUPS} companies; with fewer, the "
            "share would be a guess, and would say something about one of them."
        )
    below = [part for part in (found.outer, found.inner) if isinstance(part, Part)]
    if any(part.below_zero for part in below):
        yield (
            "Where the share is 0%, the groups differ less than chance alone would make them; the "
            "estimate fell below zero and is shown as 0%."
        )
    if isinstance(found.outer, Part) and found.outer.share.n < FEW_COMPANIES:
        yield (
            f"{found.outer.share.n} companies are few: their range is wide, and only more "
            "companies make it narrower, not more people."
        )
    yield "One figure a person cannot tell lasting differences between people from chance."
    yield LIMITS
