"""A workshop is opened, held by one or several, and begun."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from upturn.graph import queries as graph
from upturn.loop.commands.changing import check_may_run, held_open, put, written
from upturn.loop.commands.refusals import told
from upturn.loop.engine.errors import Incomplete, NotYours
from upturn.loop.engine.script_writing import script_as_table
from upturn.loop.engine.stage import begun
from upturn.loop.models import Workshop, WorkshopHost, WorkshopState
from upturn.loop.queries.scripts import script_by_ref, script_of_workshop
from upturn.loop.queries.sight import may_host, workshops_seen
from upturn.record import journal
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of which codes are made: none is mistaken for another."""
NAME_MAX = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopDraft:
    """A workshop before it is opened; `key` is drawn when the form opens."""

    key: str
    script: str
    name: str
    party_id: int | None = None
    language: str = "en"


def open_workshop(viewer: "Person", draft: WorkshopDraft, *, now: datetime) -> Workshop:
    """Open a workshop, or find it if this draft was sent before; who opens it holds it.

    It waits for the facilitator's first move: `turn` is 0 until `begin`.

    Raises
    ------
    NotYours, Incomplete
        If the viewer holds no workshops, or a part is missing.
    StoredScript.DoesNotExist
        If there is no such script.
    """
    if not may_host(viewer):
        raise NotYours(
            told(_("Workshops are held by leaders, executives and facilitators. Ask one."))
        )
    name = " ".join(draft.name.split())[:NAME_MAX]
    if not name or not draft.key:
        raise Incomplete(told(_("A workshop needs a name, so that you find it again on day 100.")))
    if draft.party_id is not None and draft.party_id not in graph.visible_parties(viewer):
        raise Incomplete(told(_("There is no such party, or it is not for you to see.")))
    ref = ref_of(f"workshop {viewer.pk} {draft.key}")
    chosen = script_by_ref(viewer, draft.script).script
    stage = replace(begun(chosen, now=now), until=None)

    def work() -> Workshop:
        if found := Workshop.objects.filter(ref=ref).first():
            return found
        made = Workshop.objects.create(
            ref=ref,
            code=_free_code(),
            name=name,
            party_id=draft.party_id,
            script=script_as_table(chosen),
            language=draft.language if draft.language in dict(settings.LANGUAGES) else "en",
            phase=stage.phase.value,
            opened_on=timezone.localdate(now),
        )
        WorkshopHost.objects.create(workshop=made, person=viewer)
        journal.write("open workshop", subject_kind="workshop", subject_ref=ref, actor_id=viewer.pk)
        return made

    return written(work)


def _free_code() -> str:
    while True:
        code = "".join(secrets.choice(LETTERS) for _letter in range(6))
        if not Workshop.objects.filter(code=code, state=WorkshopState.OPEN).exists():
            return code


@transaction.atomic
def join_as_host(viewer: "Person", workshop: Workshop) -> None:
    """Hold a workshop together with those who do; a second time nothing happens."""
    if not workshops_seen(viewer).filter(pk=workshop.pk).exists():
        raise NotYours(
            told(_("Workshops are held by leaders, executives and facilitators. Ask one."))
        )
    _host, new = WorkshopHost.objects.get_or_create(workshop=workshop, person=viewer)
    if new:
        journal.write(
            "hold workshop", subject_kind="workshop", subject_ref=workshop.ref, actor_id=viewer.pk
        )


def begin(viewer: "Person", workshop: Workshop, *, now: datetime) -> Workshop:
    """Begin: from here on time runs, and cards open when all have handed in; the second time not.

    Raises
    ------
    NotYours, RoomClosed
    """
    check_may_run(viewer, workshop)

    def work() -> Workshop:
        row = held_open(workshop.pk)
        if row.turn == 0:
            put(row, replace(begun(script_of_workshop(row), now=now), turn=1))
        return row

    return written(work)
