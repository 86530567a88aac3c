"""Let days pass: move every date of one ask or workshop back. Usage: travel.py <ref> <days>."""

import os
import sys
from collections.abc import Iterable
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "upturn.house.settings"
django.setup()

from django.db import models  # noqa: E402

from upturn.commitments.models import Ask  # noqa: E402
from upturn.loop.models import Workshop  # noqa: E402

DATES = {
    "raised_on",
    "acts_on",
    "made_on",
    "due_on",
    "done_on",
    "day_100_on",
    "given_on",
    "said_on",
    "opened_on",
    "closed_on",
}


def let_pass(ref: str, days: int) -> None:
    for row in of_workshop(ref) or of_ask(ref):
        names = DATES.intersection(field.name for field in row._meta.fields)
        for name in names:
            day = getattr(row, name)
            setattr(row, name, day and day - timedelta(days=days))
        row.save(update_fields=names)


def of_workshop(ref: str) -> list[models.Model]:
    """A workshop, and the asks that came of it."""
    found = Workshop.objects.filter(ref=ref).first()
    if found is None:
        return []
    refs = found.statements.exclude(ask_ref="").values_list("ask_ref", flat=True)
    return [found, *(row for each in refs for row in of_ask(each))]


def of_ask(ref: str) -> Iterable[models.Model]:
    ask = Ask.objects.get(ref=ref)
    promises = list(ask.promises.all())
    verdicts = [verdict for promise in promises for verdict in promise.verdicts.all()]
    return [ask, *promises, *verdicts, *ask.lines.all()]


if __name__ == "__main__":
    let_pass(sys.argv[1], int(sys.argv[2]))
