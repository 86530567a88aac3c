"""Nobody reads anything of an exchange that is not for them: every read, by everybody."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from itertools import chain, product
from types import ModuleType
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from tests.exchange import factories as make
from tests.exchange import planting
from tests.factories import person
from upturn.exchange import queries
from upturn.exchange.engine import METRICS
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import Exchange, ExchangeParty, Seat
from upturn.exchange.queries.sittings import Sitting, sitting_from

pytestmark = pytest.mark.django_db

OWN, MEMBER, CLIENT, STEWARD, CONVENER = "own", "member", "client", "steward", "convener"
ALL = frozenset({OWN, MEMBER, CLIENT, STEWARD, CONVENER})
PARTIES = ALL - {CONVENER}
HOST, SELF = frozenset({CONVENER}), frozenset({OWN})
NOBODY: frozenset[str] = frozenset()
UNSIGNED = frozenset(
    {"Charter.content", "Charter.digest", "Charter.vision", "Exchange.name", "ExchangeParty.name"}
    | {"Exchange.kit"}
    | {f"ExchangeParty.{part}" for part in ("owner", "signs", "seals")}
    | {f"SignOff.{part}" for part in ("counsel", "about", "words")}
)
"""What a party reads that has not signed the charter that holds, beside what is its own."""

KNOWN: dict[str, frozenset[str]] = {
    "Benchmark.name": ALL,
    "Benchmark.sheet_digest": ALL,
    "BlindList.digests": PARTIES | HOST,
    "Brake.reason": ALL,
    "Breach.words": SELF | HOST,
    "BuyIn.commitment": SELF,
    "BuyIn.exceptions": NOBODY,
    "BuyIn.salt": NOBODY,
    "BuyIn.token": SELF,
    "Charter.content": ALL,
    "Charter.digest": ALL,
    "Charter.vision": ALL,
    "CharterSignature.signature": NOBODY,
    "Decision.customer_outcome": ALL,
    "Decision.words": ALL,
    "Dissent.answer": ALL,
    "Dissent.words": ALL,
    "Dissent.would_change": ALL,
    "Door.code_hash": NOBODY,
    "Exchange.kit": ALL,
    "Exchange.name": ALL,
    "ExchangeParty.gain_digest": SELF,
    "ExchangeParty.name": ALL,
    "ExchangeParty.owner": ALL,
    "ExchangeParty.seals": ALL,
    "ExchangeParty.signs": ALL,
    "Expectation.words": ALL,
    "GuardRecord.text_digest": NOBODY,
    "Held.key_hash": NOBODY,
    "Held.sealed": frozenset({STEWARD}),
    "Knock.company": HOST,
    "Knock.need": HOST,
    "Knock.reach": HOST,
    "Knock.topic": HOST,
    "Likeness.channel": SELF,
    "Likeness.size": SELF,
    "Likeness.tenure": SELF,
    "Media.content": ALL,
    "Media.digest": ALL,
    "Media.name": ALL,
    "Meeting.agenda": ALL,
    "Meeting.minutes": ALL,
    "Nonce.nonce": NOBODY,
    "Objection.words": ALL,
    "Outcome.words": ALL,
    "OutsiderPage.digest": ALL,
    "OutsiderPage.numbers": ALL,
    "OutsiderPage.story": ALL,
    "PlanPart.customer": ALL,
    "PlanPart.win": ALL,
    "PlanPart.words": ALL,
    "Post.key_hash": NOBODY,
    "Post.words": ALL,
    "PracticeCard.conditions": ALL,
    "PracticeCard.evidence": ALL,
    "PracticeCard.how_we_managed": ALL,
    "PracticeCard.situation": ALL,
    "PracticeCard.title": ALL,
    "PracticeCard.what_we_do": ALL,
    "Programme.name": ALL,
    "ProgrammeVersion.digest": ALL,
    "ProgrammeWord.signature": NOBODY,
    "ProgrammeWord.words": ALL,
    "Readiness.found": HOST,
    "Round.answer": ALL,
    "Round.question": ALL,
    "SealedBox.content": NOBODY,
    "SealedMessage.digest": NOBODY,
    "Seat.token_hash": NOBODY,
    "SideNote.words": HOST,
    "SignOff.about": ALL,
    "SignOff.counsel": ALL,
    "SignOff.words": ALL,
    "Stand.reason": ALL,
    "Thanks.reason": ALL,
    "Topic.name": ALL,
    "VisionLine.words": ALL,
}
"""Who may read what Amber wrote, by column; a new one fails until it is here."""

Leak = tuple[str, str, str]
OTHER_ARGUMENTS: dict[str, list[Any]] = {
    "number": [1],
    "code": [next(iter(METRICS))],
    "text_digest": ["0" * 64],
    "key": ["0" * 20],
    "today": [make.TODAY],
    "now": [timezone.now()],
    "about": ["services"],
}


def modules() -> list[ModuleType]:
    found = pkgutil.iter_modules(queries.__path__)
    return [importlib.import_module(f"{queries.__name__}.{each.name}") for each in found]


def reads() -> Iterator[Callable[..., Any]]:
    """Every read of the room that has a viewer."""
    for module in modules():
        for _name, read in inspect.getmembers(module, inspect.isfunction):
            first = next(iter(inspect.signature(read).parameters), "")
            if read.__module__ == module.__name__ and first in {"viewer", "sitting"}:
                yield read


def calls(read: Callable[..., Any], viewer: Any, made: make.Made) -> Iterator[Any]:
    """Call a read with everything that could be asked of an exchange."""
    first, *others = inspect.signature(read).parameters.values()
    if not _takes(first.annotation, viewer) or read.__name__.startswith("_"):
        return
    known = OTHER_ARGUMENTS | {
        "exchange": [made.exchange],
        "ref": sorted(planting.refs(made)),
        "rows": list(made.planted.values()),
    }
    for given in product(*(_values(known, each) for each in others)):
        named = {each.name: value for each, value in zip(others, given, strict=True)}
        try:
            yield read(viewer, **named)
        except (ObjectDoesNotExist, ExchangeError):
            continue


def _values(known: dict[str, list[Any]], parameter: inspect.Parameter) -> list[Any]:
    if parameter.name in known:
        return known[parameter.name]
    if parameter.default is not parameter.empty:
        return [parameter.default]
    kind = parameter.annotation
    rows = [row for row in known["rows"] if isinstance(kind, type) and isinstance(row, kind)]
    assert rows, f"say in this test with what {parameter.name!r} is asked for"
    return rows


def _takes(annotation: Any, viewer: Any) -> bool:
    sits = isinstance(viewer, Sitting)
    if annotation is Sitting:
        return sits
    return not (annotation == "Person" and sits)


def found(viewers: dict[str, Any], made: make.Made, words: dict[str, str]) -> Iterator[Leak]:
    """Search all that viewers can read about an exchange for these words."""
    for (kind, viewer), read in product(viewers.items(), reads()):
        for read_out in map(planting.said, calls(read, viewer, made)):
            yield from ((read.__name__, kind, name) for name in words if words[name] in read_out)


@pytest.fixture
def made() -> make.Made:
    return planting.plant(make.opened("Here", names=make.NAMES[:3]), whose="Amber")


@pytest.fixture
def elsewhere() -> make.Made:
    return planting.plant(make.opened("Elsewhere", names=("Gale", "Hill", "Iris")), whose="Gale")


def within(made: make.Made) -> dict[str, Any]:
    return {
        OWN: _sits(made, made.members[0].name),
        MEMBER: _sits(made, made.members[1].name),
        CLIENT: _sits(made, "Client"),
        STEWARD: _sits(made, "Steward"),
        CONVENER: made.convener,
    }


def _sits(made: make.Made, name: str) -> Sitting:
    """Sit down anew: the hash of the token that Amber had was overwritten by other words."""
    rows = Seat.objects.select_related("party__exchange")
    return sitting_from(rows.get(party=made[name].party))


def strangers(elsewhere: make.Made) -> dict[str, Any]:
    others = {f"{kind} elsewhere": viewer for kind, viewer in within(elsewhere).items()}
    roles = ("server", "leader", "executive", "facilitator", "administrator", "guest")
    return others | {role: person(role=role) for role in roles}


def to_others(made: make.Made) -> Iterator[Leak]:
    leaks = found(within(made), made, planting.canaries(made))
    return (leak for leak in leaks if leak[1] not in KNOWN[leak[2]])


def to_strangers(made: make.Made, elsewhere: make.Made) -> Iterator[Leak]:
    words = planting.canaries(made) | {ref: ref for ref in planting.refs(made)}
    return found(strangers(elsewhere), made, words)


def test_every_column_says_who_may_read_it() -> None:
    columns = {
        planting.name_of(table, field)
        for table in planting.tables()
        for field in planting.columns(table)
    }
    assert columns - planting.STRUCTURE == set(KNOWN)
    assert columns >= planting.STRUCTURE


def test_nobody_within_reads_what_is_not_for_them(made: make.Made) -> None:
    assert set(to_others(made)) == set()


def test_nobody_outside_reads_anything(made: make.Made, elsewhere: make.Made) -> None:
    assert set(to_strangers(made, elsewhere)) == set()


def test_what_is_for_somebody_is_read_atall_exchanges(made: make.Made) -> None:
    """Or nothing would be found because nothing was asked."""
    hits = {
        (kind, column) for _read, kind, column in found(within(made), made, planting.canaries(made))
    }
    mine = {"Charter", "Exchange", "ExchangeParty", "Media", "Meeting", "SignOff", "Decision"}
    mine |= {"Brake", "Dissent", "Expectation", "Objection", "Outcome", "OutsiderPage", "PlanPart"}
    mine |= {"PracticeCard", "Programme", "Round", "Stand", "Thanks", "Topic"}
    due = {
        (kind, column)
        for column, kinds in KNOWN.items()
        for kind in kinds
        if column.partition(".")[0] in mine
    }
    assert due <= hits
    assert {(CONVENER, "Knock.need"), (CONVENER, "Readiness.found"), (OWN, "BuyIn.token")} <= hits


def test_who_has_not_signed_reads_the_charter_and_who_is_in_it(made: make.Made) -> None:
    make_new = make.charter_text(mission="Another one")
    from upturn.exchange.commands import charters  # noqa: PLC0415 - for this story alone

    charters.propose_charter(made.convener, made.exchange, make_new, after=1, today=make.TODAY)
    viewers = {MEMBER: _sits(made, "Birch")}
    leaks = found(viewers, made, planting.canaries(made))
    assert {column for _read, _kind, column in leaks} <= UNSIGNED


def test_who_left_reads_nothing(made: make.Made) -> None:
    sitting = _sits(made, "Birch")
    Seat.objects.filter(pk=sitting.pk).delete()
    assert not list(found({"left": sitting}, made, planting.canaries(made)))


def everybody(*_given: Any, **_named: Any) -> bool:
    return True


def all_exchanges(_viewer: Any) -> Any:
    return Exchange.objects.all()


def some_party(_viewer: Any) -> ExchangeParty:
    return ExchangeParty.objects.filter(left_on=None).order_by("pk")[0]


@pytest.mark.parametrize(
    ("guard", "broken"),
    [
        ("exchanges_seen", all_exchanges),
        ("exchanges_inside", all_exchanges),
        ("may_see", everybody),
        ("check_see", everybody),
        ("may_convene", everybody),
        ("check_convene", everybody),
        ("check_inside", everybody),
        ("own_party", some_party),
    ],
)
def test_a_guard_that_is_broken_turns_it_red(
    guard: str,
    broken: Callable[..., Any],
    made: make.Made,
    elsewhere: make.Made,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in modules():
        if hasattr(module, guard):
            monkeypatch.setattr(module, guard, broken)
    assert next(chain(to_others(made), to_strangers(made, elsewhere)), None)
