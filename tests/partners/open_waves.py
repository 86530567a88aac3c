"""A wave that takes answers, over seats too small to be opened in the usual way."""

import json
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.utils import timezone

from upturn.partners.engine import instrument, table_of
from upturn.partners.models import Seated, Wave, WaveRelation, WaveSeat
from upturn.people.models import Person

REF = "openwave"


def open_wave(word: Callable[[str], str], opener: Person, asked: Sequence[Person]) -> Wave:
    """A pulse with one seat, in which these people sit."""
    today = timezone.localdate()
    wave = Wave.objects.create(
        ref=REF,
        title=word("wave title"),
        asks=opener.display_name,
        questions=json.dumps(table_of(instrument("pulse"))),
        instrument="pulse",
        k=5,
        words_k=10,
        people=5,
        public_key=bytes(32),
        size=512,
        opened_by=opener,
        opened_on=today,
        closes_on=today + timedelta(days=7),
    )
    seat = WaveSeat.objects.create(
        wave=wave,
        number=0,
        key="both:floor",
        name=word("seat name"),
        side="both",
        units="floor",
        parents="",
        people=5,
    )
    WaveRelation.objects.create(
        wave=wave,
        number=0,
        server="floor",
        served="guests",
        server_name=word("server name"),
        served_name=word("served name"),
        server_seat=seat,
    )
    Seated.objects.bulk_create(Seated(seat=seat, person_id=one.pk) for one in asked)
    return wave
