"""Scripts that are made here: kept, changed, brought in and dropped."""

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from upturn.loop.commands.changing import written
from upturn.loop.commands.refusals import overtaken, told
from upturn.loop.engine.errors import Incomplete, NotYours
from upturn.loop.engine.script_reading import read_script
from upturn.loop.engine.script_writing import script_as_table
from upturn.loop.models import StoredScript
from upturn.loop.queries.sight import may_host
from upturn.record import journal
from upturn.record.keys import ref_of

if TYPE_CHECKING:
    from upturn.loop.engine.script import Script
    from upturn.people.models import Person

NAME_MAX = 80


def keep_script(viewer: "Person", script: "Script", *, key: str, today: date) -> StoredScript:
    """Keep a new script, or find it if this was sent before; `key` is drawn when the form opens.

    Raises
    ------
    NotYours, Incomplete
    """
    _check(viewer)
    if not key:
        raise Incomplete(told(_("The form is incomplete. Open it again; your words are kept.")))
    ref = ref_of(f"script {viewer.pk} {key}")

    def work() -> StoredScript:
        made, new = StoredScript.objects.get_or_create(
            ref=ref,
            defaults={
                "name": _name(script),
                "content": script_as_table(script),
                "made_on": today,
            },
        )
        if new:
            journal.write("keep script", subject_kind="script", subject_ref=ref, actor_id=viewer.pk)
        return made

    return written(work)


def change_script(viewer: "Person", ref: str, script: "Script", *, turn: int) -> StoredScript:
    """Change a script; workshops that were opened with it keep theirs.

    Raises
    ------
    NotYours
    Overtaken
        If somebody changed it since it was read.
    StoredScript.DoesNotExist
        If it is none of those made here.
    """
    _check(viewer)

    def work() -> StoredScript:
        row = StoredScript.objects.select_for_update().get(ref=ref)
        if row.turn != turn:
            raise overtaken(row.turn)
        row.name, row.content, row.turn = _name(script), script_as_table(script), row.turn + 1
        row.save()
        journal.write("change script", subject_kind="script", subject_ref=ref, actor_id=viewer.pk)
        return row

    return written(work)


def bring_in_script(viewer: "Person", content: bytes, *, today: date) -> StoredScript:
    """Keep a script from a file; the same file again is the same script.

    Raises
    ------
    NotYours
    ScriptRefused
        With every place that is wrong.
    """
    _check(viewer)
    key = hashlib.sha256(content).hexdigest()
    return keep_script(viewer, read_script(content), key=key, today=today)


def drop_script(viewer: "Person", ref: str) -> None:
    """Drop a script; workshops that were opened with it keep theirs."""
    _check(viewer)

    def work() -> None:
        deleted, _each = StoredScript.objects.filter(ref=ref).delete()
        if deleted:
            journal.write("drop script", subject_kind="script", subject_ref=ref, actor_id=viewer.pk)

    written(work)


def _check(viewer: "Person") -> None:
    if not may_host(viewer):
        said = _("Scripts are made by leaders, executives and facilitators. Ask one.")
        raise NotYours(told(said))


def _name(script: "Script") -> str:
    return script.say(script.name, language=script.language)[:NAME_MAX]
