"""The ballot box: a file of its own into which this process puts and out of which it cannot read.

It lies beside the data, in no backup, and is SQLite also where the tables are PostgreSQL's, for
there each row carries the number of its transaction, old rows stay behind, and the log that is
shipped to replicas holds them in their order.

Nothing in the file tells an order or a time. All places for ballots are laid out when a wave
opens, under random keys and full of random bytes of one length; casting a ballot writes over one
of them, drawn by lot, in place. The journal of SQLite is cut to nothing at each commit.

A card admits one answer, or, where the wave asks for that, one blind signature. Then the answer is
admitted by a token that no card can be matched with. That two ballots never share a token is held
by the transaction and not by an index: an index would be filled in the order of arrival.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from pysqlite3 import dbapi2  # type: ignore[import-untyped]

from upturn.record.errors import RecordError
from upturn.record.writer import writer

_TABLES = """
CREATE TABLE wave (ref TEXT PRIMARY KEY, open INTEGER NOT NULL, size INTEGER NOT NULL)
    WITHOUT ROWID, STRICT;
CREATE TABLE card (hash BLOB PRIMARY KEY, wave TEXT NOT NULL, seat INTEGER NOT NULL,
    spent INTEGER NOT NULL, asked BLOB NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE code (hash BLOB PRIMARY KEY, wave TEXT NOT NULL, seat INTEGER NOT NULL,
    cards INTEGER NOT NULL, taken INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE place (wave TEXT NOT NULL, seat INTEGER NOT NULL, key BLOB NOT NULL,
    filled INTEGER NOT NULL, token BLOB NOT NULL, sealed BLOB NOT NULL,
    PRIMARY KEY (wave, seat, key))
    WITHOUT ROWID, STRICT;
PRAGMA user_version = 1;
"""
# What SQLite's compiler asks leave for (sqlite3.h); everything else is refused.
_OK, _DENY, _INSERT, _READ, _SELECT, _TRANSACTION, _UPDATE, _FUNCTION = 0, 1, 18, 20, 21, 22, 23, 31
_WRITING = frozenset({_INSERT, _READ, _SELECT, _TRANSACTION, _UPDATE, _FUNCTION})
_TABLES_OF_A_WAVE = ("place", "card", "code")


class MayNotRead(RecordError):
    """The process serves pages; ballots are opened by another one, when their wave closes."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the box knows of an invitation: its wave, its seat, and whether it was used."""

    wave: str
    seat: int
    spent: bool


@dataclass(frozen=True, slots=True)
class Laid:
    """Invitations and on-screen codes of one seat, by their hashes."""

    seat: int
    cards: Sequence[str]
    code: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """A sealed answer and the hash of the card that admits it."""

    card: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Asking:
    """A card and the hash of the blinded message for which it asks a signature."""

    card: str
    message: bytes


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A sealed answer and the hash of the token that admits it to a seat."""

    wave: str
    seat: int
    token: bytes
    sealed: bytes


_HASH_BYTES = 32
_reading = {"allowed": True}


def forbid_reading() -> None:
    """Let this process never read ballots, from now until it ends."""
    _reading["allowed"] = False


def lay_out(wave: str, seats: Sequence[Laid], *, size: int) -> None:
    """Make room for one ballot of ``size`` bytes a card, in an order that says nothing."""
    cards = [
        (bytes.fromhex(card), wave, each.seat, 0, secrets.token_bytes(_HASH_BYTES))
        for each in seats
        for card in each.cards
    ]
    places = [(wave, card[2], secrets.token_bytes(16), 0) for card in cards]
    codes = [(bytes.fromhex(each.code), wave, each.seat, len(each.cards), 0) for each in seats]
    shuffle = secrets.SystemRandom().shuffle
    for rows in (cards, places, codes):
        shuffle(rows)
    with _writing() as box:
        box.execute("INSERT INTO wave VALUES (?, 1, ?)", (wave, size))
        box.executemany("INSERT INTO card VALUES (?, ?, ?, ?, ?)", cards)
        box.executemany("INSERT INTO code VALUES (?, ?, ?, ?, ?)", codes)
        noise = (
            (*place, secrets.token_bytes(_HASH_BYTES), secrets.token_bytes(size))
            for place in places
        )
        box.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?)", noise)


def card(digest: str) -> Card | None:
    """Find a card by the hash of its token."""
    with _connected() as box:
        found = box.execute(
            "SELECT wave, seat, spent FROM card WHERE hash = ?", (bytes.fromhex(digest),)
        ).fetchone()
    return Card(found[0], found[1], bool(found[2])) if found else None


def cards_behind(code: str) -> int:
    """How many cards an on-screen code has; 0 where there is no such code."""
    with _connected() as box:
        found = box.execute(
            "SELECT cards FROM code WHERE hash = ?", (bytes.fromhex(code),)
        ).fetchone()
    return found[0] if found else 0


def take_from(code: str) -> tuple[Card, int] | None:
    """Take the next card behind an on-screen code; None once all are taken or there is no code.

    The number is its place among the cards of the seat, from 0.
    """
    digest = bytes.fromhex(code)
    with _writing() as box:
        found = box.execute(
            "SELECT wave, seat, taken FROM code WHERE hash = ? AND taken < cards", (digest,)
        ).fetchone()
        if found is None:
            return None
        box.execute("UPDATE code SET taken = taken + 1 WHERE hash = ?", (digest,))
    return Card(found[0], found[1], spent=False), found[2]


def turnout(wave: str) -> tuple[int, int]:
    """How many places hold an answer, and of how many; pages say it in bands."""
    with _connected() as box:
        filled, places = box.execute(
            "SELECT COALESCE(SUM(filled), 0), COUNT(*) FROM place WHERE wave = ?", (wave,)
        ).fetchone()
    return filled, places


def put(ballot: Ballot) -> str:
    """Spend the card and put the ballot, both or neither; return once it is on the disk.

    Ballots of callers that wait together are one transaction. Returns ``""``, or why it was not
    put: ``"forged"`` (no such card), ``"used"``, ``"closed"``.
    """
    return writer.together(put_all, ballot)


def put_all(ballots: Sequence[Ballot]) -> list[str]:
    """Put several ballots in one transaction; say of each what `put` says."""
    return _in_one(_put, ballots)


def spend(asking: Asking) -> str:
    """Spend the card for a blind signature; return once it is on the disk.

    The same message may be asked for again, should the signature have been lost on its way.
    Returns ``""``, or why it is refused: ``"forged"``, ``"used"``, ``"closed"``.
    """
    return writer.together(spend_all, asking)


def spend_all(asked: Sequence[Asking]) -> list[str]:
    """Spend several cards in one transaction; say of each what `spend` says."""
    return _in_one(_spend, asked)


def redeem(ballot: Redeemed) -> str:
    """Put the ballot, over the one that the same token put before; return once it is on the disk.

    The token must have been verified. Returns ``""``, or why it is refused: ``"closed"``, or
    ``"forged"`` where more tokens come than the seat has people.
    """
    return writer.together(redeem_all, ballot)


def redeem_all(ballots: Sequence[Redeemed]) -> list[str]:
    """Put several ballots in one transaction; say of each what `redeem` says."""
    return _in_one(_redeem, ballots)


Given = TypeVar("Given")


def _in_one(act: Callable[[Any, Given], str], given: Sequence[Given]) -> list[str]:
    """Do it for all in one transaction, in an order that says nothing."""
    outcomes = [""] * len(given)
    order = list(range(len(given)))
    secrets.SystemRandom().shuffle(order)
    with _writing() as box:
        for at in order:
            outcomes[at] = act(box, given[at])
    return outcomes


def _put(box: Any, ballot: Ballot) -> str:
    digest = bytes.fromhex(ballot.card)
    found = box.execute(
        "SELECT wave, seat, spent, open, size FROM card JOIN wave ON ref = wave WHERE hash = ?",
        (digest,),
    ).fetchone()
    if found is None:
        return "forged"
    wave, seat, spent, is_open, size = found
    if spent or not is_open:
        return "used" if spent else "closed"
    _check_size(wave, size, ballot.sealed)
    box.execute(
        "UPDATE place SET filled = 1, sealed = ? WHERE wave = ? AND seat = ? AND key = ?",
        (ballot.sealed, wave, seat, secrets.choice(_free(box, wave, seat))),
    )
    box.execute("UPDATE card SET spent = 1 WHERE hash = ?", (digest,))
    return ""


def _spend(box: Any, asking: Asking) -> str:
    digest = bytes.fromhex(asking.card)
    found = box.execute(
        "SELECT spent, asked, open FROM card JOIN wave ON ref = wave WHERE hash = ?", (digest,)
    ).fetchone()
    if found is None:
        return "forged"
    spent, message, is_open = found
    if spent and message != asking.message:
        return "used"
    if not is_open:
        return "closed"
    box.execute("UPDATE card SET spent = 1, asked = ? WHERE hash = ?", (asking.message, digest))
    return ""


def _redeem(box: Any, ballot: Redeemed) -> str:
    wave = box.execute("SELECT open, size FROM wave WHERE ref = ?", (ballot.wave,)).fetchone()
    if wave is None or not wave[0]:
        return "closed"
    _check_size(ballot.wave, wave[1], ballot.sealed)
    seat = (ballot.wave, ballot.seat)
    own = box.execute(
        "SELECT key FROM place WHERE wave = ? AND seat = ? AND filled AND token = ?",
        (*seat, ballot.token),
    ).fetchone()
    free = own or _free(box, *seat)
    if not free:
        return "forged"
    box.execute(
        "UPDATE place SET filled = 1, token = ?, sealed = ?"
        " WHERE wave = ? AND seat = ? AND key = ?",
        (ballot.token, ballot.sealed, *seat, secrets.choice(free)),
    )
    return ""


def _check_size(wave: str, size: int, sealed: bytes) -> None:
    if len(sealed) != size:
        msg = f"A ballot of wave {wave} has {size} bytes, not {len(sealed)}."
        raise ValueError(msg)


def _free(box: Any, wave: str, seat: int) -> list[bytes]:
    found = box.execute(
        "SELECT key FROM place WHERE wave = ? AND seat = ? AND filled = 0", (wave, seat)
    )
    return [key for (key,) in found.fetchall()]


def shut(wave: str) -> None:
    """Take no more ballots of a wave; those that came before are all there to be counted."""
    with _writing() as box:
        box.execute("UPDATE wave SET open = 0 WHERE ref = ?", (wave,))


def ballots(wave: str) -> dict[int, list[bytes]]:
    """Give the sealed ballots of each seat, in the order of their random keys.

    Raises
    ------
    MayNotRead
        In the process that serves pages.
    """
    found: dict[int, list[bytes]] = {}
    with _connected(read=True) as box:
        for seat, sealed in box.execute(
            "SELECT seat, sealed FROM place WHERE wave = ? AND filled ORDER BY seat, key", (wave,)
        ):
            found.setdefault(seat, []).append(sealed)
    return found


def erase(wave: str) -> None:
    """Erase all that the box holds of a wave, also from the pages of its file."""
    with _connected(read=True) as box:
        box.execute("BEGIN IMMEDIATE")
        for table in _TABLES_OF_A_WAVE:
            box.execute(f"DELETE FROM {table} WHERE wave = ?", (wave,))  # noqa: S608 - constants
        box.execute("DELETE FROM wave WHERE ref = ?", (wave,))
        box.execute("COMMIT")
        box.execute("VACUUM")


def path() -> Path:
    """Where the box is."""
    return Path(settings.DATA) / "ballots.sqlite3"


@contextmanager
def _writing() -> Iterator[Any]:
    with _connected() as box:
        box.execute("BEGIN IMMEDIATE")
        try:
            yield box
        except BaseException:
            box.execute("ROLLBACK")
            raise
        box.execute("COMMIT")


@contextmanager
def _connected(*, read: bool = False) -> Iterator[Any]:
    if read and not _reading["allowed"]:
        msg = "Ballots are read by the process that closes their wave. Run: upturn close WAVE"
        raise MayNotRead(msg)
    box = _open()
    try:
        if not read:
            box.set_authorizer(_refuse_to_read)
        yield box
    finally:
        box.close()


def _open() -> Any:
    where = path()
    if not where.exists():
        where.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            where.touch(mode=0o600, exist_ok=False)
    box = dbapi2.connect(str(where), timeout=20, isolation_level=None)
    # A write-ahead log would keep every ballot beside its card, in the order in which they came.
    box.execute("PRAGMA journal_mode=TRUNCATE")
    box.execute("PRAGMA synchronous=FULL")
    box.execute("PRAGMA secure_delete=ON")
    if not box.execute("PRAGMA user_version").fetchone()[0]:
        _create(box)
    return box


def _create(box: Any) -> None:
    """Make the tables; of two processes that come at once the second finds them."""
    box.execute("BEGIN IMMEDIATE")
    if not box.execute("PRAGMA user_version").fetchone()[0]:
        for statement in filter(None, map(str.strip, _TABLES.split(";"))):
            box.execute(statement)
    box.execute("COMMIT")


def _refuse_to_read(
    act: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None
) -> int:
    reads_a_ballot = act == _READ and (first, second) == ("place", "sealed")
    return _OK if act in _WRITING and not reads_a_ballot else _DENY


def states() -> Mapping[str, bool]:
    """Waves the box holds, and whether each still takes ballots."""
    with _connected() as box:
        return {ref: bool(is_open) for ref, is_open in box.execute("SELECT ref, open FROM wave")}
