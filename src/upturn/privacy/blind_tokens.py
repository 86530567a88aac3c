"""Tokens that prove a right to answer, signed by somebody who never saw them (RFC 9474).

The server keeps one key per (wave, seat) and signs one blinded message a person. The browser
takes the blinding off; what it sends with its answers is a token that verifies, and that no one
can match with the moment at which it was signed. In order, with who does it:

1. server, at opening: ``new_key``; ``fingerprint`` of its public half is printed on the card;
2. browser: ``prepare`` 32 random bytes, ``blind`` them, send the blinded message once;
3. server: ``blind_sign`` it for one unspent invitation;
4. browser: ``finalize``, and keep the token on the device until the answers are sent;
5. server: ``verify`` it, and keep ``token_hash`` as the primary key of the ballot.

Randomness comes from `secrets`: these functions are the one place of the cellar where nothing may
repeat. The browser's half is ``partners/static/partners/blind_tokens.js``; the Python client here
is for the tests and the shell.

References
----------
RFC 9474, RSA Blind Signatures; RFC 8017, section 9.1.1 (PSS); seed 001, with `privacy.md`.
"""

import hashlib
import math
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from upturn.privacy.errors import BadToken, SigningFailed

BROWSER_SHA256 = "4ad7975bd57dfadc301ba8f1648889b75021be8dcf60eb6415ef0ce98974d2f2"
"""What blind_tokens.js must hash to; it is built while Upturn is installed, from pinned packages.

Pages publish it, so that anybody can compare what a browser got. An operator who serves another
file and another hash is out of what mathematics can do, and the page says so.
"""

_HASH_BYTES = 48
_PREFIX_BYTES = 32
_LEAST_BITS = 2048
_EXPONENT = 65537


@dataclass(frozen=True, slots=True)
class Variant:
    """How a message is made ready and encoded.

    Parameters
    ----------
    name : str
        As RFC 9474, section 5 has it.
    salt_bytes : int
        48, or 0 for a signature that depends on the message alone.
    randomised : bool
        Whether ``prepare`` puts 32 random bytes before the message.
    """

    name: str
    salt_bytes: int
    randomised: bool


PSS_RANDOMISED = Variant("RSABSSA-SHA384-PSS-Randomized", _HASH_BYTES, randomised=True)
"""The one that waves use."""

VARIANTS = (
    PSS_RANDOMISED,
    Variant("RSABSSA-SHA384-PSSZERO-Randomized", 0, randomised=True),
    Variant("RSABSSA-SHA384-PSS-Deterministic", _HASH_BYTES, randomised=False),
    Variant("RSABSSA-SHA384-PSSZERO-Deterministic", 0, randomised=False),
)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Modulus and exponent: what everybody may know."""

    n: int
    e: int = _EXPONENT

    @property
    def length(self) -> int:
        """Bytes of the modulus, of every blinded message and of every signature."""
        return (self.n.bit_length() + 7) // 8


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKey:
    """A signing key in the form of the Chinese remainder theorem; it never shows itself."""

    public: PublicKey
    p: int
    q: int
    dp: int
    dq: int
    q_inverse: int


@dataclass(frozen=True, slots=True)
class Blinded:
    """What the browser sends, and what it keeps for taking the blinding off.

    Parameters
    ----------
    message : bytes
        For the server.
    inverse : int
        For the browser alone: with it the server could match token and person.
    """

    message: bytes
    inverse: int


def new_key(*, bits: int = _LEAST_BITS) -> PrivateKey:
    """Draw a key for one seat of one wave, which signs nothing else ever.

    Parameters
    ----------
    bits : int
        Length of the modulus, at least 2048.

    Raises
    ------
    BadToken
        If it is shorter.
    """
    if bits < _LEAST_BITS:
        raise BadToken(f"a key of {bits} bits", f"Draw one of at least {_LEAST_BITS}.")
    return _key(rsa.generate_private_key(public_exponent=_EXPONENT, key_size=bits))


def private_to_pem(key: PrivateKey) -> bytes:
    """Write a private key as unencrypted PKCS #8, for a file that no backup holds."""
    return _stock(key).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def private_from_pem(text: bytes) -> PrivateKey:
    """Read what `private_to_pem` wrote.

    Raises
    ------
    BadToken
        If it is no RSA key.

    Notes
    -----
    Its primes are not proven anew, which would take four times as long as signing: the file is our
    own, and a damaged key shows in `blind_sign`, which verifies what it signed.
    """
    try:
        found = serialization.load_pem_private_key(
            text, password=None, unsafe_skip_rsa_key_validation=True
        )
    except (ValueError, TypeError) as error:
        raise BadToken("a private key that cannot be read", "Close the wave anew.") from error
    if not isinstance(found, rsa.RSAPrivateKey):
        raise BadToken("a private key of another kind", "Blind tokens are signed with RSA.")
    return _key(found)


