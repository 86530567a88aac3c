"""The sealed benchmark from the shell: keys, ballots, sums, and recomputing a round.

It needs no site. A round is a folder with the files of ``round.zip``, and how they get from company
to host and back is left to whoever runs it; or it is the address of a round's page (``--to``).
"""

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from upturn.exchange.engine.ballot import (
    Band,
    Benchmark,
    Key,
    Memory,
    Metric,
    Tally,
    add_up,
    band,
    confirm,
    new_key,
    open_sums,
    own_position,
    read_bundle,
    recovery_words,
    safety_words,
    seal,
    verify,
    write_key_file,
)
from upturn.exchange.engine.errors import BallotError, TooFew
from upturn.house.ballot_files import KeyFile, RoundFolder, read_figures, write_safely
from upturn.house.ballot_host import Host, HostRefused, HostRound
from upturn.stats import Withheld

file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)
folder_argument = click.Path(exists=True, file_okay=False, path_type=Path)
key_option = click.option(
    "--key", "key_path", type=file_argument, required=True, help="Your company's key file."
)
to_option = click.option("--to", "address", help="Address of the round's page at its host.")
PAUSE_S = 3.0
LOOKS_FOR_ALL = 10
"""How often to look whether the last company confirms too, before sums are given."""


@contextmanager
def _refused() -> Iterator[None]:
    """What the protocol refuses ends with its sentence instead of a traceback."""
    try:
        yield
    except BallotError as error:
        raise click.ClickException(str(error)) from None


@click.command("key")
@click.argument("company")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
def key_(company: str, output: Path) -> None:
    """Make a key for COMPANY and write its key file."""
    if output.exists():
        raise click.ClickException(f"{output} exists; a key is never written over.")
    key = new_key(secrets.token_bytes)
    write_safely(output, write_key_file(key, company=company).encode(), private=True)
    _tell_key(key, output)


def _tell_key(key: Key, output: Path) -> None:
    public = key.public
    click.echo(f"Key file: {output}. Keep it, and a copy elsewhere; nobody can make it anew.")
    click.echo(f"Send the convener:  signing {public.signing.hex()}")
    click.echo(f"                    sealing {public.sealing.hex()}")
    click.echo(f"Fingerprint:        {public.fingerprint.hex()}")
    click.echo(f"Read on the call:   {' '.join(safety_words(public.fingerprint))}")
    click.echo("Write on paper and lock away:")
    words = recovery_words(key)
    for at in range(0, len(words), 8):
        click.echo(f"  {at + 1:2}. {' '.join(words[at : at + 8])}")


def _where(folder: Path | None, address: str | None, file: KeyFile) -> RoundFolder | HostRound:
    if (folder is None) == (address is None):
        raise click.UsageError("Name the round's FOLDER, or the address of its page with --to.")
    return HostRound(Host(address, file)) if address else RoundFolder(folder or Path())


@click.command("seal")
@click.argument("folder", type=folder_argument, required=False)
@to_option
@key_option
@click.option("--figures", type=file_argument, required=True, help="Lines of metric,figure (CSV).")
def seal_(folder: Path | None, address: str | None, key_path: Path, figures: Path) -> None:
    """Seal your figures for a round; only bins are in the ballot, and nobody sees them.

    The round is in FOLDER, which holds roster.bin and sheet.bin; the ballot is written into its
    folder ballots. Or it is at its host, where --to has its page: then the roster is signed if that
    is due, and the ballot sent.
    """
    with _refused():
        file = KeyFile(key_path)
        held = _where(folder, address, file)
        if isinstance(held, HostRound) and held.state == "roster":
            held.sign_roster()
            held = held.look()
            if held.state == "roster":
                click.echo("The roster is signed. Others still have to; run this again later.")
                return
        _seal(held, file, figures)


