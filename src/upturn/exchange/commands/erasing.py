"""What becomes of all that is a party's when it leaves; nothing else in the room erases parties."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from functools import cache

from django.apps import apps
from django.db import models

from upturn.exchange.models import (
    Attendance,
    BlindList,
    Breach,
    BuyIn,
    Chair,
    CharterSignature,
    Clearance,
    Consent,
    Dissent,
    Door,
    Exchange,
    ExchangeParty,
    Expectation,
    Likeness,
    Media,
    Nonce,
    Objection,
    OutsiderPage,
    Pair,
    Part,
    PartyKind,
    PlanPart,
    Post,
    PracticeCard,
    ProgrammeWord,
    Rung,
    SealedBox,
    SealedMessage,
    Seat,
    Stand,
    Strength,
    Thanks,
    Trial,
    Turn,
    VisionLine,
    VisionTapped,
)
from upturn.exchange.queries.benchmarks import ENDED
from upturn.record.erasing import erase_for_good


class Leaves(Enum):
    """What happens to a row: deleted, left without a name, or either, as the party wishes."""

    DELETED = "deleted"
    NAMELESS = "nameless"
    AS_WISHED = "as wished"


LEAVING: Mapping[tuple[type[models.Model], str], Leaves] = {
    (Attendance, "seat__party"): Leaves.DELETED,
    (BuyIn, "party"): Leaves.DELETED,
    (BlindList, "party"): Leaves.DELETED,
    (Breach, "about"): Leaves.NAMELESS,
    (Chair, "party"): Leaves.DELETED,
    (CharterSignature, "party"): Leaves.DELETED,
    (Clearance, "party"): Leaves.DELETED,
    (Consent, "party"): Leaves.DELETED,
    (Dissent, "party"): Leaves.AS_WISHED,
    (Door, "party"): Leaves.DELETED,
    (Likeness, "party"): Leaves.DELETED,
    (Media, "party"): Leaves.AS_WISHED,
    (Nonce, "party"): Leaves.DELETED,
    (Objection, "party"): Leaves.AS_WISHED,
    (Pair, "giver"): Leaves.DELETED,
    (Pair, "seeker"): Leaves.DELETED,
    (Part, "party"): Leaves.DELETED,
    (PlanPart, "party"): Leaves.DELETED,
    (Post, "party"): Leaves.AS_WISHED,
    (PracticeCard, "party"): Leaves.AS_WISHED,
    (ProgrammeWord, "party"): Leaves.DELETED,
    (SealedMessage, "party"): Leaves.NAMELESS,
    (Seat, "party"): Leaves.DELETED,
    (Stand, "party"): Leaves.DELETED,
    (Strength, "party"): Leaves.DELETED,
    (Thanks, "party"): Leaves.AS_WISHED,
    (Trial, "party"): Leaves.DELETED,
    (Turn, "party"): Leaves.NAMELESS,
    (VisionLine, "party"): Leaves.DELETED,
    (VisionTapped, "party"): Leaves.DELETED,
}
"""By table and the field that names the party. A test holds it against all tables of the room."""
POINTED_AT: tuple[type[models.Model], ...] = (
    ExchangeParty,
    Seat,
    Post,
    PracticeCard,
    SealedMessage,
    BlindList,
    OutsiderPage,
)
"""Tables that others point at, so that what is gone from them is overwritten in place."""


def erase_party(party: ExchangeParty, *, words_too: bool, today: date) -> None:
    """Empty a party's row and take away all that is its own; inside a transaction.

    What it told the others stays without its name, or goes with it if `words_too`. Ballots of
    rounds that are not opened go; of opened ones the totals, and the sealed evidence behind them,
    stay without a name. Words of others that mention it are theirs.
    """
    SealedMessage.objects.filter(party=party).exclude(benchmark__state__in=ENDED).delete()
    _erase_stories(party)
    if words_too and party.kind == PartyKind.CLIENT:
        Expectation.objects.filter(programme__exchange=party.exchange_id).delete()
    for (table, field), leaves in LEAVING.items():
        rows = table._default_manager.filter(**{field: party})  # noqa: SLF001 - any table listed
        if leaves is Leaves.DELETED or (leaves is Leaves.AS_WISHED and words_too):
            rows.delete()
        else:
            rows.update(**_nameless(table, field))
    BlindList.open_to.through.objects.filter(exchangeparty=party).delete()
    _empty(party, today=today)
    _for_good()


def _nameless(table: type[models.Model], field: str) -> dict[str, object]:
    words = {"words": ""} if table is Breach else {}
    return {field: None, **words}


def _erase_stories(party: ExchangeParty) -> None:
    """A story for outsiders that names a party was cleared by it, and is no longer."""
    if party.name:
        rows = OutsiderPage.objects.filter(exchange=party.exchange_id)
        rows.filter(story__icontains=party.name).delete()


def _empty(party: ExchangeParty, *, today: date) -> None:
    party.name = party.owner = party.signs = party.seals = party.gain_digest = ""
    party.compared_on = party.joined_on = None
    party.rung, party.suspended, party.left_on = Rung.LISTEN, False, today
    party.save()


def _for_good() -> None:
    leaves = {table for table, _field in LEAVING if table not in POINTED_AT}
    erase_for_good(*leaves, SealedBox, BlindList.open_to.through, overwritten=POINTED_AT)


def still_mentioned(exchange: Exchange, marks: tuple[str, ...]) -> dict[str, int]:
    """Count, by table and column of an exchange, the rows in which a mark of a party still stands.

    Run after leaving, with what the party was known by; bytes are searched too.
    """
    known = [each for each in marks if each]
    found: dict[str, int] = {}
    for table in apps.get_app_config("exchange").get_models():
        rows = table._default_manager.filter(**{_to_exchange(table): exchange.pk})  # noqa: SLF001
        for field in table._meta.concrete_fields:  # noqa: SLF001 - Django's documented API
            # A film may have forty megabytes, and the exchange is held meanwhile.
            at_once = 1 if isinstance(field, models.BinaryField) else 2000
            values = rows.values_list(field.attname, flat=True).iterator(chunk_size=at_once)
            if hits := sum(_holds(value, known) for value in values):
                found[f"{table.__name__}.{field.name}"] = hits
    return found


@cache
def _to_exchange(table: type[models.Model]) -> str:
    """Name the way from a table to the exchange its rows belong to, the shortest one."""
    waiting: list[tuple[type[models.Model], str]] = [(table, "")]
    for at, way in waiting:
        if at is Exchange:
            return f"{way}pk"
        for field in at._meta.concrete_fields:  # noqa: SLF001 - Django's documented API
            target = field.related_model
            if target is not None and target not in {known for known, _way in waiting}:
                waiting.append((target, f"{way}{field.name}__"))
    raise LookupError(table)


def _holds(value: object, marks: list[str]) -> bool:
    if isinstance(value, bytes | memoryview):
        content = bytes(value)
        return any(_as_bytes(mark) in content or mark.encode() in content for mark in marks)
    return any(mark in str(value) for mark in marks)


def _as_bytes(mark: str) -> bytes:
    """Give a key as its bytes, and a name as it is written."""
    try:
        return bytes.fromhex(mark)
    except ValueError:
        return mark.encode()
