"""Which waves there are for whom, and how many have answered, in words."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils import timezone

from upturn.partners.engine import Relation
from upturn.partners.models import Seated, State, Wave, WaveRelation, WaveSeat
from upturn.partners.models.waves import Mode
from upturn.partners.queries.seating import ANYWHERE, may_open_waves
from upturn.record import ballot_box
from upturn.record.proofs import hash_of

if TYPE_CHECKING:
    from upturn.people.models import Person

BANDS = ((0.25, "few"), (0.5, "some"), (0.75, "half"), (1.0, "most"))


def waves(viewer: "Person") -> QuerySet[Wave]:
    """Waves the viewer may see, the newest first: guests those in which they are asked."""
    if not viewer.is_active:
        return Wave.objects.none()
    found = Wave.objects.exclude(state=State.CANCELLED)
    if viewer.role == "guest":
        found = found.filter(pk__in=_asked(viewer))
    return found.order_by("-opened_on", "-pk")


def _asked(viewer: "Person") -> QuerySet[Seated, int]:
    return Seated.objects.filter(person_id=viewer.pk).values_list("seat__wave_id", flat=True)


def wave(viewer: "Person", ref: str) -> Wave:
    """Find a wave; raises ``Wave.DoesNotExist`` also where it is out of sight."""
    return waves(viewer).get(ref=ref)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWave:
    """That the viewer is asked: by whom, with how many others, until when; never whether done."""

    ref: str
    title: str
    asks: str
    seat_name: str
    people: int
    closes_on: date


def open_waves_for(viewer: "Person") -> list[OpenWave]:
    """Waves that wait for an answer from the viewer's seat, the first to close first."""
    rows = Seated.objects.filter(
        person_id=viewer.pk,
        seat__wave__state=State.OPEN,
        seat__wave__closes_on__gte=timezone.localdate(),
    ).select_related("seat__wave")
    return [
        OpenWave(
            ref=row.seat.wave.ref,
            title=row.seat.wave.title,
            asks=row.seat.wave.asks,
            seat_name=row.seat.name,
            people=row.seat.people,
            closes_on=row.seat.wave.closes_on,
        )
        for row in rows.order_by("seat__wave__closes_on", "seat__wave_id")
    ]


def may_end(viewer: "Person", wave: Wave) -> bool:
    """Whoever opened it may end it, and those who open waves everywhere."""
    own = wave.opened_by_id == viewer.pk and may_open_waves(viewer)
    return viewer.is_active and (own or viewer.role in ANYWHERE)


def seats_of(ref: str) -> list[WaveSeat]:
    """Seats of a wave, in order."""
    return list(WaveSeat.objects.filter(wave__ref=ref).order_by("number"))


def relations_of(ref: str) -> tuple[Relation, ...]:
    """Relationships a wave asks about, in the words of its opening day."""
    rows = WaveRelation.objects.filter(wave__ref=ref).order_by("number")
    return tuple(map(as_relation, rows))


def as_relation(row: WaveRelation) -> Relation:
    """Give a stored relationship as the engine knows it."""
    return Relation(
        id=row.number,
        server=row.server,
        served=row.served,
        server_name=row.server_name,
        served_name=row.served_name,
        place=row.place,
    )


def own_seat(viewer: "Person", wave: Wave) -> WaveSeat | None:
    """Where the viewer sits in a wave, if anywhere."""
    return wave.seats.filter(seated__person_id=viewer.pk).first()


def turnout(wave: Wave) -> str:
    """How many answered, in four bands, for the wave as a whole alone.

    One of ``"few"`` (below a quarter), ``"some"``, ``"half"`` (half or more), ``"most"``.
    """
    used, cards = ballot_box.turnout(wave.ref)
    share = used / cards if cards else 0.0
    return next((name for below, name in BANDS if share < below), "most")


def due(today: date) -> tuple[str, ...]:
    """Waves that wait to be counted or erased."""
    over = Wave.objects.filter(state__in=(State.ENDING, State.CANCELLING))
    late = Wave.objects.filter(state=State.OPEN, closes_on__lt=today)
    return tuple((over | late).order_by("pk").values_list("ref", flat=True))


def running() -> tuple[str, ...]:
    """Waves whose ballots are still to be counted."""
    found = Wave.objects.filter(state__in=(State.OPEN, State.ENDING))
    return tuple(found.order_by("pk").values_list("ref", flat=True))


def seats_signed_for(ref: str) -> tuple[int, ...]:
    """Numbers of the seats for which a wave signs blindly; none where it has cards alone."""
    found = WaveSeat.objects.filter(wave__ref=ref, wave__mode=Mode.BLIND)
    return tuple(found.order_by("number").values_list("number", flat=True))


def promised(ref: str) -> Wave | None:
    """Find a wave for its promise page, which is open to whoever has the address."""
    return Wave.objects.filter(ref=ref).first()


def seat_of_card(token: str) -> WaveSeat | None:
    """Where a card belongs; nothing once its wave is erased from the box."""
    card = ballot_box.card(hash_of(token))
    if card is None:
        return None
    return WaveSeat.objects.select_related("wave").get(wave__ref=card.wave, number=card.seat)
