"""The numbers of RFC 9474, and what a blind token promises."""

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upturn.privacy import blind_tokens
from upturn.privacy.blind_tokens import (
    PSS_RANDOMISED,
    VARIANTS,
    PrivateKey,
    PublicKey,
    blind,
    blind_sign,
    finalize,
    fingerprint,
    new_key,
    prepare,
    private_from_pem,
    private_to_pem,
    public_to_spki,
    token_hash,
    verify,
)
from upturn.privacy.errors import BadToken, SigningFailed

PUBLISHED = tomllib.loads(Path(__file__).with_name("rfc9474.toml").read_text(encoding="utf-8"))


def number(name):
    return int.from_bytes(bytes.fromhex(PUBLISHED[name]), "big")


@cache
def published_key() -> PrivateKey:
    p, q, d = number("p"), number("q"), number("d")
    return PrivateKey(
        public=PublicKey(number("n"), number("e")),
        p=p,
        q=q,
        dp=d % (p - 1),
        dq=d % (q - 1),
        q_inverse=pow(q, -1, p),
    )


@cache
def own_key() -> PrivateKey:
    return new_key()


def token(key, message=b"m" * 32):
    prepared = prepare(message)
    hidden = blind(key.public, prepared)
    signed = blind_sign(key, hidden.message)
    signature = finalize(key.public, prepared, signed=signed, inverse=hidden.inverse)
    return prepared, hidden, signed, signature


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda each: each.name)
def test_every_step_gives_the_bytes_that_rfc_9474_prints(variant):
    given_ = {key: bytes.fromhex(value) for key, value in PUBLISHED[variant.name].items()}
    key, inverse = published_key(), number("inv")
    prepared, salt = given_["prepared_msg"], given_["salt"]
    assert prepared == given_["msg_prefix"] + given_["msg"]
    assert len(given_["msg_prefix"]) == 32 * variant.randomised
    assert len(salt) == variant.salt_bytes
    assert key.p * key.q == key.public.n
    assert blind_tokens._encode(prepared, bits=4095, salt=salt) == given_["encoded_msg"]
    factor = pow(inverse, -1, key.public.n)
    hidden = blind_tokens._blind(key.public, prepared, salt=salt, factor=factor)
    assert hidden.message == given_["blinded_msg"]
    assert hidden.inverse == inverse
    signed = blind_sign(key, hidden.message)
    assert signed == given_["blind_sig"]
    found = finalize(key.public, prepared, signed=signed, inverse=inverse, variant=variant)
    assert found == given_["sig"]
    for other in VARIANTS:
        fits = verify(key.public, prepared, signature=found, variant=other)
        assert fits == (other.salt_bytes == variant.salt_bytes)


@settings(max_examples=10)
@given(st.binary(max_size=200), st.sampled_from(VARIANTS))
def test_what_is_signed_blind_verifies_for_its_message_alone(message, variant):
    key = own_key()
    prepared = prepare(message, variant=variant)
    hidden = blind(key.public, prepared, variant=variant)
    signed = blind_sign(key, hidden.message)
    signature = finalize(
        key.public, prepared, signed=signed, inverse=hidden.inverse, variant=variant
    )
    assert verify(key.public, prepared, signature=signature, variant=variant)
    assert not verify(key.public, prepared + b"x", signature=signature, variant=variant)
    assert not verify(published_key().public, prepared, signature=signature, variant=variant)


def test_any_signing_fits_any_token_so_that_none_can_be_matched():
    """What the server saw of one person, and the token of another, belong together for one r."""
    key = own_key()
    n, e = key.public.n, key.public.e
    tokens = [token(key, bytes([each]) * 32) for each in range(4)]
    for _prepared, hidden, signed, _signature in tokens:
        for prepared, _hidden, _signed, signature in tokens:
            factor = int.from_bytes(signed, "big") * pow(int.from_bytes(signature, "big"), -1, n)
            message = pow(int.from_bytes(signature, "big"), e, n)
            assert message * pow(factor, e, n) % n == int.from_bytes(hidden.message, "big")
            inverse = pow(factor, -1, n)
            assert finalize(key.public, prepared, signed=signed, inverse=inverse) == signature


def test_the_same_message_is_never_blinded_alike():
    key = own_key().public
    prepared = prepare(b"same")
    hidden = [blind(key, prepared) for _ in range(8)]
    assert len({each.message for each in hidden}) == len({each.inverse for each in hidden}) == 8
    assert prepare(b"same") != prepared
    assert token_hash(prepared) != token_hash(prepare(b"same"))


def test_a_fault_in_either_half_of_the_key_gives_nothing_away():
    key = own_key()
    hidden = blind(key.public, prepare(b"m"))
    for faulty in (replace(key, dp=key.dp ^ 4), replace(key, dq=key.dq ^ 4)):
        with pytest.raises(SigningFailed):
            blind_sign(faulty, hidden.message)


@pytest.mark.parametrize(
    ("blinded", "says"),
    [
        (lambda key: b"", "0 bytes"),
        (lambda key: bytes(255), "255 bytes"),
        (lambda key: bytes(257), "257 bytes"),
        (lambda key: bytes(256), "no unit"),
        (lambda key: key.p.to_bytes(256, "big"), "no unit"),
        (lambda key: key.public.n.to_bytes(256, "big"), "larger"),
        (lambda key: b"\xff" * 256, "larger"),
    ],
)
def test_what_cannot_be_signed_is_refused(blinded, says):
    key = own_key()
    with pytest.raises(BadToken, match=says):
        blind_sign(key, blinded(key))


def test_a_server_that_signs_with_another_key_is_found_out():
    key, other = own_key(), new_key()
    prepared = prepare(b"m")
    hidden = blind(key.public, prepared)
    number_ = int.from_bytes(hidden.message, "big") % other.public.n
    signed = blind_sign(other, number_.to_bytes(256, "big"))
    smaller = (int.from_bytes(signed, "big") % key.public.n).to_bytes(256, "big")
    with pytest.raises(BadToken, match="does not verify"):
        finalize(key.public, prepared, signed=smaller, inverse=hidden.inverse)
    with pytest.raises(BadToken, match="255 bytes"):
        finalize(key.public, prepared, signed=signed[1:], inverse=hidden.inverse)


@pytest.mark.parametrize("signature", [b"", bytes(256), b"\xff" * 256, bytes(255)])
def test_no_made_up_signature_verifies(signature):
    assert not verify(own_key().public, prepare(b"m"), signature=signature)


def test_short_keys_even_moduli_and_other_exponents_are_refused():
    n = own_key().public.n
    for weak in (PublicKey(n >> 1024), PublicKey(n - 1), PublicKey(n, 3)):
        with pytest.raises(BadToken, match="public key"):
            blind(weak, b"m")
    with pytest.raises(BadToken, match="1024 bits"):
        new_key(bits=1024)


def test_a_key_survives_its_file_and_shows_itself_nowhere():
    key = own_key()
    again = private_from_pem(private_to_pem(key))
    assert again == key
    assert str(key.p) not in repr(key)
    assert "PrivateKey" in repr(key)
    with pytest.raises(BadToken, match="cannot be read"):
        private_from_pem(b"nothing")


def test_the_printed_fingerprint_is_of_the_bytes_a_browser_imports():
    known = PublicKey(number("n"), number("e"))
    assert public_to_spki(known)[-4:] == b"\x03\x01\x00\x01"
    assert fingerprint(known) == fingerprint(published_key().public)
    assert fingerprint(known) != fingerprint(own_key().public)
    assert PSS_RANDOMISED.name == "RSABSSA-SHA384-PSS-Randomized"
