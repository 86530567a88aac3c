"""Cards as the room reads them, once a step is open; before that there are only counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from upturn.loop.models import Card, CardGroup, PocketTask, Statement, Workshop
from upturn.loop.queries.sight import Viewer, check_see, is_open_to_read, may_run
from upturn.record.proofs import hash_of

MOST_KEYS = 500


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A card that can be read. `hidden_because` is for who holds the workshop alone."""

    ref: str
    kind: str
    words: str
    language: str
    signed: str
    from_expert: bool
    group: str
    hidden_because: str = ""


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """Cards that say the like, under a name."""

    ref: str
    name: str
    by_hand: bool
    cards: tuple[CardSeen, ...]


@dataclass(frozen=True, slots=True)
class StepSeen:
    """What can be read of a step: groups first, then what stands alone, then objections."""

    step: int
    is_open: bool
    groups: tuple[GroupSeen, ...] = ()
    alone: tuple[CardSeen, ...] = ()
    objections: tuple[CardSeen, ...] = ()
    hidden: tuple[CardSeen, ...] = ()

    @property
    def cards(self) -> tuple[CardSeen, ...]:
        """All that the room reads, without objections."""
        return (*(card for group in self.groups for card in group.cards), *self.alone)


def cards(viewer: Viewer, workshop: Workshop, step: int) -> StepSeen:
    """Give what the viewer may read of a step; nothing before it is open, to nobody.

    Raises
    ------
    Workshop.DoesNotExist
        If the workshop is out of sight.
    """
    check_see(viewer, workshop)
    if not is_open_to_read(workshop, step):
        return StepSeen(step, is_open=False)
    rows = Card.objects.filter(workshop=workshop, step=step).exclude(words="")
    found = [_seen(row) for row in rows.select_related("group").order_by("pk")]
    shown = [card for card in found if not card.hidden_because]
    plain = [card for card in shown if card.kind != "objection"]
    runs = may_run(viewer, workshop)
    return StepSeen(
        step,
        is_open=True,
        groups=_groups(workshop, step, plain),
        alone=tuple(card for card in plain if not card.group),
        objections=tuple(card for card in shown if card.kind == "objection"),
        hidden=tuple(card for card in found if card.hidden_because) if runs else (),
    )


def _seen(row: Card) -> CardSeen:
    return CardSeen(
        ref=row.ref,
        kind=row.kind,
        words=row.words,
        language=row.language,
        signed=row.signed,
        from_expert=row.from_expert,
        group=row.group.ref if row.group else "",
        hidden_because=row.hidden_because,
    )


def _groups(workshop: Workshop, step: int, shown: list[CardSeen]) -> tuple[GroupSeen, ...]:
    rows = CardGroup.objects.filter(workshop=workshop, step=step).order_by("position", "pk")
    within = {row.ref: tuple(card for card in shown if card.group == row.ref) for row in rows}
    return tuple(
        GroupSeen(row.ref, row.name, row.by_hand, within[row.ref])
        for row in rows
        if within[row.ref]
    )


@dataclass(frozen=True, slots=True)
class OwnSeen:
    """What its writer sees of something handed in, whatever the room may read by now."""

    ref: str
    kind: str
    step: int | None
    words: str
    signed: str = ""
    sure: int | None = None
    hidden_because: str = ""
    done: bool = False


def own(keys: Mapping[str, str]) -> tuple[OwnSeen, ...]:
    """Give what a phone handed in and proves to be its own: the key of each, by its ref."""
    hashed = {ref: hash_of(key) for ref, key in list(keys.items())[:MOST_KEYS]}
    found = [
        *(_own_card(row) for row in Card.objects.filter(ref__in=hashed) if _is(row, hashed)),
        *(_own_said(row) for row in Statement.objects.filter(ref__in=hashed) if _is(row, hashed)),
        *(_own_task(row) for row in PocketTask.objects.filter(ref__in=hashed) if _is(row, hashed)),
    ]
    return tuple(one for one in found if one.words)


def _is(row: Card | Statement | PocketTask, hashed: Mapping[str, str]) -> bool:
    return row.key_hash == hashed[row.ref]


def _own_card(row: Card) -> OwnSeen:
    return OwnSeen(
        row.ref,
        row.kind,
        row.step,
        row.words,
        signed=row.signed,
        hidden_because=row.hidden_because,
    )


def _own_said(row: Statement) -> OwnSeen:
    hidden = row.hidden_because
    return OwnSeen(row.ref, "statement", row.step, row.words, sure=row.sure, hidden_because=hidden)


def _own_task(row: PocketTask) -> OwnSeen:
    return OwnSeen(row.ref, "task", None, row.words, done=row.done_on is not None)
