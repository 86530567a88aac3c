"""All write before anybody reads, marks have no names, and the brakes are nobody's."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.attacks.dump import dump
from tests.exchange import factories as make
from tests.exchange import talk
from upturn.exchange.commands import braking, leaving, rounds
from upturn.exchange.commands.refusals import Braked, GuardStopped, NotYours, TooLow
from upturn.exchange.engine import HostClock, Incomplete, MoveRefused, RulesBroken
from upturn.exchange.models import Brake, Part, Post, Round, Rung, Topic
from upturn.exchange.queries import rounds as seen
from upturn.record import journal
from upturn.record.models import JournalEntry
from upturn.stats.figures import Withheld

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> make.Made:
    return make.opened(rung=Rung.SHARE_PRACTICE)


def shown(made: make.Made, row: Round, name: str = "Amber") -> seen.RoundSeen:
    return seen.round_seen(made[name].sitting, row.ref, today=make.TODAY)


def test_nobody_reads_before_all_have_answered(made: make.Made) -> None:
    row = talk.asked(made)
    talk.answer(made, row, *make.NAMES[:5])
    for name in (*make.NAMES, "Client", "Steward"):
        assert shown(made, row, name).posts == ()
    assert seen.round_seen(made.convener, row.ref, today=make.TODAY).posts == ()
    assert (shown(made, row).own, shown(made, row, "Fern").own) == (True, False)
    talk.answer(made, row, "Fern")
    assert shown(made, row).phase == "read"
    assert {post.company for post in shown(made, row, "Client").posts} == set(make.NAMES)


def test_time_reveals_what_is_there(made: make.Made) -> None:
    row = talk.asked(made)
    talk.answer(made, row, "Amber")
    assert rounds.reveal_due(talk.UNTIL - timedelta(seconds=1)) == 0
    late = talk.UNTIL + timedelta(seconds=1)
    with pytest.raises(NotYours):
        rounds.hand_in(made["Birch"].sitting, row.ref, talk.post(), talk.checked(), now=late)
    assert rounds.reveal_due(late) == 1
    assert rounds.reveal_due(late) == 0
    assert len(shown(made, row, "Birch").posts) == 1


def test_an_answer_comes_once_however_often_it_is_sent(made: make.Made) -> None:
    row = talk.asked(made)
    sent = talk.answer(made, row, "Amber")["Amber"]
    rounds.hand_in(made["Amber"].sitting, row.ref, sent, talk.checked(), now=talk.NOW)
    assert Post.objects.count() == 1
    stolen = replace(sent, key="x" * 20)
    with pytest.raises(NotYours):
        rounds.hand_in(made["Birch"].sitting, row.ref, stolen, talk.checked(), now=talk.NOW)
    with pytest.raises(NotYours):
        rounds.hand_in(made["Amber"].sitting, row.ref, talk.post(), talk.checked(), now=talk.NOW)


def test_a_round_about_the_host_has_no_company_and_a_clock(made: make.Made) -> None:
    row = talk.asked(made, "host")
    talk.answer(made, row, *make.NAMES[:4])
    late = talk.UNTIL + timedelta(days=1)
    assert rounds.reveal_due(late) == 0
    rounds.hand_in(made["Elder"].sitting, row.ref, talk.post("Call us."), talk.checked(), now=late)
    assert rounds.reveal_due(late) == 1
    assert {post.company for post in shown(made, row, "Client").posts} == {""}
    assert not Post.objects.exclude(party=None).exists()
    told = JournalEntry.objects.filter(verb="hand in")
    assert {entry.detail for entry in told} == {""}
    view = shown(made, row)
    assert view.clock is HostClock.RUNNING
    assert view.answer_by is not None
    overdue = seen.round_seen(made.convener, row.ref, today=view.answer_by + timedelta(days=1))
    assert overdue.clock is HostClock.OVERDUE
    with pytest.raises(MoveRefused):
        rounds.go_on(made.convener, row.ref, "over", now=late)
    for viewer in (made["Amber"].sitting, made.convener):
        with pytest.raises(NotYours):
            rounds.answer_as_host(
                viewer, row.ref, talk.checked(), answer="We call on Mondays.", today=make.TODAY
            )
    rounds.answer_as_host(
        made["Client"].sitting, row.ref, talk.checked(), answer="We will call.", today=make.TODAY
    )
    assert shown(made, row).clock is HostClock.ANSWERED
    rounds.go_on(made.convener, row.ref, "over", now=late)


def test_us_too_is_set_once_and_counted_from_five_when_marking_is_over(made: make.Made) -> None:
    row = talk.asked(made)
    sent = talk.answer(made, row)
    first, second = sent["Amber"].ref, sent["Birch"].ref
    for name in make.NAMES[:5]:
        chosen = (first, second) if name != "Elder" else (first,)
        rounds.mark_us_too(made[name].sitting, row.ref, chosen)
    with pytest.raises(NotYours):
        rounds.mark_us_too(made["Amber"].sitting, row.ref, (first,))
    assert all(isinstance(post.us_too, Withheld) for post in shown(made, row).posts)
    rounds.mark_us_too(made["Fern"].sitting, row.ref, ())
    counts = {post.ref: post.us_too for post in shown(made, row).posts}
    assert counts[first] == 5
    assert counts[second] == Withheld("too_few", needed=5, got=0)


def test_a_brainstorm_is_silent_then_built_on_and_rests_before_it_is_weighed(
    made: make.Made,
) -> None:
    row = talk.asked(made, "brainstorm")
    idea = talk.answer(made, row, "Amber")["Amber"]
    assert shown(made, row, "Birch").posts == ()
    with pytest.raises(NotYours):
        rounds.build_on(made["Birch"].sitting, row.ref, idea.ref, talk.post(), talk.checked())
    later = talk.UNTIL + timedelta(hours=1)
    rounds.reveal_due(later)
    rounds.go_on(made.convener, row.ref, "build", now=later)
    rounds.build_on(
        made["Birch"].sitting, row.ref, idea.ref, talk.post("And weekly."), talk.checked()
    )
    assert {post.builds_on for post in shown(made, row).posts} == {"", idea.ref}
    with pytest.raises(MoveRefused):
        rounds.go_on(made.convener, row.ref, "weigh", now=later + timedelta(hours=2))
    with pytest.raises(NotYours):
        rounds.mark_us_too(made["Cedar"].sitting, row.ref, (idea.ref,))
    rounds.go_on(made.convener, row.ref, "weigh", now=later + timedelta(hours=30))
    rounds.mark_us_too(made["Cedar"].sitting, row.ref, (idea.ref,))


def test_nobody_replies_before_saying_it_again(made: make.Made) -> None:
    row = talk.asked(made, "listening")
    amber, birch = made["Amber"].sitting, made["Birch"].sitting
    rounds.take_turn(amber, row.ref, "speak")
    for step in ("reply", "shout"):
        with pytest.raises(MoveRefused):
            rounds.take_turn(birch, row.ref, step)
    rounds.take_turn(birch, row.ref, "restate")
    rounds.take_turn(birch, row.ref, "reply")
    assert shown(made, row).turns == (
        ("speak", "Amber"),
        ("restate", "Birch"),
        ("reply", "Birch"),
    )


def test_only_the_key_takes_an_answer_back_and_its_words_go(made: make.Made) -> None:
    row = talk.asked(made)
    sent = talk.answer(made, row, words="We sing a most particular song")
    with pytest.raises(Post.DoesNotExist):
        rounds.pull(
            made["Birch"].sitting, row.ref, sent["Amber"].ref, key="x" * 20, today=make.TODAY
        )
    rounds.pull(
        made["Amber"].sitting, row.ref, sent["Amber"].ref, key=sent["Amber"].key, today=make.TODAY
    )
    assert len(shown(made, row).posts) == 5
    assert sent["Amber"].words not in str(dump().tables)


def test_the_brakes_stop_a_topic_at_once_and_nothing_says_who(made: make.Made) -> None:
    row = talk.asked(made)
    topic = talk.topic(made)
    leaving.step(made["Birch"].sitting, Rung.LISTEN, today=make.TODAY)
    kept = braking.press_brakes(
        made["Birch"].sitting, topic.ref, today=make.TODAY, reason="Too near.",
        checked=talk.checked(),
    )  # fmt: skip
    assert kept
    assert seen.topics(made["Amber"].sitting, made.exchange)[0].stopped_on == make.TODAY
    assert {field.name for field in Brake._meta.concrete_fields} == {
        "id", "topic", "on", "reason", "lifted_on",
    }  # fmt: skip
    pressed = JournalEntry.objects.get(verb="press brakes")
    assert (pressed.actor_id, pressed.detail) == (None, "")
    assert made["Birch"].row.ref not in str(list(Brake.objects.values()))
    for stopped in (
        lambda: talk.answer(made, row, "Amber"),
        lambda: talk.asked(made, key="another"),
    ):
        with pytest.raises(Braked):
            stopped()
    with pytest.raises(NotYours):
        braking.lift_brakes(made["Amber"].sitting, topic.ref, today=make.TODAY)
    braking.lift_brakes(made["Steward"].sitting, topic.ref, today=make.TODAY)
    talk.answer(made, row, "Amber")
    assert journal.verify_chain() is None


def test_a_reason_that_is_stopped_is_dropped_and_the_brakes_are_on(made: make.Made) -> None:
    topic = talk.topic(made)
    reason = "They pay 13.40 euros an hour."
    kept = braking.press_brakes(
        made["Amber"].sitting, topic.ref, today=make.TODAY, reason=reason, checked=talk.checked()
    )
    assert not kept
    assert Topic.objects.get(pk=topic.pk).stopped_on == make.TODAY
    assert "13.40" not in str(dump().tables)


def test_an_objection_has_the_companys_name_by_its_own_will(made: make.Made) -> None:
    topic = talk.topic(made)
    braking.object_and_leave(
        made["Amber"].sitting, topic.ref, talk.checked(), words="Not here.", today=make.TODAY
    )
    (found,) = seen.topics(made["Birch"].sitting, made.exchange)[0].objections
    assert found == ("Amber", "Not here.", make.TODAY)


def test_what_a_device_let_pass_is_looked_at_again_and_not_kept(made: make.Made) -> None:
    row = talk.asked(made)
    draft = talk.post("We pay 13.40 euros an hour, and you?")
    with pytest.raises(GuardStopped) as stopped:
        rounds.hand_in(made["Amber"].sitting, row.ref, draft, talk.checked(), now=talk.NOW)
    assert "wage-amount" in stopped.value.rules
    unchecked = rounds.Checked("")
    with pytest.raises(RulesBroken, match="Rule 17"):
        rounds.hand_in(made["Amber"].sitting, row.ref, talk.post(), unchecked, now=talk.NOW)
    with pytest.raises(RulesBroken):
        rounds.hand_in(
            made["Amber"].sitting, row.ref, talk.post(), talk.checked("soft"), now=talk.NOW
        )
    rounds.hand_in(
        made["Amber"].sitting, row.ref, talk.post(), talk.checked("soft", reason=True),
        now=talk.NOW,
    )  # fmt: skip
    assert "13.40" not in str(dump().tables)
    assert Part.objects.count() == 1


def test_who_only_listens_reads_and_does_not_write(made: make.Made) -> None:
    row = talk.asked(made)
    leaving.step(made["Amber"].sitting, Rung.LISTEN, today=make.TODAY)
    with pytest.raises(TooLow):
        talk.answer(made, row, "Amber")
    talk.answer(made, row, *make.NAMES[1:])
    assert len(shown(made, row).posts) == 5


def test_a_round_needs_a_question_and_time(made: make.Made) -> None:
    good = rounds.RoundDraft(
        key="k", topic=talk.topic(made).ref, kind="question", question="Why?", until=talk.UNTIL
    )
    for wrong in (
        replace(good, question=" "),
        replace(good, kind="poll"),
        replace(good, until=talk.NOW),
        replace(good, key=""),
    ):
        with pytest.raises(Incomplete):
            rounds.open_round(made.convener, wrong, talk.checked(), now=talk.NOW)
    with pytest.raises(Topic.DoesNotExist):
        rounds.open_round(make.prepared("Other").convener, good, talk.checked(), now=talk.NOW)


def test_an_exchange_in_which_a_round_cannot_open_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, whole = make.opened(), make.opened("Elsewhere")
    for key, one in (("r1", broken), ("r2", whole)):
        talk.answer(one, talk.asked(one, key=key), "Amber")
    reveal = rounds._reveal

    def fails_in_one(pk: int, exchange: int, *, now: datetime) -> bool:
        if exchange == broken.exchange.pk:
            raise RuntimeError
        return reveal(pk, exchange, now=now)

    monkeypatch.setattr(rounds, "_reveal", fails_in_one)
    assert rounds.reveal_due(talk.UNTIL + timedelta(seconds=1)) == 1
    assert Round.objects.get(phase="read").topic.exchange_id == whole.exchange.pk
    assert "could not go on" in caplog.text
    monkeypatch.undo()
    assert rounds.reveal_due(talk.UNTIL + timedelta(seconds=2)) == 1
