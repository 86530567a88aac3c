"""Cards: once however often they come, hidden until the room reads, and never a name unasked."""

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from tests.loop.held import (
    OPENED,
    TODAY,
    draft,
    facilitator,
    hands_in,
    held,
    held_with,
    moment,
    moves,
    phone,
    step,
)
from upturn.loop.commands import handing_in, hiding, joining, opening, own, stages
from upturn.loop.commands.refusals import OtherCard, PhoneGone, RoomClosed, TooEarly
from upturn.loop.engine import Incomplete, NotYours, Overtaken, StageMove, StepKind, TooLong
from upturn.loop.models import Card, Participant, PocketTask, Statement, Workshop
from upturn.loop.queries import cards as reading
from upturn.loop.queries import rooms
from upturn.loop.queries.holders import Screen, holder_of
from upturn.record.models import OutboxEvent

pytestmark = pytest.mark.django_db


def test_a_card_is_stored_once_however_often_it_comes() -> None:
    workshop = held()
    holder, card = phone(workshop), draft()
    first, again = (handing_in.hand_in(holder, card) for _ in range(2))
    assert (first.again, again.again) == (False, True)
    assert Card.objects.get().words == "Warm plates"
    assert (again.handed, again.of) == (1, 1)


def test_a_card_under_a_name_of_another_is_refused() -> None:
    workshop = held()
    card = draft()
    hands_in(phone(workshop), ref=card.ref)
    with pytest.raises(OtherCard):
        handing_in.hand_in(phone(workshop), card)
    with pytest.raises(OtherCard):
        handing_in.hand_in(phone(held()), card)
    assert Card.objects.count() == 1


def test_the_step_says_what_a_card_becomes() -> None:
    host = facilitator()
    kinds = (StepKind.LIST_DISTINCTIVE, StepKind.HUNDRED_DAYS, StepKind.TASK)
    workshop = held_with(host, *(step(kind) for kind in kinds))
    holder = phone(workshop)
    hands_in(holder, 0)
    hands_in(holder, 0, kind="objection")
    hands_in(holder, 1, sure=4)
    hands_in(holder, 2)
    hands_in(holder, 0, kind="task")
    kinds_kept = Card.objects.values_list("kind", flat=True)
    assert sorted(kinds_kept) == ["distinctive", "objection"]
    assert Statement.objects.get().sure == 4
    assert PocketTask.objects.count() == 2
    assert Participant.objects.get().took_task


def test_no_row_says_whose_a_card_is() -> None:
    holder = phone(held())
    hands_in(holder)
    row = Card.objects.values().get()
    secrets = {holder.pk, holder.token_hash}
    assert not secrets.intersection(row.values())
    pointing = [field for field in Card._meta.get_fields() if isinstance(field, models.ForeignKey)]
    assert {field.related_model for field in pointing} == {Workshop, reading.CardGroup}
    assert all(holder.token_hash not in event.data for event in OutboxEvent.objects.all())


def test_too_long_is_refused_in_words_and_nothing_is_lost() -> None:
    holder = phone(held())
    with pytest.raises(TooLong, match=r"20,?000"):
        hands_in(holder, words="x" * 20_000)
    with pytest.raises(TooLong, match="61 words; a card holds 60"):
        hands_in(holder, words="word " * 61)
    assert hands_in(holder, words="🙂 عمل رائع " * 10).again is False
    assert Card.objects.get().words == ("🙂 عمل رائع " * 10).strip()


def test_what_cannot_be_read_is_refused() -> None:
    holder = phone(held())
    for how in ({"ref": "short"}, {"key": "short"}, {"kind": "song"}, {"sure": 6}):
        with pytest.raises(Incomplete):
            hands_in(holder, **how)
    for words, at in (("   ", 0), ("Words", 99), ("Words", -1)):
        with pytest.raises(Incomplete):
            hands_in(holder, at, words)
    assert not Card.objects.exists()


def test_experts_go_first_and_the_others_cards_wait_on_their_phones() -> None:
    host = facilitator()
    workshop = held_with(host, step(experts_first=True))
    expert, other = phone(workshop, expert=True), phone(workshop)
    hands_in(expert)
    card = draft()
    with pytest.raises(TooEarly):
        handing_in.hand_in(other, card)
    moves(host, workshop, StageMove.EVERYBODY)
    handing_in.hand_in(other, card)
    assert sorted(Card.objects.values_list("from_expert", flat=True)) == [False, True]


