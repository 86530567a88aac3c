"""Changing a script step by step: put in, put in place of another, taken out, moved."""

from dataclasses import replace

from upturn.loop.engine.errors import Incomplete
from upturn.loop.engine.script import Script, Step
from upturn.loop.engine.script_reading import script_of
from upturn.loop.engine.script_writing import script_as_table


def with_step(script: Script, step: Step, *, at: int) -> Script:
    """Put a step before the one at a place, from 0; at the number of steps, it is the last.

    Raises
    ------
    ScriptRefused
        If the script cannot stand like this.
    Incomplete
        If there is no such place.

    Examples
    --------
    >>> from upturn.loop.engine import shipped_script
    >>> own = shipped_script("own")
    >>> len(with_step(own, own.steps[0], at=1).steps) - len(own.steps)
    1
    """
    if not 0 <= at <= len(script.steps):
        raise Incomplete(f"The script has {len(script.steps)} steps; there is no place {at + 1}.")
    return _of(script, [*script.steps[:at], step, *script.steps[at:]])


def with_step_changed(script: Script, step: Step, *, at: int) -> Script:
    """Put a step in the place of the one at a place; raises as `with_step`."""
    old = _step_at(script, at)
    asked = step if script.objection_step == at else None
    steps = [step if each is old else each for each in script.steps]
    return _of(script, steps, asked=asked)


def without_step(script: Script, *, at: int) -> Script:
    """Take a step out; raises as `with_step`. An objection then asks the first question."""
    _step_at(script, at)
    return _of(script, [*script.steps[:at], *script.steps[at + 1 :]])


def with_step_moved(script: Script, *, at: int, by: int) -> Script:
    """Move a step by so many places, as far as there are any; raises as `with_step`."""
    step, steps = _step_at(script, at), list(script.steps)
    del steps[at]
    steps.insert(min(max(at + by, 0), len(steps)), step)
    return _of(script, steps)


def _step_at(script: Script, at: int) -> Step:
    if not 0 <= at < len(script.steps):
        raise Incomplete(f"The script has {len(script.steps)} steps; there is no step {at + 1}.")
    return script.steps[at]


def _of(script: Script, steps: list[Step], *, asked: Step | None = None) -> Script:
    """Give the script with these steps, read anew; an objection keeps its question."""
    asked = asked or script.steps[script.objection_step]
    place = next((n for n, each in enumerate(steps) if each is asked), 0)
    made = replace(script, steps=tuple(steps), objection_step=place)
    return script_of(script_as_table(made))
