"""Words of those who serve, on their way in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from upturn.graph import queries as graph
from upturn.graph.engine import UnknownParty, nearest
from upturn.record import journal
from upturn.voice.commands.incoming import BATCH, MASKED_MAX, Stored
from upturn.voice.engine.intake_servers import servers_fingerprint
from upturn.voice.engine.masking import mask
from upturn.voice.models import Feedback, Side
from upturn.voice.queries import monday

if TYPE_CHECKING:
    from upturn.graph.models import Import
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True)
class SaidByServers:
    """What somebody of a party that serves said; the party by its key, never a person."""

    party: str
    text: str
    at: datetime
    external_id: str = ""
    masked: int = 0


@transaction.atomic
def store_servers_words(
    actor: "Person | None", rows: Iterable[SaidByServers], *, origin: "Import | None" = None
) -> Stored:
    """Store what those who serve said; it is counted nowhere and shown from five answers on.

    With an ``origin``, the import they came with, `take_back` removes them again.

    Raises
    ------
    UnknownParty
        If a key names nobody; then nothing is stored.
    """
    said = list(rows)
    keys = {row.key: row.id for row in graph.snapshot().party.values()}
    for row in said:
        if row.party not in keys:
            raise UnknownParty(row.party, nearest=nearest(row.party, list(keys)))
    new = _store([_row(row, keys[row.party], origin) for row in said])
    journal.write(
        "stored servers' words",
        subject_kind="import" if origin else "words",
        subject_ref=origin.ref if origin else "",
        actor_id=actor.pk if actor else None,
        detail=f"{new} new, {len(said) - new} the same",
    )
    return Stored(new, len(said) - new)


def _store(rows: Sequence[Feedback]) -> int:
    """Store those that are not there yet; how many they were."""
    before = Feedback.objects.filter(side=Side.SERVERS).count()
    Feedback.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    return Feedback.objects.filter(side=Side.SERVERS).count() - before


def _row(row: SaidByServers, party_id: int, origin: "Import | None") -> Feedback:
    text, masked = mask(row.text.strip())
    week = monday(timezone.localdate(row.at))
    return Feedback(
        text=str(text),
        masked=min(MASKED_MAX, row.masked + masked),
        at=datetime.combine(week, time(12), UTC),  # the day might say who was there
        week=week,
        side=Side.SERVERS,
        party_id=party_id,
        origin=origin,
        unread=False,
        fingerprint=servers_fingerprint(
            text, at=row.at, party=row.party, external_id=row.external_id
        ),
    )
