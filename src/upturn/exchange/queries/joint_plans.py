"""What a joint plan carries beside its parts: a focus week, and counsel's word on a product."""

from dataclasses import dataclass
from datetime import date

from upturn.exchange.engine import readable, template
from upturn.exchange.models import Decision, Exchange, Focus, SignOff
from upturn.stats.figures import Withheld

JOINT_PRODUCT = "joint_product"


@dataclass(frozen=True, slots=True)
class PlanSeen:
    """What a joint plan carries.

    Parameters
    ----------
    focus : str
        ``together``, ``steps``, or empty for no focus week.
    focus_from : date or None
        No company begins before this day.
    drawn : bool
        Whether each part has its Monday.
    seed : int or None
        With it the lots were drawn; None where there are none, or none yet.
    unreadable : Withheld or None
        Why these weeks could not be read from figures of all; None where they could, or none are.
    product : bool
        Whether the companies make something together.
    words : tuple of SignOff
        Counsel's words on it, withdrawn ones too.
    waits : bool
        Whether counsel's word is still to come.
    """

    focus: str
    focus_from: date | None
    drawn: bool
    seed: int | None
    unreadable: Withheld | None
    product: bool
    words: tuple[SignOff, ...]
    waits: bool


def makes_products(exchange: Exchange) -> bool:
    """Whether companies of this kind of exchange may make something together, once counsel agrees.

    Where there is a client it is the client's to say what is made.
    """
    return JOINT_PRODUCT in template(exchange.template).counsel_before


def plan_seen(row: Decision) -> PlanSeen:
    """Give what a decision carries, for whoever was let in to read it."""
    weeks = _weeks(row) if row.focus else {}
    words = tuple(row.counsels_words.order_by("pk")) if row.product else ()
    return PlanSeen(
        focus=row.focus,
        focus_from=row.focus_from,
        drawn=bool(weeks),
        seed=row.focus_seed if row.focus == Focus.STEPS and weeks else None,
        unreadable=readable(weeks) if weeks else None,
        product=row.product,
        words=words,
        waits=row.product and all(word.withdrawn_on for word in words),
    )


def _weeks(row: Decision) -> dict[str, date]:
    """Give the focus week of each company that takes part, once lots were drawn."""
    begin = row.parts.filter(abstains=False, starts_on__isnull=False)
    return {str(part.party_id): part.starts_on for part in begin if part.starts_on}
