"""A floor written as TOML, so that it can be kept, read and changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields

from upturn.floor.engine.described.toml_floor import KINDS
from upturn.floor.engine.shapes import (
    Behaviour,
    Day,
    Durations,
    Floor,
    Kind,
    Law,
    NeedType,
    Server,
)


def floor_to_toml(floor: Floor) -> str:
    """Write a floor so that `floor_from_toml` gives it back.

    Parameters
    ----------
    floor : Floor
        A sound one (`problems_of`). Places come back in the order tables, stations, passes,
        doors, queues.

    Returns
    -------
    str
        What is as by default is left out.

    Examples
    --------
    >>> from upturn.floor.engine.grid import grid
    >>> from upturn.floor.engine.described.toml_floor import floor_from_toml
    >>> floor_from_toml(floor_to_toml(grid())) == grid()
    True
    """
    return "\n".join(_lines(floor)).strip("\n") + "\n"


def _lines(floor: Floor) -> Iterator[str]:
    whole = _changed(floor)
    yield from _part("[floor]", {key: whole[key] for key in ("name", "table_lock") if key in whole})
    for section in floor.sections:
        tables = [node.id for node in floor.nodes if node.section == section.id]
        yield from _part(
            "[[section]]",
            {
                "id": section.id,
                "owner": section.owner,
                "tables": tables,
                "neighbours": section.neighbours,
            },
        )
    yield from _places(floor)
    for edge in floor.edges:
        yield from _part("[[walk]]", {"from": edge.a, "to": edge.b, "seconds": edge.seconds})
    for kind in floor.need_types:
        yield from _part("[[need]]", _changed(kind))
    yield from _servers(floor.servers)
    yield from _part("[day]", _changed(floor.day))
    yield from _part("[behaviour]", _changed(floor.behaviour))


def _places(floor: Floor) -> Iterator[str]:
    for part, kind in {"table": Kind.TABLE, **KINDS}.items():
        for node in floor.nodes:
            if node.kind is kind:
                yield from _part(f"[[{part}]]", {"id": node.id, "x_m": node.x_m, "y_m": node.y_m})


def _servers(servers: Sequence[Server]) -> Iterator[str]:
    for server in servers:
        yield from _part("[[server]]", _changed(server))


def _changed(thing: Floor | NeedType | Server | Day | Behaviour) -> dict[str, object]:
    """Fields that are not as by default."""
    found = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        made = field.default_factory
        default = field.default if made is MISSING else made()
        if value != default:
            found[field.name] = value
    return found


def _part(head: str, values: Mapping[str, object]) -> Iterator[str]:
    if values:
        yield ""
        yield head
        yield from (f"{key} = {_value(value)}" for key, value in values.items())


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case str():
            return _quoted(value)
        case Durations():
            return _durations(value)
        case Mapping():
            return f"{{ {', '.join(f'{_quoted(k)} = {_value(v)}' for k, v in value.items())} }}"
        case Sequence():
            return f"[{', '.join(_value(one) for one in value)}]"
    msg = f"{value!r} has no place in a floor"
    raise TypeError(msg)


def _quoted(words: str) -> str:
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")


def _durations(value: Durations) -> str:
    if value.law is Law.EXPONENTIAL and value.cv == 1.0:
        return repr(value.mean_s)
    return f'{{ mean_s = {value.mean_s!r}, law = "{value.law}", cv = {value.cv!r} }}'
