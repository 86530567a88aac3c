"""Practice cards are whole, tried in steps, and thanked for without a number."""

from dataclasses import fields, replace

import pytest

from tests.attacks.dump import dump
from tests.exchange import factories as make
from tests.exchange import talk
from upturn.exchange.commands import braking, cards, leaving
from upturn.exchange.commands.refusals import Braked, GuardStopped, NotYours, TooLow
from upturn.exchange.engine import Incomplete
from upturn.exchange.models import PracticeCard, Rung, Thanks, Trial
from upturn.exchange.queries import cards as seen
from upturn.stats.draws import generator

pytestmark = pytest.mark.django_db
WORDS = cards.CardWords(
    title="A word after the shift",
    situation="People went home without a word.",
    what_we_do="The one who leads says what went well, by name.",
    how_we_managed="Two minutes, at the door.",
    conditions="One leads the shift.",
    evidence="People say it helps; we have not counted.",
)


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:3], rung=Rung.SHARE_PRACTICE)


def draft(made: make.Made, key: str = "c1") -> cards.CardDraft:
    return cards.CardDraft(key=key, topic=talk.topic(made).ref, words=WORDS)


def shared(made: make.Made) -> PracticeCard:
    return cards.share_card(made["Amber"].sitting, draft(made), talk.checked(), today=make.TODAY)


def tried(made: make.Made, card: PracticeCard, *, places: int = 6, together: bool = False) -> Trial:
    asked = cards.TrialDraft(key="t1", places=places, first=make.TODAY, together=together)
    return cards.try_card(
        made["Birch"].sitting, card.ref, asked, draws=generator(1, "trial"), today=make.TODAY
    )


def test_a_card_has_all_its_fields_and_comes_once(made: make.Made) -> None:
    assert shared(made).pk == shared(made).pk
    card = seen.cards(made["Client"].sitting, made.exchange)[0]
    assert (card.company, card.title, card.thanks) == ("Amber", WORDS.title, ())
    for field in fields(WORDS):
        for words in ("", " ", "x" * 2000):
            wrong = replace(draft(made, "c2"), words=replace(WORDS, **{field.name: words}))
            with pytest.raises(Incomplete, match=field.name):
                cards.share_card(made["Amber"].sitting, wrong, talk.checked(), today=make.TODAY)


def test_each_field_passes_the_guard(made: make.Made) -> None:
    for field in fields(WORDS):
        words = replace(WORDS, **{field.name: "Write to anna@firm.example"})
        wrong = replace(draft(made, "c2"), words=words)
        with pytest.raises(GuardStopped):
            cards.share_card(made["Amber"].sitting, wrong, talk.checked(), today=make.TODAY)
    assert "anna@firm" not in str(dump().tables)


def test_a_trial_begins_in_steps_that_can_be_read_and_is_the_own_companys(
    made: make.Made,
) -> None:
    card = shared(made)
    trial = tried(made, card)
    assert tried(made, card).pk == trial.pk
    (own,) = seen.own_trials(made["Birch"].sitting, made.exchange)
    assert len(set(own.steps)) == 3
    assert own.unreadable is None
    assert seen.own_trials(made["Cedar"].sitting, made.exchange) == ()
    with pytest.raises(Trial.DoesNotExist):
        cards.adopt(made["Cedar"].sitting, trial.ref, today=make.TODAY)
    Trial.objects.all().delete()
    tried(made, card, together=True)
    (at_once,) = seen.own_trials(made["Birch"].sitting, made.exchange)
    assert at_once.unreadable is not None
    for places in (0, 501):
        with pytest.raises(Incomplete):
            tried(made, card, places=places)


def test_thanks_go_with_an_adopted_practice_and_have_no_number(made: make.Made) -> None:
    card = shared(made)
    trial = tried(made, card)
    thanks = {"reason": "People stay to talk.", "today": make.TODAY}
    with pytest.raises(NotYours):
        cards.thank(made["Birch"].sitting, card.ref, talk.checked(), **thanks)  # type: ignore[arg-type]
    cards.adopt(made["Birch"].sitting, trial.ref, today=make.TODAY)
    cards.link_ask(made["Birch"].sitting, trial.ref, ask_ref="ab12")
    with pytest.raises(Incomplete):
        cards.thank(made["Birch"].sitting, card.ref, talk.checked(), reason=" ", today=make.TODAY)
    for _again in range(2):
        cards.thank(made["Birch"].sitting, card.ref, talk.checked(), **thanks)  # type: ignore[arg-type]
    with pytest.raises(NotYours):
        cards.thank(made["Amber"].sitting, card.ref, talk.checked(), **thanks)  # type: ignore[arg-type]
    assert seen.card_seen(made["Cedar"].sitting, card.ref).thanks == (thanks["reason"],)
    assert Thanks.objects.count() == 1
    assert seen.own_trials(made["Birch"].sitting, made.exchange)[0].ask_ref == "ab12"


def test_who_shared_a_card_takes_it_back_and_its_words_go(made: make.Made) -> None:
    card = shared(made)
    with pytest.raises(NotYours):
        cards.pull_card(made["Birch"].sitting, card.ref, today=make.TODAY)
    leaving.step(made["Amber"].sitting, Rung.LISTEN, today=make.TODAY)
    cards.pull_card(made["Amber"].sitting, card.ref, today=make.TODAY)
    assert seen.cards(made["Birch"].sitting, made.exchange) == ()
    held = str(dump().tables)
    assert not [each.name for each in fields(WORDS) if getattr(WORDS, each.name) in held]


def test_a_stopped_topic_and_a_low_rung_take_no_card(made: make.Made) -> None:
    braking.press_brakes(made["Birch"].sitting, talk.topic(made).ref, today=make.TODAY)
    with pytest.raises(Braked):
        shared(made)
    leaving.step(made["Amber"].sitting, Rung.LISTEN, today=make.TODAY)
    with pytest.raises(TooLow):
        shared(made)
