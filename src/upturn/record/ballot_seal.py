"""Sealing a ballot so that only the holder of a wave's private key can open it.

X25519 with a key of its own for each ballot, HKDF-SHA256 and ChaCha20-Poly1305. All ballots of a
wave have one length, and the private key is a file that no backup and no table ever holds. So are
the keys with which a wave signs blindly, one a seat; all of a wave's keys are destroyed together.
"""

import os
import secrets
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from upturn.record.errors import RecordError

_NONCE = bytes(12)  # each key is used once
_LENGTH_BYTES = 4
_ADDED = 32 + 16 + _LENGTH_BYTES


class CannotOpen(RecordError):
    """A sealed ballot is damaged, or sealed to another key; or the key is gone."""


def sealed_size(room: int) -> int:
    """Bytes of every sealed ballot when the longest may be of ``room`` bytes."""
    return room + _ADDED


def seal(plain: bytes, *, public: bytes, size: int) -> bytes:
    """Seal ``plain`` to the public key, padded so that the outcome has ``size`` bytes.

    Raises
    ------
    ValueError
        If it is too long for that size.
    """
    room = size - _ADDED
    if len(plain) > room:
        msg = f"The ballot has {len(plain)} bytes; {room} is the most. Use fewer words."
        raise ValueError(msg)
    padded = len(plain).to_bytes(_LENGTH_BYTES, "big") + plain.ljust(room, b"\0")
    own = X25519PrivateKey.generate()
    own_public = own.public_key().public_bytes_raw()
    key = _key(own.exchange(X25519PublicKey.from_public_bytes(public)), own_public + public)
    return own_public + ChaCha20Poly1305(key).encrypt(_NONCE, padded, own_public)


def unseal(sealed: bytes, *, private: bytes) -> bytes:
    """Open what was sealed to the public key of ``private``."""
    own = X25519PrivateKey.from_private_bytes(private)
    other, text = sealed[:32], sealed[32:]
    bound = other + own.public_key().public_bytes_raw()
    key = _key(own.exchange(X25519PublicKey.from_public_bytes(other)), bound)
    try:
        padded = ChaCha20Poly1305(key).decrypt(_NONCE, text, other)
    except InvalidTag:
        msg = "A sealed ballot is damaged or was sealed to another key; it cannot be opened."
        raise CannotOpen(msg) from None
    length = int.from_bytes(padded[:_LENGTH_BYTES], "big")
    return padded[_LENGTH_BYTES : _LENGTH_BYTES + length]


def _key(shared: bytes, bound: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=b"upturn ballot" + bound).derive(shared)


def make_key(wave: str) -> bytes:
    """Make the wave's pair, keep the private key in a file of its own, return the public one."""
    private = X25519PrivateKey.generate()
    _write_whole(_path(wave), private.private_bytes_raw())
    return private.public_key().public_bytes_raw()


def read_key(wave: str) -> bytes:
    """Give the private key of a wave that is not closed yet.

    Raises
    ------
    CannotOpen
        If the file is gone.
    """
    try:
        return _path(wave).read_bytes()
    except FileNotFoundError:
        msg = f"The key of wave {wave} is not in {_path(wave).parent}; nobody can open its ballots."
        raise CannotOpen(msg) from None


def has_key(wave: str, *, seats: Iterable[int] = ()) -> bool:
    """Whether the private key is there, and the keys with which it signs for these seats."""
    needed = (wave, *(f"{wave}.{seat}" for seat in seats))
    return all(_path(name).exists() for name in needed)


def keep_signing_key(wave: str, seat: int, private: bytes) -> None:
    """Keep the key with which a wave signs blindly for one seat, in a file of its own."""
    _write_whole(_path(f"{wave}.{seat}"), private)


def signing_key(wave: str, seat: int) -> bytes:
    """Give the key with which a wave signs for a seat.

    Raises
    ------
    CannotOpen
        If the file is gone.
    """
    try:
        return _path(f"{wave}.{seat}").read_bytes()
    except FileNotFoundError:
        msg = f"The signing key of wave {wave} is gone. Cancel the wave and open it anew."
        raise CannotOpen(msg) from None


def destroy_key(wave: str) -> None:
    """Write over the private keys of a wave and remove them; harmless when they are gone."""
    for path in (*sorted(folder().glob(f"{wave}.*.key")), _path(wave)):
        with suppress(FileNotFoundError):
            with path.open("r+b") as file:
                file.write(secrets.token_bytes(path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
            path.unlink(missing_ok=True)
            _onto_the_disk(path.parent)


def folder() -> Path:
    """Where the keys are: ``WAVE.key`` opens ballots, ``WAVE.SEAT.key`` signs for a seat."""
    return Path(settings.DATA) / "ballot-keys"


def _path(wave: str) -> Path:
    return folder() / f"{wave}.key"


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.link(file.name, path)
    _onto_the_disk(path.parent)


def _onto_the_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
