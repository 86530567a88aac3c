"""Words of those who serve, out of a table: of which party, what, and when; never who."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import NamedTuple

from upturn.graph.engine.tabular import Table, sample_rows
from upturn.graph.engine.tabular_calendar import weigh_dates
from upturn.graph.engine.tabular_columns import DUPLICATE, Cells, match_columns, read_cells
from upturn.graph.engine.tabular_errors import gettext_noop
from upturn.graph.engine.tabular_names import Known, NameBook, book_of
from upturn.graph.engine.tabular_problems import (
    LEFT_OUT,
    Fault,
    Problem,
    Remedy,
    Repairs,
    RowProblem,
)
from upturn.graph.engine.tabular_words import fold
from upturn.voice.engine.intake import EXTERNAL_ID_MAX, fingerprint
from upturn.voice.engine.intake_cells import (
    TEXT_MAX,
    DateTerms,
    Moment,
    date_reader,
    label_reader,
    text_fault,
)
from upturn.voice.engine.intake_fields import WORDS, Field, holds_who, name_fits, says_who
from upturn.voice.engine.intake_guess import AGREE, IDENTITY, NOT_NEEDED, Certainty, ColumnGuess
from upturn.voice.engine.intake_names import KnownNames
from upturn.voice.engine.intake_problems import NO_WORDS, NUMBER_REMOVED, SAME_ID
from upturn.voice.engine.intake_profile import CONTENT_FITS, NOT, Profile, profile_of
from upturn.voice.engine.masking import mask

SERVER_UNKNOWN = Problem(
    "server_unknown",
    gettext_noop("No party that serves has this name."),
    gettext_noop("Add it to the organisation first, or leave the row out."),
    Remedy.CHOOSE,
)


class ServersField(StrEnum):
    """What is read of the words of those who serve; everything else is left out."""

    PARTY = "party"
    TEXT = "text"
    AT = "at"
    EXTERNAL_ID = "external_id"


# A name alone may be a person's; beside one of these words it is a party's.
_PARTIES = "party,team,department,unit,group,abteilung,gruppe,equipo,équipe,reparto,afdeling"
_NAMED = [f"{word} {name}" for word in _PARTIES.split(",") for name in ("name", "key")]
SERVERS_WORDS: Mapping[str, str] = {
    ServersField.PARTY: ",".join([_PARTIES, *_NAMED]),
    ServersField.TEXT: ",".join(["text", *sorted(WORDS[Field.TEXT])]),
    ServersField.AT: ",".join(["at", *sorted(WORDS[Field.AT])]),
}


class ServersComment(NamedTuple):
    """A row that can be stored.

    Parameters
    ----------
    row : int
    party : str
        Key.
    text : str
        Without numbers of cards and accounts.
    at : datetime
        UTC.
    external_id : str
    fingerprint : bytes
    masked : int
        How many numbers were taken out of the words.
    """

    row: int
    party: str
    text: str
    at: datetime
    external_id: str
    fingerprint: bytes
    masked: int = 0


def servers_fingerprint(text: str, *, at: datetime, party: str, external_id: str = "") -> bytes:
    """Give the 16 bytes by which words of servers are known again, apart from all of customers.

    >>> at = datetime.fromisoformat("2026-11-16T12:00+00:00")
    >>> ours = servers_fingerprint("Late", at=at, party="kitchen", external_id="17")
    >>> ours == fingerprint("Late", at=at, external_id="17")
    False
    """
    own = f"servers {external_id}" if external_id else ""
    return fingerprint(text, at=at, where=f"servers {party}", external_id=own)


def guess_servers_columns(
    columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[ColumnGuess, ...]:
    """Say what every column of a file of servers' words becomes, by what it is called.

    Parameters
    ----------
    columns : sequence of str
    rows : sequence of rows
        A sample from the whole file, such as `sample_rows` takes.

    Returns
    -------
    tuple of ColumnGuess
        In the order of the columns. One that says who somebody is, is left out always.

    Raises
    ------
    HeaderRefused
        When the party, the words or the date has no column.

    >>> rows = [("Kitchen", "The dish machine stood still", "2026-11-16", "ann@example.org")]
    >>> guesses = guess_servers_columns(["team", "words", "date", "sender"], rows)
    >>> [str(guess.becomes) for guess in guesses]
    ['party', 'text', 'at', 'None']
    """
    profiles = [profile_of(name, [row[at] for row in rows]) for at, name in enumerate(columns)]
    readable = ["" if _is_private(one) else one.column for one in profiles]
    found = {
        at: ServersField(name)
        for name, at in match_columns(readable, SERVERS_WORDS, required=list(SERVERS_WORDS)).items()
    }
    for at, profile in enumerate(profiles):
        if at not in found and readable[at] and _is_id(profile):
            found[at] = ServersField.EXTERNAL_ID
            break
    return tuple(_guess(one, found.get(at)) for at, one in enumerate(profiles))


def _is_private(profile: Profile) -> bool:
    named = says_who(profile.column) and fold(profile.column) not in map(fold, _NAMED)
    return named or holds_who(list(profile.given))


def _is_id(profile: Profile) -> bool:
    """Whether these are ids; mere numbers of rows mean other rows in the next file."""
    fit = CONTENT_FITS[Field.EXTERNAL_ID](profile, KnownNames())
    return fit != NOT and name_fits(profile.column, Field.EXTERNAL_ID) == 3


def _guess(profile: Profile, becomes: ServersField | None) -> ColumnGuess:
    private = _is_private(profile)
    reason = AGREE if becomes else IDENTITY if private else NOT_NEEDED
    return ColumnGuess(
        profile.column,
        () if private else profile.first_values,
        becomes,
        Certainty.CERTAIN,
        (reason,),
        left_out_always=private,
    )


def check_servers_rows(
    table: Table,
    guesses: Sequence[ColumnGuess],
    *,
    parties: Iterable[Known],
    zone: tzinfo,
    now: datetime,
    repairs: Repairs | None = None,
) -> Iterator[ServersComment | RowProblem]:
    """Read every row of a table of what servers said.

    Parameters
    ----------
    table : Table
    guesses : sequence of ColumnGuess
        As `guess_servers_columns` gave them.
    parties : iterable of Known
        Those who serve.
    zone : tzinfo
        Where dates without a zone were written down.
    now : datetime
        Aware; dates more than a day later are slips of the pen.
    repairs : Repairs, optional

    Yields
    ------
    ServersComment or RowProblem
        A comment may follow a remark that stops nothing.
    """
    repairs = repairs or Repairs()
    found = {str(guess.becomes): at for at, guess in enumerate(guesses) if guess.becomes}
    dates = weigh_dates(cells[found[ServersField.AT]] for cells in sample_rows(table))
    reader = _Reader(
        book_of(parties, unknown=SERVER_UNKNOWN),
        date_reader(DateTerms(dates.order, zone, now, "")),
        label_reader(EXTERNAL_ID_MAX, {}),
        repairs.shortened,
    )
    for cells in read_cells(table, fields=tuple(ServersField), found=found, repairs=repairs):
        said = None if cells.problems else reader.read(cells)
        left_out = [one for one in cells.problems if one.problem is LEFT_OUT]
        yield from left_out[:1] or cells.problems
        if said and not any(one.problem.stops for one in cells.problems):
            yield said


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads a row after another, and knows those before."""

    book: NameBook
    at: Callable[[str], Moment | Fault]
    external_id: Callable[[str], str | Fault]
    shortened: Collection[int]
    seen: dict[bytes, tuple[int, int]] = field(default_factory=dict)

    def read(self, cells: Cells) -> ServersComment | None:
        """Give what was said, and note beside the row what is wrong with it."""
        text, masked = self._words(cells)
        if any(one.problem is NO_WORDS for one in cells.problems):
            return None
        party = cells.known(ServersField.PARTY, cells.values[ServersField.PARTY], self.book)
        moment = self.at(cells.values[ServersField.AT])
        own = self.external_id(cells.values[ServersField.EXTERNAL_ID])
        if isinstance(own, Fault):
            cells.report(ServersField.EXTERNAL_ID, own)
        if isinstance(moment, Fault):
            cells.report(ServersField.AT, moment)
        if isinstance(own, Fault) or isinstance(moment, Fault) or not party:
            return None
        mark = servers_fingerprint(text, at=moment.at, party=party, external_id=own)
        self._compare(cells, mark, text, own)
        return ServersComment(cells.row, party, text, moment.at, own, mark, masked)

    def _words(self, cells: Cells) -> tuple[str, int]:
        given = cells.values[ServersField.TEXT].replace("\r\n", "\n").replace("\r", "\n")
        if cells.row in self.shortened:
            given = given[:TEXT_MAX].rstrip()
        text, masked = mask(given)
        number = Fault(NUMBER_REMOVED, (), {"count": masked}) if masked else None
        for fault in filter(None, (text_fault(given), number)):
            self._note(cells, ServersField.TEXT, fault, text)
        return text, masked

    def _compare(self, cells: Cells, mark: bytes, text: str, own: str) -> None:
        first, words = self.seen.setdefault(mark, (cells.row, hash(text)))
        if first != cells.row:
            same = DUPLICATE if words == hash(text) else SAME_ID
            column = ServersField.EXTERNAL_ID if own else ServersField.TEXT
            self._note(cells, column, Fault(same, (), {"first": first}), text)

    def _note(self, cells: Cells, of: ServersField, fault: Fault, shown: str) -> None:
        """Report as `Cells.report` does, but the words without what was taken out of them."""
        cells.problems.append(fault.at(cells.row, cells.columns.get(of, ""), shown))
