"""Joint plans: what customers get by each part, a focus week by lots, a product for counsel."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone

from tests.exchange import factories as make
from tests.exchange import talk
from tests.exchange.pages import browser_of, convener_of, guarded, text
from tests.exchange.pages import url as at
from upturn.exchange.commands import decisions, joint_plans, leaving
from upturn.exchange.commands.hosting import CounselsWord
from upturn.exchange.commands.refusals import GuardStopped, NotReady, NotYours
from upturn.exchange.engine import Incomplete, focus_weeks
from upturn.exchange.models import Decision, Focus, PlanPart, SignOff
from upturn.exchange.queries.before import counsel_of, sign_offs
from upturn.exchange.queries.decisions import decision_seen
from upturn.stats.draws import generator

pytestmark = pytest.mark.django_db
FROM = make.TODAY + timedelta(days=30)
PART = {
    "words": "We coach each lead once a day.",
    "customer": "Whoever answers may decide.",
    "win": "Leads who stay.",
}
WORD = CounselsWord(counsel="R. Okafor", words="One beer, brewed once; no prices in the room.")


@pytest.fixture
def made() -> make.Made:
    return make.opened()


@pytest.fixture
def peers() -> make.Made:
    return make.opened("A rising tide", template="peers")


def proposed(made: make.Made, key: str = "plan", **carries: object) -> Decision:
    draft = decisions.DecisionDraft(
        key=key, topic=talk.topic(made).ref, words="A week in which leaders are coached.",
        until=talk.UNTIL, collective=True, customer_outcome="Whoever answers may decide",
        **carries,  # type: ignore[arg-type]
    )  # fmt: skip
    return decisions.propose(made["Amber"].sitting, draft, talk.checked(), now=talk.NOW)


def all_in(made: make.Made, row: Decision, *, out: tuple[str, ...] = ()) -> None:
    """Everybody says a part, consents, and what speaks against it was read."""
    for company in made.members:
        part = decisions.PartDraft(**PART, abstains=company.name in out)
        decisions.add_part(company.sitting, row.ref, part, talk.checked())
        standing = decisions.Standing(position="consent")
        decisions.take_position(company.sitting, row.ref, standing, talk.checked())
    decisions.read_dissent(made.convener, row.ref, today=make.TODAY)


def close(made: make.Made, row: Decision, today: date = make.TODAY) -> None:
    decisions.close_decision(made.convener, row.ref, today=today)


def mondays(made: make.Made, row: Decision) -> dict[str, date | None]:
    seen = decision_seen(made["Birch"].sitting, row.ref)
    return {part.company: part.starts_on for part in seen.parts if not part.abstains}


def test_a_plan_does_not_close_before_each_part_says_what_the_customer_gets(
    made: make.Made,
) -> None:
    row = proposed(made)
    all_in(made, row)
    PlanPart.objects.filter(party=made["Cedar"].party).update(customer="")
    for client in (convener_of(made), browser_of(made["Amber"])):
        refused = client.post(at(made, "decision", row.ref), guarded(act="close"))
        assert refused.status_code == 409
        assert "Cedar has not said what the customer gets by its part." in text(refused)
        assert "Amber has not said" not in text(refused)
    part = decisions.PartDraft(**PART | {"customer": "A call when promised."})
    decisions.add_part(made["Cedar"].sitting, row.ref, part, talk.checked())
    close(made, row)
    page = text(browser_of(made["Birch"]).get(at(made, "decision", row.ref)))
    assert "A call when promised." in page


def test_a_part_without_the_customer_comes_back_as_it_was_typed(made: make.Made) -> None:
    row = proposed(made)
    sent = guarded(act="part", words="A morning a week", customer=" ", win="Leads who stay")
    refused = browser_of(made["Dune"]).post(at(made, "decision", row.ref), sent)
    assert refused.status_code == 409
    assert "Dune: say what you do, what the customer gets by it" in text(refused)
    assert 'value="A morning a week"' in text(refused)
    assert 'value="Leads who stay"' in text(refused)
    assert not PlanPart.objects.exists()
    part = decisions.PartDraft(**PART | {"customer": "Write to anna@firm.example"})
    with pytest.raises(GuardStopped):
        decisions.add_part(made["Dune"].sitting, row.ref, part, talk.checked())
    assert not PlanPart.objects.exists()


def test_what_a_leaving_company_said_of_customers_goes_with_it(made: make.Made) -> None:
    row = proposed(made)
    all_in(made, row)
    only = "Nobody waits at our door."
    PlanPart.objects.filter(party=made["Fern"].party).update(customer=only)
    leaving.leave(made["Fern"].sitting, words_too=False, today=make.TODAY)
    page = text(browser_of(made["Amber"]).get(at(made, "decision", row.ref)))
    assert PART["customer"] in page
    assert only not in page
    assert not PlanPart.objects.filter(customer=only).exists()


def test_lots_are_drawn_once_among_those_that_take_part_and_all_see_them(made: make.Made) -> None:
    carries = {"focus": Focus.STEPS, "focus_from": FROM, "seed": 19031907}
    row = proposed(made, **carries)
    assert proposed(made, **carries | {"seed": 7}).focus_seed == 19031907
    all_in(made, row)
    here = at(made, "decision", row.ref)
    before = text(browser_of(made["Client"]).get(here))
    assert set(mondays(made, row).values()) == {None}
    assert "drawn by lot, once, when the plan closes" in before
    assert "19031907" not in before
    close(made, row)
    drawn = mondays(made, row)
    again = focus_weeks(list(drawn), first=FROM, draws=generator(19031907, joint_plans.LOTS))
    assert drawn == again
    first = min(again.values())
    assert (first >= FROM, first.weekday()) == (True, 0)
    assert sorted(again.values()) == sorted(
        2 * [first + timedelta(weeks=4 * at) for at in range(3)]
    )
    page = text(browser_of(made["Client"]).get(here))
    assert "with the seed 19031907" in page
    assert "whoever rightfully holds weekly figures of all" in page
    assert "upturn exchange readout FILE" in page
    refused = browser_of(made["Amber"]).post(here, guarded(act="close"))
    assert (refused.status_code, mondays(made, row)) == (409, drawn)


def test_lots_among_five_say_that_nothing_can_be_read(made: make.Made) -> None:
    row = proposed(made, focus=Focus.STEPS, focus_from=FROM)
    all_in(made, row, out=("Birch",))
    close(made, row)
    assert "Birch" not in mondays(made, row)
    assert len(set(mondays(made, row).values())) == 3
    page = text(browser_of(made["Amber"]).get(at(made, "decision", row.ref)))
    assert "5 companies begin; 6 are needed" in page


def test_one_week_for_all_is_never_in_the_past(made: make.Made) -> None:
    row = proposed(made, focus=Focus.TOGETHER, focus_from=FROM)
    all_in(made, row)
    late = FROM + timedelta(days=9)
    close(made, row, today=late)
    (monday,) = set(mondays(made, row).values())
    assert monday is not None
    assert (monday.weekday(), monday >= late) == (0, True)
    page = text(browser_of(made["Amber"]).get(at(made, "decision", row.ref)))
    assert "nobody is left to compare with" in page
    assert "seed" not in page.partition('id="focus"')[2].partition("</section>")[0]


def test_a_plan_that_is_not_agreed_has_no_weeks(made: make.Made) -> None:
    row = proposed(made, focus=Focus.TOGETHER, focus_from=FROM)
    all_in(made, row)
    standing = decisions.Standing(position="object", words="Our first days are full.")
    decisions.take_position(made["Fern"].sitting, row.ref, standing, talk.checked())
    decisions.read_dissent(made.convener, row.ref, today=make.TODAY)
    dissent = row.dissents.get()
    decisions.answer_dissent(
        made["Amber"].sitting, row.ref, dissent.pk, talk.checked(), answer="We hear you.",
        today=make.TODAY,
    )  # fmt: skip
    decisions.close_decision(
        made.convener, row.ref, today=make.TODAY, review_on=FROM + timedelta(days=60)
    )
    assert set(mondays(made, row).values()) == {None}
    page = text(browser_of(made["Amber"]).get(at(made, "decision", row.ref)))
    assert "The plan was not agreed, so there is no focus week." in page
    assert "said when the plan closes" not in page


def test_a_focus_week_has_a_day_and_belongs_to_a_joint_plan(made: make.Made) -> None:
    for wrong in (
        {"focus": Focus.STEPS},
        {"focus": "sometime", "focus_from": FROM},
        {"focus": Focus.STEPS, "focus_from": make.TODAY - timedelta(days=1)},
    ):
        with pytest.raises(Incomplete, match="from which day on"):
            proposed(made, **wrong)
    alone = decisions.DecisionDraft(
        key="x", topic=talk.topic(made).ref, words="Alone", until=talk.UNTIL,
        focus=Focus.STEPS, focus_from=FROM,
    )  # fmt: skip
    with pytest.raises(Incomplete):
        decisions.propose(made["Amber"].sitting, alone, talk.checked(), now=talk.NOW)
    assert not Decision.objects.exists()
    row = proposed(made)
    for bad in ({"focus": "steps"}, {"collective": False, "product": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.filter(pk=row.pk).update(**bad)


def propose_by_page(made: make.Made, **changes: str) -> HttpResponse:
    sent = guarded(
        key="f" * 32, topic=talk.topic(made).ref, words="A week of coaching", days="7",
        plan="joint", outcome="Whoever answers may decide", **changes,
    )  # fmt: skip
    return browser_of(made["Amber"]).post(at(made, "decision_new"), sent)


def test_a_focus_week_is_proposed_by_page_and_what_was_typed_stays(made: make.Made) -> None:
    refused = propose_by_page(made, focus="steps", focus_from="2020-01-01")
    assert refused.status_code == 409
    assert "Say from which day on the focus week may be" in text(refused)
    assert 'value="steps" checked' in text(refused)
    assert 'value="2020-01-01"' in text(refused)
    day = (timezone.localdate() + timedelta(days=40)).isoformat()
    here = propose_by_page(made, focus="steps", focus_from=day).url
    assert propose_by_page(made, focus="steps", focus_from=day).url == here
    row = Decision.objects.get()
    assert (row.focus, row.focus_from.isoformat() if row.focus_from else "") == ("steps", day)
    page = text(browser_of(made["Birch"]).get(here))
    assert 'id="focus"' in page
    assert 'name="starts"' not in page
    draft = decisions.PartDraft(**PART, starts_on=FROM)
    decisions.add_part(made["Birch"].sitting, row.ref, draft, talk.checked())
    assert PlanPart.objects.get().starts_on is None


def test_a_product_of_peers_is_agreed_only_after_counsel_has_read_it(peers: make.Made) -> None:
    assert "a product we make together" in text(
        browser_of(peers["Amber"]).get(at(peers, "decision_new"))
    )
    here = propose_by_page(peers, product="yes").url
    row = Decision.objects.get()
    all_in(peers, row)
    assert counsel_of(peers.exchange)
    page = text(browser_of(peers["Birch"]).get(here))
    assert "Counsel has not read this plan yet" in page
    assert "Close it as it stands" not in page
    assert 'value="counsel"' not in page
    refused = browser_of(peers["Amber"]).post(here, guarded(act="close"))
    assert refused.status_code == 409
    assert "waits for counsel’s word on this plan" in text(refused)
    said = guarded(act="counsel", counsel=WORD.counsel, words=WORD.words)
    assert browser_of(peers["Birch"]).post(here, said).status_code == 403
    bare = convener_of(peers).post(here, said | {"counsel": " "})
    assert (bare.status_code, WORD.words in text(bare)) == (409, True)
    for _tap in range(2):
        assert convener_of(peers).post(here, said).status_code == 302
    assert SignOff.objects.filter(decision=row).count() == 1
    page = text(browser_of(peers["Birch"]).get(here))
    assert WORD.words in page
    assert "Close it as it stands" in page
    assert browser_of(peers["Amber"]).post(here, guarded(act="close")).status_code == 302
    assert Decision.objects.get().outcome == "consent"


def test_counsels_word_can_be_withdrawn_and_opens_nothing_else(peers: make.Made) -> None:
    row, other = proposed(peers, product=True), proposed(peers, "other", product=True)
    for plan in (row, other):
        all_in(peers, plan)
    joint_plans.log_counsel(peers.convener, row.ref, WORD, talk.checked(), today=make.TODAY)
    with pytest.raises(NotReady):
        close(peers, other)
    assert WORD.words not in {each.words for each in sign_offs(peers.convener, peers.exchange)}
    SignOff.objects.filter(decision=None).update(withdrawn_on=make.TODAY)
    assert counsel_of(peers.exchange) == ""
    here = at(peers, "decision", row.ref)
    assert browser_of(peers["Birch"]).post(here, guarded(act="withdraw")).status_code == 403
    assert convener_of(peers).post(here, guarded(act="withdraw")).status_code == 302
    with pytest.raises(NotReady) as refused:
        close(peers, row)
    assert refused.value.missing == ("counsel",)
    assert "withdrawn on" in text(browser_of(peers["Birch"]).get(here))
    joint_plans.log_counsel(peers.convener, row.ref, WORD, talk.checked(), today=make.TODAY)
    close(peers, row)
    with pytest.raises(NotYours):
        joint_plans.withdraw_counsel(peers.convener, row.ref, today=make.TODAY)


def test_a_product_that_is_not_agreed_needs_no_counsel(peers: make.Made) -> None:
    row = proposed(peers, product=True)
    all_in(peers, row)
    standing = decisions.Standing(position="object", words="Too near what we sell.")
    decisions.take_position(peers["Fern"].sitting, row.ref, standing, talk.checked())
    decisions.read_dissent(peers.convener, row.ref, today=make.TODAY)
    decisions.answer_dissent(
        peers["Amber"].sitting, row.ref, row.dissents.get().pk, talk.checked(),
        answer="Then we leave it.", today=make.TODAY,
    )  # fmt: skip
    decisions.close_decision(peers.convener, row.ref, today=make.TODAY, review_on=FROM)
    assert Decision.objects.get().outcome == "objected"


def test_suppliers_of_a_client_make_no_product_together(made: make.Made) -> None:
    assert "a product we make together" not in text(
        browser_of(made["Amber"]).get(at(made, "decision_new"))
    )
    with pytest.raises(NotYours):
        proposed(made, product=True)
    row = proposed(made)
    with pytest.raises(NotYours):
        joint_plans.log_counsel(made.convener, row.ref, WORD, talk.checked(), today=make.TODAY)
    assert not Decision.objects.filter(product=True).exists()