def test_nobody_reads_before_the_cards_are_open() -> None:
    host = facilitator()
    workshop = held_with(host, step(), step())
    holder = phone(workshop)
    phone(workshop)
    hands_in(holder)
    viewers = (host, holder, Screen(workshop.pk, workshop.ref))
    for viewer in viewers:
        assert reading.cards(viewer, workshop, 0).cards == ()
    workshop = moves(host, workshop, StageMove.OPEN_CARDS)
    for viewer in viewers:
        assert [card.words for card in reading.cards(viewer, workshop, 0).cards] == ["Warm plates"]
    for stranger in (phone(held()), Screen(held().pk, "other")):
        with pytest.raises(Workshop.DoesNotExist):
            reading.cards(stranger, workshop, 0)


def test_cards_open_by_themselves_when_all_have_handed_in() -> None:
    host = facilitator()
    workshop = held_with(host, step(many=True))
    one, other = phone(workshop), phone(workshop)
    hands_in(one, done=False)
    hands_in(other)
    workshop.refresh_from_db()
    assert workshop.phase == "write"
    joining.finish(one, step=0)
    workshop.refresh_from_db()
    assert workshop.phase == "read"


def test_nothing_opens_before_the_workshop_has_begun() -> None:
    host = facilitator()
    workshop = held(host)
    hands_in(phone(workshop))
    workshop.refresh_from_db()
    assert (workshop.turn, workshop.phase, workshop.until) == (0, "write", None)
    begun = opening.begin(host, workshop, now=OPENED)
    assert (begun.turn, opening.begin(host, workshop, now=OPENED).turn) == (1, 1)


def test_time_opens_cards_and_nobody_waits_for_a_phone_that_left() -> None:
    host = facilitator()
    workshop = held_with(host, step(minutes=2))
    here, gone = phone(workshop), phone(workshop)
    assert stages.ring(moment(119)) == 0
    joining.leave(gone)
    hands_in(here)
    workshop.refresh_from_db()
    assert workshop.phase == "read"
    timed = held_with(host, step(minutes=2))
    assert (stages.ring(moment(121)), stages.ring(moment(121))) == (1, 0)
    timed.refresh_from_db()
    assert (timed.phase, timed.until) == ("read", None)


def test_of_two_facilitators_one_is_second() -> None:
    host, other = facilitator(), facilitator()
    workshop = held_with(host, step(), step())
    opening.join_as_host(other, workshop)
    stages.move(host, workshop, StageMove.OPEN_CARDS, turn=1, now=OPENED)
    with pytest.raises(Overtaken):
        stages.move(other, workshop, StageMove.OPEN_CARDS, turn=1, now=OPENED)
    with pytest.raises(NotYours):
        stages.move(facilitator(), workshop, StageMove.NEXT, turn=2, now=OPENED)


def test_a_late_card_joins_those_that_are_read() -> None:
    host = facilitator()
    workshop = held_with(host, step(), step())
    holder = phone(workshop)
    workshop = moves(host, workshop, StageMove.OPEN_CARDS, StageMove.NEXT)
    hands_in(holder, 0, "Late")
    hands_in(holder, 1, "In time")
    assert [card.words for card in reading.cards(host, workshop, 0).cards] == ["Late"]
    assert reading.cards(host, workshop, 1).cards == ()
    assert OutboxEvent.objects.filter(topic=f"workshop:{workshop.ref}", kind="cards").count() == 1


def test_a_card_taken_back_does_not_return() -> None:
    host = facilitator()
    workshop = held_with(host, step())
    holder, card = phone(workshop), draft()
    phone(workshop)
    handing_in.hand_in(holder, card)
    own.correct(card.ref, card.key, words="Hot plates", signed=" Ana ")
    seen = reading.own({card.ref: card.key})[0]
    assert (seen.words, seen.signed) == ("Hot plates", "Ana")
    own.take_back(card.ref, card.key)
    own.take_back(card.ref, card.key)
    assert handing_in.hand_in(holder, card).again
    workshop = moves(host, workshop, StageMove.OPEN_CARDS)
    assert reading.cards(host, workshop, 0).cards == ()
    assert reading.own({card.ref: card.key}) == ()
    with pytest.raises(Incomplete):
        own.correct(card.ref, card.key, words="Again")


