"""The audit bundle ``round.zip``: all that anybody needs to recompute a round, and no more.

It holds no sealed boxes: nothing in it opens with anybody's key, now or later. The same round
always gives the same bytes, and a bundle that is written in any other way is refused.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from upturn.exchange.engine.ballot.bounds import MOST
from upturn.exchange.engine.ballot.messages import (
    AcceptedList,
    Ballot,
    Confirmation,
    Sums,
    Totals,
    read_ballot,
    read_confirmation,
    read_list,
    read_sums,
    read_totals,
)
from upturn.exchange.engine.ballot.roster import SignedRoster, read_signed_roster
from upturn.exchange.engine.ballot.sheet import Sheet, read_sheet
from upturn.exchange.engine.errors import BadBundle, BallotError

LARGEST = 256 * 2**20
EPOCH = (1980, 1, 1, 0, 0, 0)
SINGLE = ("list.bin", "roster.bin", "sheet.bin", "totals.bin", "verdict.txt")
FOLDERS = ("ballots", "confirmations", "sums")


@dataclass(frozen=True, slots=True)
class AuditBundle:
    """A round that is over.

    Parameters
    ----------
    roster : SignedRoster
    sheet : Sheet
    listed : AcceptedList
    ballots : tuple of Ballot
        In public form.
    confirmations : tuple of Confirmation
    sums : tuple of Sums
    totals : Totals
    verdict : str
        What `upturn.exchange.engine.ballot.verify` found, a line a step.
    """

    roster: SignedRoster
    sheet: Sheet
    listed: AcceptedList
    ballots: tuple[Ballot, ...]
    confirmations: tuple[Confirmation, ...]
    sums: tuple[Sums, ...]
    totals: Totals
    verdict: str = ""


def write_bundle(bundle: AuditBundle) -> bytes:
    """Write ``round.zip``: names sorted, dates fixed, nothing compressed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(_files(bundle)):
            info = zipfile.ZipInfo(name, EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content)
    return stream.getvalue()


def _files(bundle: AuditBundle) -> Iterator[tuple[str, bytes]]:
    yield "roster.bin", bundle.roster.written()
    yield "sheet.bin", bundle.sheet.written
    yield "list.bin", bundle.listed.written
    yield "totals.bin", bundle.totals.written()
    yield "verdict.txt", bundle.verdict.encode()
    for ballot in bundle.ballots:
        yield name_in("ballots", ballot.index), ballot.public().written()
    for confirmation in bundle.confirmations:
        yield name_in("confirmations", confirmation.index), confirmation.written()
    for sums in bundle.sums:
        yield name_in("sums", sums.index), sums.written()


def name_in(folder: str, index: int) -> str:
    """What a member's file is called.

    Examples
    --------
    >>> name_in("sums", 7)
    'sums/007.bin'
    """
    return f"{folder}/{index:03}.bin"


def read_bundle(written: bytes) -> AuditBundle:
    """Read ``round.zip``.

    Raises
    ------
    BadBundle
        If it is no zip file, a part is missing, unknown or cannot be read, or anything in it is
        written in another way than `write_bundle` does. The message names the part.
    """
    files = _unzip(written)
    missing = [name for name in SINGLE if name not in files]
    if missing:
        raise BadBundle(f"The bundle has no {missing[0]}. Ask for it again.")
    bundle = _bundle(files)
    if write_bundle(bundle) != written:
        raise BadBundle(
            "The bundle is not byte for byte as Upturn writes it: a date, an order, a comment or "
            "something after its end is not its own. Ask for it again."
        )
    return bundle


def _unzip(written: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(written)) as archive:
            return dict(_members(archive))
    except (zipfile.BadZipFile, RuntimeError, ValueError, EOFError, OSError) as error:
        if isinstance(error, BadBundle):
            raise
        raise BadBundle(f"This is no whole zip file: {error}.") from error


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    infos = archive.infolist()
    if len(infos) > len(SINGLE) + len(FOLDERS) * MOST or _bytes(infos) > LARGEST:
        raise BadBundle("The bundle is larger than a round can be.")
    for info in infos:
        if info.filename in seen or not _known(info.filename):
            raise BadBundle(f"{info.filename} is in the bundle twice, or does not belong to it.")
        if info.compress_type != zipfile.ZIP_STORED:
            raise BadBundle(f"{info.filename} is compressed; nothing in a bundle is.")
        seen.add(info.filename)
        yield info.filename, archive.read(info)


def _bytes(infos: list[zipfile.ZipInfo]) -> int:
    return sum(info.file_size for info in infos)


def _known(name: str) -> bool:
    folder, _, file = name.partition("/")
    index = file.removesuffix(".bin")
    return name in SINGLE or (folder in FOLDERS and index.isdecimal() and index.isascii())


def _bundle(files: Mapping[str, bytes]) -> AuditBundle:
    name = ""
    try:
        return AuditBundle(
            roster=read_signed_roster(files[name := "roster.bin"]),
            sheet=read_sheet(files[name := "sheet.bin"]),
            listed=read_list(files[name := "list.bin"]),
            ballots=tuple(read_ballot(files[name := one]) for one in _in("ballots", files)),
            confirmations=tuple(
                read_confirmation(files[name := one]) for one in _in("confirmations", files)
            ),
            sums=tuple(read_sums(files[name := one]) for one in _in("sums", files)),
            totals=read_totals(files[name := "totals.bin"]),
            verdict=files[name := "verdict.txt"].decode(),
        )
    except (BallotError, UnicodeDecodeError) as error:
        raise BadBundle(f"{name} cannot be read: {error}") from error


def _in(folder: str, files: Mapping[str, bytes]) -> list[str]:
    return sorted(name for name in files if name.startswith(f"{folder}/"))
