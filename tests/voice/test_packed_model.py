"""The sentence model as a browser gets it: every number where the head says, Latin pieces alone."""

import json
import unicodedata
from typing import Any

import numpy as np
import pytest

from upturn.voice.engine.multilingual import load_multilingual, tokenizer_of
from upturn.voice.engine.packed_model import pack_for_browsers

KINDS = {"u1": np.uint8, "u4": np.uint32, "f4": np.float32}


@pytest.fixture(scope="module")
def packed() -> dict[str, Any]:
    whole = pack_for_browsers()
    size = int.from_bytes(whole[:4], "little")
    head = json.loads(whole[4 : 4 + size])
    told = [
        (start, length * np.dtype(KINDS[kind]).itemsize)
        for kind, start, length in head["sections"].values()
    ]
    ends = [4 + size, *(start + length for start, length in told)]
    assert all(start % 4 == 0 for start, _ in told), "a browser reads numbers at whole places only"
    assert all(0 <= start - end < 4 for (start, _), end in zip(told, ends, strict=False))
    assert 0 <= len(whole) - ends[-1] < 4
    sections = {
        name: np.frombuffer(whole, KINDS[kind], length, start)
        for name, (kind, start, length) in head["sections"].items()
    }
    return {**head, **sections}


def test_pieces_with_a_letter_of_another_script_stay_out_and_no_others(
    packed: dict[str, Any],
) -> None:
    kept = packed["pieces"].split("\n")
    every = tokenizer_of()._pieces
    assert len(kept) == len(packed["scores"]) == len(packed["table"]) // 512
    assert {"▁the", "▁Größe", "▁été", "▁1", "!", "<unk>"} <= set(kept)
    left = set(every) - set(kept)
    assert {"的", "ров"} <= left
    for piece in left:
        letters = [sign for sign in piece if sign.isalpha()]
        assert any("LATIN" not in unicodedata.name(sign, "") for sign in letters)
    assert kept == [piece for piece in every if piece not in left], "in their order"


def test_each_kept_piece_has_its_own_row(packed: dict[str, Any]) -> None:
    backend = load_multilingual().backend
    number = {piece: at for at, piece in enumerate(tokenizer_of()._pieces)}
    rows = np.array([number[piece] for piece in packed["pieces"].split("\n")])
    assert np.array_equal(packed["table"].reshape(-1, 512), backend.table[rows])
    assert np.array_equal(packed["scale"][packed["rows_of"]], backend.scale[rows % 17])