def test_only_the_key_on_the_phone_opens_a_card() -> None:
    card = draft()
    handing_in.hand_in(phone(held()), card)
    assert reading.own({card.ref: "another-key-of-a-card"}) == ()
    for change in (lambda: own.take_back(card.ref, "wrong"), lambda: own.take_back("no", card.key)):
        with pytest.raises(OtherCard):
            change()


def test_a_hidden_card_is_off_the_wall_and_its_writer_reads_why() -> None:
    host = facilitator()
    workshop = held_with(host, step())
    holder, card = phone(workshop), draft(words="Rude")
    handing_in.hand_in(holder, card)
    workshop.refresh_from_db()
    with pytest.raises(Incomplete):
        hiding.hide(host, workshop, [card.ref], because=" ")
    with pytest.raises(NotYours):
        hiding.hide(facilitator(), workshop, [card.ref], because="No")
    assert hiding.hide(host, workshop, [card.ref], because="It is about one colleague.") == 1
    assert reading.cards(holder, workshop, 0).cards == ()
    assert reading.cards(holder, workshop, 0).hidden == ()
    assert [one.words for one in reading.cards(host, workshop, 0).hidden] == ["Rude"]
    seen = reading.own({card.ref: card.key})[0]
    assert seen.hidden_because == "It is about one colleague."
    hiding.unhide(host, workshop, [card.ref])
    assert [one.words for one in reading.cards(holder, workshop, 0).cards] == ["Rude"]


def test_phones_are_told_of_counts_some_times_and_consoles_always() -> None:
    workshop = held_with(facilitator(), step())
    holders = [phone(workshop) for _ in range(100)]
    OutboxEvent.objects.all().delete()
    for holder in holders[:-1]:
        hands_in(holder)
    told = OutboxEvent.objects.filter(kind="count")
    assert told.filter(topic=f"workshop-host:{workshop.ref}").count() == 99
    assert 15 <= told.filter(topic=f"workshop:{workshop.ref}").count() <= 20


def test_a_phone_that_comes_back_is_the_same() -> None:
    workshop = held()
    joined = joining.join(workshop.code, language="es")
    joining.leave(joined.holder)
    assert rooms.room(joined.holder, workshop).of == 0
    typed = f" {workshop.code[:3].lower()}-{workshop.code[3:]} "
    back = joining.join(typed, language="ar", cookie=joined.cookie)
    assert back.cookie == joined.cookie
    assert (back.holder.pk, back.holder.language) == (joined.holder.pk, "ar")
    assert rooms.room(joined.holder, workshop).of == 1
    assert holder_of(joined.cookie) == back.holder
    for wrong in ("", "x", joined.cookie[:-1], f"{'a' * 12}.{joined.cookie.partition('.')[2]}"):
        assert holder_of(wrong) is None
    with pytest.raises(Incomplete, match="NOSUCH"):
        joining.join("nosuch")


def test_a_phone_that_was_forgotten_and_a_closed_room_refuse() -> None:
    workshop = held()
    holder = phone(workshop)
    Participant.objects.all().delete()
    with pytest.raises(PhoneGone):
        hands_in(holder)
    here = phone(workshop)
    Workshop.objects.update(state="closed", closed_on=TODAY, day_100_on=TODAY)
    with pytest.raises(RoomClosed):
        hands_in(here)


@pytest.mark.parametrize("sent", [1, 40])
@pytest.mark.parametrize("here", [50, 150])
def test_what_waits_is_stored_with_as_many_questions_as_one_card(sent: int, here: int) -> None:
    workshop = opening.begin(host := facilitator(), held(host), now=OPENED)
    room = [phone(workshop) for _ in range(here)]
    first, *cards = [
        handing_in.Sent(each.ref, each.token_hash, draft()) for each in room[: sent + 1]
    ]
    handing_in.hand_in_all([first])  # reads the script, once for all
    with CaptureQueriesContext(connection) as asked:
        outcomes = handing_in.hand_in_all(cards)
    assert [each.handed for each in outcomes if isinstance(each, handing_in.Handed)] == [
        sent + 1
    ] * sent
    assert len(asked) <= 8
