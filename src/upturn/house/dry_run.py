"""A file tried dry: what would come in, what needs somebody, and nothing stored."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.utils import timezone

from upturn.graph import queries as graph
from upturn.graph.engine.tabular import Limits, Table, open_table, sample_rows
from upturn.graph.engine.tabular_columns import match_columns
from upturn.graph.engine.tabular_counts import RowCounts, count_rows
from upturn.graph.engine.tabular_errors import HeaderRefused
from upturn.graph.engine.tabular_measures import MeasureRow, read_measures
from upturn.graph.engine.tabular_names import Known
from upturn.graph.engine.tabular_organisation import (
    PartyRow,
    ServesRow,
    TouchpointRow,
    read_parties,
    read_serves,
    read_touchpoints,
)
from upturn.graph.engine.tabular_problems import Repairs, RowProblem
from upturn.graph.engine.tabular_words import PARTY_WORDS, SERVES_WORDS
from upturn.voice import queries as voice
from upturn.voice.engine.direction import Better, Direction, measure_name, settle_directions
from upturn.voice.engine.intake import Comment, check_rows
from upturn.voice.engine.intake_guess import ColumnGuess, guess_mapping, settle
from upturn.voice.engine.intake_mapping import ColumnMap
from upturn.voice.engine.intake_names import KnownNames
from upturn.voice.engine.intake_servers import (
    ServersComment,
    check_servers_rows,
    guess_servers_columns,
)
from upturn.voice.queries.known import already_stored

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Files somebody hands in, and what that person decided about them."""

    viewer: "Person | None"
    files: tuple[tuple[str, Path], ...]
    asked: ColumnMap | None = None
    repairs: tuple[Repairs, ...] = ()
    better: Mapping[str, Better] = field(default_factory=dict)
    tick: Callable[[int], None] = lambda _rows: None

    def repairs_of(self, position: int) -> Repairs:
        return self.repairs[position] if position < len(self.repairs) else Repairs()


@dataclass(frozen=True, slots=True)
class Tried:
    """One file: its table, what each column becomes, which way measures go, its rows, counted."""

    table: Table
    counts: RowCounts
    guesses: tuple[ColumnGuess, ...] = ()
    directions: tuple[Direction, ...] = ()


def limits() -> Limits:
    return Limits(bytes_max=settings.UPLOAD_BYTES_MAX)


@contextmanager
def opened(given: Given) -> Iterator[tuple[Table, ...]]:
    """Open every file as a table for as long as it is read."""
    with ExitStack() as stack:
        yield tuple(
            open_table(stack.enter_context(path.open("rb")), name=name, limits=limits())
            for name, path in given.files
        )


Row = TypeVar("Row", PartyRow, ServesRow, TouchpointRow, MeasureRow)


def _into(kept: list[Row]) -> Callable[[list[Row]], int]:
    """Keep every row, where rows are few by nature; none of them counts as known."""

    def take(batch: list[Row]) -> int:
        kept.extend(batch)
        return 0

    return take


def known_names() -> KnownNames:
    """Touchpoints and places that a file of comments may refer to."""
    points = graph.touchpoints_by_key().values()
    return KnownNames(
        tuple(Known(point.key, point.name, point.place) for point in points),
        graph.snapshot().places,
    )


def comments(
    given: Given, table: Table
) -> tuple[tuple[ColumnGuess, ...], Iterator[Comment | RowProblem]]:
    """What each column becomes, and every row read that way."""
    known = known_names()
    guesses = guess_mapping(table.columns, sample_rows(table), known=known, asked=given.asked)
    mapping = settle(guesses, day=given.asked.day if given.asked else "")
    rows = check_rows(
        table,
        mapping,
        zone=timezone.get_current_timezone(),
        now=timezone.now(),
        known=known,
        repairs=given.repairs_of(0),
    )
    return guesses, rows


