"""The room `record` on a database of its own, for programs that are killed or filled up."""

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from upturn.house.database import database_config, swap_in


def set_up(url: str) -> None:
    """Make Django ready with nothing but this room; its tables exist afterwards."""
    swap_in()
    settings.configure(
        DATABASES={"default": database_config(url)},
        INSTALLED_APPS=["upturn.record"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        TIME_ZONE="UTC",
    )
    django.setup()
    call_command("migrate", verbosity=0)
    connection.close()
