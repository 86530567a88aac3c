"""A plan begun with the cards of a room: their moments, and be, do and have as lines (S2.11)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from upturn.plan.commands.allowed import NAME_MAX, WORDS_MAX
from upturn.plan.commands.edits import Edit
from upturn.plan.commands.lines import LineWords, save_line
from upturn.plan.commands.moments import MomentWords, save_moment
from upturn.plan.commands.opening import PlanDraft, open_plan
from upturn.plan.engine import Protected, SaidMoment, ServersFirst, in_lines, said_moment
from upturn.plan.models import Column, Plan

if TYPE_CHECKING:
    from upturn.people.models import Person

MOST_MOMENTS, MOST_LINES = 60, 200
HOUR = 60
ORDER = (Column.HAVE, Column.DO, Column.BE)  # a plan begins with what those have who serve (S2.10)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCards:
    """What a room wrote: words of moments, and columns with the words of a line; in whose name.

    The lines are of the party `party_id`. No card says who wrote it.
    """

    moments: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    party_id: int
    said_in: str


class Begun(NamedTuple):
    """The plan, and the cards that did not come into it.

    `kept` touch what is to stay, and want a reason; `early` are of BE and DO where no HAVE stands;
    `over` is how many were too many.
    """

    plan: Plan
    kept: tuple[str, ...]
    early: tuple[str, ...]
    over: int


@transaction.atomic
def begin_with_cards(
    viewer: "Person", draft: PlanDraft, cards: FirstCards, *, today: date
) -> Begun:
    """Open a plan and write the cards of a room into it, each change to be undone by itself.

    Lines stand at one moment, the whole day: a card does not say at which moment it is wanted.

    Raises
    ------
    NotYours, Incomplete
        As `open_plan` and `save_line` do; then there is no plan.
    """
    said = [said_moment(words) for words in cards.moments][:MOST_MOMENTS]
    plan = open_plan(viewer, _long_enough(draft, said), today=today)
    keys = (Edit(key=f"card-{number}") for number in count())
    whole = _("All day, as said in “%(name)s”") % {"name": cards.said_in}
    all_day = MomentWords(at=plan.day_from, name=whole[:NAME_MAX])
    at = save_moment(viewer, plan, all_day, edit=next(keys))
    for moment in said:
        save_moment(viewer, plan, _in_day(moment, plan), edit=next(keys))
    rows = [LineWords(words=words, column=column, party_id=cards.party_id, moment=at.ref)
            for column, words in _in_order(cards.lines)]  # fmt: skip
    kept, early = _written(viewer, plan, rows[:MOST_LINES], keys)
    over = len(cards.moments) - len(said) + len(rows[MOST_LINES:])
    return Begun(plan, kept, early, over)


def _long_enough(draft: PlanDraft, said: Iterable[SaidMoment]) -> PlanDraft:
    """Let the day be as long as its moments, by whole hours."""
    times = [moment.at for moment in said if moment.at is not None]
    return replace(
        draft,
        day_from=min([draft.day_from, *(at // HOUR * HOUR for at in times)]),
        day_until=max([draft.day_until, *(-(-at // HOUR) * HOUR for at in times)]),
    )


def _in_day(moment: SaidMoment, plan: Plan) -> MomentWords:
    if moment.at is not None:
        return MomentWords(at=moment.at, name=_cut(moment.name, NAME_MAX))
    unknown = _("%(name)s (time to be set)")
    room = NAME_MAX - len(unknown % {"name": ""})
    return MomentWords(at=plan.day_from, name=unknown % {"name": _cut(moment.name, room)})


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"


def _in_order(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    given = tuple(lines)
    for column in ORDER:
        for words in (words for name, words in given if name == column):
            yield from ((column, part) for part in in_lines(words, most=WORDS_MAX))


def _written(
    viewer: "Person", plan: Plan, rows: Iterable[LineWords], keys: Iterator[Edit]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    kept, early = [], []
    for row in rows:
        try:
            save_line(viewer, plan, row, edit=next(keys))
        except Protected:
            kept.append(row.words)
        except ServersFirst:
            early.append(row.words)
    return tuple(kept), tuple(early)
