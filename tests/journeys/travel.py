"""Let days pass: move every date of one ask into the past. Usage: travel.py <ref> <days>."""

import os
import sys
from datetime import timedelta

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "upturn.house.settings"
django.setup()

from upturn.commitments.models import Ask  # noqa: E402

DATES = {
    "raised_on",
    "acts_on",
    "made_on",
    "due_on",
    "done_on",
    "day_100_on",
    "given_on",
    "said_on",
}


def let_pass(ref: str, days: int) -> None:
    ask = Ask.objects.get(ref=ref)
    promises = list(ask.promises.all())
    verdicts = [verdict for promise in promises for verdict in promise.verdicts.all()]
    for row in (ask, *promises, *verdicts, *ask.lines.all()):
        for name in DATES.intersection(field.name for field in row._meta.fields):
            day = getattr(row, name)
            setattr(row, name, day and day - timedelta(days=days))
        row.save()


if __name__ == "__main__":
    let_pass(sys.argv[1], int(sys.argv[2]))