def public_to_spki(key: PublicKey) -> bytes:
    """Write a public key the way a browser imports it: SubjectPublicKeyInfo, DER."""
    return (
        rsa.RSAPublicNumbers(key.e, key.n)
        .public_key()
        .public_bytes(
            serialization.Encoding.DER,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
    )


def public_from_spki(text: bytes) -> PublicKey:
    """Read what `public_to_spki` wrote; raise BadToken if it is no key that may sign here."""
    try:
        found = serialization.load_der_public_key(text)
    except ValueError as error:
        raise BadToken("a public key that cannot be read", "Open the wave anew.") from error
    if not isinstance(found, rsa.RSAPublicKey):
        raise BadToken("a public key of another kind", "Open the wave anew.")
    numbers = found.public_numbers()
    key = PublicKey(numbers.n, numbers.e)
    _check(key)
    return key


def fingerprint(key: PublicKey) -> str:
    """SHA-256 of `public_to_spki` in hexadecimal, for the card and the promise page.

    A key that differed from person to person would name the person; a printed one is compared.
    """
    return hashlib.sha256(public_to_spki(key)).hexdigest()


def prepare(message: bytes, *, variant: Variant = PSS_RANDOMISED) -> bytes:
    """Make a message ready: what the token will be, random bytes before it where due.

    Examples
    --------
    >>> len(prepare(b"x" * 32))
    64
    """
    return (secrets.token_bytes(_PREFIX_BYTES) if variant.randomised else b"") + message


def blind(key: PublicKey, prepared: bytes, *, variant: Variant = PSS_RANDOMISED) -> Blinded:
    """Hide a prepared message from whoever signs it (RFC 9474, section 4.2).

    Raises
    ------
    BadToken
        If the key is too short, or the message shares a factor with it.
    """
    _check(key)
    salt = secrets.token_bytes(variant.salt_bytes)
    return _blind(key, prepared, salt=salt, factor=1 + secrets.randbelow(key.n - 1))


def _blind(key: PublicKey, prepared: bytes, *, salt: bytes, factor: int) -> Blinded:
    message = int.from_bytes(_encode(prepared, bits=key.n.bit_length() - 1, salt=salt), "big")
    if math.gcd(message, key.n) != 1 or math.gcd(factor, key.n) != 1:
        raise BadToken("a message that shares a factor with the key", "Ask for another key.")
    hidden = message * pow(factor, key.e, key.n) % key.n
    return Blinded(hidden.to_bytes(key.length, "big"), pow(factor, -1, key.n))


def blind_sign(key: PrivateKey, blinded: bytes) -> bytes:
    """Sign what cannot be read (RFC 9474, section 4.3).

    Parameters
    ----------
    key : PrivateKey
    blinded : bytes
        `Blinded.message`.

    Returns
    -------
    bytes, as long as the key

    Raises
    ------
    BadToken
        If it has another length than the key, or is no number it can sign.
    SigningFailed
        If the outcome does not verify: a faulty machine; nothing is given away.

    Notes
    -----
    The base is blinded by a factor of its own, so that the time taken tells nothing about the key,
    and checked before it leaves, because one faulty remainder would give both primes away. About
    11 ms at 2048 bits.
    """
    n, e = key.public.n, key.public.e
    message = _number(blinded, key.public)
    if math.gcd(message, n) != 1:
        raise BadToken("a blinded message that is no unit of the key", "Blind it anew.")
    factor = _unit(n)
    base = message * pow(factor, e, n) % n
    signed = _private(key, base) * pow(factor, -1, n) % n
    if pow(signed, e, n) != message:
        raise SigningFailed
    return signed.to_bytes(key.public.length, "big")


def _unit(n: int) -> int:
    while math.gcd(factor := 1 + secrets.randbelow(n - 1), n) != 1:
        pass
    return factor


def _private(key: PrivateKey, base: int) -> int:
    by_p, by_q = pow(base, key.dp, key.p), pow(base, key.dq, key.q)
    return by_q + key.q * ((by_p - by_q) * key.q_inverse % key.p)


def finalize(
    key: PublicKey,
    prepared: bytes,
    *,
    signed: bytes,
    inverse: int,
    variant: Variant = PSS_RANDOMISED,
) -> bytes:
    """Take the blinding off and check what is left (RFC 9474, section 4.4).

    Parameters
    ----------
    key : PublicKey
    prepared : bytes
        What was given to `blind`.
    signed : bytes
        What `blind_sign` gave.
    inverse : int
        `Blinded.inverse`.

    Returns
    -------
    bytes
        A signature that any verifier of RSA-PSS accepts for ``prepared``.

    Raises
    ------
    BadToken
        If it does not verify: another key, another message, or a server that cheats.
    """
    signature = _number(signed, key) * inverse % key.n
    found = signature.to_bytes(key.length, "big")
    if not verify(key, prepared, signature=found, variant=variant):
        raise BadToken("a signature that does not verify", "Ask for the invitation's key again.")
    return found


def verify(
    key: PublicKey, prepared: bytes, *, signature: bytes, variant: Variant = PSS_RANDOMISED
) -> bool:
    """Whether the signature is this key's for this prepared message."""
    scheme = padding.PSS(padding.MGF1(hashes.SHA384()), variant.salt_bytes)
    if len(signature) != key.length:
        return False
    try:
        stock = rsa.RSAPublicNumbers(key.e, key.n).public_key()
        stock.verify(signature, prepared, scheme, hashes.SHA384())
    except InvalidSignature:
        return False
    return True


def token_hash(prepared: bytes) -> bytes:
    """What is kept of a token: one a ballot, and nothing that a token could be made of.

    Of the message alone, because one message has many valid signatures.
    """
    return hashlib.sha256(prepared).digest()


def _encode(message: bytes, *, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS with SHA-384 and MGF1 (RFC 8017, section 9.1.1)."""
    length = (bits + 7) // 8
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = b"\x01" + salt
    block = bytes(length - _HASH_BYTES - 1 - len(block)) + block
    rounds = range(-(-len(block) // _HASH_BYTES))
    mask = b"".join(hashlib.sha384(digest + i.to_bytes(4, "big")).digest() for i in rounds)
    masked = bytearray(one ^ other for one, other in zip(block, mask, strict=False))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + digest + b"\xbc"


def _check(key: PublicKey) -> None:
    if key.n.bit_length() < _LEAST_BITS or not key.n & 1 or key.e != _EXPONENT:
        raise BadToken(
            f"a public key of {key.n.bit_length()} bits with the exponent {key.e}",
            f"An odd modulus of at least {_LEAST_BITS} bits and {_EXPONENT} are asked for.",
        )


def _number(given: bytes, key: PublicKey) -> int:
    if len(given) != key.length:
        raise BadToken(f"{len(given)} bytes where {key.length} are due", "Send it whole.")
    number = int.from_bytes(given, "big")
    if number >= key.n:
        raise BadToken("a number larger than the key", "Blind it with this seat's key.")
    return number


def _key(found: rsa.RSAPrivateKey) -> PrivateKey:
    numbers = found.private_numbers()
    public = PublicKey(numbers.public_numbers.n, numbers.public_numbers.e)
    _check(public)
    return PrivateKey(
        public=public,
        p=numbers.p,
        q=numbers.q,
        dp=numbers.dmp1,
        dq=numbers.dmq1,
        q_inverse=numbers.iqmp,
    )


def _stock(key: PrivateKey) -> rsa.RSAPrivateKey:
    e = key.public.e
    return rsa.RSAPrivateNumbers(
        p=key.p,
        q=key.q,
        d=pow(e, -1, math.lcm(key.p - 1, key.q - 1)),
        dmp1=key.dp,
        dmq1=key.dq,
        iqmp=key.q_inverse,
        public_numbers=rsa.RSAPublicNumbers(e, key.public.n),
    ).private_key()