def _seal(held: RoundFolder | HostRound, file: KeyFile, figures: Path) -> None:
    benchmark = held.benchmark
    values = read_figures(figures, benchmark.sheet)
    pairs = zip(benchmark.sheet.metrics, values, strict=True)
    bins = [metric.bin_of(value) for metric, value in pairs]
    ballot, memory = seal(
        file.key, benchmark, bins, memory=_newest(held, file), draw=secrets.token_bytes
    )
    file.remember(memory)
    path = held.put("ballots", ballot.index, ballot.written())
    for metric, chosen in zip(benchmark.sheet.metrics, bins, strict=True):
        click.echo(f"  {metric.name}: {span_of(metric, chosen)}")
    then = "It is at the host." if isinstance(held, HostRound) else "Send it to the host."
    click.echo(f"Ballot {ballot.serial} is sealed: {path}. {then}")


def _newest(held: RoundFolder | HostRound, file: KeyFile) -> Memory:
    """Give what this machine remembers, from the number on that the host holds of another one."""
    memory = file.memory(held.benchmark.sheet)
    if isinstance(held, HostRound) and held.packet.serial > memory.serial:
        return replace(memory, serial=held.packet.serial)
    return memory


def span_of(metric: Metric, chosen: int) -> str:
    """A bin in words.

    >>> span_of(Metric("Answered in time", "%", ("70", "80", "90"), "60", "95"), 1)
    '70 to below 80 %'
    """
    edges = metric.edges
    if chosen == len(edges) + 1:
        return "not applicable"
    if chosen == 0:
        return f"below {edges[0]} {metric.unit}"
    if chosen == len(edges):
        return f"{edges[-1]} {metric.unit} or more"
    return f"{edges[chosen - 1]} to below {edges[chosen]} {metric.unit}"


@click.command("open")
@click.argument("folder", type=folder_argument, required=False)
@to_option
@key_option
@click.option("--figures", type=file_argument, help="Your figures, to see your own place here.")
@click.option("--wait", is_flag=True, help="Stay until the round is opened (with --to).")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), default="round.zip",
    show_default=True, help="Where the proof of an opened round is kept (with --to).",
)  # fmt: skip
def open_(
    folder: Path | None,
    address: str | None,
    key_path: Path,
    figures: Path | None,
    *,
    wait: bool,
    output: Path,
) -> None:
    """Confirm the accepted list of a round, open with the others, and show the totals.

    Run it again when more has come from the host: it does the next step that is due, and each only
    once. With --wait it stays and does them all.
    """
    with _refused():
        file = KeyFile(key_path)
        held = _where(folder, address, file)
        if isinstance(held, HostRound):
            opened = _through(held, file, wait=wait)
            if opened:
                _show_bundle(opened.bundle(), output, figures)
            return
        try:
            for step in (_confirm, _open):
                click.echo(step(held, file))
            _show(held.benchmark, _tally(held), figures)
        except TooFew as waiting:
            click.echo(str(waiting))


def _through(held: HostRound, file: KeyFile, *, wait: bool) -> HostRound | None:
    """Take each step at the host as it falls due; give the round once it is opened."""
    said = ""
    while held.state != "opened":
        if held.state == "refused":
            raise click.ClickException("This round was not opened. The host’s page says why.")
        try:
            said = _tell(_due(held, file, wait=wait), said)
        except HostRefused:
            if held.look().state == held.state:
                raise  # not because others went on meanwhile
        held = held.look()
        if not wait and held.state != "opened":
            return None
        time.sleep(PAUSE_S if wait else 0)
    return held


def _tell(sentence: str, said: str) -> str:
    """Say a sentence unless it was the last one said."""
    if sentence != said:
        click.echo(sentence)
    return sentence


def _due(held: HostRound, file: KeyFile, *, wait: bool) -> str:
    """Do the step that is due now, and say what was done or what is waited for."""
    if held.state not in {"confirming", "opening"}:
        return "The round is not closed yet. There is no list to confirm."
    memory = file.memory(held.benchmark.sheet)
    index = held.packet.index
    if not memory.confirmed or index not in {one.index for one in held.confirmations()}:
        return _confirm(held, file)
    if held.state == "confirming":
        return "The list is confirmed here. Other companies still have to."
    if memory.opened:
        return "Your sums are at the host. Others still have to send theirs."
    for _look in range(LOOKS_FOR_ALL if wait else 0):
        if held.confirmed_by_all or held.state != "opening":
            break
        time.sleep(PAUSE_S)
        held = held.look()
    return _open(held, file) if held.state == "opening" else "Others were faster."


