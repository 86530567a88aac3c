"""Words that are found again, in every column of the room, and the search for them."""

import base64
import dataclasses
import secrets
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.apps import apps
from django.db import models

from tests.exchange import factories as make
from upturn.exchange.models import Charter, Exchange, ExchangeParty, Seat

STRUCTURE = frozenset(
    {
        "Benchmark.accepted",
        "Benchmark.refused_because",
        "Benchmark.roster",
        "Benchmark.sheet",
        "Benchmark.totals",
        "BlindList.about",
        "BuyIn.opened",
        "Decision.outcome",
        "Exchange.language",
        "Exchange.template",
        "GuardRecord.action",
        "GuardRecord.rule",
        "GuardRecord.stop",
        "GuardRecord.topic",
        "GuardRecord.version",
        "Media.kind",
        "Meeting.made_it_work",
        "Outcome.design",
        "PlanPart.ask_ref",
        "PracticeCard.tenure",
        "ProgrammeVersion.parts",
        "ProgrammeWord.said",
        "Readiness.item",
        "Seat.language",
        "SealedMessage.content",
        "Strength.strength",
        "Trial.ask_ref",
        "Trial.steps",
        "Turn.step",
        "VisionVoice.layer",
    }
)
"""Codes and messages of the engine, which hold nobody's words; ballots have tests of their own."""
TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
NUMBERS = (918273645, 0.546372819)
"""Planted where a column could hold figures."""


def tables() -> list[type[models.Model]]:
    return list(apps.get_app_config("exchange").get_models())


def columns(table: type[models.Model]) -> list[Any]:
    """Columns that can hold somebody's words; references are looked for apart."""
    return [
        field
        for field in table._meta.concrete_fields
        if isinstance(field, TEXT) and not field.choices and field.name != "ref"
    ]


def name_of(table: type[models.Model], field: Any) -> str:
    return f"{table.__name__}.{field.name}"


def canary(made: make.Made, column: str) -> str:
    """Words of one column of one exchange; hexadecimal, so that keys can be made of them."""
    return sha256(f"{made.exchange.ref} {column}".encode()).hexdigest()[:16]


def canaries(made: make.Made) -> dict[str, str]:
    return {
        name: canary(made, name)
        for table in tables()
        for field in columns(table)
        if (name := name_of(table, field)) not in STRUCTURE
    }


def refs(made: make.Made) -> set[str]:
    """References of everything in an exchange that was planted."""
    return {row.ref for row in made.planted.values() if hasattr(row, "ref")}


def plant(made: make.Made, *, whose: str) -> make.Made:
    """Put words of its own into every column of an exchange; what has a party is one company's."""
    made.planted = {}
    for table in tables():
        row = _row(made, table, made[whose])
        values = {
            field.name: _planted(row, field, canary(made, name_of(table, field)))
            for field in columns(table)
            if name_of(table, field) not in STRUCTURE
        }
        if values:
            table._default_manager.filter(pk=row.pk).update(**values)
    return made


def _planted(row: models.Model, field: Any, word: str) -> Any:
    if isinstance(field, models.BinaryField):
        return word.encode()
    if isinstance(field, models.JSONField):
        return row.content | {"mission": word} if isinstance(row, Charter) else _listed(row, word)
    most = field.max_length or 16
    return (word * 4)[:most] if most in {64, 128} else word[:most]


def _listed(row: models.Model, word: str) -> list[str]:
    return sorted([word * 2, *(f"{at:032x}" for at in range(31))])


def _row(made: make.Made, table: type[models.Model], company: make.Company) -> Any:
    if table not in made.planted:
        made.planted[table] = _found(made, table, company) or table._default_manager.create(
            **{
                field.name: value
                for field in table._meta.concrete_fields
                if (value := _filled(made, field, company)) is not None
            }
        )
    return made.planted[table]


def _found(made: make.Made, table: type[models.Model], company: make.Company) -> Any:
    if table is Exchange:
        return made.exchange
    if table is ExchangeParty:
        return company.row
    if table is Seat:
        return company.row.seats.get()
    names = {field.name for field in table._meta.concrete_fields}
    rows = table._default_manager.all()
    if "party" in names:
        return rows.filter(party=company.party).first()
    return rows.filter(exchange=made.exchange).first() if "exchange" in names else None


SIMPLE: dict[type[models.Field], Any] = {
    models.DateField: make.TODAY,
    models.DateTimeField: datetime(2026, 11, 23, 9, tzinfo=UTC),
    models.BooleanField: True,
    models.BinaryField: b"x",
    models.JSONField: [],
}


def _filled(made: make.Made, field: Any, company: make.Company) -> Any:
    if field.related_model is not None:
        return _pointed_at(made, field, company)
    if field.primary_key or field.has_default() or field.null:
        return None
    if name_of(field.model, field) in STRUCTURE and field.blank:
        return None
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.IntegerField):
        return 1
    drawn = secrets.token_hex(6) if field.name == "ref" else field.name[:4]
    known = {"strength": "quality", "about": "services", "layer": "front_line"}.get(
        field.name, drawn
    )
    return SIMPLE.get(type(field), known)


def _pointed_at(made: make.Made, field: Any, company: make.Company) -> Any:
    table = field.related_model
    if table is ExchangeParty:
        return made.members[1].row if field.name == "giver" else company.row
    if table._meta.app_label != "exchange":
        return made.convener
    return None if field.null and table is field.model else _row(made, table, company)


def said(value: Any) -> str:
    """Everything that somebody who gets this value could read in it."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1") + bytes(value).hex()
    parts = _parts(value)
    return str(value) if parts is None else "\n".join(map(said, parts))


def _parts(value: Any) -> list[Any] | None:
    if isinstance(value, models.Model):
        loaded = [each for key, each in vars(value).items() if key != "_state"]
        return [*loaded, *value._state.fields_cache.values()]
    if isinstance(value, Mapping):
        return [*value.keys(), *value.values()]
    if dataclasses.is_dataclass(value):
        return [getattr(value, field.name) for field in dataclasses.fields(value)]
    return list(value) if isinstance(value, Iterable) and not isinstance(value, str) else None


def encodings(word: str) -> list[bytes]:
    """The ways in which a word could be written into a file."""
    plain = word.encode()
    ways = [plain, plain.hex().encode(), base64.b64encode(plain).rstrip(b"=")]
    with suppress(ValueError):
        ways.append(bytes.fromhex(word))
    return ways
