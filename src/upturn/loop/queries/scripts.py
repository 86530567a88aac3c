"""Scripts: those that are shipped, those that were made here, and that of a workshop."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from upturn.loop.engine.script import Script
from upturn.loop.engine.script_reading import SHIPPED, script_of, shipped_script
from upturn.loop.models import StoredScript, Workshop
from upturn.loop.queries.sight import may_host
from upturn.record.kept import keep

if TYPE_CHECKING:
    from upturn.people.models import Person


@dataclass(frozen=True, slots=True)
class ScriptHere:
    """A script to choose from; `ref` is the key of a shipped one, `turn` None says that it is."""

    ref: str
    script: Script
    turn: int | None = None


def scripts(viewer: "Person") -> tuple[ScriptHere, ...]:
    """Scripts to choose from, the shipped ones first; none for who holds no workshops."""
    if not may_host(viewer):
        return ()
    shipped = [ScriptHere(key, shipped_script(key)) for key in SHIPPED]
    made = StoredScript.objects.order_by("name", "pk")
    return (*shipped, *(ScriptHere(row.ref, _read(row), row.turn) for row in made))


def script_by_ref(viewer: "Person", ref: str) -> ScriptHere:
    """Find a script.

    Raises
    ------
    StoredScript.DoesNotExist
        If there is none, or none for the viewer.
    """
    if not may_host(viewer):
        raise StoredScript.DoesNotExist
    if ref in SHIPPED:
        return ScriptHere(ref, shipped_script(ref))
    row = StoredScript.objects.get(ref=ref)
    return ScriptHere(ref, _read(row), row.turn)


def _read(row: StoredScript) -> Script:
    return keep(("stored script", row.ref), as_of=row.turn, read=lambda: script_of(row.content))


def script_of_workshop(workshop: Workshop) -> Script:
    """Give the script as it was when the workshop was opened."""
    return keep(("script", workshop.ref), as_of=None, read=lambda: script_of(workshop.script))
