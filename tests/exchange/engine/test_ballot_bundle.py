"""The audit bundle: recomputed whole, refused when touched, and empty of secrets."""

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.engine.rounds import (
    benchmark_of,
    bundle_of,
    choices,
    key_of,
    signed_again,
    signed_roster,
    submitted,
)
from upturn.exchange.engine.ballot import (
    AuditBundle,
    read_bundle,
    read_sheet,
    verify,
    with_verdict,
    write_bundle,
)
from upturn.exchange.engine.ballot.group import read_scalars, slices
from upturn.exchange.engine.errors import BadBundle

CODES = ["bundle", "roster", "sheet", "ballots", "list", "confirmations", "sums", "verdict"]


@cache
def whole() -> AuditBundle:
    return bundle_of(6, metrics=1)


@cache
def written() -> bytes:
    return write_bundle(whole())


def test_a_round_is_recomputed_from_its_bundle_alone() -> None:
    steps = verify(written())
    assert [step.code for step in steps] == CODES
    assert [step.sentence for step in steps if not step.holds] == []
    assert "6 ballots are signed, and prove one tick in every metric." in steps[3].sentence


def test_the_same_round_gives_the_same_bytes_and_they_are_read_back() -> None:
    assert write_bundle(bundle_of(6, metrics=1)) == written()
    assert write_bundle(read_bundle(written())) == written()


def _first_signed_ballot(changed: AuditBundle) -> AuditBundle:
    ballot = changed.ballots[0]
    flipped = ballot.proofs[:70] + bytes([ballot.proofs[70] ^ 1]) + ballot.proofs[71:]
    signed = signed_again(replace(ballot, proofs=flipped), key_of(1))
    rows = ((1, signed.hash), *changed.listed.ballots[1:])
    listed = replace(changed.listed, ballots=rows)
    return replace(changed, ballots=(signed, *changed.ballots[1:]), listed=listed)


def _one_more_in_the_first_bin(bundle: AuditBundle) -> AuditBundle:
    counts = list(bundle.totals.counts)
    full = next(at for at, count in enumerate(counts) if at and count)
    counts[0], counts[full] = counts[0] + 1, counts[full] - 1
    return replace(bundle, totals=replace(bundle.totals, counts=tuple(counts)))


def _edge_moved(bundle: AuditBundle) -> AuditBundle:
    metric = bundle.sheet.metrics[0]
    moved = replace(metric, edges=("71", *metric.edges[1:]))
    return replace(bundle, sheet=replace(bundle.sheet, metrics=(moved,)))


def _company_renamed(bundle: AuditBundle) -> AuditBundle:
    roster = bundle.roster.roster
    other = replace(roster.members[0], company="Company 9", group="Company 9")
    changed = replace(roster, members=(other, *roster.members[1:]))
    return replace(bundle, roster=replace(bundle.roster, roster=changed))


def _sums_forged(bundle: AuditBundle) -> AuditBundle:
    sums = bundle.sums[0]
    changed = replace(sums, values=sums.values[32:] + sums.values[:32])
    return replace(bundle, sums=(changed, *bundle.sums[1:]))


def _two_wrong_openers(bundle: AuditBundle) -> AuditBundle:
    changed = []
    for sums in bundle.sums[:2]:
        wrong = replace(sums, values=sums.values[32:] + sums.values[:32])
        changed.append(replace(wrong, signature=key_of(sums.index).sign(wrong.said())))
    return replace(bundle, sums=(*changed, *bundle.sums[2:]))


def _rezipped(name: str, content: bytes | None, *, compressed: bool = False) -> bytes:
    stream = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    with (
        zipfile.ZipFile(io.BytesIO(written())) as old,
        zipfile.ZipFile(stream, "w", how) as new,
    ):
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info), how)
        if content is not None:
            new.writestr(zipfile.ZipInfo(name), content, how)
    return stream.getvalue()


def _encrypted() -> bytes:
    place = written().index(b"PK\x01\x02") + 8
    return written()[:place] + b"\x01" + written()[place + 1 :]


