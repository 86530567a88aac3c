"""An open exchange of the scene, kept by one person, in which each text has words of its own."""

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Model
from django.utils import timezone

from upturn.exchange import models as m
from upturn.exchange.engine import CharterText, as_data, charter_digest
from upturn.people.models import Person

Word = Callable[[str], str]
PLACES: dict[str, type[Model]] = {
    "benchmark": m.Benchmark,
    "breach": m.Breach,
    "card": m.PracticeCard,
    "decision": m.Decision,
    "held": m.Held,
    "knock": m.Knock,
    "media": m.Media,
    "meeting": m.Meeting,
    "party": m.ExchangeParty,
    "post": m.Post,
    "programme": m.Programme,
    "asked": m.Round,
    "round": m.Round,
    "topic": m.Topic,
    "trial": m.Trial,
}
"""What stands at a place of an address within an exchange."""


def in_scene(word: Word, convener: Person, *, today: date) -> dict[str, str]:
    """Make it; give what stands at each place of an address."""
    exchange = m.Exchange.objects.create(
        ref="exchange",
        name=_cut(word("exchange name"), 80),
        template="suppliers",
        state=m.ExchangeState.OPEN,
        opened_on=today,
        review_on=today + timedelta(days=365),
    )
    m.Convener.objects.create(exchange=exchange, person=convener)
    parties = {kind: _party(word, exchange, kind, today) for kind in m.PartyKind.values}
    _before(word, exchange, parties["member"], today)
    _signed(word, exchange, parties, today)
    topic = m.Topic.objects.create(
        exchange=exchange, ref="topic", name=_cut(word("exchange topic"), 120)
    )
    _talk(word, topic, parties["member"], today)
    _cards(word, topic, parties["member"], today)
    _decided(word, topic, parties, today)
    _met(word, exchange, parties["member"], today)
    counsel = str(m.SignOff.objects.get(exchange=exchange).pk)
    return {"ref": exchange.ref, "counsel": counsel} | {
        place: _first(table) for place, table in PLACES.items()
    }


def _first(table: type[Model]) -> str:
    return table._default_manager.order_by("pk").values_list("ref", flat=True).first() or "none"


def _cut(words: str, most: int) -> str:
    return "".join(sign for sign in words if sign.isprintable())[:most]


def _party(word: Word, exchange: m.Exchange, kind: str, today: date) -> m.ExchangeParty:
    name = _cut(word(f"exchange {kind}"), 80)
    made = m.ExchangeParty.objects.create(
        exchange=exchange, ref=f"{kind}0", kind=kind, name=name, owner=name, joined_on=today
    )
    m.Seat.objects.create(party=made, token_hash=sha256(kind.encode()).hexdigest())
    return made


def _before(word: Word, exchange: m.Exchange, party: m.ExchangeParty, today: date) -> None:
    m.Readiness.objects.create(
        exchange=exchange, item="counsel", found=word("exchange found")[:400], on=today
    )
    m.SignOff.objects.create(
        exchange=exchange, counsel="R. Okafor", words=word("exchange counsel")[:400], on=today
    )
    m.Knock.objects.create(
        exchange=exchange,
        ref="knock",
        company=word("exchange knock")[:80],
        reach=word("exchange reach")[:120],
        need=word("exchange need")[:300],
        on=today,
    )
    m.Breach.objects.create(
        exchange=exchange,
        ref="breach",
        rule=3,
        about=party,
        on=today,
        words=word("breach words")[:400],
    )


