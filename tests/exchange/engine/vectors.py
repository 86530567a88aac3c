"""Examples for whoever writes the sealed benchmark in another language.

``python -m tests.exchange.engine.vectors`` writes ``tests/vectors/*.json`` anew; a test holds that
the files are what is written here. Bytes are in hexadecimal.
"""

import base64
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.exchange.engine.rounds import (
    CLOSES,
    OPENS,
    ROUND_ID,
    benchmark_of,
    bundle_of,
    choices,
    drawn_from,
    key_of,
    metric,
    submitted,
)
from upturn.exchange.engine.ballot import (
    Band,
    Metric,
    Place,
    Sheet,
    Thresholds,
    Totals,
    band,
    half_bins,
    own_position,
    recovery_words,
    safety_words,
    stands_for,
    write_bundle,
    write_key_file,
)
from upturn.exchange.engine.ballot.encoding import LARGEST, Value, pack
from upturn.exchange.engine.ballot.group import (
    ORDER,
    G,
    H,
    check_point,
    commit,
    draw_scalars,
    hash_to_group,
    wide_scalar,
    write_scalar,
)
from upturn.exchange.engine.ballot.keys import seal_for
from upturn.exchange.engine.ballot.proofs import Context, binding, challenge, prove_tick
from upturn.exchange.engine.ballot.shares import evaluate, weights
from upturn.exchange.engine.errors import Malformed
from upturn.stats import Withheld
from upturn.stats.draws import generator

FOLDER = Path(__file__).parents[2] / "vectors"
CONTEXT = Context(ROUND_ID, bytes([1]) * 32, bytes([2]) * 32, 3)
Example = dict[str, Any]


def _plain(value: Value) -> Any:
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _encoding() -> Example:
    values: list[Value] = [0, 1, LARGEST, b"", b"\x00\xff", "", "Ä€", [], [1, [b"a", "b", []]]]
    refused = {
        "": "nothing",
        "0100": "a number of one byte",
        "010020000000000000": "2^53",
        "0200000002ff": "bytes that end too early",
        "0200000000ff": "a byte left over",
        "0300000001ff": "text that is not UTF-8",
        "0500000000": "a tag that does not exist",
        "0400000001": "a list that ends too early",
    }
    return {
        "written": [{"value": _plain(value), "written": pack(value).hex()} for value in values],
        "refused": [{"written": written, "why": why} for written, why in refused.items()],
    }


def _group() -> Example:
    wide = [bytes(64), b"\xff" * 64, hashlib.sha512(b"wide").digest()]
    draw = drawn_from("stream")
    return {
        "order": write_scalar(ORDER - 1).hex(),
        "G": G.hex(),
        "H": H.hex(),
        "hash_to_group": [
            {"label": label, "point": hash_to_group(label.encode()).hex()} for label in ("", "a")
        ],
        "wide_scalars": [
            {"bytes": one.hex(), "scalar": write_scalar(wide_scalar(one)).hex()} for one in wide
        ],
        "commitments": [
            {
                "value": value,
                "blinding": write_scalar(blinding).hex(),
                "commitment": commit(value, blinding).hex(),
            }
            for value, blinding in ((0, 1), (1, 2), (1, ORDER - 1), (3, 2**250))
        ],
        "refused_scalars": [
            (ORDER + shift).to_bytes(32, "little").hex() for shift in (0, 1, 2**254)
        ],
        "refused_points": [_refused_point(one) for one in _no_points()],
        "stream": {"seed": "stream", "first_100": draw(100).hex(), "next_50": draw(50).hex()},
    }


def _no_points() -> list[bytes]:
    field = 2**255 - 19
    numbers = (0, field, field + 2, 1, field - 1)
    return [number.to_bytes(32, "little") for number in numbers] + [b"\xff" * 32, G[:31]]


def _refused_point(written: bytes) -> str:
    try:
        check_point(written)
    except Malformed:
        return written.hex()
    raise AssertionError(written.hex())


def _shares() -> Example:
    rows = [draw_scalars(drawn_from(f"power {power}"), 3) for power in range(5)]
    at = [1, 2, 3, 4, 5, 6]
    return {
        "coefficients": [[write_scalar(one).hex() for one in row] for row in rows],
        "points": at,
        "values": [[write_scalar(one).hex() for one in row] for row in evaluate(rows, at)],
        "weights": [
            {"points": points, "weights": [write_scalar(one).hex() for one in weights(points)]}
            for points in ([1, 2, 3, 4, 5], [1, 2, 4, 5, 6])
        ],
    }


def _proofs() -> Example:
    made = []
    for tick, coordinate in ((0, 0), (1, 7)):
        blinding, *drawn = draw_scalars(drawn_from(f"proof {tick}"), 4)
        commitment, proof = prove_tick(
            CONTEXT, coordinate, tick=tick, blinding=blinding, drawn=drawn
        )
        announced = commitment + proof[:64]
        made.append(
            {
                "tick": tick,
                "coordinate": coordinate,
                "blinding": write_scalar(blinding).hex(),
                "drawn": [write_scalar(one).hex() for one in drawn],
                "commitment": commitment.hex(),
                "challenge": write_scalar(challenge(CONTEXT, coordinate, announced)).hex(),
                "proof": proof.hex(),
            }
        )
    return {"context": _context(), "index": CONTEXT.index, "holds": made, "binding": _binding()}


def _context() -> Example:
    return {
        "round_id": CONTEXT.round_id.hex(),
        "sheet": CONTEXT.sheet.hex(),
        "roster": CONTEXT.roster.hex(),
        "index": CONTEXT.index,
        "written": CONTEXT.written().hex(),
    }