TAMPERED: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "a count changed": (
        lambda: write_bundle(_one_more_in_the_first_bin(whole())),
        "sums",
        "The totals in the bundle are not those that the sums give.",
    ),
    "an edge moved after the round": (
        lambda: write_bundle(_edge_moved(whole())),
        "ballots",
        "The ballot of company 1 was made for another sheet.",
    ),
    "a company renamed": (
        lambda: write_bundle(_company_renamed(whole())),
        "roster",
        "The signature of Company 9 is not under this roster.",
    ),
    "a ballot dropped": (
        lambda: write_bundle(replace(whole(), ballots=whole().ballots[1:])),
        "list",
        "The ballots in the bundle are not those on the accepted list.",
    ),
    "a proof changed and signed again": (
        lambda: write_bundle(_first_signed_ballot(whole())),
        "ballots",
        "The ballot of company 1 does not prove that coordinate 0 holds 0 or 1",
    ),
    "two confirmations dropped": (
        lambda: write_bundle(replace(whole(), confirmations=whole().confirmations[2:])),
        "confirmations",
        "5 confirmations of one list are needed and 4 are here.",
    ),
    "sums changed": (
        lambda: write_bundle(_sums_forged(whole())),
        "sums",
        "The sums under the name of Company 1 are not signed by it.",
    ),
    "two openers wrong": (
        lambda: write_bundle(_two_wrong_openers(whole())),
        "sums",
        "The sums do not fit the commitments",
    ),
    "sums of two openers dropped": (
        lambda: write_bundle(replace(whole(), sums=whole().sums[2:])),
        "sums",
        "5 companies that open are needed and 4 are here.",
    ),
    "a verdict of its own": (
        lambda: write_bundle(replace(whole(), verdict="All is well.\n")),
        "verdict",
        "The verdict in the bundle is not what recomputing it gives.",
    ),
    "a file added": (
        lambda: _rezipped("notes.txt", b"read me"),
        "bundle",
        "notes.txt is in the bundle twice, or does not belong to it.",
    ),
    "a file missing": (
        lambda: _rezipped("totals.bin", None),
        "bundle",
        "The bundle has no totals.bin.",
    ),
    "something after the end": (
        lambda: written() + b"x",
        "bundle",
        "The bundle is not byte for byte as Upturn writes it",
    ),
    "a date of its own": (
        lambda: _rezipped("verdict.txt", whole().verdict.encode()),
        "bundle",
        "The bundle is not byte for byte as Upturn writes it",
    ),
    "compressed": (
        lambda: _rezipped("", None, compressed=True),
        "bundle",
        "ballots/001.bin is compressed",
    ),
    "a byte of a ballot changed": (
        lambda: _rezipped("ballots/001.bin", b"\x04" + whole().ballots[0].written()[1:-1]),
        "bundle",
        "ballots/001.bin cannot be read: A message ends 1 bytes too early.",
    ),
    "marked as encrypted": (_encrypted, "bundle", "is encrypted, password required"),
    "half of it": (lambda: written()[: len(written()) // 2], "bundle", "This is no whole zip"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_copy_is_refused_with_a_sentence_that_names_what_is_wrong(what: str) -> None:
    tampered, code, sentence = TAMPERED[what]
    last = verify(tampered())[-1]
    assert (last.code, last.holds) == (code, False)
    assert sentence in last.sentence


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 255))
def test_no_byte_of_a_bundle_can_be_another(at: int, by: int) -> None:
    place = at % len(written())
    changed = written()[:place] + bytes([written()[place] ^ by]) + written()[place + 1 :]
    assert not verify(changed)[-1].holds


def test_nothing_that_opens_or_names_a_bin_is_in_the_bundle() -> None:
    held = submitted(benchmark_of(6, metrics=1), choices(6, 1))
    secrets = {"seed": key_of(1).seed, "sealing key": bytes(key_of(1)._opening())}
    for at, ballot in held.ballots.items():
        for holder in held.companies:
            opened = key_of(holder).open(ballot.boxes[holder - 1])[32:]
            read_scalars(opened)
            secrets |= {f"share {at} {holder} {k}": one for k, one in enumerate(slices(opened))}
            secrets[f"box {at} {holder}"] = ballot.boxes[holder - 1][:48]
    assert len(secrets) > 500
    assert found_in(written(), secrets) == []


def found_in(content: bytes, secrets: dict[str, bytes]) -> list[str]:
    """In bytes, either way round, in hexadecimal and in base 64 at any offset."""
    decoded = content + content.hex().encode()
    decoded += b"".join(base64.b64encode(content[shift:]) for shift in range(3))
    return [name for name, one in secrets.items() if one in decoded or one[::-1] in decoded]


def test_a_bundle_that_fails_its_own_check_is_not_made() -> None:
    with pytest.raises(BadBundle, match="not those that the sums give"):
        with_verdict(_one_more_in_the_first_bin(whole()))


def test_a_bundle_with_one_wrong_opener_of_six_holds_and_says_so() -> None:
    sums = whole().sums[3]
    wrong = replace(sums, values=sums.values[32:] + sums.values[:32])
    wrong = replace(wrong, signature=key_of(4).sign(wrong.said()))
    bundle = replace(whole(), sums=(*whole().sums[:3], wrong, *whole().sums[4:]))
    steps = verify(write_bundle(with_verdict(bundle)))
    assert steps[-1].holds
    assert "The sums of Company 4 do not fit the others and were left out." in steps[6].sentence


def test_a_ballot_with_its_boxes_never_enters_a_bundle() -> None:
    held = submitted(benchmark_of(6, metrics=1), choices(6, 1))
    bundle = replace(whole(), ballots=tuple(held.ballots.values()))
    assert write_bundle(bundle) == written()


def test_the_roster_and_the_sheet_stand_in_it_as_they_were_signed() -> None:
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        assert archive.read("roster.bin") == signed_roster(whole().roster.roster).written()
        assert read_sheet(archive.read("sheet.bin")) == whole().sheet
