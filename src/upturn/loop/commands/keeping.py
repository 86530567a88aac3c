"""The keep-list: written when a workshop closes, and let go of one by one, with a reason."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import written
from upturn.loop.commands.refusals import overtaken, told
from upturn.loop.engine.errors import Incomplete, NotYours
from upturn.loop.models import Card, CardKind, Kept, Workshop
from upturn.loop.queries.keeping import may_let_go
from upturn.record import journal
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.people.models import Person

BECAUSE_MAX = 200


def keep_well_enough(workshop: Workshop) -> int:
    """Put what a closing workshop named as well enough on the keep-list; give how many things.

    Cards of a group stand under its name once, and the same words once. No name goes along.
    """
    rows = Card.objects.filter(workshop=workshop, kind=CardKind.WELL_ENOUGH, hidden_because="")
    said: dict[str, tuple[str, int]] = {}
    for card in rows.exclude(words="").select_related("group").order_by("words"):
        words = " ".join((card.group.name if card.group else card.words).split())
        first, cards = said.get(words.casefold(), (words, 0))
        said[words.casefold()] = first, cards + 1
    made = [
        Kept(workshop=workshop, ref=_ref(workshop, key), words=words, cards=cards)
        for key, (words, cards) in said.items()
    ]
    return len(Kept.objects.bulk_create(made, ignore_conflicts=True))


def _ref(workshop: Workshop, words: str) -> str:
    return ref_of(f"kept {workshop.ref} {words}")


def let_go(viewer: "Person", ref: str, *, because: str, turn: int, today: date) -> Kept:
    """Let a thing be changed again; plans do not ask about it any more, and the reason stays.

    Raises
    ------
    NotYours
        If the viewer neither holds its workshop nor carries the whole.
    Incomplete
        Without a reason, or if there is no such thing.
    Overtaken
        If somebody was faster.
    """
    why = " ".join(because.split())
    if not why or len(why) > BECAUSE_MAX:
        said = _("Say why it need not stay, in at most {most} letters.")
        raise Incomplete(told(said, most=BECAUSE_MAX))
    return _set(viewer, ref, turn=turn, on=today, because=why)


def keep_again(viewer: "Person", ref: str, *, turn: int) -> Kept:
    """Put a thing back on the list; raises as `let_go`."""
    return _set(viewer, ref, turn=turn, on=None, because="")


def _set(viewer: "Person", ref: str, *, turn: int, on: date | None, because: str) -> Kept:
    def work() -> Kept:
        row = Kept.objects.select_for_update().filter(ref=ref).first()
        if row is None:
            raise Incomplete(told(_("This is no longer on the list.")))
        if not may_let_go(viewer, row):
            said = _("Those who held its workshop let it go. Tell them why it should change.")
            raise NotYours(told(said))
        if row.turn != turn:
            raise overtaken(row.turn)
        row.let_go_on, row.let_go_because, row.turn = on, because, row.turn + 1
        row.save(update_fields=["let_go_on", "let_go_because", "turn"])
        verb = "let go of what was kept" if on else "keep again"
        journal.write(verb, subject_kind="kept", subject_ref=ref, actor_id=viewer.pk)
        return row

    return written(work)
