"""Open the door for whoever leads a party; print the cookie for it. Usage: doors.py <party>."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "upturn.house.settings"
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from upturn.people.models import Person  # noqa: E402


def open_for(party: str) -> str:
    leads = {"memberships__party__key": party, "memberships__leads": True}
    client = Client()
    client.force_login(Person.objects.filter(**leads).order_by("pk")[0])
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


if __name__ == "__main__":
    sys.stdout.write(open_for(sys.argv[1]))
