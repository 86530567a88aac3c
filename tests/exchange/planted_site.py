"""Plants an exchange in the database that the environment names, and prints how to come in.

Run ``python -m tests.exchange.planted_site`` with ``UPTURN_DATA`` set to an empty folder.
"""

import json
import os
import sys


def main() -> None:
    """Plant it, and print cookies and key files as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "upturn.house.settings")
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from tests.exchange import factories as make  # noqa: PLC0415
    from upturn.exchange.queries.sittings import COOKIE  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    made = make.opened()
    keeper = Client()
    keeper.force_login(made.convener)
    session = settings.SESSION_COOKIE_NAME
    told = {
        "exchange": made.exchange.ref,
        "cookies": {each.name: [COOKIE, each.cookie] for each in made.companies.values()}
        | {"convener": [session, keeper.cookies[session].value]},
        "keys": {
            each.name: {
                "upturn-key": 1,
                "company": each.name,
                "seed": each.key.seed.hex(),
                "exchange": made.exchange.ref,
                "party": each.row.ref,
            }
            for each in made.members
        },
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