def servers_words(
    given: Given, table: Table
) -> tuple[tuple[ColumnGuess, ...], Iterator[ServersComment | RowProblem]]:
    """What each column becomes, and every row of what those who serve said."""
    now = graph.snapshot()
    parties = [row for row in now.party.values() if row.id not in now.customers]
    guesses = guess_servers_columns(table.columns, sample_rows(table))
    rows = check_servers_rows(
        table,
        guesses,
        parties=[Known(row.key, row.name, row.place) for row in parties],
        zone=timezone.get_current_timezone(),
        now=timezone.now(),
        repairs=given.repairs_of(0),
    )
    return guesses, rows


Said = TypeVar("Said", Comment, ServersComment)
Look = Callable[[Given, Table], tuple[tuple[ColumnGuess, ...], Iterator[Said | RowProblem]]]


def _try_words(given: Given, look: Look[Said]) -> list[Tried]:
    with opened(given) as (table,):
        guesses, rows = look(given, table)
        counts = count_rows(rows, take=already_stored, tick=given.tick)
        return [Tried(table, counts, guesses)]


def try_feedback(given: Given) -> list[Tried]:
    return _try_words(given, comments)


def try_servers_words(given: Given) -> list[Tried]:
    return _try_words(given, servers_words)


@dataclass(slots=True)
class Organisation:
    """Everything the files say of an organisation."""

    parties: list[PartyRow] = field(default_factory=list)
    serves: list[ServesRow] = field(default_factory=list)
    touchpoints: list[TouchpointRow] = field(default_factory=list)


def try_organisation(given: Given) -> tuple[list[Tried], Organisation]:
    """Read parties first, whatever the order of the files, so that edges find them."""
    found = Organisation()
    with opened(given) as tables:
        ordered = sorted(enumerate(tables), key=lambda pair: _turn(pair[1]))
        done = {position: _one(given, table, position, found) for position, table in ordered}
    return [done[position] for position in range(len(given.files))], found


def _turn(table: Table) -> int:
    """0 for parties, 1 for who serves whom, 2 for touchpoints: what the columns say."""
    wanted = ((PARTY_WORDS, ("name", "kind")), (SERVES_WORDS, ("server", "served")))
    for turn, (words, required) in enumerate(wanted):
        try:
            match_columns(table.columns, words, required=required)
        except HeaderRefused:
            continue
        return turn
    return 2


def _one(given: Given, table: Table, position: int, found: Organisation) -> Tried:
    repairs = given.repairs_of(position)
    now = graph.snapshot()
    there = {row.key: Known(row.key, row.name, row.place) for row in now.party.values()}
    there |= {row.key: Known(row.key, row.name, row.place) for row in found.parties}
    turn = _turn(table)
    if turn == 0:
        parties = read_parties(table, repairs=repairs)
        counts = count_rows(parties, take=_into(found.parties))
    elif turn == 1:
        edges = read_serves(table, parties=there.values(), repairs=repairs)
        counts = count_rows(edges, take=_into(found.serves))
    else:
        kinds = {row.key: row.kind for row in now.party.values()}
        kinds |= {row.key: row.kind for row in found.parties}
        whose = [known for key, known in there.items() if kinds[key] == "customers"]
        points = read_touchpoints(table, parties=there.values(), customers=whose, repairs=repairs)
        counts = count_rows(points, take=_into(found.touchpoints))
    return Tried(table, counts)


def try_measures(given: Given) -> tuple[list[Tried], list[MeasureRow]]:
    now = graph.snapshot()
    parties = [Known(row.key, row.name, row.place) for row in now.party.values()]
    keys: Mapping[int, str] = {row.id: row.key for row in now.party.values()}
    edges = {(keys[edge.server_id], keys[edge.served_id]) for edge in now.edge.values()}
    with opened(given) as (table,):
        rows = read_measures(table, parties=parties, edges=edges, repairs=given.repairs_of(0))
        kept: list[MeasureRow] = []
        counts = count_rows(rows, take=_into(kept))
        return [Tried(table, counts, directions=_directions(given, kept))], kept


def _directions(given: Given, rows: list[MeasureRow]) -> tuple[Direction, ...]:
    said: dict[str, Better | None] = {measure_name(row.name): None for row in rows}
    said |= {measure_name(row.name): Better(row.better) for row in rows if row.better}
    return settle_directions(said, chosen=given.better, stored=voice.measure_directions(said))