def _show_bundle(written: bytes, output: Path, figures: Path | None) -> None:
    """Keep the proof, recompute all of it here, and show what it says."""
    write_safely(output, written)
    if wrong := [step for step in verify(written) if not step.holds]:
        raise click.ClickException(f"What the host published does not hold: {wrong[0].sentence}")
    bundle = read_bundle(written)
    benchmark = Benchmark(bundle.roster.roster, bundle.sheet)
    ballots = {ballot.index: ballot for ballot in bundle.ballots}
    tally = add_up(benchmark, bundle.listed, ballots=ballots, sums=bundle.sums)
    _show(benchmark, tally, figures)
    click.echo(f"The proof is in {output}, and it holds: recomputed on this machine.")


def _confirm(held: RoundFolder | HostRound, file: KeyFile) -> str:
    benchmark, listed = held.benchmark, held.listed
    index = benchmark.roster.index_of(file.key.public)
    memory = file.memory(benchmark.sheet)
    said, memory = confirm(
        file.key, benchmark, listed, received=held.received(index), memory=memory
    )
    file.remember(memory)
    path = held.put("confirmations", index, said.written())
    return f"The list of {len(listed.ballots)} ballots holds; confirmed: {path}."


def _open(held: RoundFolder | HostRound, file: KeyFile) -> str:
    benchmark, listed = held.benchmark, held.listed
    index = benchmark.roster.index_of(file.key.public)
    sums, memory = open_sums(
        file.key,
        benchmark,
        listed,
        received=held.received(index),
        confirmations=held.confirmations(),
        memory=file.memory(benchmark.sheet),
    )
    file.remember(memory)
    return f"Your sums are made: {held.put('sums', index, sums.written())}."


def _tally(held: RoundFolder) -> Tally:
    """Totals of what is in the folder; the step before checked every ballot on the list."""
    return add_up(held.benchmark, held.listed, ballots=held.ballots, sums=held.sums())


def _show(benchmark: Benchmark, tally: Tally, figures: Path | None) -> None:
    sheet, console = benchmark.sheet, Console(highlight=False)
    values = read_figures(figures, sheet) if figures else [None] * len(sheet.metrics)
    columns = ["Metric", "Quarter below", "Middle", "Quarter above", "Mean"]
    table = Table(*columns, *(["Your place"] if figures else []), box=None, pad_edge=False)
    for at, metric in enumerate(sheet.metrics):
        found = band(sheet, tally.totals, at)
        place = own_position(sheet, tally.totals, at, value=values[at])
        own = [] if not figures else ["–" if isinstance(place, Withheld) else f"{place.against}"]
        table.add_row(metric.name, *_cells(found, metric.unit), *own)
    console.print(table)
    for opener in tally.doubtful:
        company = benchmark.roster.member(opener).company
        click.echo(f"The sums of {company} do not fit the others and were left out.")


def _cells(found: Band | Withheld, unit: str) -> list[str]:
    if isinstance(found, Withheld):
        return ["fewer than five answered", "", "", ""]
    return [f"{one:g} {unit}" for one in (found.lower, found.middle, found.upper, found.mean)]


@click.command("verify")
@click.argument("bundle", type=file_argument)
@click.option("--json", "as_json", is_flag=True, help="Print the steps as JSON.")
def verify_(bundle: Path, *, as_json: bool) -> None:
    """Recompute a round from its BUNDLE, round.zip, without a network; 1 if anything is wrong."""
    steps = verify(bundle.read_bytes())
    if as_json:
        rows = [{"step": one.code, "holds": one.holds, "says": one.sentence} for one in steps]
        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
    else:
        for step in steps:
            click.echo(f"{'holds ' if step.holds else 'FAILS '} {step.code:14}{step.sentence}")
    if not all(step.holds for step in steps):
        raise SystemExit(1)
