"""Words of the dry run."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upturn.graph.engine.tabular_problems import RowProblem, describe
from upturn.voice.engine.direction import Direction, how_known
from upturn.voice.engine.intake_fields import Field
from upturn.voice.engine.intake_guess import ColumnGuess, describe_guess
from upturn.voice.engine.intake_scores import Scale
from upturn.voice.engine.intake_servers import ServersField

register = template.Library()

FIELDS: dict[str, Promise | str] = {
    Field.TEXT: _("the words"),
    Field.SCORE: _("score"),
    Field.AT: _("date"),
    Field.TOUCHPOINT: _("touchpoint"),
    Field.PLACE: _("place"),
    Field.CHANNEL: _("channel"),
    Field.EXTERNAL_ID: _("id"),
    Field.LANGUAGE: _("language"),
    ServersField.PARTY: _("party"),
}
SCALES = ("0-5", "0-10", "1-5", "1-7", "1-10", "0-100")


@register.filter
def field_words(field: str | None) -> str | Promise:
    """What a column becomes, in words."""
    return FIELDS[field] if field else _("left out")


@register.filter
def why(guess: ColumnGuess) -> str:
    """Why a column is read as it is."""
    return describe_guess(guess, gettext)


@register.filter
def known_by(found: Direction) -> str:
    """How the direction of a measure is known."""
    return how_known(found.known, gettext)


@register.filter
def what_is_wrong(found: RowProblem) -> str:
    """What is wrong with a row, and what helps."""
    return describe(found, gettext)


@register.simple_tag
def scale_choices(scale: Scale | None) -> list[str]:
    """Usual scales, with the one that was found."""
    return sorted({*SCALES, scale.label} if scale else SCALES)
