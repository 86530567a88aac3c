"""Naming barriers, taking them back, and keeping the own words of the house."""

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.graph import queries as graph
from upturn.partners.engine import Barrier, Incomplete, MoveClosed
from upturn.partners.models import NamedBarrier, OwnWord
from upturn.partners.queries.rules import may_see_rules
from upturn.record import journal
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person

WORDS_MAX = 1_000
WORD_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BarrierDraft:
    """What stands in the way; without a name nothing ties it to anybody."""

    barrier: Barrier
    words: str
    code: str
    at_id: int | None = None
    unnamed: bool = False


def check_barrier(viewer: "Person", draft: BarrierDraft) -> None:
    """Raise Incomplete when this cannot be named."""
    if not may_see_rules(viewer):
        raise Incomplete(_("Barriers are named by those who work here."))
    if not draft.words.strip():
        raise Incomplete(_("Say what stands in the way, as you would at the counter."))
    if len(draft.words) > WORDS_MAX:
        raise Incomplete(_("This ends at %(most)d characters.") % {"most": WORDS_MAX})
    if draft.at_id is not None and draft.at_id not in graph.visible_parties(viewer):
        raise Incomplete(_("There is no such party in your sight."))


@transaction.atomic
def name_barrier(viewer: "Person", draft: BarrierDraft, *, today: date) -> NamedBarrier:
    """Name a barrier, or find it if this draft was sent before."""
    check_barrier(viewer, draft)
    ref = ref_of(f"barrier {draft.code}")
    named, new = NamedBarrier.objects.get_or_create(
        ref=ref,
        defaults={
            "barrier": draft.barrier,
            "words": draft.words.strip(),
            "at_id": draft.at_id,
            "named_by": None if draft.unnamed else viewer,
            "named_on": today,
        },
    )
    if new:
        actor_id = None if draft.unnamed else viewer.pk
        journal.write("name", subject_kind="barrier", subject_ref=ref, actor_id=actor_id)
    return named


@transaction.atomic
def take_back_barrier(viewer: "Person", named: NamedBarrier) -> None:
    """Forget a barrier that the viewer named with his or her name."""
    if named.named_by_id is None or named.named_by_id != viewer.pk:
        raise MoveClosed(_("Only whoever named it can take it back."))
    ref = named.ref
    named.delete()
    journal.write("take back", subject_kind="barrier", subject_ref=ref, actor_id=viewer.pk)


@transaction.atomic
def spare_word(viewer: "Person", word: str) -> OwnWord:
    """Say that a word is no jargon here; whoever serves may say so."""
    bare = re.sub(r"\s+", " ", word).strip().casefold()
    if not may_see_rules(viewer) or not bare or len(bare) > WORD_MAX:
        raise Incomplete(_("Write one word or a few, up to %(most)d letters.") % {"most": WORD_MAX})
    own, new = OwnWord.objects.get_or_create(word=bare)
    if new:
        journal.write("spare", subject_kind="word", subject_ref=bare, actor_id=viewer.pk)
    return own


@transaction.atomic
def mark_word(viewer: "Person", word: str) -> None:
    """Say that a word is jargon again."""
    if may_see_rules(viewer) and OwnWord.objects.filter(word=word).delete()[0]:
        journal.write("mark", subject_kind="word", subject_ref=word, actor_id=viewer.pk)
