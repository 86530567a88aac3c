"""What was said in the example exchange: a round, cards, a decision, a programme, the brakes."""

from dataclasses import fields
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from upturn.exchange.commands import (
    braking,
    cards,
    decisions,
    likeness,
    meetings,
    programmes,
    rounds,
)
from upturn.exchange.commands.guarding import Checked
from upturn.exchange.engine import Part, Verb
from upturn.exchange.engine.likeness import ANY
from upturn.exchange.queries.guarding import guard_version
from upturn.exchange.queries.rounds import topics

if TYPE_CHECKING:
    from upturn.exchange.queries.sittings import Sitting
    from upturn.house.demo_exchange import DemoExchange


def talk(made: "DemoExchange") -> None:
    """Say all of it, from the oldest to the newest."""
    for at, supplier in enumerate(made.told["suppliers"]):
        likeness.say_likeness(_sitting(made, at), supplier.get("boat", {}))
    _answer_together(made)
    for told in made.told["cards"]:
        _share(made, told)
    _decide(made)
    _build(made)
    _brake(made)
    _plan(made)


def _checked() -> Checked:
    return Checked(guard_version())


def _topic(made: "DemoExchange", name: str) -> str:
    return next(each.ref for each in topics(made.convener, made.exchange) if each.name == name)


def _sitting(made: "DemoExchange", at: int) -> "Sitting":
    return made.members[at].sitting


def _drawn(said: str) -> str:
    return sha256(said.encode()).hexdigest()[:32]


def _answer_together(made: "DemoExchange") -> None:
    told, now = made.told["question"], made.at(30)
    draft = rounds.RoundDraft(
        key="demo",
        topic=_topic(made, told["topic"]),
        kind="question",
        question=told["asked"],
        until=now + timedelta(days=3),
    )
    row = rounds.open_round(made.convener, draft, _checked(), now=now)
    refs = [_drawn(f"{made.exchange.ref} {words}") for words in told["answers"]]
    for at, words in enumerate(told["answers"]):
        post = rounds.PostDraft(ref=refs[at], key=_drawn(f"key {refs[at]}"), words=words)
        rounds.hand_in(_sitting(made, at), row.ref, post, _checked(), now=now)
    for at, marked in enumerate(told["us_too"]):
        others = tuple(refs[each] for each in marked if each != at)
        rounds.mark_us_too(_sitting(made, at), row.ref, others)


def _share(made: "DemoExchange", told: dict[str, Any]) -> None:
    words = {field.name: told[field.name] for field in fields(cards.CardWords)}
    draft = cards.CardDraft(
        key="demo",
        topic=_topic(made, told["topic"]),
        words=cards.CardWords(**words),
        tenure=told.get("tenure", ANY),
    )
    card = cards.share_card(_sitting(made, told["by"]), draft, _checked(), today=made.day(28))
    for by, places, adopted in told["tried"]:
        trial = cards.TrialDraft(key="demo", places=places, first=made.day(25))
        on, draws = made.day(26), np.random.default_rng(by)
        row = cards.try_card(_sitting(made, by), card.ref, trial, draws=draws, today=on)
        if adopted:
            cards.adopt(_sitting(made, by), row.ref, today=made.day(3))
    for by, reason in told["thanks"]:
        cards.thank(_sitting(made, by), card.ref, _checked(), reason=reason, today=made.day(2))


def _decide(made: "DemoExchange") -> None:
    told, now = made.told["decision"], made.at(5)
    draft = decisions.DecisionDraft(
        key="demo",
        topic=_topic(made, told["topic"]),
        words=told["words"],
        until=now + timedelta(days=14),
        collective=True,
        customer_outcome=told["outcome"],
    )
    ref = decisions.propose(_sitting(made, told["by"]), draft, _checked(), now=now).ref
    for by in told["consents"]:
        stand = decisions.Standing(position="consent")
        decisions.take_position(_sitting(made, by), ref, stand, _checked())
    by, words, would = told["objects"]
    stand = decisions.Standing(position="object", words=words, would_change=would)
    decisions.take_position(_sitting(made, by), ref, stand, _checked())
    words, would = told["concern"]
    decisions.concern(_sitting(made, 2), ref, _checked(), words=words, would_change=would)
    for by, words, customer, win in told["parts"]:
        part = decisions.PartDraft(words=words, customer=customer, win=win)
        decisions.add_part(_sitting(made, by), ref, part, _checked())


def _build(made: "DemoExchange") -> None:
    told, today = made.told["programme"], made.day(4)
    by = _sitting(made, told["by"])
    ref = programmes.new_programme(by, _checked(), key="demo", name=told["name"]).ref

    def move(sitting: "Sitting", verb: Verb, **given: Any) -> None:
        asked = programmes.ProgrammeMove(verb=verb, **given)
        programmes.make_move(sitting, ref, asked, _checked(), today=today)

    for words in told["expected"]:
        move(made.parties[made.told["client"]].sitting, Verb.EXPECT, words=words)
    move(by, Verb.BUILD)
    for at, code, words in told["parts"]:
        owner = _sitting(made, at)
        move(owner, Verb.CHANGE, part=Part(code, words, owner.party_ref))
    move(by, Verb.ASK_CONSENT)
    for member in made.members:
        move(member.sitting, Verb.CONSENT, on=1)
    move(by, Verb.PUT_TO_CLIENT)


def _brake(made: "DemoExchange") -> None:
    told = made.told["brakes"]
    topic = _topic(made, told["topic"])
    braking.press_brakes(
        _sitting(made, 2), topic, today=made.day(1), reason=told["reason"], checked=_checked()
    )


def _plan(made: "DemoExchange") -> None:
    soon = made.today + timedelta(days=5)
    until_tuesday = 5 + (1 - soon.weekday()) % 7
    agenda = made.told["meeting"]["agenda"]
    draft = meetings.MeetingDraft(at=made.at(-until_tuesday, 10), agenda=agenda)
    meetings.plan_meeting(made.convener, made.exchange, draft, _checked())
