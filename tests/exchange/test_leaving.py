"""A step down is immediate, leaving erases, and the erasure is searched for."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from struct import pack

import pytest
from django.db import connection

from tests.attacks.dump import dump
from tests.exchange import factories as make
from tests.exchange import planting
from upturn.exchange.commands import erasing, hosting, leaving
from upturn.exchange.commands.refusals import Gone, SignFirst
from upturn.exchange.engine import MoveRefused
from upturn.exchange.models import Benchmark, ExchangeParty, PracticeCard, Rung, SealedMessage, Seat
from upturn.exchange.queries import trust
from upturn.exchange.queries.sittings import sitting_from, sitting_of
from upturn.record import journal


def _own(made: make.Made) -> dict[str, str]:
    """What was planted in the rows of the one who leaves."""
    of_one = {table.__name__ for table, _field in erasing.LEAVING} | {"ExchangeParty"}
    return {
        name: word
        for name, word in planting.canaries(made).items()
        if name.partition(".")[0] in of_one
    }


@pytest.mark.django_db
def test_every_table_that_names_a_party_says_what_becomes_of_it() -> None:
    pointing = {
        (table, field.name)
        for table in planting.tables()
        for field in table._meta.concrete_fields
        if field.related_model is ExchangeParty
    }
    listed = {(table, way.partition("__")[0]) for table, way in erasing.LEAVING}
    assert pointing <= listed


@pytest.mark.django_db
@pytest.mark.parametrize("words_too", [True, False])
def test_a_search_of_all_tables_finds_nothing_of_who_left(*, words_too: bool) -> None:
    made = planting.plant(make.opened("Here", names=make.NAMES[:3]), whose="Amber")
    stay = {"Dissent", "Media", "Objection", "Post", "PracticeCard", "Thanks"}
    rows = Seat.objects.select_related("party__exchange")
    sitting = sitting_from(rows.get(party=made["Amber"].party))
    found = leaving.leave(sitting, words_too=words_too, today=make.TODAY)
    assert (found.searched_for, found.mentions) == (4, {})
    gone = {
        name: word
        for name, word in _own(made).items()
        if words_too or name.partition(".")[0] not in stay
    }
    held = str(dump().tables)
    left = {name for name, word in gone.items() for way in planting.encodings(word)
            if way.decode("latin-1") in held}  # fmt: skip
    assert left == set()
    named = {name for name, word in _own(made).items() if name not in gone and word in held}
    assert bool(named) is not words_too
    assert PracticeCard.objects.filter(party=made["Amber"].party).count() == 0
    assert journal.verify_chain() is None


@pytest.mark.django_db
@pytest.mark.parametrize("forgotten", ["PlanPart", "Post", "PracticeCard", "Stand"])
def test_a_table_that_is_forgotten_in_leaving_is_noticed(
    forgotten: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = planting.plant(make.opened("Here", names=make.NAMES[:3]), whose="Amber")
    rest = {key: each for key, each in erasing.LEAVING.items() if key[0].__name__ != forgotten}
    words = [word for name, word in _own(made).items() if name.startswith(f"{forgotten}.")]
    monkeypatch.setattr(erasing, "LEAVING", rest)
    rows = Seat.objects.select_related("party__exchange")
    sitting = sitting_from(rows.get(party=made["Amber"].party))
    leaving.leave(sitting, words_too=True, today=make.TODAY)
    held = str(dump().tables)
    assert words
    assert any(word in held for word in words)


@pytest.mark.django_db(transaction=True)
def test_the_files_of_the_database_hold_nothing_of_who_left() -> None:
    made = planting.plant(make.opened("Here", names=make.NAMES[:3]), whose="Amber")
    trial = made.planted[erasing.Trial]
    erasing.Trial.objects.filter(pk=trial.pk).update(steps=list(planting.NUMBERS))
    rows = Seat.objects.select_related("party__exchange")
    sitting = sitting_from(rows.get(party=made["Amber"].party))
    assert _in_files([way for word in _own(made).values() for way in planting.encodings(word)])
    leaving.leave(sitting, words_too=True, today=make.TODAY)
    ways = [way for word in _own(made).values() for way in planting.encodings(word)]
    ways += [way for number in planting.NUMBERS for way in _numbered(number)]
    assert _in_files(ways) == set()


def _numbered(number: float) -> list[bytes]:
    kinds = ("<d", ">d") if isinstance(number, float) else ("<q", ">q", "<i", ">i")
    return [str(number).encode(), *(pack(kind, number) for kind in kinds)]


def _in_files(ways: list[bytes]) -> set[bytes]:
    """Search the file of the database and its log; on PostgreSQL all rows, as files are its own."""
    if connection.vendor == "sqlite":
        name = Path(str(connection.settings_dict["NAME"]))
        files = [name, name.with_name(name.name + "-wal")]
        content = b"".join(each.read_bytes() for each in files if each.exists())
    else:
        content = str(dump().tables).encode()
    return {way for way in ways if way in content}


def _benchmark(made: make.Made, *, opened: bool) -> Benchmark:
    return Benchmark.objects.create(
        exchange=made.exchange,
        ref="b1",
        name="Answered in time",
        state="opened" if opened else "submitting",
        opened_on=make.TODAY if opened else None,
        closes_at=datetime(2026, 11, 23, 9, tzinfo=UTC),
        roster=b"",
        sheet=b"",
        sheet_digest="",
    )


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:3], rung=Rung.LISTEN)


@pytest.mark.django_db
def test_who_left_sits_nowhere_and_can_be_invited_anew(made: make.Made) -> None:
    amber = made["Amber"]
    before = amber.sitting
    leaving.leave(before, words_too=False, today=make.TODAY)
    assert sitting_of(amber.cookie) is None
    with pytest.raises(Gone):
        leaving.step(before, Rung.SHARE_PRACTICE, today=make.TODAY)
    again = hosting.invite_party(
        made.convener, made.exchange, hosting.Invitation(name="Amber"), today=make.TODAY
    )
    assert again.party.pk != amber.party


@pytest.mark.django_db
def test_evidence_of_an_opened_benchmark_stays_without_a_name(made: make.Made) -> None:
    amber = made["Amber"]
    benchmark = _benchmark(made, opened=True)
    message = SealedMessage.objects.create(
        benchmark=benchmark, kind="ballot", party=amber.row, number=1, content=b"x", digest="x"
    )
    leaving.leave(amber.sitting, words_too=True, today=make.TODAY)
    message.refresh_from_db()
    assert message.party is None


@pytest.mark.django_db
def test_ballots_of_a_benchmark_that_is_not_opened_are_dropped(made: make.Made) -> None:
    amber = made["Amber"]
    benchmark = _benchmark(made, opened=False)
    SealedMessage.objects.create(
        benchmark=benchmark, kind="ballot", party=amber.row, number=1, content=b"x", digest="x"
    )
    leaving.leave(amber.sitting, words_too=False, today=make.TODAY)
    assert not SealedMessage.objects.exists()


@pytest.mark.django_db
def test_one_rung_up_at_a_time_and_any_number_down(made: make.Made) -> None:
    amber = made["Amber"]
    with pytest.raises(MoveRefused):
        leaving.step(amber.sitting, Rung.SHARE_BAND, today=make.TODAY)
    with pytest.raises(MoveRefused):
        leaving.step(amber.sitting, 9, today=make.TODAY)
    make.climb(amber, Rung.JOINT_PLAN)
    later = make.TODAY + timedelta(days=1)
    assert leaving.step(amber.sitting, Rung.LISTEN, today=later) == Rung.LISTEN
    seen = trust.ladder(amber.sitting)
    assert ([step.rung for step in seen.log], seen.rung, seen.offered) == ([2, 3, 4, 1], 1, None)


@pytest.mark.django_db
def test_who_has_not_signed_what_holds_steps_down_but_not_up(made: make.Made) -> None:
    amber = made["Amber"]
    make.climb(amber, Rung.SHARE_PRACTICE)
    text = make.charter_text(mission="Another one")
    from upturn.exchange.commands import charters  # noqa: PLC0415 - for this story alone

    charters.propose_charter(made.convener, made.exchange, text, after=1, today=make.TODAY)
    with pytest.raises(SignFirst):
        leaving.step(amber.sitting, Rung.SHARE_BAND, today=make.TODAY)
    assert leaving.step(amber.sitting, Rung.LISTEN, today=make.TODAY) == Rung.LISTEN


@pytest.mark.django_db
def test_an_invitation_is_taken_back_whole(made: make.Made) -> None:
    invited = hosting.invite_party(
        made.convener, made.exchange, hosting.Invitation(name="Gale"), today=make.TODAY
    )
    leaving.withdraw_invitation(made.convener, made.exchange, invited.party.ref, today=make.TODAY)
    assert ExchangeParty.objects.get(pk=invited.party.pk).name == ""
