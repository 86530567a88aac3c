"""Checking the engine of the lab against theory, from the shell."""

import json
from collections.abc import Sequence

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from upturn.floor.engine.checks.checking import CHECKS, check_engine
from upturn.floor.engine.checks.judging import Check
from upturn.floor.engine.errors import FloorError


@click.command("check-engine")
@click.option("--only", multiple=True, metavar="NUMBER", help=f"One of {', '.join(CHECKS)}.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def check_engine_(only: Sequence[str], seed: int, *, as_json: bool) -> None:
    """Hold the simulation against exact theory, and print how far off each figure is.

    z is the difference in standard errors; beyond 4 a check fails, and so does this command.
    """
    console = Console(stderr=True)
    with console.status("Making the engine ready; the first time takes some seconds") as status:

        def tell(number: str, done: int, total: int) -> None:
            status.update(f"Check {number}, {done + 1} of {total}")

        try:
            checks = check_engine(seed=seed, only=only, progress=tell)
        except FloorError as error:
            raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps([check._asdict() for check in checks], indent=1))
    else:
        Console(highlight=False).print(_table(checks))
    failed = [check for check in checks if not check.passed]
    if failed:
        msg = f"{len(failed)} of {len(checks)} checks failed. Do not trust the lab's figures."
        raise click.ClickException(msg)
    click.echo(f"All {len(checks)} checks passed.", err=as_json)


def _table(checks: Sequence[Check]) -> Table:
    table = Table(title="The engine against theory", box=SIMPLE)
    for heading in ("", "what"):
        table.add_column(heading)
    for heading in ("should be", "is", "standard error", "z"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for check in checks:
        table.add_row(
            check.number,
            check.name,
            f"{check.expected:.6g}",
            f"{check.measured:.6g}",
            "" if check.standard_error is None else f"{check.standard_error:.2g}",
            "" if check.z is None else f"{check.z:+.2f}",
            "holds" if check.passed else "[bold]fails[/bold]",
        )
    return table
