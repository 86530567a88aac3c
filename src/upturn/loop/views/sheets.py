"""The wall of a workshop as a sheet of paper."""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from upturn.loop.models import StatementVerdict
from upturn.loop.queries.cards import CardSeen
from upturn.loop.queries.walls import Wall, WallStep
from upturn.paper import Block, Columns, Entry, Heading, Paragraph, Sheet, Table
from upturn.paper.sheet import Size

ACROSS = 3


def wall_sheet(
    wall: Wall, *, language: str = "en", size: Size = "a4", synthetic: bool = False
) -> Sheet:
    """Lay out a wall: each question with what was written, then what is better in 100 days."""
    with override(language):
        said = _("Synthetic data.") if synthetic else ""
        parts = (wall.name, _day(wall.opened_on), said)
        return Sheet(
            title=wall.name,
            language=language,
            blocks=tuple(_blocks(wall)),
            footer=" · ".join(part for part in parts if part),
            box_note=_("□ stands for a sign that this paper has no letter for: {signs}."),
            size=size,
        )


def _day(day: date | None) -> str:
    return date_format(day, "l j F Y") if day else ""


def _blocks(wall: Wall) -> Iterator[Block]:
    if wall.day_100_on:
        again = _("You meet again on %(day)s.") % {"day": _day(wall.day_100_on)}
        yield Paragraph(again, "lead")
    for number, step in enumerate(wall.steps, start=1):
        yield from _step(number, step)
    yield from _statements(wall)
    yield from _stories(wall)


def _step(number: int, step: WallStep) -> Iterator[Block]:
    if not step.seen.cards and not step.seen.objections:
        return
    yield Heading(f"{number}. {step.question}")
    for group in step.seen.groups:
        yield Heading(group.name, 2)
        yield _columns(group.cards)
    if step.seen.alone:
        yield _columns(step.seen.alone)
    if step.seen.objections:
        yield Heading(_("That sounds challenging"), 2)
        yield _columns(step.seen.objections)


def _columns(cards: tuple[CardSeen, ...]) -> Columns:
    columns = tuple(
        tuple(_entry(card) for card in cards[at::ACROSS]) for at in range(min(ACROSS, len(cards)))
    )
    return Columns(("",) * len(columns), columns)


def _entry(card: CardSeen) -> Entry:
    return (card.words, card.signed) if card.signed else card.words


def _statements(wall: Wall) -> Iterator[Block]:
    if not wall.statements:
        return
    verdicts = dict(StatementVerdict.choices)
    yield Heading(_("In 100 days"))
    yield Table(
        (_("What is better"), _("Who carries it"), _("The first small step"), _("The sign")),
        tuple(
            (
                (one.words, f"{verdicts[StatementVerdict(one.verdict)]}: {one.evidence}")
                if one.verdict
                else one.words,
                one.owner,
                one.first_step,
                one.sign,
            )
            for one in wall.statements
        ),
        (5, 2, 3, 3),
    )


def _stories(wall: Wall) -> Iterator[Block]:
    if not wall.stories:
        return
    yield Heading(_("Who is doing it already"))
    for one in wall.stories:
        yield Paragraph(one.how)
        yield Paragraph(one.nominee, "small")
