"""What a facilitator takes off the wall; its writer reads why, and nobody learns who that is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import check_may_run, held, tell_to_look, written
from upturn.loop.commands.refusals import told
from upturn.loop.engine.errors import Incomplete
from upturn.loop.models import Card, Statement, Workshop

if TYPE_CHECKING:
    from upturn.people.models import Person

BECAUSE_MAX = 200


def hide(viewer: "Person", workshop: Workshop, refs: Iterable[str], *, because: str) -> int:
    """Take cards or statements off the wall, with a reason; give how many.

    Raises
    ------
    NotYours
        If the viewer does not hold the workshop.
    Incomplete
        Without a reason, which the writer will read.
    """
    why = " ".join(because.split())
    if not why or len(why) > BECAUSE_MAX:
        said = _("Say why, in at most {most} letters; whoever wrote it will read it.")
        raise Incomplete(told(said, most=BECAUSE_MAX))
    return _set(viewer, workshop, refs, because=why)


def unhide(viewer: "Person", workshop: Workshop, refs: Iterable[str]) -> int:
    """Put cards or statements back on the wall; give how many."""
    return _set(viewer, workshop, refs, because="")


def _set(viewer: "Person", workshop: Workshop, refs: Iterable[str], *, because: str) -> int:
    check_may_run(viewer, workshop)
    named = list(refs)

    def work() -> int:
        row = held(workshop.pk)
        found = 0
        for kind, told_as in ((Card, "cards"), (Statement, "statements")):
            rows = kind._default_manager.filter(workshop=row, ref__in=named)  # noqa: SLF001 - its documented name
            rows = rows.exclude(words="").exclude(hidden_because=because)
            steps = sorted(set(rows.values_list("step", flat=True)))
            found += rows.update(hidden_because=because)
            for step in steps:
                tell_to_look(row, told_as, step=step)
        return found

    return written(work)
