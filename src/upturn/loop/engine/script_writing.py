"""Writing a script: as plain values that can be stored, and as the file that is shared."""

import json
from collections.abc import Iterator, Mapping

from upturn.loop.engine.script import WORDS_OF_A_CARD, Script, Step, Texts

_FLAGS = ("many", "experts_first", "sign", "specific", "task")

Plain = dict[str, object]


def script_as_table(script: Script) -> Plain:
    """Give a script as values that JSON can hold; `script_of` reads them back."""
    table: Plain = {"language": script.language, "name": dict(script.name)}
    for key in ("purpose", "objection", "farewell"):
        if texts := getattr(script, key):
            table[key] = dict(texts)
    for key in ("source", "licence"):
        if text := getattr(script, key):
            table[key] = text
    table["objection_step"] = script.objection_step + 1
    table["step"] = [_step_as_table(step) for step in script.steps]
    return table


def _step_as_table(step: Step) -> Plain:
    table: Plain = {"kind": str(step.kind)}
    for key in ("lead", "ask", "then", "hint"):
        if texts := getattr(step, key):
            table[key] = dict(texts)
    if step.worksheet:
        table["worksheet"] = [dict(texts) for texts in step.worksheet]
    if step.minutes is not None:
        table["minutes"] = step.minutes
    if step.words != WORDS_OF_A_CARD:
        table["words"] = step.words
    if step.plan:
        table["plan"] = step.plan
    return table | {key: True for key in _FLAGS if getattr(step, key)}


def write_script(script: Script) -> bytes:
    """Write a script as the file that is shared; `read_script` reads it back.

    Examples
    --------
    >>> from upturn.loop.engine import read_script, shipped_script
    >>> script = shipped_script("huddle")
    >>> read_script(write_script(script)) == script
    True
    """
    table = script_as_table(script)
    steps = table.pop("step")
    assert isinstance(steps, list)  # noqa: S101 - narrows for the type checker
    lines = [*_lines(table)]
    for step in steps:
        lines += ["", "[[step]]", *_lines(step)]
    return "\n".join([*lines, ""]).encode()


def _lines(table: Mapping[str, object]) -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from (f"{key}.{code} = {_string(words)}" for code, words in value.items())
        elif isinstance(value, list):
            yield from (f"{key} = [", *(f"    {_inline(texts)}," for texts in value), "]")
        elif isinstance(value, bool):
            yield f"{key} = true"
        else:
            yield f"{key} = {_string(value) if isinstance(value, str) else value}"


def _inline(texts: Texts) -> str:
    return "{ " + ", ".join(f"{code} = {_string(words)}" for code, words in texts.items()) + " }"


def _string(words: str) -> str:
    # TOML's basic strings are JSON's, but for the delete character, which no script holds.
    return json.dumps(words, ensure_ascii=False)
