"""Breaches are answered by grades, pairs are drawn, lists stay blind, rungs are looked at."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.exchange import factories as make
from tests.exchange import talk
from upturn.exchange.commands import charters, hosting, knocking, leaving, people, trust
from upturn.exchange.commands.holding import acting, stewarding
from upturn.exchange.commands.refusals import (
    Gone,
    GuardStopped,
    NotOpen,
    NotReady,
    NotYours,
    SignFirst,
    Suspended,
    TooLow,
)
from upturn.exchange.engine import Act, BadSeal, Incomplete, MoveRefused, NoSuchWord
from upturn.exchange.engine.errors import ExchangeError
from upturn.exchange.models import Breach, Exchange, Knock, Media, Pair, Rung
from upturn.exchange.queries import people as read
from upturn.exchange.queries import trust as read_trust
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:4])


def _report(made: make.Made, about: str = "Birch") -> str:
    ref = made[about].row.ref if about else ""
    return trust.report_breach(
        made["Amber"].sitting, rule=5, about=ref, words="Told a price.", today=make.TODAY
    )


def _answer(made: make.Made, ref: str, to: str) -> None:
    trust.answer_breach(made.convener, made.exchange, ref, to, today=make.TODAY)


def test_who_reports_is_kept_nowhere(made: make.Made) -> None:
    ref = _report(made)
    entry = JournalEntry.objects.filter(verb="report breach").get()
    assert (entry.actor_id, entry.detail) == (None, "")
    assert made["Amber"].row.ref not in str(Breach.objects.values().get(ref=ref))
    assert read_trust.own_breaches(made["Birch"].sitting) == ()


def test_a_breach_is_answered_grade_by_grade_to_a_parting_that_erases(made: make.Made) -> None:
    ref = _report(made)
    with pytest.raises(MoveRefused):
        _answer(made, ref, "parted")
    for grade in ("reminded", "talked", "paused"):
        _answer(made, ref, grade)
    birch = made["Birch"].sitting
    assert birch.suspended
    for act in (Act.POST, Act.US_TOO, Act.SEAL_BALLOT):
        with pytest.raises(Suspended):
            acting(birch, act)
    acting(birch, Act.PRESS_BRAKES)
    _answer(made, ref, "parted")
    assert made["Birch"].row.name == ""
    with pytest.raises(Gone):
        acting(birch, Act.READ)


def test_a_pause_ends_when_it_is_settled(made: make.Made) -> None:
    ref = _report(made)
    for grade in ("reminded", "talked", "paused", "none"):
        _answer(made, ref, grade)
    assert not made["Birch"].sitting.suspended


def test_nobody_is_paused_by_a_report_about_nobody(made: make.Made) -> None:
    ref = _report(made, "")
    _answer(made, ref, "reminded")
    _answer(made, ref, "talked")
    with pytest.raises(Incomplete):
        _answer(made, ref, "paused")


def _unsigned(made: make.Made) -> None:
    text = make.charter_text(mission="Another one")
    charters.propose_charter(made.convener, made.exchange, text, after=1, today=make.TODAY)


def _low(made: make.Made) -> None:
    leaving.step(made["Amber"].sitting, Rung.LISTEN, today=make.TODAY)


def _resting(made: make.Made) -> None:
    hosting.rest(made.convener, made.exchange)


@pytest.mark.parametrize(
    ("change", "refusal"), [(_unsigned, SignFirst), (_low, TooLow), (_resting, NotOpen)]
)
def test_who_acts_is_looked_at_again_under_the_lock(
    change: Callable[[make.Made], None], refusal: type[ExchangeError], made: make.Made
) -> None:
    sitting = made["Amber"].sitting
    acting(sitting, Act.POST)
    change(made)
    with pytest.raises(refusal):
        acting(sitting, Act.POST)


def test_client_and_steward_do_not_act_as_companies(made: make.Made) -> None:
    for name in ("Client", "Steward"):
        with pytest.raises(NotYours):
            acting(made[name].sitting, Act.US_TOO)
    stewarding(made["Steward"].sitting)
    with pytest.raises(NotYours):
        stewarding(made["Client"].sitting)


def test_pairs_are_drawn_once_a_day_among_who_shares(made: make.Made) -> None:
    leaving.step(made["Dune"].sitting, Rung.LISTEN, today=make.TODAY)
    assert people.draw_pairs(made.convener, made.exchange, seed=7, today=make.TODAY) == 2
    assert people.draw_pairs(made.convener, made.exchange, seed=8, today=make.TODAY) == 2
    assert not Pair.objects.filter(seeker=made["Dune"].party).exists()
    assert not Pair.objects.filter(giver=made["Dune"].party).exists()
    mine = read.own_pairs(made["Amber"].sitting)
    people.say_met(made["Amber"].sitting, mine[0].pk)
    assert read.own_pairs(made["Amber"].sitting)[0].met
    other = next(
        name
        for name in ("Birch", "Cedar")
        if mine[0].pk not in {pair.pk for pair in read.own_pairs(made[name].sitting)}
    )
    with pytest.raises(NotYours):
        people.say_met(made[other].sitting, mine[0].pk)


def test_a_fit_of_strengths_is_seen_by_both_and_nobody_else(made: make.Made) -> None:
    amber, birch, cedar = (made[name].sitting for name in ("Amber", "Birch", "Cedar"))
    people.name_strengths(amber, offers=["coaching"], asks=[])
    people.name_strengths(birch, offers=[], asks=["coaching"])
    people.name_strengths(cedar, offers=["coaching"], asks=["quality"])
    assert read.fits(birch) == {
        "Amber": frozenset({"coaching"}),
        "Cedar": frozenset({"coaching"}),
    }
    assert read.fits(amber) == {"Birch": frozenset({"coaching"})}
    with pytest.raises(NoSuchWord):
        people.name_strengths(amber, offers=["prices"], asks=[])


def _digests(*own: int) -> list[str]:
    return [f"{at:032x}" for at in (*own, *range(1000 + own[0] * 100, 1000 + own[0] * 100 + 32))][
        :32
    ]


def test_lists_tell_what_all_share_and_nothing_before_all_are_in(made: make.Made) -> None:
    for at, company in enumerate(made.members, 1):
        assert read.together(made.convener, made.exchange) == frozenset()
        people.hand_in_list(company.sitting, "together", _digests(at, 99))
    assert read.together(made["Amber"].sitting, made.exchange) == {f"{99:032x}"}
    with pytest.raises(BadSeal):
        people.hand_in_list(made["Amber"].sitting, "together", ["care"])


def test_services_are_compared_only_where_both_opened(made: make.Made) -> None:
    amber, birch = made["Amber"], made["Birch"]
    with pytest.raises(NotYours):
        people.hand_in_list(amber.sitting, "services", _digests(1, 50))
    Exchange.objects.filter(pk=made.exchange.pk).update(template="charities")
    with pytest.raises(Incomplete):
        people.open_list(amber.sitting, [birch.row.ref])
    people.hand_in_list(amber.sitting, "services", _digests(1, 50))
    people.hand_in_list(birch.sitting, "services", _digests(2, 50))
    people.open_list(amber.sitting, [birch.row.ref])
    assert read.doubled(amber.sitting) == read.doubled(birch.sitting) == {}
    people.open_list(birch.sitting, [amber.row.ref])
    assert read.doubled(amber.sitting) == {"Birch": frozenset({f"{50:032x}"})}
    assert read.doubled(made["Cedar"].sitting) == {}


def test_services_wait_for_counsels_word_and_stop_when_it_is_taken_back(made: make.Made) -> None:
    Exchange.objects.filter(pk=made.exchange.pk).update(template="charities")
    amber = made["Amber"].sitting
    people.hand_in_list(amber, "services", _digests(1, 50))
    word = made.exchange.sign_offs.get()
    hosting.withdraw_sign_off(made.convener, made.exchange, word.pk, today=make.TODAY)
    for act in (
        lambda: people.hand_in_list(amber, "services", _digests(1, 50)),
        lambda: people.open_list(amber, []),
    ):
        with pytest.raises(NotReady):
            act()


def test_somebody_knocks_with_a_need_and_is_answered(made: make.Made) -> None:
    draft = knocking.KnockDraft(company="Gale", reach="gale@mail.example", need="Better care")
    knocking.knock(made.exchange.ref, draft, today=make.TODAY)
    knocking.knock("nowhere", draft, today=make.TODAY)
    waiting = read.knocks(made.convener, made.exchange)
    assert [(row.company, row.topic) for row in waiting] == [("Gale", "care")]
    invited = knocking.answer_knock(
        made.convener, made.exchange, waiting[0].ref, invite=True, today=make.TODAY
    )
    assert invited is not None
    assert invited.party.name == "Gale"
    assert Knock.objects.values_list("company", "reach", "need").get() == ("", "", "")


def test_a_video_is_kept_once_and_of_a_known_kind(made: make.Made) -> None:
    film = people.MediaDraft(name="Greeting", kind="video/mp4", content=b"film", month=make.TODAY)
    put = people.put_up_media
    first = put(made["Amber"].sitting, made.exchange, film, talk.checked())
    again = put(made.convener, made.exchange, film, talk.checked())
    assert first == again
    assert read.media_content(made.convener, made.exchange, first.ref) == ("video/mp4", b"film")
    for wrong in ({"kind": "text/html"}, {"content": b""}, {"name": " "}):
        with pytest.raises(Incomplete):
            put(made.convener, made.exchange, replace(film, **wrong), talk.checked())
    dear = replace(film, name="Our price is 12 euros a call", content=b"another")
    with pytest.raises(GuardStopped):
        put(made.convener, made.exchange, dear, talk.checked())
    assert Media.objects.count() == 1
