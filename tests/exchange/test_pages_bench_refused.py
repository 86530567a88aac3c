"""All that can come in wrongly at the pages of a benchmark: a sentence, a way on, nothing lost."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from django.test import override_settings
from django.utils import timezone

from tests.exchange import bench
from tests.exchange import factories as make
from upturn.exchange.commands import leaving
from upturn.exchange.engine.ballot import (
    AuditBundle,
    Memory,
    read_ballot,
    read_bundle,
    read_confirmation,
    write_bundle,
)
from upturn.exchange.engine.ballot.encoding import pack, unpack
from upturn.exchange.models import Benchmark, ExchangeParty, Rung, SealedMessage
from upturn.house.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    return make.opened()


def ballots() -> int:
    return SealedMessage.objects.filter(kind="ballot").count()


def test_a_late_ballot(made: make.Made) -> None:
    asked = bench.begun(made)
    asked.sign()
    content = asked.devices["Amber"].seal(4.0, 1.0)
    asked.close()
    answer = asked.send("Amber", "ballot", content)
    assert answer.status_code == 403
    assert "Look where the round stands" in bench.said(answer)
    assert ballots() == 0
    assert "was <b>not opened</b>" in asked.page("Amber").content.decode()


def test_a_doubled_ballot_is_one_and_a_newer_one_replaces(made: make.Made) -> None:
    asked = bench.begun(made)
    asked.sign()
    first = asked.hand_in({"Amber": (4.0, 1.0)})["Amber"]
    assert asked.send("Amber", "ballot", first).status_code == 200
    assert ballots() == 1
    asked.hand_in({"Amber": (30.0, 5.0)})
    assert ballots() == 1
    older = asked.send("Amber", "ballot", first)
    assert older.status_code == 409
    assert "A newer one replaces it" in bench.said(older)


def test_malformed_copied_and_foreign_ballots(made: make.Made) -> None:
    asked = bench.begun(made)
    asked.sign()
    good = asked.devices["Amber"].seal(4.0, 1.0)
    copied = replace(read_ballot(good), index=2)
    copied = replace(copied, signature=made["Birch"].key.sign(copied.head))
    wrong = {
        ("Amber", b""): 409,
        ("Amber", b"not a ballot"): 409,
        ("Amber", good[:-7]): 409,
        ("Amber", b"x" * (8 * 2**20 + 1)): 409,
        ("Birch", good): 403,
        ("Birch", copied.written()): 409,
        ("Client", good): 404,
    }
    for (name, content), status in wrong.items():
        answer = asked.send(name, "ballot", content)
        assert answer.status_code in {status, 403}, (name, content[:20])
    assert ballots() == 0
    assert asked.send("Amber", "ballot", good).status_code == 200


def test_a_ballot_of_another_round(made: make.Made) -> None:
    old = bench.begun(made)
    old.sign()
    foreign = old.devices["Amber"].seal(4.0, 1.0)
    old.browser("convener").post(old.address("benchmark_end"))
    asked = bench.begun(made)
    asked.sign()
    answer = asked.send("Amber", "ballot", foreign)
    assert answer.status_code == 409
    assert "another round" in bench.said(answer)


def test_a_lost_key_stops_nobody_else(made: make.Made) -> None:
    """Nobody signs, seals, confirms or opens for it any more after its ballot is in."""
    asked = bench.submitted(made)
    asked.close()
    asked.confirm(make.NAMES[:5])
    asked.open(make.NAMES[:5])
    assert asked.row.state == "opened"
    assert "Where the companies lie" in asked.page("Fern").content.decode()


def test_a_browser_that_forgets_seals_on_from_the_number_at_the_host(made: make.Made) -> None:
    asked = bench.begun(made)
    asked.sign()
    asked.hand_in({"Amber": (4.0, 1.0)})
    forgetful = asked.devices["Amber"]
    forgetful.memory = Memory(forgetful.memory.round_id)
    assert asked.send("Amber", "ballot", forgetful.seal(9.0, 1.0)).status_code == 409
    forgetful.memory = Memory(forgetful.memory.round_id, serial=forgetful.packet.serial)
    assert asked.send("Amber", "ballot", forgetful.seal(9.0, 1.0)).status_code == 200


def test_four_ballots_are_not_opened_and_the_page_says_which_rule(made: make.Made) -> None:
    asked = bench.begun(made)
    asked.sign()
    asked.hand_in(dict.fromkeys(make.NAMES[:4], (4.0, 1.0)))
    asked.close()
    page = asked.page("Amber").content.decode()
    assert "fewer than five unaffiliated companies" in page
    assert "still on your device alone" in page
    assert ballots() == 0


def test_a_roster_that_changed_by_one_is_refused_with_the_rule(made: make.Made) -> None:
    first = bench.opened(made)
    closed = timezone.now() - timedelta(days=200)
    Benchmark.objects.filter(ref=first.ref).update(closes_at=closed)
    leaving.step(made["Fern"].sitting, Rung.LISTEN, today=make.TODAY + timedelta(days=101))
    answer = bench.draft(made)
    assert answer.status_code == 409
    assert "Rule 9" in answer.content.decode()


def test_a_round_waits_until_a_quarter_is_over(made: make.Made) -> None:
    bench.opened(made)
    assert "Rule 4" in bench.draft(made).content.decode()


def test_a_company_that_is_expelled_in_mid_round(made: make.Made) -> None:
    asked = bench.submitted(made)
    ExchangeParty.objects.filter(pk=made["Fern"].party).update(suspended=True)
    answer = asked.send("Fern", "ballot", asked.devices["Fern"].seal(4.0, 1.0))
    assert answer.status_code == 409
    assert "Your company pauses" in bench.said(answer)
    asked.close()
    assert ballots() == 5
    asked.confirm(make.NAMES[:5])
    asked.open(make.NAMES[:5])
    assert asked.row.state == "opened"


def test_a_list_that_another_was_shown_ends_the_round_and_says_so(made: make.Made) -> None:
    asked = bench.submitted(made)
    asked.close()
    said = read_confirmation(asked.devices["Amber"].confirm())
    other = replace(said, list_hash=bytes(32))
    other = replace(other, signature=made["Amber"].key.sign(other.said()))
    assert asked.send("Amber", "confirmation", other.written()).status_code == 200
    assert "another list than the host" in asked.page("Client").content.decode()


def test_nothing_of_a_kind_that_does_not_exist_is_taken(made: make.Made) -> None:
    asked = bench.begun(made)
    assert asked.send("Amber", "figures", b"4.0").status_code == 404


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_a_ballot_is_larger_than_forms_may_be(made: make.Made) -> None:
    asked = bench.begun(made)
    asked.sign()
    asked.hand_in({"Amber": (4.0, 1.0)})
    assert ballots() == 1


Tamper = Callable[[AuditBundle], AuditBundle]


def _proofs(bundle: AuditBundle) -> AuditBundle:
    first, *others = bundle.ballots
    proofs = first.proofs[:-1] + bytes([first.proofs[-1] ^ 1])
    return replace(bundle, ballots=(replace(first, proofs=proofs), *others))


def _copied(bundle: AuditBundle) -> AuditBundle:
    first, _second, *others = bundle.ballots
    return replace(bundle, ballots=(first, replace(first, index=2), *others))


def _counts(bundle: AuditBundle) -> AuditBundle:
    counts = list(bundle.totals.counts)
    at = next(place for place, count in enumerate(counts) if count)
    counts[at] -= 1
    counts[at - 1 if at else 1] += 1
    return replace(bundle, totals=replace(bundle.totals, counts=tuple(counts)))


def _sums(bundle: AuditBundle) -> AuditBundle:
    first, *others = bundle.sums
    swapped = replace(first, values=first.blindings, blindings=first.values)
    return replace(bundle, sums=(swapped, *others))


def _confirmation(bundle: AuditBundle) -> AuditBundle:
    first, *others = bundle.confirmations
    return replace(bundle, confirmations=(replace(first, signature=bytes(64)), *others))


def _sheet(bundle: AuditBundle) -> AuditBundle:
    first, *others = bundle.sheet.metrics
    return replace(bundle, sheet=replace(bundle.sheet, metrics=(replace(first, unit="x"), *others)))


def _roster(bundle: AuditBundle) -> AuditBundle:
    first, second, *others = bundle.roster.signatures
    return replace(bundle, roster=replace(bundle.roster, signatures=(second, first, *others)))


def _listed(bundle: AuditBundle) -> AuditBundle:
    return replace(bundle, listed=replace(bundle.listed, ballots=bundle.listed.ballots[1:]))


TAMPERS: dict[str, Tamper] = {
    "a proof": _proofs,
    "a ballot copied": _copied,
    "a count moved": _counts,
    "sums swapped": _sums,
    "a signature under the list": _confirmation,
    "a unit on the sheet": _sheet,
    "signatures under the roster": _roster,
    "a ballot off the list": _listed,
    "a confirmation too few": lambda bundle: replace(
        bundle, confirmations=bundle.confirmations[:4]
    ),
    "sums too few": lambda bundle: replace(bundle, sums=bundle.sums[:4]),
    "the verdict": lambda bundle: replace(bundle, verdict=bundle.verdict.replace("6", "7")),
}


def _zips(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The same bundle with its zip changed: a byte, a file more, another order, cut short."""
    yield "cut short", content[:-40]
    yield "a byte more", content + b"x"
    with ZipFile(BytesIO(content)) as held:
        files = {name: held.read(name) for name in held.namelist()}
    for name, order, more in (
        ("another order", sorted(files, reverse=True), {}),
        ("a file more", sorted(files), {"figures.csv": b"1"}),
    ):
        written = BytesIO()
        with ZipFile(written, "w") as made_anew:
            for each in order:
                made_anew.writestr(each, files[each])
            for each, inside in more.items():
                made_anew.writestr(each, inside)
        yield name, written.getvalue()


