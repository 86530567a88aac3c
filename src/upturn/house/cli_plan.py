"""Results of plans from the shell."""

import click
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from upturn.house.cli_ready import need_database
from upturn.plan import jobs


@click.group("plan")
def plan_() -> None:
    """Read what came of plans."""


@plan_.command("read")
def read() -> None:
    """Read every plan in action up to the last whole week.

    It may be run again at any time: a week that was read is not read twice.
    """
    need_database()
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading outcomes", total=None)

        def tell(done: int, readings: int) -> None:
            bar.update(task, completed=done, total=readings)

        found = jobs.read_again(timezone.localdate(), tell=tell)
    click.echo(f"{found} readings." if found else "Nothing new to read.")
