"""Reading a file of comments from the shell; it needs no site, no database and no settings."""

import csv
import tomllib
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from upturn.graph.engine.tabular import Table, open_table, sample_rows
from upturn.graph.engine.tabular_counts import RowCounts, count_rows
from upturn.graph.engine.tabular_errors import TabularError
from upturn.graph.engine.tabular_limits import Limits
from upturn.graph.engine.tabular_problems import describe
from upturn.voice.engine.embedding import measured_languages, reader_for
from upturn.voice.engine.errors import IntakeError, ReadingError
from upturn.voice.engine.intake import Comment, check_rows
from upturn.voice.engine.intake_guess import guess_mapping, settle
from upturn.voice.engine.intake_mapping import ColumnMap, parse_map
from upturn.voice.engine.intake_names import KnownNames
from upturn.voice.engine.multilingual import load_multilingual
from upturn.voice.engine.read_rows import EARLIER, ReadRow, read_rows, themes_from
from upturn.voice.engine.reading import Reader
from upturn.voice.engine.reading_classes import default_themes
from upturn.voice.engine.reading_languages import UNKNOWN

console = Console(stderr=True)
SHOWN = 20
READERS = ["minilm", "fast", "multilingual"]
BYTES_MAX = 2_000_000_000
TYPES = {
    "row": "BIGINT",
    "score": "DOUBLE",
    "at": "TIMESTAMPTZ",
    "confidence": "DOUBLE",
    "polarity": "TINYINT",
    "polarity_confidence": "DOUBLE",
    "near_duplicate": "BOOLEAN",
    "bot_like": "BOOLEAN",
    "numbers_removed": "INTEGER",
}
file_argument = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("read")
@click.argument("file", type=file_argument)
@click.option("--themes", type=file_argument, help="Your themes (TOML); without, general ones.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--map", "spec", help="Say what columns are: text=review,score=stars:1-5,at=date")
@click.option("--reader", type=click.Choice(READERS), default="minilm")
def read_(file: Path, themes: Path | None, output: Path, spec: str | None, reader: str) -> None:
    """Read customers' words in FILE (CSV or XLSX) into OUTPUT (.parquet or .csv)."""
    if output.suffix not in {".parquet", ".csv"}:
        raise click.ClickException(f"“{output.name}”: name it .parquet or .csv.")
    try:
        prepared = _reader(themes, reader)
        with file.open("rb") as stream:
            table = open_table(stream, name=file.name, limits=Limits(bytes_max=BYTES_MAX))
            with _rows_into(output) as write:
                counts, languages = _read(table, spec, prepared, write)
    except (TabularError, IntakeError, ReadingError, tomllib.TOMLDecodeError) as error:
        raise click.ClickException(str(error)) from None
    _tell(file, output, counts)
    _tell_unmeasured(languages, measured=measured_languages(reader))


def _reader(themes: Path | None, name: str) -> Reader:
    embedder = load_multilingual() if name == "multilingual" else reader_for(name)
    if embedder.name != name:
        click.echo("The sentence model is not installed; the fast reader reads instead.", err=True)
    if themes is None:
        return Reader.fit(default_themes(), embedder=embedder)
    classes, labelled = themes_from(tomllib.loads(themes.read_text(encoding="utf-8")))
    return Reader.fit(classes, labelled=labelled, embedder=embedder)


def _read(
    table: Table, spec: str | None, reader: Reader, write: Callable[[ReadRow], Any]
) -> tuple[RowCounts, Counter[str]]:
    now = datetime.now(UTC)
    mapping = _mapping(table, spec, now)
    earlier: deque[Comment] = deque(maxlen=EARLIER)
    languages: Counter[str] = Counter()
    with _progress() as progress:
        task = progress.add_task("Reading", total=sum(1 for _ in table.rows()))

        def take(batch: list[Comment]) -> int:
            for row in read_rows(reader, batch, earlier=tuple(earlier)):
                write(row)
                languages[row.language] += 1
            earlier.extend(batch)
            return 0

        rows = check_rows(table, mapping, zone=UTC, now=now)
        counts = count_rows(rows, take=take, tick=lambda at: progress.update(task, completed=at))
    return counts, languages


def _mapping(table: Table, spec: str | None, now: datetime) -> ColumnMap:
    """What each column is; rows without a date were said today."""
    asked = parse_map(spec, table.columns) if spec else None
    guesses = guess_mapping(table.columns, sample_rows(table), known=KnownNames(), asked=asked)
    return settle(guesses, day=(asked.day if asked else "") or f"{now:%Y-%m-%d}")


def _progress() -> Progress:
    return Progress(
        TextColumn("Reading"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} rows"),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


@contextmanager
def _rows_into(output: Path) -> Iterator[Callable[[ReadRow], Any]]:
    """Write rows beside the output, which is put in place whole or not at all."""
    with TemporaryDirectory(dir=output.parent, prefix=f".{output.name}") as folder:
        beside = Path(folder) / "rows.csv"
        with beside.open("w", encoding="utf-8", newline="") as stream:
            yield _writer(stream)
        if output.suffix == ".parquet":
            beside = _as_parquet(beside)
        beside.replace(output)


def _writer(stream: TextIO) -> Callable[[ReadRow], Any]:
    lines = csv.writer(stream)
    lines.writerow(ReadRow._fields)
    return lines.writerow


def _as_parquet(rows: Path) -> Path:
    import duckdb  # noqa: PLC0415 - 65 MB that only this needs

    written = rows.with_suffix(".parquet")
    columns = {name: TYPES.get(name, "VARCHAR") for name in ReadRow._fields}
    with duckdb.connect(config={"memory_limit": "500MB", "threads": 2}) as connection:
        found = connection.read_csv(
            str(rows), header=True, columns=columns, quotechar='"', escapechar='"', delimiter=","
        )
        found.write_parquet(str(written), compression="zstd")
    return written


def _tell(file: Path, output: Path, counts: RowCounts) -> None:
    for group in counts.problems.groups[:SHOWN]:
        found = group.first
        times = f" ({group.count} rows)" if group.count > 1 else ""
        click.echo(f"  row {found.row}, {found.column}: {found.value!r}{times} {describe(found)}")
    out = counts.left_out + counts.need_you + counts.same
    click.echo(f"{file.name}: {counts.ready:,} comments read into {output}, {out:,} left out.")


def _tell_unmeasured(languages: Counter[str], *, measured: Collection[str]) -> None:
    others = sorted(languages.keys() - {*measured, UNKNOWN})
    if others:
        listed = ", ".join(f"{code} {languages[code]:,}" for code in others)
        click.echo(
            f"Languages in which this reader was never measured: {listed}. "
            "Look at some of those comments before you rely on them."
        )
