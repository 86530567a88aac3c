"""An exchange in which something came of everything, made by the commands everybody uses."""

from datetime import UTC, datetime, timedelta

import numpy as np

from tests.exchange import factories as make
from tests.exchange import rounds, talk
from upturn.exchange.commands import cards, decisions, meetings, outside, programmes, sealed
from upturn.exchange.engine import CONDITIONS, Part, Verb
from upturn.exchange.models import Decision, Meeting, PracticeCard, Programme
from upturn.exchange.queries.programmes import go_to_sign

REVIEW = make.TODAY + timedelta(days=90)
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
CODES = tuple(item.code for item in CONDITIONS)


def closed(
    made: make.Made, key: str, *, words: str, against: str = "", objects: str = ""
) -> Decision:
    """A joint plan in which all do a part, closed; dissent was answered before."""
    first = made.members[0].sitting
    draft = decisions.DecisionDraft(
        key=key, topic=talk.topic(made).ref, words=words, until=talk.UNTIL, collective=True,
        customer_outcome=f"Guests are asked once {key}",
    )  # fmt: skip
    row = decisions.propose(first, draft, talk.checked(), now=talk.NOW)
    for company in made.members:
        part = decisions.PartDraft(
            words="We ask in the evening", customer="An answer by morning", win="Fewer complaints"
        )
        decisions.add_part(company.sitting, row.ref, part, talk.checked())
        stand = decisions.Standing(position="consent")
        if objects and company is made.members[-1]:
            stand = decisions.Standing(position="object", words=objects)
        decisions.take_position(company.sitting, row.ref, stand, talk.checked())
    if against:
        decisions.concern(made.members[1].sitting, row.ref, talk.checked(), words=against)
    decisions.read_dissent(made.convener, row.ref, today=make.TODAY)
    for dissent in row.dissents.all():
        decisions.answer_dissent(
            first, row.ref, dissent.pk, talk.checked(), answer="We try it for a season.",
            today=make.TODAY,
        )  # fmt: skip
    return decisions.close_decision(made.convener, row.ref, today=make.TODAY, review_on=REVIEW)


def shared(made: make.Made, key: str, *, title: str, reason: str = "") -> PracticeCard:
    """A practice of the first company; with a reason the second tried, adopted and thanked."""
    words = cards.CardWords(
        title=title, situation="New people come each week", what_we_do=f"A talk each day {key}",
        how_we_managed="One began", conditions="Where there is a quiet corner", evidence="Opinion",
    )  # fmt: skip
    draft = cards.CardDraft(key=key, topic=talk.topic(made).ref, words=words)
    card = cards.share_card(made.members[0].sitting, draft, talk.checked(), today=make.TODAY)
    if reason:
        tried(made, card)
        taker = made.members[1].sitting
        cards.thank(taker, card.ref, talk.checked(), reason=reason, today=make.TODAY)
    return card


def tried(made: make.Made, card: PracticeCard) -> None:
    """The second company tries a practice and adopts it."""
    taker, draws = made.members[1].sitting, np.random.default_rng(1)
    draft = cards.TrialDraft(key=card.ref, places=6, first=make.TODAY)
    row = cards.try_card(taker, card.ref, draft, draws=draws, today=make.TODAY)
    cards.adopt(taker, row.ref, today=make.TODAY)


def met(made: make.Made, day: int, said: dict[str, tuple[str, ...]]) -> Meeting:
    """A meeting after which these companies said what held."""
    draft = meetings.MeetingDraft(at=AT + timedelta(days=day), agenda="Coaching on the job")
    ref = meetings.plan_meeting(made.convener, made.exchange, draft, talk.checked()).ref
    meetings.begin(made["Steward"].sitting, ref)
    for name, held in said.items():
        meetings.enter(made[name].sitting, ref, accepts=True)
        meetings.take_task(made[name].sitting, ref)
        meetings.say_what_held(made[name].sitting, ref, held)
    meetings.end(made.convener, ref, talk.checked(), minutes="Talked over coaching.")
    return Meeting.objects.get(ref=ref)


def alive(made: make.Made, key: str, *, name: str, go: bool = True) -> Programme:
    """A programme on which all agree, with the client's signed GO or still before it."""
    first = made.members[0]
    ref = programmes.new_programme(first.sitting, talk.checked(), key=key, name=name).ref

    def move(who: make.Company, verb: Verb, **given: object) -> None:
        asked = programmes.ProgrammeMove(verb=verb, **given)  # type: ignore[arg-type]
        programmes.make_move(who.sitting, ref, asked, talk.checked(), today=make.TODAY)

    move(made["Client"], Verb.EXPECT, words="People know whom they serve.")
    move(first, Verb.BUILD)
    move(first, Verb.CHANGE, part=Part("talk", "A talk on the first day", first.row.ref))
    move(first, Verb.ASK_CONSENT)
    for company in made.members:
        move(company, Verb.CONSENT, on=1)
    move(first, Verb.PUT_TO_CLIENT)
    if go:
        row = Programme.objects.select_related("exchange").get(ref=ref)
        signature = made["Client"].key.sign(go_to_sign(row)).hex()
        move(made["Client"], Verb.GO, on=1, signature=signature)
    return Programme.objects.get(ref=ref)


def noted(made: make.Made, words: str) -> None:
    outside.note_outcome(
        made.convener, made.exchange, talk.checked(), words=words, today=make.TODAY
    )


def opened_again(made: make.Made, first: rounds.Round, *, more: float) -> rounds.Round:
    """A second sealed round a quarter later, in which each company counted so much more."""
    again = rounds.later(made, first, name="Summer")
    again.sign()
    closes = again.row.closes_at
    for name, (one, other) in rounds.figures(made).items():
        ballot = again.devices[name].seal(one + more, other)
        sealed.take_ballot(made[name].sitting, again.ref, ballot, now=closes - timedelta(days=1))
    again.close(closes)
    again.confirm()
    for name, device in again.devices.items():
        if again.row.state != "opened":
            sealed.take_sums(made[name].sitting, again.ref, device.open(), now=closes)
    return again
