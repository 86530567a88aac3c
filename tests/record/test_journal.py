"""The journal tells who did what, and shows when somebody rewrote it."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import partial

import pytest
from django.db import Error, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.record.elsewhere import in_threads, unguarded
from upturn.record import journal
from upturn.record.errors import OutsideTransaction
from upturn.record.models import JournalEntry


def write(verb: str = "promised", *, actor_id: int | None = 7, detail: str = "") -> JournalEntry:
    with transaction.atomic():
        return journal.write(
            verb, subject_kind="ask", subject_ref="34", actor_id=actor_id, detail=detail
        )


@pytest.mark.django_db
def test_a_signed_entry_has_its_time_and_an_unsigned_one_only_its_day() -> None:
    began = datetime.now(UTC)
    signed, unsigned = write(), write(actor_id=None)
    ended = datetime.now(UTC)
    assert began <= signed.at <= ended
    assert unsigned.at.timetz() == time(tzinfo=UTC)
    assert began.date() <= unsigned.at.date() <= ended.date()


@pytest.mark.django_db
def test_unsigned_entries_do_not_stand_between_signed_ones() -> None:
    for actor_id in (1, None, 2, None, 3):
        write(actor_id=actor_id)
    chains = JournalEntry.objects.order_by("id").values_list("id", "actor_id")
    assert list(chains) == [(-2, None), (-1, None), (1, 1), (2, 2), (3, 3)]
    assert journal.verify_chain() is None


@pytest.mark.django_db
def test_the_entry_shares_the_fate_of_its_change() -> None:
    write("kept")

    def fail() -> None:
        with transaction.atomic():
            journal.write("lost", subject_kind="ask", subject_ref="34", actor_id=7)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(JournalEntry.objects.values_list("verb", flat=True)) == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_no_entry_without_a_transaction() -> None:
    with pytest.raises(OutsideTransaction, match=r"'promised'.*transaction\.atomic"):
        journal.write("promised", subject_kind="ask", subject_ref="34", actor_id=7)


@pytest.mark.django_db(transaction=True)
def test_threads_that_write_at_the_same_time_make_one_chain() -> None:
    calls = [
        partial(write, f"verb {n}", actor_id=n if n % 3 else None)
        for _ in range(5)
        for n in range(8)
    ]

    def several(part: int) -> None:
        for call in calls[part::4]:
            call()

    in_threads([partial(several, part) for part in range(4)])
    assert JournalEntry.objects.count() == 40
    assert journal.verify_chain() is None


COLUMNS = {
    "at": datetime(2020, 1, 1, tzinfo=UTC),
    "actor_id": 8,
    "verb": "declined",
    "subject_kind": "promise",
    "subject_ref": "35",
    "detail": "other",
    "previous": "a" * 64,
    "digest": "b" * 64,
}


@pytest.mark.django_db
@pytest.mark.parametrize("column", COLUMNS)
def test_a_rewritten_entry_is_found(column: str) -> None:
    entries = [write(detail=str(n)) for n in range(3)]
    value = connection.ops.adapt_unknown_value(COLUMNS[column])
    change = f"UPDATE record_journalentry SET {column} = %s WHERE id = %s"  # noqa: S608
    unguarded(change, [value, entries[1].id])
    assert journal.verify_chain() == entries[1].id


@pytest.mark.django_db
@pytest.mark.parametrize("actor_id", [7, None])
def test_an_entry_taken_out_or_resealed_is_found_at_the_next(actor_id: int | None) -> None:
    first, second, third = (write(actor_id=actor_id) for _ in range(3))
    unguarded("DELETE FROM record_journalentry WHERE id = %s", [second.id])
    assert journal.verify_chain() == third.id
    unguarded("DELETE FROM record_journalentry WHERE id = %s", [first.id])
    assert journal.verify_chain() == third.id


@pytest.mark.django_db
def test_an_entry_that_was_sealed_anew_breaks_the_next() -> None:
    entries = [write(detail=str(n)) for n in range(3)]
    forged = entries[1]
    forged.detail = "never said"
    unguarded(
        "UPDATE record_journalentry SET detail = %s, digest = %s WHERE id = %s",
        [forged.detail, journal._digest(forged), forged.id],
    )
    assert journal.verify_chain() == entries[2].id


def _attempts() -> dict[str, Callable[[], object]]:
    def raw(statement: str) -> Callable[[], object]:
        def run() -> None:
            with connection.cursor() as cursor:
                cursor.execute(statement)

        return run

    attempts: dict[str, Callable[[], object]] = {
        "update": lambda: JournalEntry.objects.update(detail="x"),
        "delete": lambda: JournalEntry.objects.all().delete(),
        "raw update": raw("UPDATE record_journalentry SET verb = 'x' WHERE id = 1"),
        "raw delete": raw("DELETE FROM record_journalentry WHERE id = 1"),
        "insert over": lambda: JournalEntry.objects.get().save(force_insert=True),
    }
    row = "SELECT id, at, actor_id, 'x', subject_kind, subject_ref, detail, previous, digest"
    if connection.vendor == "sqlite":
        into = "INSERT OR REPLACE INTO record_journalentry"
        attempts["replace"] = raw(f"{into} {row} FROM record_journalentry")
    else:
        attempts["truncate"] = raw("TRUNCATE record_journalentry")
        over = "ON CONFLICT (id) DO UPDATE SET verb = 'x'"
        into = "INSERT INTO record_journalentry"
        attempts["upsert"] = raw(f"{into} {row} FROM record_journalentry {over}")
    return attempts


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_delete_an_entry() -> None:
    write()
    for name, attempt in _attempts().items():
        with pytest.raises(Error), transaction.atomic():
            attempt()
        assert journal.verify_chain() is None, name
        assert JournalEntry.objects.get().verb == "promised", name


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"id": -1, "actor_id": 7},
        {"id": 1, "actor_id": None},
        {"verb": ""},
        {"digest": "p"},
    ],
)
def test_the_database_refuses_an_entry_that_cannot_be(fields: dict[str, object]) -> None:
    sound = {"id": 1, "actor_id": 7, "verb": "v", "digest": "d", "previous": "p"}
    rest = {"at": datetime.now(UTC), "subject_kind": "ask", "subject_ref": "1"}
    with pytest.raises(IntegrityError), transaction.atomic():
        JournalEntry.objects.create(**(sound | rest | fields))
    JournalEntry.objects.create(**(sound | rest))


@pytest.mark.django_db
def test_the_detail_cannot_hold_somebodys_words() -> None:
    write(detail="x" * 200)
    with pytest.raises(Error), transaction.atomic():
        write(detail="x" * 201)


class AnyChain(TestCase):
    @given(st.lists(st.tuples(st.none() | st.integers(0, 2**40), st.text(max_size=80)), max_size=8))
    def test_whatever_is_written_verifies(self, acts: list[tuple[int | None, str]]) -> None:
        storable = [(actor, text) for actor, text in acts if "\0" not in text]
        for actor_id, text in storable:
            write(actor_id=actor_id, detail=text.encode("utf-8", "ignore").decode())
        assert journal.verify_chain() is None
        assert JournalEntry.objects.count() == len(storable)
