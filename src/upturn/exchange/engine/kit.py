"""A kit: what another client needs to begin an exchange as this one did, and nobody who is here.

It is one JSON file that people can read. What is read back is held against every limit first, and
against the guard; a kit of which one line does not hold is not taken at all.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from upturn.exchange.engine.errors import BadKit
from upturn.exchange.engine.kit_form import (
    CODES,
    MANY,
    NUMBERS,
    ONE,
    VALUE_LETTERS,
    Fault,
    Kit,
    Place,
    cut,
    faults_of,
    tidy,
)

FORMAT, VERSION = "upturn exchange", 1
BYTES_MOST = 300_000


def written(kit: Kit) -> str:
    """Write a kit as a file, for people to read.

    Raises
    ------
    BadKit
        If a part of it does not hold.
    """
    if faults := list(faults_of(kit)):
        raise BadKit(faults)
    return json.dumps(as_data(kit), ensure_ascii=False, indent=2) + "\n"


def as_data(kit: Kit) -> dict[str, Any]:
    """Give a kit as JSON holds it."""
    data: dict[str, Any] = {"kit": FORMAT, "version": VERSION}
    for name, place in _places().items():
        value = getattr(kit, name)
        into = data.setdefault(place.section, {}) if place.section else data
        into[place.key] = list(value) if isinstance(value, tuple) else value
    return data


@cache
def _places() -> Mapping[str, Place]:
    numbers = {name: place for name, (place, _span) in NUMBERS.items()}
    known = CODES | ONE | MANY | numbers
    return {each.name: known[each.name] for each in fields(Kit)}


def kit_from(content: bytes) -> Kit:
    """Read a kit from a file.

    Raises
    ------
    BadKit
        If it is too large, no JSON, another version, has parts that no kit has, or a line that is
        too long or that the guard stops. Nothing of it is taken then.
    """
    if len(content) > BYTES_MOST:
        raise _refused("size", value=len(content), most=BYTES_MOST)
    try:
        data = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        if isinstance(error, BadKit):
            raise
        start = content[:VALUE_LETTERS].decode("utf-8", "replace")
        raise _refused("json", value=cut(start)) from error
    return kit_of(data)


def kit_of(data: object) -> Kit:
    """Read what `as_data` gave, as `kit_from` does."""
    kit = tidy(_shaped(data))
    if faults := list(faults_of(kit)):
        raise BadKit(faults)
    return kit


def kept_kit(data: object) -> Kit | None:
    """Give a kit that was held against everything when it was kept here; None for none."""
    try:
        return _shaped(data)
    except BadKit:
        return None


def _shaped(data: object) -> Kit:
    if not isinstance(data, dict):
        raise _shape("", data, "{…}")
    if data.get("kit") != FORMAT:
        raise _refused("format", "kit", value=cut(data.get("kit")), most=FORMAT)
    if type(data.get("version")) is not int or data["version"] != VERSION:
        raise _refused("version", "version", value=cut(data.get("version")), most=VERSION)
    _check_keys(data)
    return Kit(**{name: _value(name, place, data) for name, place in _places().items()})


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _refused("twice", value=cut(key))
        found[key] = value
    return found


def _no_number(said: str) -> None:
    raise _refused("json", value=said)


def _check_keys(data: Mapping[str, Any]) -> None:
    sections: dict[str, set[str]] = {"": {"kit", "version"}}
    for place in _places().values():
        sections.setdefault(place.section, set()).add(place.key)
        sections[""].add(place.section or place.key)
    faults = []
    for section, known in sections.items():
        here = data.get(section) if section else data
        if not isinstance(here, dict):
            continue
        unknown = sorted(map(cut, here.keys() - known))
        faults += [Fault("unknown", section, 0, {"value": key}) for key in unknown]
        absent = sorted(known - here.keys())
        faults += [Fault("absent", section, 0, {"value": key}) for key in absent]
    if faults:
        raise BadKit(faults)


def _value(name: str, place: Place, data: Mapping[str, Any]) -> Any:
    here = data[place.section] if place.section else data
    if not isinstance(here, dict):
        raise _shape(place.section, here, "{…}")
    value = here[place.key]
    if name in NUMBERS:
        return _of(int, value, place, "1")
    if name not in MANY:
        return _of(str, value, place, "“…”")
    return tuple(_of(str, each, place, "“…”") for each in _of(list, value, place, "[…]"))


def _of(kind: type, value: Any, place: Place, expected: str) -> Any:
    if type(value) is not kind:
        raise _shape(place.path, value, expected)
    return value


def _shape(path: str, value: object, expected: str) -> BadKit:
    return _refused("shape", path, value=cut(value), most=expected)


def _refused(code: str, path: str = "", **values: object) -> BadKit:
    return BadKit([Fault(code, path, 0, values)])
