"""Whatever two facilitators and three phones do, in whatever order: nothing lost, nothing early."""

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.loop.held import draft, facilitator, held_with, moment, phone, step
from upturn.loop.commands import handing_in, hiding, joining, nominating, opening, own, stages
from upturn.loop.commands.drafts import Draft
from upturn.loop.engine import LoopError, StepKind
from upturn.loop.models import Card, Nomination, Workshop
from upturn.loop.queries import cards as reading
from upturn.loop.queries.holders import Holder, Screen
from upturn.loop.queries.nominations import nominations
from upturn.people.models import Person

STEPS = (
    step(many=True),
    step(experts_first=True),
    step(StepKind.LIST_DISTINCTIVE, minutes=1),
)
KEYS = tuple(stages.KEYS)
ACTS = ("hand in", "again", "correct", "take back", "hide", "leave", "finish", "ring", "move")
ACT = st.tuples(
    st.sampled_from((*ACTS, "hand in", "move", "move", "nominate", "answer", "refuse")),
    st.integers(0, 2),
    st.integers(0, 40),
)


@dataclass
class Morning:
    """A workshop, who is there, and what was answered."""

    hosts: list[Person]
    workshop: Workshop
    phones: list[Holder]
    taken: dict[str, tuple[Draft, str]] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    nominees: list[tuple[str, str]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    seconds: float = 0.0

    def act(self, what: str, who: int, number: int) -> None:
        self.seconds += 7.0
        self.workshop.refresh_from_db()
        acts: dict[str, Any] = {
            "hand in": self.hand_in,
            "again": self.again,
            "correct": self.correct,
            "take back": self.take_back,
            "hide": self.hide,
            "leave": lambda who, _n: joining.leave(self.phones[who]),
            "finish": lambda who, n: joining.finish(self.phones[who], step=n % 3),
            "ring": lambda _w, _n: stages.ring(moment(self.seconds)),
            "move": self.move,
            "nominate": self.nominate,
            "answer": self.answer,
            "refuse": self.refuse,
        }
        with suppress(LoopError):
            acts[what](who, number)

    def hand_in(self, who: int, number: int) -> None:
        card = draft(number % 3, f"words {number}", done=number % 2 == 0)
        told = handing_in.hand_in(self.phones[who], card)
        assert not told.again
        self.taken[card.ref] = card, card.words

    def any(self, number: int) -> Draft | None:
        cards = [card for card, _words in self.taken.values()]
        return cards[number % len(cards)] if cards else None

    def again(self, who: int, number: int) -> None:
        if card := self.any(number):
            assert handing_in.hand_in(self.phones[who], card).again

    def correct(self, _who: int, number: int) -> None:
        if card := self.any(number):
            own.correct(card.ref, card.key, words=f"other {number}")
            self.taken[card.ref] = card, f"other {number}"

    def take_back(self, _who: int, number: int) -> None:
        if card := self.any(number):
            own.take_back(card.ref, card.key)
            self.gone.add(card.ref)

    def hide(self, who: int, number: int) -> None:
        card = self.any(number)
        if card and hiding.hide(self.hosts[who % 2], self.workshop, [card.ref], because="Why"):
            self.hidden.add(card.ref)

    def move(self, who: int, number: int) -> None:
        turn = max(0, self.workshop.turn - (number == 0))
        key = KEYS[number % len(KEYS)]
        before = self.workshop.turn
        at = moment(self.seconds)
        try:
            stages.move(self.hosts[who % 2], self.workshop, key, turn=turn, now=at)
        finally:
            self.workshop.refresh_from_db()
            assert self.workshop.turn in {before, before + 1}

    def nominate(self, who: int, number: int) -> None:
        name = f"Nominee{len(self.nominees)}"
        given = nominating.NominationDraft(
            key=f"nomination-key-{number:04d}", nominee=name, noticed=f"{name} smiled"
        )
        made = nominating.nominate(self.phones[who], given)
        if made.code not in {code for code, _name in self.nominees}:
            self.nominees.append((made.code, name))

    def answer(self, who: int, number: int) -> None:
        if self.nominees:
            code, name = self.nominees[number % len(self.nominees)]
            turn = Nomination.objects.get(code=code).turn
            acts: list[Any] = [
                nominating.agree,
                lambda code, turn: nominating.tell(code, how=f"{name} asked first", turn=turn),
                nominating.approve,
            ]
            acts[who](code, turn=turn)

    def refuse(self, _who: int, number: int) -> None:
        if self.nominees:
            code, name = self.nominees[number % len(self.nominees)]
            nominating.refuse(code, turn=Nomination.objects.get(code=code).turn)
            self.refused.add(name)

    def check(self) -> None:
        self.workshop.refresh_from_db()
        rows = {row.ref: row for row in Card.objects.exclude(kind="story")}
        assert rows.keys() == self.taken.keys()
        for ref, (_card, words) in self.taken.items():
            assert rows[ref].words == ("" if ref in self.gone else words)
        for viewer in (*self.hosts, *self.phones, Screen(self.workshop.pk, self.workshop.ref)):
            self.check_sight(viewer)
        self.check_names()

    def check_sight(self, viewer: Any) -> None:
        at, phase = self.workshop.step, self.workshop.phase
        for number in range(3):
            seen = reading.cards(viewer, self.workshop, number)
            shown = {card.ref for card in seen.cards if card.kind != "story"}
            open_now = number < at or (number == at and phase == "read")
            here = {ref for ref, (card, _words) in self.taken.items() if card.step == number}
            assert shown == (here - self.gone - self.hidden if open_now else set())
            assert open_now or not (seen.hidden or seen.objections or seen.groups)

    def check_names(self) -> None:
        kept = [str(row) for table in (Nomination, Card) for row in table.objects.values()]
        for name in self.refused:
            assert not any(name in row for row in kept)
        told = nominations(self.phones[0], self.workshop)
        assert {one.state for one in told} <= {"approved"}


@pytest.mark.django_db
@settings(max_examples=60)
@given(st.lists(ACT, max_size=25))
def test_nothing_is_lost_or_doubled_and_cards_are_seen_only_when_read(
    acts: list[tuple[str, int, int]],
) -> None:
    with transaction.atomic():
        host, other = facilitator(), facilitator()
        workshop = held_with(host, *STEPS)
        opening.join_as_host(other, workshop)
        phones = [phone(workshop), phone(workshop, expert=True), phone(workshop)]
        morning = Morning([host, other], workshop, phones)
        for what, who, number in acts:
            morning.act(what, who, number)
            morning.check()
        transaction.set_rollback(True)