def test_upturn_verify_takes_the_proof_from_the_page_and_no_tampered_copy(
    made: make.Made, tmp_path: Path
) -> None:
    asked = bench.opened(made)
    content = asked.browser("Client").get(asked.address("benchmark_bundle")).content
    kept = tmp_path / "round.zip"

    def verdict(written: bytes) -> int:
        kept.write_bytes(written)
        return CliRunner().invoke(main, ["verify", str(kept)]).exit_code

    assert verdict(content) == 0
    bundle = read_bundle(content)
    copies = {name: write_bundle(change(bundle)) for name, change in TAMPERS.items()}
    copies |= dict(_zips(content))
    assert len(set(copies.values()) - {content}) == len(copies) >= 10
    assert {name: verdict(written) for name, written in copies.items()} == dict.fromkeys(copies, 1)


def test_a_packet_is_written_one_way() -> None:
    from upturn.exchange.engine.ballot import Packet, read_packet  # noqa: PLC0415 - this law alone
    from upturn.exchange.engine.errors import Malformed  # noqa: PLC0415

    packet = Packet(
        state="opening", roster=b"r", signatures=(b"s",), sheet=b"h", index=1, serial=2,
        accepted=b"l", ballots=((1, b"b", b"x"),), confirmations=(b"c",), totals=b"",
    )  # fmt: skip
    assert read_packet(packet.written()) == packet
    parts = unpack(packet.written())
    assert isinstance(parts, list)
    for at, other in ((0, "x"), (3, [1]), (8, [[1, b"b"]]), (9, ["c"]), (5, b"1")):
        changed = [*parts[:at], other, *parts[at + 1 :]]
        with pytest.raises(Malformed):
            read_packet(pack(changed))  # type: ignore[arg-type]
