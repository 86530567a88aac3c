"""PostgreSQL keeps samples of columns for its planner; of what lives in a shift it takes none."""

import importlib

import pytest
from django.db import connection

from upturn.floor.commands.closing import LIVE
from upturn.record.models import OutboxEvent

SAMPLED = """
SELECT attname FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
AND attstattarget IS DISTINCT FROM 0
"""


def test_every_table_that_ends_with_a_shift_is_left_out_of_samples() -> None:
    named = importlib.import_module("upturn.floor.migrations.0002_unsampled").LIVE
    assert {table._meta.model_name for table in LIVE} < named.keys()


@pytest.mark.django_db
def test_of_a_live_table_keys_alone_are_sampled() -> None:
    if connection.vendor == "sqlite":
        return  # it samples nothing
    for table in LIVE:
        with connection.cursor() as cursor:
            cursor.execute(SAMPLED, [table._meta.db_table])
            assert {name for (name,) in cursor.fetchall()} == {"id", "shift_id"}
    with connection.cursor() as cursor:
        cursor.execute(SAMPLED, [OutboxEvent._meta.db_table])
        assert {name for (name,) in cursor.fetchall()} == {"id", "day"}