def _binding() -> Example:
    commitments = b"\x07" * 64
    found = binding(CONTEXT, serial=2, holder=5, commitments=commitments)
    return {"serial": 2, "holder": 5, "commitments": commitments.hex(), "binding": found.hex()}


def _keys() -> Example:
    key, said = key_of(1), b"what is signed"
    one_time = hashlib.sha256(b"one time").digest()
    return {
        "seed": key.seed.hex(),
        "signing": key.public.signing.hex(),
        "sealing": key.public.sealing.hex(),
        "fingerprint": key.public.fingerprint.hex(),
        "safety_words": list(safety_words(key.public.fingerprint)),
        "recovery_words": list(recovery_words(key)),
        "said": said.hex(),
        "signature": key.sign(said).hex(),
        "box": {
            "one_time": one_time.hex(),
            "said": said.hex(),
            "box": seal_for(key.public, said, one_time=one_time).hex(),
        },
        "key_file": write_key_file(key, company="Nordlicht Café"),
    }


def _round() -> Example:
    benchmark, bins = benchmark_of(5), choices(5)
    held = submitted(benchmark, bins)
    listed = held.listed()
    confirmations = held.confirmations(listed)
    sums = held.sums(listed, confirmations)
    return {
        "roster": benchmark.roster.written.hex(),
        "roster_hash": benchmark.roster.hash.hex(),
        "sheet": benchmark.sheet.written.hex(),
        "sheet_hash": benchmark.sheet.hash.hex(),
        "window": [OPENS, CLOSES],
        "companies": [
            {
                "index": at,
                "seed": key_of(at).seed.hex(),
                "stream": f"ballot {at} 1",
                "bins": bins[at],
                "ballot": held.ballots[at].written().hex(),
                "ballot_hash": held.ballots[at].hash.hex(),
                "confirmation": confirmations[at - 1].written().hex(),
                "sums": sums[at - 1].written().hex(),
            }
            for at in bins
        ],
        "list": listed.written.hex(),
        "list_hash": listed.hash.hex(),
        "totals": held.tally(listed, sums).totals.written().hex(),
        "bundle": base64.b64encode(write_bundle(bundle_of(5))).decode(),
    }


def _results() -> Example:
    draws = generator(9)
    cases = []
    for bins in (8, 12, 16):
        for _ in range(8):
            counts = draws.multinomial(int(draws.integers(5, 20)), [1 / bins] * bins).tolist()
            cases.append(_result(metric(bins), tuple(counts)))
    return {"cases": cases}


def _result(asked: Metric, counts: tuple[int, ...]) -> Example:
    totals = Totals(bytes(32), sum(counts), counts, b"")
    sheet = Sheet(ROUND_ID, bytes(32), (asked,), ("", ""), 0, 1, sum(counts), Thresholds(4, 5), 3)
    values = [69.9, 70, 85, 102.4, 200, None]
    places = [own_position(sheet, totals, 0, value=value) for value in values]
    return {
        "metric": {"edges": list(asked.edges), "low": asked.low, "high": asked.high},
        "counts": list(counts),
        "stands_for": list(stands_for(asked)),
        "half_bins": list(half_bins(asked)),
        "band": _band(band(sheet, totals, 0)),
        "values": values,
        "bins": [asked.bin_of(value) for value in values],
        "places": [str(one.against) if isinstance(one, Place) else None for one in places],
    }


def _band(found: Band | Withheld) -> Example | None:
    if isinstance(found, Withheld):
        return None
    return {key: getattr(found, key) for key in ("lower", "middle", "upper", "mean")}


def _attacks() -> Example:
    """Ballots that every client refuses, each made from the round's first ballot."""
    held = submitted(benchmark_of(5), {1: choices(5)[1]})
    whole, key = held.ballots[1].public(), key_of(1)

    def signed(**changed: Any) -> str:
        ballot = replace(whole, **changed)
        return replace(ballot, signature=key.sign(ballot.head)).written().hex()

    flipped = bytes([whole.proofs[100] ^ 1])
    high = (int.from_bytes(whole.proofs[64:96], "little") + ORDER).to_bytes(32, "little")
    return {
        "roster": held.benchmark.roster.written.hex(),
        "sheet": held.benchmark.sheet.written.hex(),
        "good": whole.written().hex(),
        "refused": {
            "another round": signed(round_id=bytes(16)),
            "another sheet": signed(sheet=bytes(32)),
            "another roster": signed(roster=bytes(32)),
            "another company": replace(whole, index=2).written().hex(),
            "no serial": signed(serial=0),
            "not signed": replace(whole, signature=bytes(64)).written().hex(),
            "proof changed": signed(proofs=whole.proofs[:100] + flipped + whole.proofs[101:]),
            "scalar not canonical": signed(proofs=whole.proofs[:64] + high + whole.proofs[96:]),
            "identity committed": signed(commitments=bytes(32) + whole.commitments[32:]),
            "sum proof changed": signed(sum_proofs=whole.sum_proofs[::-1]),
            "a commitment short": signed(commitments=whole.commitments[32:]),
            "boxes' hashes short": signed(box_hashes=whole.box_hashes[32:]),
        },
    }


MADE = {
    "encoding": _encoding,
    "group": _group,
    "shares": _shares,
    "proofs": _proofs,
    "keys": _keys,
    "round": _round,
    "results": _results,
    "attacks": _attacks,
}


def text_of(name: str) -> str:
    """One file's content."""
    return json.dumps(MADE[name](), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for made in MADE:
        (FOLDER / f"{made}.json").write_text(text_of(made), encoding="utf-8")
