"""The lab from the shell: policies compared on a floor out of a file."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from upturn.floor.engine.described.checked import check_floor, unusual_sections
from upturn.floor.engine.described.toml_floor import floor_from_toml
from upturn.floor.engine.errors import BadSetting, FloorError
from upturn.floor.engine.lab.conclusions import conclude
from upturn.floor.engine.lab.scenario import Scenario, scenario_from, usual_scenarios, with_setting
from upturn.floor.engine.lab.summary import Summary, summarise
from upturn.floor.engine.needs import needs_expected
from upturn.floor.engine.policy import OwnTheWhole, Pooled, ScanSection
from upturn.floor.engine.shapes import Floor, Kind
from upturn.house.floor_shell import console_of_tables, text_of
from upturn.house.lab_files import Found, write_csv, write_film, write_json
from upturn.house.lab_tables import pooling_table, tables
from upturn.house.lab_words import name_of, pooling_sentence, sentence

if TYPE_CHECKING:
    from upturn.floor.engine.lab.pooling import PoolingStops
    from upturn.floor.engine.runs import Runs

ROWS_MOST = 5_000_000  # needs held at the same time, about 100 bytes each
POOLING_MOST, POOLING_REPS = 2, 100
file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)
output = click.Path(dir_okay=False, writable=True, path_type=Path)
POLICY_HELP = (
    "one-at-a-time, scan, own-the-whole, pooled or skills, with settings: own-the-whole:detour=0. "
    "Again for each to compare; without, all that fit the floor."
)


@click.command("lab")
@click.argument("file", type=file_argument)
@click.option("--policy", "words", multiple=True, metavar="POLICY[:SETTINGS]", help=POLICY_HELP)
@click.option("--hours", type=click.FloatRange(0.1, 168), default=4.0, show_default=True)
@click.option("--reps", type=click.IntRange(2, 100_000), default=200, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True)
@click.option("--loafing", metavar="SHARE", help="Slow-down when a queue is everybody's: 6.9%.")
@click.option("--hands", multiple=True, metavar="ITEM=N", help="What everybody can carry: pot=6.")
@click.option("--json", "as_json", type=output, help="Write everything found, as JSON.")
@click.option("--csv", "as_csv", type=output, help="Write every figure as a row.")
@click.option("--film", type=output, help="Write an hour: .json for a player, .txt to read.")
def lab_(  # noqa: PLR0913, PLR0917 - an option each
    file: Path,
    words: Sequence[str],
    hours: float,
    reps: int,
    seed: int,
    loafing: str | None,
    hands: Sequence[str],
    as_json: Path | None,
    as_csv: Path | None,
    film: Path | None,
) -> None:
    """Compare ways to serve on the floor or contact centre that FILE (TOML) describes.

    Each is tried on the same needs, over and over; every figure comes with its range.
    """
    settings = [("loafing", loafing)] if loafing else []
    settings += [("hands." + name, value) for name, _, value in map(_halves, hands)]
    try:
        _check_outputs(file, [path for path in (as_json, as_csv, film) if path])
        if isnan(hours):  # which passes for being in a range
            raise BadSetting("hours", hours, "give hours from 0.1 to 168")
        floor = _floor(file, settings, hours=hours)
        scenarios = _scenarios(floor, words)
        _check_size(floor, len(scenarios), hours=hours, reps=reps)
        runs = _run(scenarios, hours=hours, reps=reps, seed=seed)
        warm_up_s = max(run.warm_up_s for run in runs)
        summaries = tuple(summarise(run, warm_up_s=warm_up_s) for run in runs)
        found = Found(scenarios, summaries, conclude(summaries))
    except FloorError as error:
        raise click.ClickException(str(error)) from None
    console, names = console_of_tables(), [name_of(one.text) for one in scenarios]
    _show(floor, found, names, console)
    try:
        found = found._replace(pooling=_pooling(found, console))
    except FloorError as error:
        click.echo(f"\nWhere pooling stops paying was not looked for. {error}")
    _conclusions(found, names, console)
    for path, write in ((as_json, write_json), (as_csv, write_csv), (film, write_film)):
        if path:
            _write(write, found, path)


def _check_outputs(file: Path, paths: Sequence[Path]) -> None:
    """Before anything is run: no file is lost, and none cannot be written in the end."""
    taken = [file.resolve()]
    for path in paths:
        if path.resolve() in taken:
            msg = f"{path} is the floor itself, or named twice. Name a file of its own for each."
            raise click.ClickException(msg)
        if not path.parent.is_dir():
            msg = f"{path}: there is no folder {path.parent}. Name a file elsewhere."
            raise click.ClickException(msg)
        taken.append(path.resolve())


def _write(write: Callable[[Found, Path], None], found: Found, path: Path) -> None:
    try:
        write(found, path)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}. Name a file elsewhere."
        raise click.ClickException(msg) from None
    click.echo(f"Written to {path}.")


def _halves(text: str) -> tuple[str, str, str]:
    return text.partition("=")


def _floor(file: Path, settings: Sequence[tuple[str, str]], *, hours: float) -> Floor:
    floor = floor_from_toml(text_of(file))
    for name, value in settings:
        floor = with_setting(floor, name, value)
    return check_floor(floor, hours=hours)


def _scenarios(floor: Floor, words: Sequence[str]) -> tuple[Scenario, ...]:
    if not words:
        return usual_scenarios(floor)
    found = tuple(scenario_from(word, floor) for word in words)
    texts = [one.text for one in found]
    twice = sorted({text for text in texts if texts.count(text) > 1})
    if twice:
        raise click.ClickException(f"{twice[0]} is named twice; name each policy once.")
    return found


def _check_size(floor: Floor, policies: int, *, hours: float, reps: int) -> None:
    rows = policies * needs_expected(floor, hours=hours, reps=reps)
    if rows > ROWS_MOST:
        fit = max(2, reps * ROWS_MOST // rows)
        msg = f"About {rows:,} needs are more than memory is set aside for; take --reps {fit}."
        raise click.ClickException(msg)


def _run(
    scenarios: Sequence[Scenario], *, hours: float, reps: int, seed: int
) -> "tuple[Runs, ...]":
    """Try each on the same needs; nothing is ever silent for long."""
    with _progress() as progress:
        task = progress.add_task("Making the engine ready", total=reps * len(scenarios))
        simulate = _engine()
        runs = []
        for at, one in enumerate(scenarios):

            def tell(done: int, _of: int, *, before: int = at * reps, text: str = one.text) -> None:
                progress.update(task, description=name_of(text), completed=before + done)

            runs.append(
                simulate(
                    one.floor, policy=one.policy, hours=hours, reps=reps, seed=seed, progress=tell
                )
            )
    return tuple(runs)


def _engine() -> "Callable[..., Runs]":
    """Load the engine, and have nobody look through it for garbage: a quarter of a second."""
    gc.disable()
    from upturn.floor.engine import running  # noqa: F401, PLC0415 - numba
    from upturn.floor.engine.simulating import simulate  # noqa: PLC0415 - numba

    gc.freeze()
    gc.enable()
    return simulate


@contextmanager
def _progress() -> Iterator[Progress]:
    console = Console(stderr=True)
    if not console.is_terminal:
        click.echo("Making the engine ready; the first time takes some seconds.", err=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} repetitions"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        yield progress


def _show(floor: Floor, found: Found, names: Sequence[str], console: Console) -> None:
    console.print(_heading(floor, found.summaries[0]), soft_wrap=True)
    for section, count in unusual_sections(floor):
        line = f"Section {section} has {count} tables; six to eight are usual."
        console.print(line, soft_wrap=True)
    for table in tables(found.summaries, names):
        console.print()
        console.print(table)


def _pooling(found: Found, console: Console) -> "tuple[tuple[str, PoolingStops], ...]":
    """Where pooling stops paying, against each policy with sections and help or rounds."""
    others = [one for one in found.scenarios if isinstance(one.policy, OwnTheWhole | ScanSection)]
    if not others or not any(isinstance(one.policy, Pooled) for one in found.scenarios):
        return ()
    from upturn.floor.engine.lab.pooling import pooling_stops_paying  # noqa: PLC0415 - numba

    first = found.summaries[0]
    with Console(stderr=True).status("Looking where pooling stops paying"):
        stops = tuple(
            (
                one.text,
                pooling_stops_paying(
                    one.floor,
                    against=one.policy,
                    hours=first.hours,
                    reps=min(first.reps, POOLING_REPS),
                    seed=first.seed,
                ),
            )
            for one in others[:POOLING_MOST]
        )
    for text, stop in stops:
        console.print()
        console.print(pooling_table(stop, name_of(text)))
    return stops


def _heading(floor: Floor, first: Summary) -> str:
    tables_ = sum(node.kind is Kind.TABLE for node in floor.nodes)
    queues = sum(node.kind is Kind.QUEUE for node in floor.nodes)
    places = (
        f"{tables_} tables in {len(floor.sections)} sections" if tables_ else f"{queues} queues"
    )
    needs = first.ends.counted + first.ends.left_out
    return (
        f"{floor.name or 'Floor'}: {places}, {len(floor.servers)} servers, "
        f"{len(floor.need_types)} kinds of need. {first.reps:,} times {first.hours:g} hours, "
        f"{needs:,} needs for each policy, the same for all; seed {first.seed}."
    )


def _conclusions(found: Found, names: Sequence[str], console: Console) -> None:
    follows = [sentence(one, names) for one in found.conclusions.follows]
    follows += [pooling_sentence(stops, name_of(text)) for text, stops in found.pooling]
    _paragraph("What follows", follows, console)
    doubts = [sentence(one, names) for one in found.conclusions.does_not_follow]
    _paragraph("What does not", doubts, console)


def _paragraph(title: str, sentences: Sequence[str], console: Console) -> None:
    console.print(f"\n{title}", style="bold")
    for one in sentences:
        console.print(f"  {one}", soft_wrap=True)
