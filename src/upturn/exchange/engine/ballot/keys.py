"""A company's key: one seed, from which it signs and opens what was sealed for it.

The seed is 32 random bytes in a key file that stays with the company; `recovery_words` writes it
down on paper. Two pairs come out of it: Ed25519 signs, X25519 opens sealed boxes; they are derived
apart, so that no byte is used for both.
"""

import hashlib
import json
from dataclasses import dataclass, field

from nacl.bindings import crypto_scalarmult
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import Box, PrivateKey, PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from upturn.exchange.engine.ballot.encoding import pack, sha256
from upturn.exchange.engine.ballot.group import LABEL, Draw
from upturn.exchange.engine.ballot.words import bytes_of_words, word_list, words_of_bytes
from upturn.exchange.engine.errors import BadBox, BadKey

SEED_BYTES = 32
SIGNATURE_BYTES = 64
STRETCHED = 65_536
"""How often a fingerprint is hashed before it becomes words: 16 bits more for who tries keys."""

SAFETY_WORDS = 6
SEAL_BYTES = 48


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What everybody may know of a company's key.

    Parameters
    ----------
    signing : bytes, 32
        Ed25519.
    sealing : bytes, 32
        X25519.
    """

    signing: bytes
    sealing: bytes

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 over both, 32 bytes."""
        return sha256(pack([LABEL.decode() + " key", self.signing, self.sealing]))


@dataclass(frozen=True, slots=True)
class Key:
    """A company's key; it never shows itself.

    Parameters
    ----------
    seed : bytes, 32
    """

    seed: bytes = field(repr=False)

    @property
    def public(self) -> PublicKeys:
        """The half for the roster."""
        signing = SigningKey(self.seed).verify_key
        return PublicKeys(bytes(signing), bytes(self._opening().public_key))

    def sign(self, said: bytes) -> bytes:
        """Ed25519 over the bytes, 64 bytes; the same bytes always give the same signature."""
        return bytes(SigningKey(self.seed).sign(said).signature)

    def open(self, box: bytes) -> bytes:
        """Open a box that was sealed for this key.

        Raises
        ------
        BadBox
            If it was sealed for another, or changed on the way.
        """
        try:
            return bytes(SealedBox(self._opening()).decrypt(box))
        except (CryptoError, ValueError, TypeError) as error:
            raise BadBox("A box does not open with this key: not yours, or changed.") from error

    def shared_with(self, public: PublicKeys) -> bytes:
        """Give the 32 bytes that two keys have in common (X25519) and nobody else can work out.

        They are never used without a label of what they are for.

        Raises
        ------
        BadBox
            If nothing can be sealed for that key.
        """
        try:
            return crypto_scalarmult(bytes(self._opening()), public.sealing)
        except (CryptoError, RuntimeError) as error:
            raise BadBox("Nothing can be sealed for a key of small order.") from error

    def _opening(self) -> PrivateKey:
        return PrivateKey(hashlib.sha512(LABEL + b" sealing key" + self.seed).digest()[:32])


def new_key(draw: Draw) -> Key:
    """A fresh key from random bytes."""
    return Key(draw(SEED_BYTES))


def signed_by(public: PublicKeys, said: bytes, *, signature: bytes) -> bool:
    """Whether the signature is this key's over these bytes."""
    try:
        VerifyKey(public.signing).verify(said, signature)
    except (BadSignatureError, ValueError, TypeError):
        return False
    return True


def seal_for(public: PublicKeys, said: bytes, *, one_time: bytes) -> bytes:
    """Libsodium's sealed box, with its one-time secret as an argument.

    Parameters
    ----------
    public : PublicKeys
    said : bytes
    one_time : bytes, 32
        Random; used for nothing else.

    Returns
    -------
    bytes, 48 longer than what was said

    Raises
    ------
    BadBox
        If nothing can be sealed for that key.
    """
    secret = PrivateKey(one_time)
    sender = bytes(secret.public_key)
    nonce = hashlib.blake2b(sender + public.sealing, digest_size=Box.NONCE_SIZE).digest()
    try:
        box = Box(secret, PublicKey(public.sealing))
    except (CryptoError, RuntimeError) as error:
        raise BadBox("Nothing can be sealed for a key of small order.") from error
    return sender + bytes(box.encrypt(said, nonce).ciphertext)


def safety_words(fingerprint: bytes) -> tuple[str, ...]:
    """Six words that two people read to each other on the telephone.

    The fingerprint is hashed with SHA-512 65,536 times first, so that trying keys until six words
    agree costs 2^64 hashes.

    Examples
    --------
    >>> len(safety_words(bytes(32)))
    6
    """
    stretched = fingerprint
    for _ in range(STRETCHED):
        stretched = hashlib.sha512(stretched).digest()
    return words_of_bytes(stretched[:SAFETY_WORDS])


def recovery_words(key: Key) -> tuple[str, ...]:
    """The seed as 32 words and one that checks them, for a sheet of paper in a safe."""
    return words_of_bytes(key.seed + sha256(key.seed)[:1])


def key_from_words(words: list[str]) -> Key:
    """Read what `recovery_words` wrote.

    Raises
    ------
    BadKey
        If a word is missing, not on the list, or the last does not check.
    """
    unknown = [word for word in words if word.lower() not in word_list()]
    if unknown or len(words) != SEED_BYTES + 1:
        raise BadKey(
            f"{len(words)} words, of which {', '.join(unknown) or 'none'} is not on the list; "
            f"{SEED_BYTES + 1} are needed. Compare them with your paper."
        )
    written = bytes_of_words(words)
    if sha256(written[:SEED_BYTES])[:1] != written[SEED_BYTES:]:
        raise BadKey("The last word does not check the others. Compare them with your paper.")
    return Key(written[:SEED_BYTES])


def write_key_file(key: Key, *, company: str) -> str:
    """A key file: JSON with the company's name and the seed."""
    content = {"upturn-key": 1, "company": company, "seed": key.seed.hex()}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def read_key_file(text: str) -> tuple[Key, str]:
    """Read what `write_key_file` wrote: the key and the company.

    Raises
    ------
    BadKey
        If it is no key file.
    """
    try:
        content = json.loads(text)
        seed = bytes.fromhex(content["seed"])
        company = str(content["company"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadKey("This is no key file of Upturn: seed or company cannot be read.") from error
    if content.get("upturn-key") != 1 or len(seed) != SEED_BYTES:
        raise BadKey("This key file is of another kind; one with a seed of 32 bytes is needed.")
    return Key(seed), company
