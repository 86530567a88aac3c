"""An exchange opens when everything that was to be settled is, and not before."""

from typing import Any

import pytest

from tests.exchange import factories as make
from tests.factories import person
from upturn.exchange.commands import hosting
from upturn.exchange.commands.refusals import NotOpen, NotReady, NotYours
from upturn.exchange.engine import READINESS, Answer, Incomplete, NoSuchWord
from upturn.exchange.models import BuyIn, Exchange, ExchangeParty, PartyKind, Topic
from upturn.exchange.queries import before
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db


def _draft(**changes: str) -> hosting.ExchangeDraft:
    given: dict[str, Any] = {"key": "one", "name": "Served as one", "template": "suppliers"}
    return hosting.ExchangeDraft(**given | changes)


@pytest.mark.parametrize("role", ["server", "administrator", "guest"])
def test_who_does_not_lead_prepares_none(role: str) -> None:
    with pytest.raises(NotYours):
        hosting.open_preparation(person(role=role), _draft())
    assert not Exchange.objects.exists()


def test_a_draft_sent_twice_is_one_exchange() -> None:
    leader = person(role="leader")
    assert hosting.open_preparation(leader, _draft()) == hosting.open_preparation(leader, _draft())
    assert Exchange.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"), [({"name": "  "}, Incomplete), ({"template": "none"}, NoSuchWord)]
)
def test_a_draft_without_a_name_or_a_known_template_is_refused(
    changes: dict[str, str], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        hosting.open_preparation(person(role="leader"), _draft(**changes))


def test_what_is_missing_is_listed_until_nothing_is() -> None:
    made = make.prepared()
    missing = before.missing_to_open(made.convener, made.exchange)
    assert missing == ("members", "client", "steward", "buy_in", "charter")
    with pytest.raises(NotReady) as refused:
        hosting.open_exchange(made.convener, made.exchange, today=make.TODAY)
    assert refused.value.missing == missing


def test_readiness_waits_for_each_item_and_for_counsel() -> None:
    made = make.full()
    item = READINESS[0].code
    hosting.note_readiness(made.convener, made.exchange, item, found=" ", today=make.TODAY)
    word = before.sign_offs(made.convener, made.exchange)[0]
    hosting.withdraw_sign_off(made.convener, made.exchange, word.pk, today=make.TODAY)
    assert before.missing_to_open(made.convener, made.exchange) == (item, "counsel")


@pytest.mark.parametrize(("rule", "about"), [(8, "occupancy"), (1, "all"), (6, " "), (77, "it")])
def test_counsel_relaxes_only_what_a_rule_allows_and_for_one_matter(rule: int, about: str) -> None:
    made = make.prepared()
    word = hosting.CounselsWord(counsel="R. Okafor", words="Fine.", rule=rule, about=about)
    with pytest.raises(Incomplete):
        hosting.sign_off(made.convener, made.exchange, word, today=make.TODAY)


def test_an_exchange_opens_with_its_topics_and_forgets_the_answers() -> None:
    made = make.full()
    opened = hosting.open_exchange(made.convener, made.exchange, today=make.TODAY)
    assert (opened.state, opened.opened_on) == ("open", make.TODAY)
    assert opened.review_on is not None
    assert set(Topic.objects.values_list("name", flat=True)) == {"care", "coach"}
    assert not BuyIn.objects.exists()
    again = hosting.open_exchange(made.convener, opened, today=make.TODAY)
    assert again.turn == opened.turn


def test_it_does_not_open_when_one_did_not_say_yes_and_nobody_sees_who() -> None:
    made = make.prepared()
    for name in make.NAMES[:4]:
        make.come_in(made, name)
    make.come_in(made, "Client", kind=PartyKind.CLIENT)
    make.come_in(made, "Steward", kind=PartyKind.STEWARD)
    make.all_sign(made)
    make.seal_answers(made, Birch=Answer.NO)
    make.hand_tokens(made)
    assert before.missing_to_open(made.convener, made.exchange) == ("buy_in",)
    seen = before.buy_in(made.convener, made.exchange)
    assert {leader.answer for leader in seen.leaders} == {None}


def test_who_opens_a_no_stays_out_and_is_erased() -> None:
    made = make.prepared()
    for name in make.NAMES[:5]:
        make.come_in(made, name)
    make.come_in(made, "Client", kind=PartyKind.CLIENT)
    make.come_in(made, "Steward", kind=PartyKind.STEWARD)
    make.all_sign(made)
    make.seal_answers(made, Birch=Answer.NO)
    make.hand_tokens(made)
    birch = made["Birch"]
    from upturn.exchange.commands import buying_in  # noqa: PLC0415 - shown where it is used

    said = buying_in.OpenedAnswer(answer="no", salt=birch.answer.salt.hex())
    buying_in.open_answer(birch.sitting, said)
    buying_in.ask_again(made.convener, made.exchange)
    make.hand_tokens(made, [each for each in make.answering(made) if each is not birch])
    hosting.open_exchange(made.convener, made.exchange, today=make.TODAY)
    left = birch.row
    assert (left.name, left.signs, left.left_on) == ("", "", make.TODAY)
    assert ExchangeParty.objects.filter(left_on=None).count() == 6


def test_names_and_offices_are_taken_once() -> None:
    made = make.prepared()
    make.come_in(made, "Amber")
    make.come_in(made, "Client", kind=PartyKind.CLIENT)
    for invitation in (
        hosting.Invitation(name="amber"),
        hosting.Invitation(name="Another", kind=PartyKind.CLIENT),
        hosting.Invitation(name=" "),
        hosting.Invitation(name="Odd", kind="judge"),
    ):
        with pytest.raises(Incomplete):
            hosting.invite_party(made.convener, made.exchange, invitation, today=make.TODAY)


def test_it_rests_wakes_and_closes_for_good() -> None:
    made = make.full()
    with pytest.raises(NotOpen):
        hosting.close(made.convener, made.exchange)
    row = hosting.open_exchange(made.convener, made.exchange, today=make.TODAY)
    assert hosting.rest(made.convener, row).state == "resting"
    assert hosting.wake(made.convener, row).state == "open"
    assert hosting.close(made.convener, row).state == "closed"
    for verb in (hosting.rest, hosting.wake):
        with pytest.raises(NotOpen):
            verb(made.convener, row)
    with pytest.raises(NotOpen):
        hosting.open_exchange(made.convener, row, today=make.TODAY)


def test_what_never_opened_can_be_given_up_whole() -> None:
    made = make.full()
    hosting.abandon(made.convener, made.exchange)
    assert not Exchange.objects.exists()
    assert not ExchangeParty.objects.exists()


def test_nobody_but_its_keeper_hosts_an_exchange() -> None:
    made = make.prepared()
    other = person(role="executive")
    with pytest.raises(Exchange.DoesNotExist):
        hosting.note_readiness(other, made.exchange, "why", found="x", today=make.TODAY)
    with pytest.raises(Exchange.DoesNotExist):
        hosting.invite_party(
            other, made.exchange, hosting.Invitation(name="Amber"), today=make.TODAY
        )


def test_every_move_of_the_host_is_in_the_journal_under_a_name() -> None:
    made = make.prepared()
    written = JournalEntry.objects.filter(subject_ref=made.exchange.ref)
    assert set(written.values_list("actor_id", flat=True)) == {made.convener.pk}
    assert written.count() == 2 + len(READINESS)


def test_a_supplier_prepares_one_and_invites_the_client() -> None:
    made = make.prepared()
    client = hosting.Invitation(name="Client", kind=PartyKind.CLIENT)
    invited = hosting.invite_party(made.convener, made.exchange, client, today=make.TODAY)
    assert invited.party.kind == PartyKind.CLIENT
    assert before.to_call(made.convener, made.exchange) == {invited.party.ref: "Client"}


def test_nobody_is_invited_before_all_is_thought_through_with_counsels_word() -> None:
    leader = person(role="leader")
    exchange = hosting.open_preparation(leader, _draft())

    def invited(name: str) -> bool:
        try:
            hosting.invite_party(leader, exchange, hosting.Invitation(name=name), today=make.TODAY)
        except Incomplete:
            return False
        return True

    for item in READINESS:
        assert not invited("Amber")
        hosting.note_readiness(leader, exchange, item.code, found="Talked over.", today=make.TODAY)
    assert not invited("Amber")
    word = hosting.CounselsWord(counsel="R. Okafor", words="Read, and fine.")
    given = hosting.sign_off(leader, exchange, word, today=make.TODAY)
    assert before.may_invite(leader, exchange)
    assert invited("Amber")
    hosting.withdraw_sign_off(leader, exchange, given.pk, today=make.TODAY)
    assert not invited("Birch")
    assert set(ExchangeParty.objects.values_list("name", flat=True)) == {"Amber"}


def test_an_open_exchange_takes_who_comes_later() -> None:
    made = make.opened(names=make.NAMES[:3])
    word = before.sign_offs(made.convener, made.exchange)[0]
    hosting.withdraw_sign_off(made.convener, made.exchange, word.pk, today=make.TODAY)
    later = hosting.Invitation(name="Gale")
    assert hosting.invite_party(made.convener, made.exchange, later, today=make.TODAY).code
