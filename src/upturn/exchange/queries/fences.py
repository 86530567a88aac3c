"""Which exchange the database shows a connection, where it can hold rows back by itself.

PostgreSQL shows only rows of the exchange that is named here, and none while none is named; on
SQLite nothing of this happens, and one file for each exchange is the fence. Pages name theirs in
`views/door`; what looks across exchanges says so by `everywhere`, where a reader finds it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from upturn.exchange.models import Exchange

SETTING = "upturn.exchange"
ALL = "*"


@contextmanager
def within(ref: str) -> Iterator[None]:
    """Show the database's rows of one exchange alone, until it ends."""
    if connection.vendor != "postgresql":
        yield
        return
    before = _named()
    _name(ref)
    try:
        yield
    finally:
        # A transaction that broke takes back what was named in it; no statement runs before that.
        if not connection.needs_rollback:
            _name(before)


@contextmanager
def everywhere() -> Iterator[None]:
    """Show rows of all exchanges: to find whose door, seat or turn it is, and to copy them all."""
    with within(ALL):
        yield


def each_by_itself(rows: QuerySet[Any], exchange: str) -> list[tuple[str, int, int]]:
    """Give rows of all exchanges as (the exchange's reference, the row's key, the exchange's key).

    What is done with each is done `within` its exchange.
    """
    with everywhere():
        return list(rows.order_by("pk").values_list(f"{exchange}__ref", "pk", exchange))


def _named() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [SETTING])
        (named,) = cursor.fetchone()
    return str(named)


def _name(ref: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, ref])


def is_host() -> bool:
    """Whether exchanges are kept here."""
    with everywhere():
        return Exchange.objects.exists()


def fences_fall() -> bool:
    """Whether the database's role passes every fence: a superuser, or one with BYPASSRLS."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        (falls,) = cursor.fetchone()
    return bool(falls)
