"""A round of the sealed benchmark in a folder: the files of ``round.zip`` while they come in."""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TypeVar

from upturn.exchange.engine.ballot import (
    AcceptedList,
    Ballot,
    Benchmark,
    Confirmation,
    Key,
    Memory,
    Sheet,
    SignedRoster,
    Sums,
    for_holder,
    name_in,
    read_ballot,
    read_confirmation,
    read_key_file,
    read_list,
    read_memory,
    read_sheet,
    read_signed_roster,
    read_sums,
)
from upturn.exchange.engine.ballot.accepting import Received
from upturn.exchange.engine.errors import BadKey, BadList, BadValue

Message = TypeVar("Message")
NOT_APPLICABLE = {"", "-", "n/a", "not applicable"}


def write_safely(path: Path, content: bytes, *, private: bool = False) -> None:
    """Put a file in its place whole, and on the disk before going on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as beside:
        beside.write(content)
        beside.flush()
        os.fsync(beside.fileno())
    placed = Path(beside.name)
    placed.chmod(0o600 if private else 0o644)
    placed.replace(path)


@dataclass(frozen=True)
class KeyFile:
    """A key file, and beside it what was done with it in each round."""

    path: Path

    @cached_property
    def key(self) -> Key:
        try:
            return read_key_file(self.path.read_text(encoding="utf-8"))[0]
        except UnicodeDecodeError as error:
            raise BadKey(f"{self.path.name} is no key file: it is no text.") from error

    def memory(self, sheet: Sheet) -> Memory:
        path = self._remembered(sheet.round_id)
        return read_memory(path.read_bytes()) if path.exists() else Memory(sheet.round_id)

    def remember(self, memory: Memory) -> None:
        write_safely(self._remembered(memory.round_id), memory.written(), private=True)

    def _remembered(self, round_id: bytes) -> Path:
        return self.path.with_name(f"{self.path.name}.{round_id.hex()}.memory")


@dataclass(frozen=True)
class RoundFolder:
    """What has come in of a round so far."""

    path: Path

    def _read(self, name: str, reader: Callable[[bytes], Message]) -> Message:
        found = self.path / name
        if not found.is_file():
            raise BadList(f"{found} is not there yet. Ask the host for it.")
        return reader(found.read_bytes())

    @cached_property
    def roster(self) -> SignedRoster:
        return self._read("roster.bin", read_signed_roster)

    @cached_property
    def benchmark(self) -> Benchmark:
        """The sheet on its roster, checked, every signature included."""
        self.roster.check()
        return Benchmark(self.roster.roster, self._read("sheet.bin", read_sheet))

    @cached_property
    def listed(self) -> AcceptedList:
        return self._read("list.bin", read_list)

    @cached_property
    def ballots(self) -> dict[int, Ballot]:
        return {ballot.index: ballot for ballot in self._all("ballots", read_ballot)}

    def received(self, holder: int) -> dict[int, Received]:
        """Each ballot with the holder's box; those without boxes are left out."""
        whole = (one for one in self.ballots.values() if len(one.boxes) >= holder)
        return {ballot.index: for_holder(ballot, holder) for ballot in whole}

    def confirmations(self) -> list[Confirmation]:
        return list(self._all("confirmations", read_confirmation))

    def sums(self) -> list[Sums]:
        return list(self._all("sums", read_sums))

    def _all(self, folder: str, reader: Callable[[bytes], Message]) -> Iterator[Message]:
        for path in sorted((self.path / folder).glob("*.bin")):
            yield reader(path.read_bytes())

    def put(self, folder: str, index: int, content: bytes) -> Path:
        path = self.path / name_in(folder, index)
        write_safely(path, content)
        return path


def read_figures(path: Path, sheet: Sheet) -> list[float | None]:
    """A figure for each metric of the sheet, from lines "metric,figure".

    A line without a figure is "not applicable".
    """
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [row for row in csv.reader(stream) if any(cell.strip() for cell in row)]
    told = {row[0].strip(): row[1] if len(row) > 1 else "" for row in rows}
    if len(told) != len(rows):
        raise BadValue(f"{path.name} has a metric twice. Keep one line a metric.")
    unknown = told.keys() - {metric.name for metric in sheet.metrics} - {"metric"}
    if unknown:
        raise BadValue(f"“{min(unknown)}” in {path.name} is no metric of this sheet.")
    missing = [metric.name for metric in sheet.metrics if metric.name not in told]
    if missing:
        raise BadValue(
            f"{path.name} has no line for “{missing[0]}”. "
            "Write one without a figure if it is not applicable."
        )
    return [_figure(metric.name, told[metric.name]) for metric in sheet.metrics]


def _figure(name: str, text: str) -> float | None:
    if text.strip().lower() in NOT_APPLICABLE:
        return None
    try:
        return float(text)
    except ValueError:
        raise BadValue(f"{name}: “{text}” is no number. Write 12.5, or nothing.") from None
