"""Attacking what closed waves show, as somebody would who wants to know who said what."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, cast

import click
from django.db import transaction
from rich.console import Console
from rich.table import Table

from upturn.house.attack_reading import Read, Reader, read_wave
from upturn.house.attack_said import Known
from upturn.house.attack_surface import surfaces_of
from upturn.partners import queries
from upturn.people import queries as people
from upturn.people.commands import make_token

if TYPE_CHECKING:
    from upturn.partners.engine import Published
    from upturn.people.models import Scope
    from upturn.privacy.attacks import Report

NAMED = 10
NAMES = {
    "e1_singled_out": "E1 sums and differences: people singled out",
    "e1_in_small_groups": "E1 people in groups of fewer than k",
    "e2_answers": "E2 worlds: answers that are certain",
    "e2_ends": "E2 good or bad ends that are certain",
    "e3_answers": "E3 insider: answers of others that are certain",
    "e3_ends": "E3 ends of others that are certain",
    "e3_certainty": "E3 how sure an insider can be",
    "e4_singled_out": "E4 over time: people singled out",
    "e4_alone": "E4 people alone between two figures",
    "e4_lift": "E4 what a second wave adds about who left",
    "e5_answer": "E5 how sure of an answer",
    "e5_end": "E5 how sure of a bad end",
}


@click.command("attack")
@click.argument("wave", required=False)
def attack_(wave: str | None) -> None:
    """Attack all that closed waves show, up to WAVE, and print what was found beside its bar.

    It opens every page, file and answer to programs as one person of each role, takes the figures
    off them, and assumes that the attacker knows who was asked.
    """
    console = Console(highlight=False)
    readers = _readers()
    found = _closed(readers, upto=wave)
    read = _read_all(readers, found)
    holds = True
    for one, shown, report in zip(found, read, _reports(found, read), strict=True):
        console.print(_table(one, shown, report))
        for strange in shown.strange[:NAMED]:
            console.print(strange, markup=False)
        holds = holds and report.holds and not shown.strange
    if not holds:
        raise click.ClickException("Something is given away. Do not show these waves to anybody.")


def _readers() -> list[Reader]:
    """One person of each role, whoever sees most of them first."""
    return [Reader(person, "") for person in people.one_of_each_role()]


def _closed(readers: Sequence[Reader], *, upto: str | None) -> "list[Published]":
    """Closed waves up to one, oldest first, as whoever sees most sees them."""
    waves = [ref for one in readers[:1] for ref in _refs(one)]
    if upto is not None and upto not in waves:
        msg = f"There is no closed wave {upto}. Closed are: {', '.join(waves) or 'none'}."
        raise click.ClickException(msg)
    if not waves:
        raise click.ClickException("No wave is closed yet, so nothing is shown of any.")
    last = waves.index(upto) if upto else len(waves) - 1
    found = [queries.published(readers[0].person, ref) for ref in waves[: last + 1]]
    return [one for one in found if one]


def _refs(reader: Reader) -> list[str]:
    return [one.ref for one in reversed(queries.closed_waves(reader.person))]


def _read_all(readers: Sequence[Reader], found: "Sequence[Published]") -> list[Read]:
    """Read each wave; the keys for programs and the entries in the log of reading are undone."""
    read: list[Read] = []
    earlier = Known()
    with transaction.atomic():
        keyed = [Reader(reader.person, _key(reader)) for reader in readers]
        for one in found:
            read.append(read_wave(keyed, one, earlier=earlier))
            earlier = read[-1].known
        transaction.set_rollback(True)
    return read


def _key(reader: Reader) -> str:
    """Make a key for programs, which administrators alone can."""
    if not people.is_administrator(reader.person):
        return ""
    scopes = [cast("Scope", "gaps:read")]
    return make_token(reader.person, name="attack", scopes=scopes, ends_on=None)[1]


def _reports(found: "Sequence[Published]", read: Sequence[Read]) -> "Iterator[Report]":
    """Attack each wave together with those before it that asked the same."""
    from upturn.privacy.attacks import run_attacks  # noqa: PLC0415 - scipy

    surfaces = surfaces_of(found, read)
    for at, one in enumerate(found):
        same = [n for n in range(at + 1) if found[n].instrument.key == one.instrument.key]
        yield run_attacks([surfaces[n] for n in same], k=one.k)


def _table(one: "Published", shown: Read, report: "Report") -> Table:
    table = Table(title=f"{one.title}, closed {one.closed_on:%Y-%m-%d} ({one.wave})")
    table.add_column("attack")
    table.add_column("found", justify="right")
    table.add_column("at most", justify="right")
    table.add_column("")
    for gate in report.gates:
        found, bar = f"{gate.found:.3g}", f"{gate.at_most:.3g}"
        table.add_row(NAMES[gate.name], found, bar, _word(gate.holds))
    strange = shown.strange
    table.add_row("figures of no union of blocks", str(len(strange)), "0", _word(not strange))
    alone, teams = own_figures(one)
    table.caption = (
        f"{shown.figures} figures on {shown.opened} pages and files, "
        f"{len(shown.rows)} rows of the base table, {one.answered} of {one.people} answered; "
        f"{alone} of {teams} teams have figures of their own"
    )
    return table


def own_figures(one: "Published") -> tuple[int, int]:
    """What the caution leaves: teams that stand in a group alone, and all teams asked."""
    shown = [group.units for group in one.groups if group.side != "leaders"]
    asked = [*shown, *(group.units for group in one.left_out if group.side != "leaders")]
    alone = {units[0] for units in shown if len(units) == 1}
    return len(alone), len({unit for units in asked for unit in units})


def _word(holds: bool) -> str:  # noqa: FBT001 - one word for one answer
    return "holds" if holds else "[bold]broken[/bold]"
