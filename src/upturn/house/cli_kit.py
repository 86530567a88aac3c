"""``upturn exchange kit``: the words of an exchange, for another client to begin with."""

import click

from upturn.exchange.queries.fences import within
from upturn.exchange.queries.kits import kit_on_host


@click.command("kit")
@click.argument("ref")
def kit_(ref: str) -> None:
    """Print the kit of the exchange REF: its words for another client, and nobody who is in it."""
    with within(ref):
        seen = kit_on_host(ref)
    if seen is None:
        msg = (
            f"{ref!r} gives no kit: there is no such exchange here, it has not opened, or not all "
            "have signed its charter. REF stands in its addresses: /exchanges/REF/"
        )
        raise click.ClickException(msg)
    click.echo(seen.file, nl=False)
    for each in seen.stays:
        click.echo(f"Stays here ({each.code}): {each.words}", err=True)
