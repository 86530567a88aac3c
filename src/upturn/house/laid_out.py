"""Rows lie by their keys, which tell nothing, and not in the order in which they came.

The order would place a row without an author between signed ones whose times the journal knows.
SQLite shows rows by key, and the pages of a backup are written anew; PostgreSQL shows rows as they
came, until its tables are sorted.
"""

from django.apps import apps
from django.db import connection

ROOMS = ("commitments", "partners", "record")


def lay_out() -> None:
    """Sort tables with rows of nobody; each is locked while it is written again."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for room in ROOMS:
            for model in apps.get_app_config(room).get_models():
                table = model._meta.db_table  # noqa: SLF001 - Django's documented API
                cursor.execute(f'CLUSTER "{table}" USING "{table}_pkey"')
