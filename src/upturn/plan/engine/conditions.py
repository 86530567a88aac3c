"""What was agreed before anything was seen, and what was changed of it afterwards."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

Conditions = Mapping[str, Any]
GONE = None


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that is not as agreed.

    Parameters
    ----------
    part : {"outcome", "unit", "window"}
    ref : str
        Of the outcome or unit; empty for the window.
    field : str
        Empty where the whole row came or went.
    agreed, now : object
        As JSON holds them; None where it was not there.
    """

    part: str
    ref: str
    field: str
    agreed: Any
    now: Any


def conditions_for(conditions: Conditions, outcome: str) -> Conditions:
    """Take what bears on one outcome: its own row, all units, the window."""
    return {
        "outcomes": {outcome: conditions.get("outcomes", {}).get(outcome)},
        "units": conditions.get("units", {}),
        "window": conditions.get("window", {}),
    }


def digest(conditions: Conditions) -> str:
    """Give the mark by which the same conditions are known again.

    Examples
    --------
    >>> digest({"window": {"from": "2026-01-05"}, "units": {}})[:12]
    '3f778cdf39d1'
    >>> digest({"units": {}, "window": {"from": "2026-01-05"}})[:12]
    '3f778cdf39d1'
    """
    plain = json.dumps(conditions, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(plain.encode()).hexdigest()


def differences(agreed: Conditions, now: Conditions) -> tuple[Changed, ...]:
    """Find everything that is not as agreed.

    Examples
    --------
    >>> agreed = {"units": {"u1": {"starts_on": "2026-03-02"}}, "window": {"until": "2026-09-07"}}
    >>> now = {"units": {"u1": {"starts_on": "2026-04-06"}}, "window": {"until": "2026-09-07"}}
    >>> differences(agreed, now)  # doctest: +NORMALIZE_WHITESPACE
    (Changed(part='unit', ref='u1', field='starts_on', agreed='2026-03-02', now='2026-04-06'),)
    """
    return (
        *_rows("outcome", agreed.get("outcomes") or {}, now.get("outcomes") or {}),
        *_rows("unit", agreed.get("units") or {}, now.get("units") or {}),
        *_fields("window", "", agreed.get("window") or {}, now.get("window") or {}),
    )


def _rows(part: str, agreed: Conditions, now: Conditions) -> Iterator[Changed]:
    for ref in dict.fromkeys((*agreed, *now)):
        one, other = agreed.get(ref), now.get(ref)
        if one is None or other is None:
            if one is not other:
                yield Changed(part, ref, "", one, other)
        elif one != other:
            yield from _fields(part, ref, one, other)


def _fields(part: str, ref: str, agreed: Conditions, now: Conditions) -> Iterator[Changed]:
    for field in dict.fromkeys((*agreed, *now)):
        one, other = agreed.get(field, GONE), now.get(field, GONE)
        if one != other:
            yield Changed(part, ref, field, one, other)
