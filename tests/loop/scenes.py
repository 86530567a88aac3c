"""A workshop among the parties of the scene, in which each text has words of its own."""

from collections.abc import Callable
from datetime import date

from django.utils import timezone

from tests.loop.held import draft, phone
from upturn.loop.commands import (
    days_off,
    grouping,
    handing_in,
    nominating,
    opening,
    scripts,
    stages,
)
from upturn.loop.engine import StageMove, shipped_script
from upturn.loop.models import Kept, Participant, Workshop
from upturn.loop.queries.days_off import days_off_text
from upturn.people.models import Person

Word = Callable[[str], str]


def in_scene(word: Word, opener: Person, *, party: int, today: date) -> dict[str, str]:
    """An open workshop with cards on its wall, somebody who was named, and a script made here."""
    now = timezone.now()
    given = opening.WorkshopDraft(
        key="scene", script="huddle", name=word("workshop name")[:80], party_id=party
    )
    workshop = opening.open_workshop(opener, given, now=now)
    holder = phone(workshop, expert=True)
    opening.begin(opener, workshop, now=now)
    card = draft(0, word("card"), signed=word("card name")[:80])
    handing_in.hand_in(holder, card)
    handing_in.hand_in(holder, draft(0, word("objection card"), kind="objection"))
    named = nominating.NominationDraft(
        key="k" * 20, nominee=word("nominee")[:80], noticed=word("noticed by a phone")
    )
    nomination = nominating.nominate(holder, named)
    workshop.refresh_from_db()
    if workshop.phase != "read":
        stages.move(opener, workshop, StageMove.OPEN_CARDS, turn=workshop.turn, now=now)
    grouping.move_card(opener, workshop, card.ref, to=grouping.NEW)
    made = scripts.keep_script(opener, shipped_script("own"), key="scene", today=today)
    kept_in_scene(word, opener, workshop, today=today)
    # Whoever reads the scene has no phone in it.
    Participant.objects.filter(workshop=workshop).update(left=True)
    code = Workshop.objects.values_list("code", flat=True).get(pk=workshop.pk)
    return {
        "workshops": workshop.ref,
        "w": code,
        "scripts": made.ref,
        "nominated": nomination.code,
        "card": card.ref,
    }


def kept_in_scene(word: Word, opener: Person, workshop: Workshop, *, today: date) -> None:
    """Something on the keep-list, and a day off."""
    Kept.objects.create(workshop=workshop, ref="kept", words=word("kept words"))
    text = f"{today} {word('day off')[:80]}"
    days_off.set_days_off(opener, text, read=days_off.as_of(days_off_text()))
