"""Comments out of a table: every row comes as a comment, or as what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from hashlib import blake2b
from operator import itemgetter
from typing import NamedTuple

from upturn.graph.engine.names import nearest
from upturn.graph.engine.tabular import Table
from upturn.graph.engine.tabular_columns import DUPLICATE
from upturn.graph.engine.tabular_dates import DateOrder
from upturn.graph.engine.tabular_problems import (
    LEFT_OUT,
    Fault,
    Remedy,
    Repairs,
    RowProblem,
    ragged,
)
from upturn.voice.engine.errors import UnknownColumn
from upturn.voice.engine.intake_cells import (
    TEXT_MAX,
    DateTerms,
    Moment,
    date_reader,
    label_reader,
    name_reader,
    remember,
    text_fault,
)
from upturn.voice.engine.intake_fields import Field
from upturn.voice.engine.intake_mapping import ColumnMap
from upturn.voice.engine.intake_names import KnownNames, language_code
from upturn.voice.engine.intake_problems import NUMBER_REMOVED, SAME_ID
from upturn.voice.engine.intake_scores import Score, score_reader
from upturn.voice.engine.masking import mask

CHANNEL_MAX = 40
EXTERNAL_ID_MAX = 200


class Comment(NamedTuple):
    """A row that can be stored.

    Parameters
    ----------
    row : int
    text : str
        As it came, without blanks around it.
    score : float or None
        On 0 to 10.
    score_raw, scale : str
        As it was given, and on what; ``""`` without a score.
    at : datetime
        UTC.
    touchpoint, place : str
        Key and name; ``""`` where the row names none.
    channel, external_id, language : str
    fingerprint : bytes
        16 bytes, as `fingerprint` makes them.
    masked : int
        How many numbers of cards and accounts were taken out of the words, see `mask`.
    """

    row: int
    text: str
    score: float | None
    score_raw: str
    scale: str
    at: datetime
    touchpoint: str
    place: str
    channel: str
    external_id: str
    language: str
    fingerprint: bytes
    masked: int = 0


def fingerprint(
    text: str,
    *,
    at: datetime | None,
    where: str = "",
    score: float | None = None,
    channel: str = "",
    external_id: str = "",
) -> bytes:
    """Give the 16 bytes by which a comment is known again, so that a file twice changes nothing.

    Parameters
    ----------
    text : str
    at : datetime or None
        Aware; None when only the file as a whole has a day.
    where : str
        Key of the touchpoint, or else the name of the place.
    score : float or None
        On 0 to 10.
    channel : str
    external_id : str
        Where there is one it alone decides.

    Notes
    -----
    BLAKE2b over the parts with a nul between them, which none of them can hold. Two customers who
    said the same on the same day at the same place with the same score look like one; only an id
    can tell them apart.

    >>> fingerprint("Warm", at=None) == fingerprint("Warm", at=None, score=10)
    False
    """
    stamp = at.astimezone(UTC).isoformat() if at else ""
    return _digest(text, stamp, where, score, channel, external_id)


def _digest(
    text: str, stamp: str, where: str, score: float | None, channel: str, external_id: str
) -> bytes:
    given = "" if score is None else repr(float(score))
    content = (
        f"id\0{external_id}" if external_id else "\0".join((text, stamp, where, given, channel))
    )
    return blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def check_rows(
    table: Table,
    mapping: ColumnMap,
    *,
    zone: tzinfo,
    now: datetime,
    known: KnownNames | None = None,
    repairs: Repairs | None = None,
) -> Iterator[Comment | RowProblem]:
    """Read every row of a table of comments.

    Parameters
    ----------
    table : Table
    mapping : ColumnMap
        As `settle` or a person made it.
    zone : tzinfo
        Where dates without a zone were written down.
    now : datetime
        Aware; dates more than a day later are slips of the pen.
    known : KnownNames, optional
        What columns of places and touchpoints may refer to.
    repairs : Repairs, optional
        What a person decided after an earlier dry run.

    Yields
    ------
    Comment or RowProblem
        A row comes as a comment, or as everything that stops it; a comment may follow a remark
        that stops nothing.

    Raises
    ------
    UnknownColumn
        When the map names a column that the file does not have.
    TabularError
        When the file turns out to be damaged or too large.

    Notes
    -----
    Memory grows by about 150 bytes a row, to know duplicates.
    """
    repairs = repairs or Repairs()
    terms = DateTerms(mapping.order or DateOrder.DAY_FIRST, zone, now, mapping.day)
    readers = _readers(table.columns, mapping, terms, known or KnownNames(), repairs)
    width = len(table.columns)
    for row, raw in table.rows():
        if row in repairs.left_out:
            yield Fault(LEFT_OUT).at(row, "", "")
        elif len(raw) != width:
            yield ragged(row, raw, columns=width)
        else:
            cells = repairs.mend(row, raw, table.columns) if repairs.cells else raw
            comment = readers.read(row, cells, shorten=row in repairs.shortened)
            if isinstance(comment, Comment):
                yield comment
            else:
                yield from comment


@dataclass(frozen=True, slots=True)
class _Readers:
    """Readers of the cells of a row, and the rows seen so far."""

    columns: dict[Field, str]
    pick: Callable[[tuple[str, ...]], tuple[str, ...]]
    score: Callable[[str], Score | Fault]
    at: Callable[[str], Moment | Fault]
    place: Callable[[str, str], str | Fault]
    touchpoint: Callable[[str, str], str | Fault]
    channel: Callable[[str], str | Fault]
    external_id: Callable[[str], str | Fault]
    language: Callable[[str], str]
    seen: dict[bytes, int] = field(default_factory=dict)
    contents: dict[bytes, int] = field(default_factory=dict)

    def read(
        self, row: int, cells: tuple[str, ...], *, shorten: bool
    ) -> Comment | list[Comment | RowProblem]:
        """Give a comment, or a list of what is wrong with it and, if that stops nothing, itself."""
        values = self.pick((*cells, ""))
        text = values[0].strip()
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if shorten:
            text = text[:TEXT_MAX].rstrip()
        wrong = text_fault(text)
        text, masked = mask(text)
        score = self.score(values[1])
        moment = self.at(values[2])
        place = self.place(values[4], "")
        touchpoint = self.touchpoint(values[3], "" if isinstance(place, Fault) else place)
        channel = self.channel(values[5])
        external_id = self.external_id(values[6])
        if (
            (wrong and wrong.problem.stops)
            or isinstance(score, Fault)
            or isinstance(moment, Fault)
            or isinstance(touchpoint, Fault)
            or isinstance(place, Fault)
            or isinstance(channel, Fault)
            or isinstance(external_id, Fault)
        ):
            found = (wrong, score, moment, touchpoint, place, channel, external_id)
            return self._report(row, values, found)
        on_ten, raw, scale = score
        at, stamp = moment
        mark = _digest(text, stamp, touchpoint or place, on_ten, channel, external_id)
        first = self.seen.setdefault(mark, row)
        if first != row:
            return self._again(row, first, text if external_id else "", mark)
        if external_id:
            self.contents[mark] = hash(text)
        comment = Comment(
            row, text, on_ten, raw, scale, at, touchpoint, place, channel, external_id,
            self.language(values[7]), mark, masked,
        )  # fmt: skip
        if not (wrong or masked):
            return comment
        remarks = (wrong, Fault(NUMBER_REMOVED, (), {"count": masked}) if masked else None)
        return [*self._remark(row, text, remarks), comment]

    def _report(
        self, row: int, values: tuple[str, ...], found: Iterable[object]
    ) -> list[Comment | RowProblem]:
        faults = [
            (fault, self.columns.get(key, ""), value)
            for key, value, fault in zip(Field, values, found, strict=False)
            if isinstance(fault, Fault)
        ]
        # Nothing else matters about a row that stays out in any case.
        out = [fault for fault in faults if fault[0].problem.remedy is Remedy.NOTHING][:1]
        return [fault.at(row, column, value) for fault, column, value in out or faults]

    def _remark(
        self, row: int, text: str, found: Iterable[Fault | None]
    ) -> list[Comment | RowProblem]:
        column = self.columns.get(Field.TEXT, "")
        return [fault.at(row, column, text) for fault in found if fault]

    def _again(self, row: int, first: int, text: str, mark: bytes) -> list[Comment | RowProblem]:
        other = text and hash(text) != self.contents[mark]
        column = self.columns.get(Field.EXTERNAL_ID if text else Field.TEXT, "")
        fault = Fault(SAME_ID if other else DUPLICATE, (), {"first": first})
        return [fault.at(row, column, text)]


def _readers(
    columns: tuple[str, ...],
    mapping: ColumnMap,
    terms: DateTerms,
    known: KnownNames,
    repairs: Repairs,
) -> _Readers:
    for column in mapping.columns.values():
        if column not in columns:
            raise UnknownColumn(column, columns=columns, nearest=nearest(column, columns))
    names = dict(mapping.columns)
    # A field without a column reads the empty cell behind the last one.
    at = [columns.index(names[key]) if key in names else len(columns) for key in Field]
    instead = {key: repairs.names.get(names.get(key, ""), {}) for key in Field}
    return _Readers(
        columns=names,
        pick=itemgetter(*at),
        score=remember(score_reader(mapping.scale)),
        at=date_reader(terms),
        place=name_reader(known.place_book, instead[Field.PLACE]),
        touchpoint=name_reader(known.touchpoint_book, instead[Field.TOUCHPOINT]),
        channel=label_reader(CHANNEL_MAX, instead[Field.CHANNEL]),
        external_id=label_reader(EXTERNAL_ID_MAX, {}),
        language=remember(language_code),
    )
