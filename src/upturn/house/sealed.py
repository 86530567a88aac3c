"""A file that appears only once it is whole, and that tells if one byte of it changed.

It ends with a digest of all before it. SQLite and PostgreSQL's tools read such a file as if the
end were not there, so a backup opens with any program that knows its kind.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MARK = b"\nUpturn sealed this:"
_SEAL_BYTES = len(_MARK) + hashlib.sha256().digest_size
_CHUNK_BYTES = 1_000_000


class BackupRefused(Exception):
    """A backup cannot be made or put back; the message says what helps."""


@contextmanager
def appearing(target: Path) -> Iterator[Path]:
    """Give a file to write to, for its owner alone; it takes its name sealed and on the disk."""
    partial = target.with_name(f"{target.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        partial.touch(mode=0o600)
        yield partial
        _seal(partial)
        partial.replace(target)
        _onto_the_disk(target.parent)
    except OSError as error:
        msg = f"{target} cannot be written: {error.strerror}. Name a file elsewhere."
        raise BackupRefused(msg) from error
    finally:
        partial.unlink(missing_ok=True)


def check_seal(source: Path) -> None:
    """Refuse a sealed file that changed; a file without a seal may be anybody's copy."""
    size = source.stat().st_size - _SEAL_BYTES
    with source.open("rb") as file:
        file.seek(max(0, size))
        end = file.read()
    if end.startswith(_MARK) and end != _MARK + _digest(source, size):
        msg = f"{source} is damaged: it is not what was written. Take an older backup."
        raise BackupRefused(msg)


def begins_with(source: Path, magic: bytes) -> bool:
    with source.open("rb") as file:
        return file.read(len(magic)) == magic


def _seal(path: Path) -> None:
    digest = _digest(path, path.stat().st_size)
    with path.open("ab") as file:
        file.write(_MARK + digest)
        file.flush()
        os.fsync(file.fileno())


def _digest(path: Path, size: int) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (chunk := file.read(min(size, _CHUNK_BYTES))):
            digest.update(chunk)
            size -= len(chunk)
    return digest.digest()


def _onto_the_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
