"""Keys, their words, and boxes that libsodium's own sealed box opens."""

import os
from itertools import combinations

import pytest
from nacl.public import PrivateKey, SealedBox
from nacl.public import PublicKey as LibsodiumKey

from tests.exchange.engine.rounds import key_of
from upturn.exchange.engine.ballot import (
    key_from_words,
    new_key,
    read_key_file,
    recovery_words,
    safety_words,
    signed_by,
    word_list,
    write_key_file,
)
from upturn.exchange.engine.ballot.keys import PublicKeys, seal_for
from upturn.exchange.engine.errors import BadBox, BadKey


def test_the_words_are_256_and_no_two_are_near_each_other() -> None:
    words = word_list()
    assert len(words) == len(set(words)) == 256
    assert list(words) == sorted(words)
    assert len({word[:3] for word in words}) == 256
    assert all(word.isascii() and word.islower() and 3 < len(word) < 9 for word in words)
    assert [pair for pair in combinations(words, 2) if one_letter_apart(*pair)] == []


def one_letter_apart(one: str, other: str) -> bool:
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) < 2
    short, long = sorted((one, other), key=len)
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def test_a_key_comes_back_from_its_file_and_from_its_words() -> None:
    key = new_key(os.urandom)
    assert read_key_file(write_key_file(key, company="Café")) == (key, "Café")
    assert key_from_words(list(recovery_words(key))) == key
    assert key_from_words([word.upper() for word in recovery_words(key)]) == key


def test_a_word_missing_wrong_or_swapped_is_noticed() -> None:
    words = list(recovery_words(key_of(1)))
    with pytest.raises(BadKey, match="32 words"):
        key_from_words(words[:-1])
    with pytest.raises(BadKey, match="of which gibberish is not on the list"):
        key_from_words(["gibberish", *words[1:]])
    other = next(word for word in word_list() if word != words[0])
    with pytest.raises(BadKey, match="does not check"):
        key_from_words([other, *words[1:]])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"upturn-key": 1, "company": "A", "seed": "0"}'])
def test_what_is_no_key_file_is_refused(text: str) -> None:
    with pytest.raises(BadKey, match="no key file"):
        read_key_file(text)
    with pytest.raises(BadKey, match="another kind"):
        read_key_file('{"upturn-key": 2, "company": "A", "seed": "00"}')


def test_a_key_never_shows_itself() -> None:
    assert key_of(1).seed.hex() not in repr(key_of(1))
    assert repr(key_of(1).seed) not in repr(key_of(1))


def test_six_words_tell_two_keys_apart() -> None:
    words = {safety_words(key_of(index).public.fingerprint) for index in range(1, 4)}
    assert {len(one) for one in words} == {6}
    assert len(words) == 3


def test_our_sealed_box_is_libsodiums() -> None:
    key = key_of(1)
    theirs = SealedBox(LibsodiumKey(key.public.sealing)).encrypt(b"said")
    assert key.open(bytes(theirs)) == b"said"
    secret = PrivateKey.generate()
    ours = seal_for(
        PublicKeys(bytes(32), bytes(secret.public_key)), b"said", one_time=os.urandom(32)
    )
    assert SealedBox(secret).decrypt(ours) == b"said"


def test_a_box_for_another_or_changed_on_the_way_does_not_open() -> None:
    box = seal_for(key_of(1).public, b"said", one_time=os.urandom(32))
    for wrong in (box[:-1], box[:-1] + bytes([box[-1] ^ 1]), b"", bytes(80)):
        with pytest.raises(BadBox):
            key_of(1).open(wrong)
    with pytest.raises(BadBox):
        key_of(2).open(box)
    with pytest.raises(BadBox, match="small order"):
        seal_for(PublicKeys(bytes(32), bytes(32)), b"said", one_time=os.urandom(32))


def test_a_signature_of_a_wrong_length_or_key_is_none() -> None:
    key = key_of(1)
    signature = key.sign(b"said")
    assert signed_by(key.public, b"said", signature=signature)
    assert not signed_by(key.public, b"said", signature=signature[:-1])
    assert not signed_by(key.public, b"other", signature=signature)
    assert not signed_by(PublicKeys(b"", b""), b"said", signature=signature)
