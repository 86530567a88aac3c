"""Cards that say the like are put together; the facilitator has the last word.

What was changed by hand stays when cards are grouped again.
"""

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from upturn.loop import engine
from upturn.loop.commands.changing import check_may_run, held, tell_to_look, written
from upturn.loop.commands.refusals import OtherCard, told
from upturn.loop.engine.errors import Incomplete
from upturn.loop.models import Card, CardGroup, CardKind, Workshop
from upturn.loop.queries.sight import is_open_to_read
from upturn.voice.engine.embedding import reader_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from upturn.people.models import Person

NAME_MAX = 120
ALONE = ""
"""Where a card goes that is to stand in no group."""
NEW = "new"
"""Where a card goes that begins a group."""


def group_cards(viewer: "Person", workshop: Workshop, step: int) -> int:
    """Group what can be read of a step; give how many groups there are.

    Raises
    ------
    NotYours
    Incomplete
        If the cards are not open yet.
    """
    check_may_run(viewer, workshop)
    workshop.refresh_from_db()
    if not is_open_to_read(workshop, step):
        raise Incomplete(told(_("Cards are grouped once they are open.")))
    loose = list(_shown(workshop, step).exclude(group__by_hand=True))
    found = engine.group_cards(
        [card.words for card in loose],
        embedder=reader_for(settings.READER),
        languages=[card.language or workshop.language for card in loose],
    )
    parts = [[loose[at] for at in group.members] for group in found]

    def work() -> int:
        row = held(workshop.pk)
        groups = CardGroup.objects.filter(workshop=row, step=step)
        groups.filter(by_hand=False).delete()
        position = groups.count()
        for members in parts:
            made = _made(row, step, name=members[0].words, position=position, by_hand=False)
            own = [card.pk for card in members]
            _shown(row, step).filter(pk__in=own, group=None).update(group=made)
            position += 1
        tell_to_look(row, "groups", step=step)
        return groups.count()

    return written(work)


def _shown(workshop: Workshop, step: int) -> "QuerySet[Card]":
    rows = Card.objects.filter(workshop=workshop, step=step, hidden_because="").exclude(words="")
    return rows.exclude(kind=CardKind.OBJECTION).order_by("pk")


def _made(
    workshop: Workshop, step: int, *, name: str, position: int, by_hand: bool = True
) -> CardGroup:
    return CardGroup.objects.create(
        workshop=workshop,
        ref=secrets.token_hex(8),
        step=step,
        name=" ".join(name.split())[:NAME_MAX],
        by_hand=by_hand,
        position=position,
    )


def name_group(viewer: "Person", workshop: Workshop, ref: str, *, name: str) -> None:
    """Give a group other words; from here on it is the facilitator's.

    Raises
    ------
    NotYours, OtherCard, Incomplete
    """
    check_may_run(viewer, workshop)
    words = " ".join(name.split())
    if not words or len(words) > NAME_MAX:
        said = _("A group has a name of at most {most} letters.")
        raise Incomplete(told(said, most=NAME_MAX))

    def work() -> None:
        row = held(workshop.pk)
        found = _group(row, ref)
        found.name, found.by_hand = words, True
        found.save(update_fields=["name", "by_hand"])
        tell_to_look(row, "groups", step=found.step)

    written(work)


def merge_groups(viewer: "Person", workshop: Workshop, refs: Sequence[str], *, into: str) -> None:
    """Put the cards of groups into another, whose name stays.

    Raises
    ------
    NotYours, OtherCard
    """
    check_may_run(viewer, workshop)

    def work() -> None:
        row = held(workshop.pk)
        kept = _group(row, into)
        CardGroup.objects.filter(pk=kept.pk).update(by_hand=True)
        others = CardGroup.objects.filter(workshop=row, step=kept.step, ref__in=list(refs))
        others = others.exclude(pk=kept.pk)
        Card.objects.filter(group__in=others).update(group=kept)
        others.delete()
        tell_to_look(row, "groups", step=kept.step)

    written(work)


def split_group(viewer: "Person", workshop: Workshop, ref: str) -> None:
    """Let each card of a group stand alone again.

    Raises
    ------
    NotYours, OtherCard
    """
    check_may_run(viewer, workshop)

    def work() -> None:
        row = held(workshop.pk)
        found = _group(row, ref)
        found.delete()
        tell_to_look(row, "groups", step=found.step)

    written(work)


def move_card(viewer: "Person", workshop: Workshop, card: str, *, to: str) -> str:
    """Put a card into a group, into a new one (`NEW`) or into none (`ALONE`); give the group's ref.

    Both groups are the facilitator's from here on; one that nothing is left in goes.

    Raises
    ------
    NotYours, OtherCard
    """
    check_may_run(viewer, workshop)

    def work() -> str:
        row = held(workshop.pk)
        found = Card.objects.filter(workshop=row, ref=card).exclude(words="").first()
        if found is None or not is_open_to_read(row, found.step):
            raise OtherCard
        target = _target(row, found, to)
        left = found.group
        found.group = target
        found.save(update_fields=["group"])
        touched = [group.pk for group in (left, target) if group]
        CardGroup.objects.filter(pk__in=touched).update(by_hand=True)
        if left and not Card.objects.filter(group=left).exists():
            left.delete()
        tell_to_look(row, "groups", step=found.step)
        return target.ref if target else ALONE

    return written(work)


def _target(workshop: Workshop, card: Card, to: str) -> CardGroup | None:
    if to == ALONE:
        return None
    if to == NEW:
        position = CardGroup.objects.filter(workshop=workshop, step=card.step).count()
        return _made(workshop, card.step, name=card.words, position=position)
    found = _group(workshop, to)
    if found.step != card.step:
        raise OtherCard
    return found


def _group(workshop: Workshop, ref: str) -> CardGroup:
    found = CardGroup.objects.filter(workshop=workshop, ref=ref).first()
    if found is None:
        raise OtherCard
    return found
