"""Closing waves: the only process of the house that opens the ballot box for reading."""

import click
from django.utils import timezone

from upturn.partners.commands import close_wave
from upturn.partners.engine.errors import PartnersError
from upturn.partners.jobs import close_due
from upturn.record.errors import RecordError


@click.command("close")
@click.argument("wave", required=False)
def close_(wave: str | None) -> None:
    """Count WAVE, publish it and erase its ballots; without a name, all waves that are over.

    It may be stopped at any moment and run again: nothing is lost, and nothing counts twice.
    """
    today = timezone.localdate()
    try:
        done = close_due(today) if wave is None else _one(wave)
    except (PartnersError, RecordError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(
        "\n".join(f"Wave {ref} is closed; its ballots are erased." for ref in done)
        or "Nothing is over."
    )


def _one(wave: str) -> tuple[str, ...]:
    close_wave(None, wave, today=timezone.localdate())
    return (wave,)
