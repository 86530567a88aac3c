"""The example exchange: six suppliers of one client in the middle of what they do together.

Everything goes through the room's commands. The keys are drawn from names, so that whoever tries
the demo can sit down for any party and sign for it; no such key would protect anything.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from upturn.exchange.commands import buying_in, charters, entering, hosting, leaving
from upturn.exchange.engine import (
    CHARTER,
    ENROL,
    READINESS,
    Answer,
    CharterText,
    Rung,
    SealedAnswer,
    pad,
    to_sign,
    token,
)
from upturn.exchange.models import ExchangeState
from upturn.exchange.queries.fences import everywhere
from upturn.exchange.queries.hosting import exchanges, words_of
from upturn.exchange.queries.meetings import meetings
from upturn.exchange.queries.sittings import sitting_of
from upturn.house.demo_exchange_met import hold_meetings
from upturn.house.demo_exchange_round import hold_benchmark
from upturn.house.demo_exchange_talk import talk
from upturn.house.demo_keys import demo_key

if TYPE_CHECKING:
    from upturn.exchange.engine.ballot import Key
    from upturn.exchange.models import Exchange
    from upturn.exchange.queries.sittings import Sitting
    from upturn.people.models import Person

BEGAN = timedelta(days=150)
MEMBER, CLIENT, STEWARD = "member", "client", "steward"


@dataclass(slots=True)
class DemoParty:
    """A party of the demo, with the key that everybody knows and the seat it came in by."""

    name: str
    kind: str
    key: "Key"
    cookie: str
    sitting: "Sitting"

    def sit_down_anew(self) -> None:
        """Take note that the party signed; commands look at all else again."""
        self.sitting = sitting_of(self.cookie) or self.sitting


@dataclass(frozen=True, slots=True)
class DemoExchange:
    """The exchange as it is being filled."""

    told: Mapping[str, Any]
    exchange: "Exchange"
    convener: "Person"
    parties: Mapping[str, DemoParty]
    today: date

    @property
    def members(self) -> list[DemoParty]:
        return [each for each in self.parties.values() if each.kind == MEMBER]

    def day(self, before: int) -> date:
        """Give the day so many days before today."""
        return self.today - timedelta(days=before)

    def at(self, before: int, hour: int = 9) -> datetime:
        """Give an hour of that day."""
        return datetime.combine(self.day(before), time(hour), UTC)


@everywhere()
def put_away_unfinished(keeper: "Person", *, name: str) -> bool:
    """Give up examples that a power cut broke off; say whether a whole one is still missing."""
    for each in exchanges(keeper):
        if each.name != name:
            continue
        if meetings(keeper, each):  # after all else
            return False
        if each.state == ExchangeState.PREPARING:
            hosting.abandon(keeper, each)
        elif each.state != ExchangeState.CLOSED:
            hosting.close(keeper, each)
    return True


@everywhere()
def store_exchange(drawn: Any, convener: "Person", *, today: date) -> None:
    """Prepare it, let everybody in, open it, and hold what was held since."""
    began = today - BEGAN
    draft = hosting.ExchangeDraft(key=token_hex(8), name=drawn.told["name"], template="suppliers")
    exchange = hosting.open_preparation(convener, draft)
    _think_through(drawn.told, convener, exchange, on=began)
    parties = {
        name: _come_in(convener, exchange, name, kind, on=began) for name, kind in _who(drawn.told)
    }
    made = DemoExchange(drawn.told, exchange, convener, parties, today)
    _sign_charter(made, on=began)
    _say_yes(made, on=began)
    hosting.open_exchange(convener, exchange, today=began)
    for party in made.members:
        for rung in (Rung.SHARE_PRACTICE, Rung.SHARE_BAND, Rung.JOINT_PLAN):
            leaving.step(party.sitting, rung, today=began)
    hold_benchmark(made, [supplier.figures for supplier in drawn.suppliers])
    talk(made)
    hold_meetings(made)


def _who(told: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    yield from ((each["name"], MEMBER) for each in told["suppliers"])
    yield told["client"], CLIENT
    yield told["steward"], STEWARD


def _think_through(
    told: Mapping[str, Any], convener: "Person", exchange: "Exchange", *, on: date
) -> None:
    for item in READINESS:
        hosting.note_readiness(convener, exchange, item.code, found=told["found"], today=on)
    word = hosting.CounselsWord(counsel=told["counsel"], words=told["counsel_said"])
    hosting.sign_off(convener, exchange, word, today=on)


def _come_in(
    convener: "Person", exchange: "Exchange", name: str, kind: str, *, on: date
) -> DemoParty:
    invitation = hosting.Invitation(name=name, kind=kind)
    invited = hosting.invite_party(convener, exchange, invitation, today=on)
    entered = entering.enter_by_code(invited.code, today=on)
    sitting = entered.sitting
    key = demo_key(name)
    signs, seals = key.public.signing.hex(), key.public.sealing.hex()
    said = to_sign(ENROL, exchange.ref, sitting.party_ref, signs, seals)
    keys = entering.EnrolledKeys(signs=signs, seals=seals, signature=key.sign(said).hex())
    entering.enrol_keys(sitting, keys)
    invited.party.refresh_from_db()
    heard = " ".join(words_of(invited.party))
    entering.compare_words(convener, exchange, sitting.party_ref, words=heard, today=on)
    return DemoParty(name, kind, key, entered.cookie, sitting)


def _sign_charter(made: DemoExchange, *, on: date) -> None:
    told: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in made.told["charter"].items()
    }
    charter = charters.propose_charter(
        made.convener, made.exchange, CharterText(**told), after=0, today=on
    )
    said = to_sign(CHARTER, made.exchange.ref, str(charter.number), charter.digest)
    for party in made.parties.values():
        signature = party.key.sign(said).hex()
        charters.sign_charter(party.sitting, digest=charter.digest, signature=signature, today=on)
        party.sit_down_anew()


def _say_yes(made: DemoExchange, *, on: date) -> None:
    """Seal everybody's yes, and hand in what tells that all said it and nothing else."""
    asked = [each for each in made.parties.values() if each.kind != STEWARD]
    refs = [each.sitting.party_ref for each in asked]
    for party in asked:
        ref = party.sitting.party_ref
        buying_in.called(made.convener, made.exchange, ref, today=on)
        sealed = SealedAnswer(Answer.YES, (), sha256(f"salt {ref}".encode()).digest())
        buying_in.seal_answer(party.sitting, sealed.commitment(made.exchange.ref, ref))
    made.exchange.refresh_from_db()
    asking = made.exchange.asking
    for party in asked:
        pads = [
            pad(
                party.key.shared_with(other.key.public),
                exchange=made.exchange.ref,
                asking=asking,
                among=refs,
            )
            for other in asked
            if other is not party
        ]
        noise = sha256(f"noise {party.name}".encode()).digest()
        buying_in.hand_token(party.sitting, token(Answer.YES, pads, noise=noise), asking=asking)