def _signed(
    word: Word, exchange: m.Exchange, parties: dict[str, m.ExchangeParty], today: date
) -> None:
    text = CharterText(
        vision=_cut(word("exchange vision"), 140),
        mission=word("exchange mission"),
        not_mission=word("exchange not mission"),
        scope=word("exchange scope"),
        topics=(word("exchange topic"),),
        never=(word("exchange never"),),
        data_classes=("practice", "opinion", "band"),
        minutes=45,
        chair_months=3,
    )
    charter = m.Charter.objects.create(
        exchange=exchange,
        number=1,
        vision=text.vision,
        content=as_data(text),
        digest=charter_digest(text, number=1),
        on=today,
    )
    for party in parties.values():
        m.CharterSignature.objects.create(
            charter=charter, party=party, signature="0" * 128, on=today
        )
    m.Chair.objects.create(exchange=exchange, party=parties["member"], since=today)


def _talk(word: Word, topic: m.Topic, party: m.ExchangeParty, today: date) -> None:
    asked = m.Round.objects.create(
        topic=topic,
        ref="asked",
        question=_cut(word("exchange question"), 300),
        phase=m.RoundPhase.READ,
        until=timezone.now() - timedelta(days=1),
        asked_on=today,
    )
    m.Part.objects.create(round=asked, party=party, answered=True)
    words = word("exchange answer")[:1200]
    said: dict[str, Any] = {"round": asked, "key_hash": "0" * 64, "words": words}
    m.Post.objects.create(ref="post", party=party, **said)
    m.Brake.objects.create(topic=topic, on=today, reason=word("brake reason")[:300])
    m.SideNote.objects.create(exchange=topic.exchange, words=word("side note")[:400], on=today)
    m.Held.objects.create(
        exchange=topic.exchange, ref="held", key_hash="0" * 64, sealed=b"sealed", on=today
    )


def _cards(word: Word, topic: m.Topic, party: m.ExchangeParty, today: date) -> None:
    fields = ("situation", "what_we_do", "how_we_managed", "conditions", "evidence")
    card = m.PracticeCard.objects.create(
        exchange=topic.exchange,
        topic=topic,
        ref="practice",
        party=party,
        title=_cut(word("practice title"), 120),
        on=today,
        **{name: word(f"practice {name}".replace("_", " "))[:600] for name in fields},
    )
    m.Thanks.objects.create(card=card, party=party, reason=word("exchange thanks")[:300], on=today)


def _decided(word: Word, topic: m.Topic, parties: dict[str, m.ExchangeParty], today: date) -> None:
    decision = m.Decision.objects.create(
        topic=topic,
        ref="decision",
        words=word("decision words")[:600],
        collective=True,
        customer_outcome=word("decision outcome")[:300],
        until=timezone.now() + timedelta(days=3),
    )
    reason = word("stand reason")[:600]
    m.Stand.objects.create(
        decision=decision, party=parties["client"], position="object", reason=reason
    )
    m.Dissent.objects.create(decision=decision, words=word("dissent words")[:600])
    part = {name: word(f"part {name}")[:300] for name in ("words", "customer", "win")}
    m.PlanPart.objects.create(decision=decision, party=parties["member"], **part)
    programme = m.Programme.objects.create(
        exchange=topic.exchange, ref="programme", name=_cut(word("programme name"), 120)
    )
    expected = word("expectation words")[:400]
    m.Expectation.objects.create(programme=programme, words=expected, on=today)
    built = ["part", word("programme part")[:400], parties["member"].ref]
    m.ProgrammeVersion.objects.create(programme=programme, number=1, parts=[built])


def _met(word: Word, exchange: m.Exchange, party: m.ExchangeParty, today: date) -> None:
    m.Meeting.objects.create(
        exchange=exchange, ref="meeting", at=timezone.now(), agenda=word("meeting agenda")
    )
    m.Media.objects.create(
        exchange=exchange,
        ref="media",
        name=_cut(word("media name"), 120),
        kind="text/plain",
        content=b"kept",
        digest=sha256(b"kept").hexdigest(),
        month=today.replace(day=1),
        party=party,
    )
    m.OutsiderPage.objects.create(
        exchange=exchange,
        number=1,
        story=word("outsider story"),
        digest=sha256(b"story").hexdigest(),
        on=today,
    )
