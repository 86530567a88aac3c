"""What the rhythm of a floor proposes: needs nobody asked for yet, and two minutes to learn."""

from collections.abc import Sequence
from typing import TypedDict

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as later
from django.utils.translation import override

from upturn.floor.engine.live import Opportunity, opportunities
from upturn.floor.engine.shapes import Kind
from upturn.floor.models import NeedState, PracticeCard, Seated
from upturn.floor.queries.standing import Standing


class Offer(TypedDict):
    """Two minutes with a card; `card` is its ref, or the number of one that is built in."""

    card: str
    words: str


FOR_TABLES = (
    later("Walk once past all your tables with empty hands. What will each need in five minutes?"),
    later("Before you turn back from a table, look at the two beside it. One walk, three tables."),
    later("What are you carrying now? Find a cup on your way that it would fill, whoever’s it is."),
    later("Watch a colleague for one round. What did he or she see before you did?"),
    later("Help changes nothing about a table: it stays whose it is, with its cheque and its tip."),
)
FOR_QUEUES = (
    later("Ask beside you: which question comes most today, and who answers it best?"),
    later("What could the next caller be told before he or she has to ask for it?"),
)
FOR_ALL = (
    later("Ask a colleague: what would help you most in the next quarter of an hour?"),
    later("Think of the last time somebody helped you unasked. What had they noticed?"),
)


def opportunities_of(standing: Standing) -> tuple[Opportunity, ...]:
    """Say what tables with guests probably need, though nobody asked (S0.1, S0.5)."""
    shift, board = standing.shift, standing.board
    met = shift.needs.filter(state=NeedState.DONE).order_by()
    rows = met.values_list("place", "kind").annotate(at_s=Max("done_s"))
    tables = {table: of for table, of in board.tables.items() if table not in shift.leaving}
    return opportunities(
        board.floor,
        tables=tables,
        seated=dict(Seated.objects.filter(shift=shift).values_list("table", "since_s")),
        last={(place, kind): at_s for place, kind, at_s in rows},
        looked=standing.looked,
        waiting={(need.place, need.kind) for need in board.needs},
        now_s=board.now_s,
    )


def cards_for(standing: Standing) -> Sequence[tuple[str, str]]:
    """Cards for two quiet minutes: what helped on other shifts, and some that are built in."""
    newest = (
        PracticeCard.objects.filter(taken_down_on=None)
        .order_by("-pk")
        .values_list("ref", "words")[:20]
    )
    is_centre = any(node.kind is Kind.QUEUE for node in standing.board.floor.nodes)
    built_in = (FOR_QUEUES if is_centre else FOR_TABLES) + FOR_ALL
    return [*newest, *((str(number), words) for number, words in enumerate(built_in))]


def offer_told(standing: Standing, seat: str, card: tuple[str, str]) -> Offer:
    """Tell a card in the language of a seat; words that somebody wrote stay as they are."""
    ref, words = card
    with override(standing.seats[seat].language or settings.LANGUAGE_CODE):
        return Offer(card=ref, words=_(words) if ref.isdecimal() else words)
