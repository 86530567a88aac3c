"""The examples for other languages are what this code makes, and are refused where they must be."""

import json

import pytest

from tests.exchange.engine.vectors import FOLDER, MADE, text_of
from upturn.exchange.engine.ballot import (
    Benchmark,
    check_ballot,
    read_ballot,
    read_roster,
    read_sheet,
    unpack,
)
from upturn.exchange.engine.ballot.group import G, H, check_point, read_scalars, times_base
from upturn.exchange.engine.errors import BallotError, Malformed


@pytest.mark.parametrize("name", MADE)
def test_the_files_are_what_is_made_today(name: str) -> None:
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == text_of(name)


def of(name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def test_what_the_examples_call_refused_is_refused() -> None:
    encoding, group = of("encoding"), of("group")
    assert isinstance(encoding["refused"], list)
    for row in encoding["refused"]:
        with pytest.raises(Malformed):
            unpack(bytes.fromhex(row["written"]))
    assert isinstance(group["refused_scalars"], list)
    for scalar in group["refused_scalars"]:
        with pytest.raises(Malformed):
            read_scalars(bytes.fromhex(scalar))
    assert isinstance(group["refused_points"], list)
    for point in group["refused_points"]:
        with pytest.raises(Malformed):
            check_point(bytes.fromhex(point))


def test_every_ballot_among_the_examples_is_refused_but_the_good_one() -> None:
    found = json.loads((FOLDER / "attacks.json").read_text(encoding="utf-8"))
    roster, sheet = bytes.fromhex(found["roster"]), bytes.fromhex(found["sheet"])
    benchmark = Benchmark(read_roster(roster), read_sheet(sheet))
    check_ballot(benchmark, read_ballot(bytes.fromhex(found["good"])))
    for what, ballot in found["refused"].items():
        with pytest.raises(BallotError):
            check_ballot(benchmark, read_ballot(bytes.fromhex(ballot)))
            pytest.fail(what)


def test_the_group_is_the_one_of_rfc_9496() -> None:
    """Multiples of the base point, appendix A.1 of the RFC."""
    multiples = [
        "e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76",
        "6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919",
        "94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259",
    ]
    assert [times_base(count).hex() for count in (1, 2, 3)] == multiples
    assert G.hex() == multiples[0]
    assert G != H
