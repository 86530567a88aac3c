"""Decisions close when their dissent was read and answered; joint plans when no cell is empty."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.exchange import factories as make
from tests.exchange import talk
from upturn.exchange.commands import braking, decisions, leaving
from upturn.exchange.commands.refusals import Braked, GuardStopped, NotReady, NotYours, TooLow
from upturn.exchange.engine import Gap, Incomplete, MoveRefused, Outcome, RulesBroken
from upturn.exchange.models import Decision, Dissent, PlanPart, Rung, Stand
from upturn.exchange.queries import decisions as seen
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db
REVIEW = make.TODAY + timedelta(days=90)


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:5])


def proposed(made: make.Made, *, collective: bool = False) -> Decision:
    draft = decisions.DecisionDraft(
        key=f"d{collective}",
        topic=talk.topic(made).ref,
        words="We tell each other each month what helped.",
        until=talk.UNTIL,
        collective=collective,
        customer_outcome="Guests are asked once" if collective else "",
    )
    return decisions.propose(made["Amber"].sitting, draft, talk.checked(), now=talk.NOW)


def stand(
    made: make.Made, row: Decision, name: str, position: str = "consent", **said: str
) -> None:
    standing = decisions.Standing(position=position, **said)
    decisions.take_position(made[name].sitting, row.ref, standing, talk.checked())


def shown(made: make.Made, row: Decision, name: str = "Amber") -> seen.DecisionSeen:
    return seen.decision_seen(made[name].sitting, row.ref)


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(MoveRefused) as refused:
        work()
    return refused.value.code


def test_a_decision_closes_only_when_all_stood_and_dissent_is_read_and_answered(
    made: make.Made,
) -> None:
    row = proposed(made)
    assert proposed(made).pk == row.pk

    def close() -> Decision:
        return decisions.close_decision(made.convener, row.ref, today=make.TODAY)

    for name in make.NAMES[:4]:
        stand(made, row, name)
    assert code_of(close) == "waiting"
    stand(made, row, "Elder", "concern", words="Too often.", would_change="Each quarter.")
    assert (shown(made, row).open, code_of(close)) == ("dissent_unread", "dissent_unread")
    decisions.read_dissent(made["Birch"].sitting, row.ref, today=make.TODAY)
    assert code_of(close) == "dissent_unanswered"
    (dissent,) = shown(made, row).dissents
    assert (dissent.company, dissent.own, shown(made, row, "Elder").dissents[0].own) == (
        "Elder",
        False,
        True,
    )
    own = made["Elder"].sitting
    assert code_of(
        lambda: decisions.answer_dissent(
            own, row.ref, dissent.pk, talk.checked(), answer="Fine.", today=make.TODAY
        )
    ) == "own_dissent"  # fmt: skip
    decisions.answer_dissent(
        made["Amber"].sitting, row.ref, dissent.pk, talk.checked(), answer="We try it for a year.",
        today=make.TODAY,
    )  # fmt: skip
    assert code_of(close) == "no_review"
    decisions.close_decision(made.convener, row.ref, today=make.TODAY, review_on=REVIEW)
    view = shown(made, row)
    assert (view.standing, view.review_on, view.closed_on) == (Outcome.CONCERN, REVIEW, make.TODAY)
    assert view.dissents[0].words == "Too often."
    assert code_of(lambda: stand(made, row, "Amber")) == "closed"


def test_the_slot_is_read_even_if_it_is_empty_and_read_anew_when_something_comes(
    made: make.Made,
) -> None:
    row = proposed(made)
    for name in make.NAMES[:5]:
        stand(made, row, name)
    assert shown(made, row).open == "dissent_unread"
    decisions.read_dissent(made.convener, row.ref, today=make.TODAY)
    assert shown(made, row).open == ""
    stand(made, row, "Birch", "object", words="It is too near what we sell.")
    assert shown(made, row).open == "dissent_unread"
    assert shown(made, row).standing is Outcome.OBJECTED


def test_a_concern_without_a_name_is_nobodys(made: make.Made) -> None:
    row = proposed(made)
    decisions.concern(made["Birch"].sitting, row.ref, talk.checked(), words="We are afraid.")
    (dissent,) = shown(made, row, "Birch").dissents
    assert (dissent.company, dissent.own) == ("", False)
    assert Dissent.objects.get().party is None
    entry = JournalEntry.objects.get(verb="concern")
    assert (entry.actor_id, entry.detail) == (None, "")
    leaving.leave(made["Elder"].sitting, words_too=False, today=make.TODAY)
    with pytest.raises(Incomplete):
        decisions.concern(made["Birch"].sitting, row.ref, talk.checked(), words="Still.")


def test_objections_carry_a_reason_and_brakes_no_name(made: make.Made) -> None:
    row = proposed(made)
    for position in ("object", "concern", "brakes", "perhaps"):
        with pytest.raises(Incomplete):
            stand(made, row, "Amber", position)
    assert not Stand.objects.exists()
    braking.press_brakes(made["Birch"].sitting, talk.topic(made).ref, today=make.TODAY)
    assert shown(made, row).standing is Outcome.STOPPED
    assert code_of(lambda: stand(made, row, "Amber")) == "stopped"
    with pytest.raises(Braked):
        proposed(made, collective=True)


def test_words_of_a_decision_pass_the_guard(made: make.Made) -> None:
    row = proposed(made)
    with pytest.raises(GuardStopped):
        stand(made, row, "Amber", "object", words="They pay 13.40 euros an hour.")
    assert not Dissent.objects.exists()


def part(made: make.Made, row: Decision, name: str, **said: object) -> PlanPart:
    given = {
        "words": "We coach on Mondays.",
        "customer": "Somebody who listens.",
        "win": "New leaders.",
    } | said
    draft = decisions.PartDraft(**given)  # type: ignore[arg-type]
    return decisions.add_part(made[name].sitting, row.ref, draft, talk.checked())


def test_a_joint_plan_has_a_part_and_a_win_for_each_or_an_open_abstention(
    made: make.Made,
) -> None:
    row = proposed(made, collective=True)
    for name in make.NAMES[:5]:
        stand(made, row, name)
    decisions.read_dissent(made.convener, row.ref, today=make.TODAY)
    for name in make.NAMES[:4]:
        part(made, row, name)
    elder = made["Elder"].row.ref
    open_cells = ("part", "customer", "win")
    assert shown(made, row).gaps == tuple(Gap(code, elder) for code in open_cells)
    with pytest.raises(NotReady) as refused:
        decisions.close_decision(made.convener, row.ref, today=make.TODAY)
    assert refused.value.missing == open_cells
    assert "Elder has not said what the customer gets by its part." in str(refused.value)
    part(made, row, "Elder", abstains=True)
    decisions.close_decision(made.convener, row.ref, today=make.TODAY)
    view = shown(made, row)
    assert view.standing is Outcome.CONSENT
    assert ("Elder", "", "", True, None) in [
        (each.company, each.words, each.win, each.abstains, each.starts_on) for each in view.parts
    ]
    with pytest.raises(NotYours):
        part(made, row, "Amber")


def test_nobody_promises_for_others_and_every_cell_is_filled(made: make.Made) -> None:
    row = proposed(made, collective=True)
    with pytest.raises(RulesBroken, match="Rule 18"):
        part(made, row, "Amber", words="None of us will hire.")
    for empty in ({"words": " "}, {"customer": " "}, {"win": ""}):
        with pytest.raises(Incomplete, match="Amber: say what you do, what the customer gets"):
            part(made, row, "Amber", **empty)
    leaving.step(made["Amber"].sitting, Rung.SHARE_BAND, today=make.TODAY)
    with pytest.raises(TooLow):
        part(made, row, "Amber")
    part(made, row, "Amber", abstains=True)


def test_a_joint_plan_names_the_customer(made: make.Made) -> None:
    draft = decisions.DecisionDraft(
        key="x", topic=talk.topic(made).ref, words="Together", until=talk.UNTIL, collective=True
    )
    with pytest.raises(Incomplete):
        decisions.propose(made["Amber"].sitting, draft, talk.checked(), now=talk.NOW)


def test_a_company_that_leaves_takes_its_stand_along_and_not_its_words(made: make.Made) -> None:
    row = proposed(made)
    stand(made, row, "Elder", "object", words="Too near.")
    leaving.leave(made["Elder"].sitting, words_too=False, today=make.TODAY)
    view = shown(made, row)
    assert view.positions == ()
    assert [(each.company, each.words) for each in view.dissents] == [("", "Too near.")]
