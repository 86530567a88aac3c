"""What was deleted is not found by a search of the bytes of the database and its log."""

from pathlib import Path

import pytest
from django.db import connection, transaction

from upturn.record import outbox
from upturn.record.erasing import erase_for_good
from upturn.record.models import OutboxEvent


def found(mark: bytes) -> int:
    path = str(connection.settings_dict["NAME"])
    files = [Path(path), Path(path + "-wal")]
    return sum(file.read_bytes().count(mark) for file in files if file.exists())


def told(*words: str) -> None:
    """Rows that grow where they lie, so that pages are split and their rows moved."""
    rows = [
        outbox.event(f"shift:{word[0]}", kind="need", ref="1", data={"said": word * (1 + n % 7)})
        for n in range(600)
        for word in words
    ]
    for row in OutboxEvent.objects.bulk_create(rows)[::-7]:
        OutboxEvent.objects.filter(pk=row.pk).update(data=row.data + " " * (row.pk * 7 % 331))


@pytest.mark.django_db(transaction=True)
def test_deleted_rows_are_in_no_file() -> None:
    if connection.vendor != "sqlite":
        return  # the files are those of a server
    with transaction.atomic():
        told("canary", "robin")
    before = list(OutboxEvent.objects.filter(topic="shift:r").values_list().order_by("pk"))
    assert found(b"canary")
    with transaction.atomic():
        outbox.publish("shift:c", kind="closed", ref="1")
        OutboxEvent.objects.filter(topic="shift:c", kind="need").delete()
    erase_for_good()
    assert found(b"canary") == 0
    after = OutboxEvent.objects.filter(topic="shift:r").values_list().order_by("pk")
    assert list(after) == before
    newest = outbox.position()
    told("wren")
    assert outbox.position() > newest
