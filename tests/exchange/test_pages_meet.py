"""Pages of meetings and of people: agenda, rules at the entry, minutes; pairs, calls, lists."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.utils import timezone

from tests.exchange import factories as make
from tests.exchange import talk
from tests.exchange.pages import browser_of, convener_of, guarded, url
from upturn.exchange.commands import meetings as commands
from upturn.exchange.commands import people
from upturn.exchange.engine import CONDITIONS, STRENGTHS, WORKSHEET
from upturn.exchange.models import Attendance, BlindList, Meeting, Pair, Round

pytestmark = pytest.mark.django_db
AGENDA = "Coaching on the job"


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:3])


def planned(made: make.Made, *, days: int = 3) -> str:
    at = (timezone.localtime() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
    sent = guarded(at=at, minutes_long="30", agenda=AGENDA)
    answer = convener_of(made).post(url(made, "meetings"), sent)
    assert answer.status_code == 302
    return Meeting.objects.latest("pk").ref


def act(made: make.Made, ref: str, name: str, act: str, **fields: object) -> HttpResponse:
    sent = {"act": act, **fields}
    return browser_of(made[name]).post(url(made, "meeting", ref), sent)


def entered(made: make.Made, *names: str) -> str:
    ref = planned(made)
    act(made, ref, "Steward", "begin")
    for name in names:
        assert act(made, ref, name, "enter", accepts="yes").status_code == 302
    return ref


def test_a_meeting_runs_from_its_agenda_to_its_minutes(made: make.Made) -> None:
    ref = planned(made)
    page = browser_of(made["Amber"]).get(url(made, "meeting", ref)).content.decode()
    assert AGENDA in page
    assert 'value="begin"' not in page
    assert act(made, ref, "Amber", "begin").status_code == 403
    assert (
        'value="begin"'
        in browser_of(made["Steward"]).get(url(made, "meeting", ref)).content.decode()
    )
    assert act(made, ref, "Steward", "begin").status_code == 302
    assert act(made, ref, "Amber", "enter", accepts="yes").status_code == 302
    inside = browser_of(made["Amber"]).get(url(made, "meeting", ref)).content.decode()
    assert "Two minutes as people, first" in inside
    host = convener_of(made)
    there = url(made, "meeting", ref)
    assert host.post(there, guarded(act="end", minutes=" ")).status_code == 409
    ended = guarded(act="end", minutes="We talked.")
    refused = host.post(there, ended)
    assert refused.status_code == 409
    assert "We talked." in refused.content.decode()
    assert act(made, ref, "Amber", "task").status_code == 302
    assert 'name="without_tasks"' not in host.get(there).content.decode()
    assert host.post(there, ended).status_code == 302
    over = browser_of(made["Cedar"]).get(there).content.decode()
    assert "We talked." in over
    assert "Here: Amber" in over


def test_nobody_comes_in_without_accepting_the_rules_that_are_shown(made: make.Made) -> None:
    ref = entered(made)
    there = url(made, "meeting", ref)
    page = browser_of(made["Amber"]).get(there).content.decode()
    assert "Never talked about here" in page
    assert page.count("<li><p>") >= 19
    assert act(made, ref, "Amber", "enter").status_code == 409
    assert not Attendance.objects.exists()
    act(made, ref, "Amber", "enter", accepts="yes")
    inside = browser_of(made["Amber"]).get(there).content.decode()
    assert "Never talked about here" not in inside
    make.all_sign(made, make.charter_text(mission="Another one"))
    assert "Accept it anew" in browser_of(made["Amber"]).get(there).content.decode()


def test_what_is_taken_along_has_no_name_in_the_form_and_only_that_it_was_taken_is_sent(
    made: make.Made,
) -> None:
    ref = entered(made, "Amber", "Birch")
    page = browser_of(made["Amber"]).get(url(made, "meeting", ref)).content.decode()
    form = page[page.index('id="task"') : page.index("</form>", page.index('id="task"'))]
    assert form.count("name=") == 2  # the token of the form and what is done
    act(made, ref, "Amber", "task", words="I call two people on Monday")
    assert Attendance.objects.filter(task=True).count() == 1
    host = convener_of(made).get(url(made, "meeting", ref)).content.decode()
    assert "One person here has taken nothing along yet." in host
    there, ended = url(made, "meeting", ref), guarded(act="end", minutes="We talked.")
    assert convener_of(made).post(there, ended).status_code == 409
    assert Meeting.objects.get(ref=ref).state == "running"
    assert convener_of(made).post(there, ended | {"without_tasks": "on"}).status_code == 302


def test_the_twelve_conditions_are_asked_once(made: make.Made) -> None:
    ref = entered(made, "Amber")
    page = browser_of(made["Amber"]).get(url(made, "meeting", ref)).content.decode()
    assert page.count('name="held"') == len(CONDITIONS) == 12
    said = [CONDITIONS[0].code, CONDITIONS[3].code]
    assert act(made, ref, "Amber", "held", held=said).status_code == 302
    assert act(made, ref, "Amber", "held", held=said).status_code == 403
    assert Meeting.objects.get().made_it_work[said[0]] == [1, 1]
    listed = browser_of(made["Amber"]).get(url(made, "meetings")).content.decode()
    assert "below 5 answers" in listed
    assert "100 %" not in listed


def test_a_meeting_without_a_time_an_agenda_or_a_check_is_not_planned(made: make.Made) -> None:
    host = convener_of(made)
    good = guarded(at="2077-01-04T09:30", minutes_long="30", agenda=AGENDA)
    for wrong in (
        {"at": "soon"},
        {"at": "2077-02-31T09:00"},
        {"at": "2026-01-04T09:30"},
        {"agenda": " "},
        {"minutes_long": "x"},
        {"minutes_long": "500"},
        {"guard_version": ""},
    ):
        answer = host.post(url(made, "meetings"), good | wrong)
        assert answer.status_code == 409
        assert (good | wrong)["agenda"].strip() in answer.content.decode()
    assert not Meeting.objects.exists()
    assert browser_of(made["Birch"]).post(url(made, "meetings"), good).status_code == 403


def test_who_leads_moves_a_meeting_and_calls_it_off(made: make.Made) -> None:
    ref = planned(made)
    there, host, amber = url(made, "meeting", ref), convener_of(made), browser_of(made["Amber"])
    assert "Call it off" not in amber.get(there).content.decode()
    form = host.get(there).content.decode()
    assert AGENDA in form[form.index("<textarea") :]
    day = (timezone.localtime() + timedelta(days=9)).strftime("%Y-%m-%dT09:30")
    moved = guarded(act="move", turn="0", at=day, minutes_long="20", agenda="Warm plates")
    refused = host.post(there, moved | {"at": "", "agenda": "My new words"})
    assert refused.status_code == 409
    assert "My new words" in refused.content.decode()
    assert host.post(there, moved).status_code == 302
    overtaken = host.post(there, moved | {"agenda": "My new words"})
    assert overtaken.status_code == 409
    assert "My new words" in overtaken.content.decode()
    page = amber.get(there).content.decode()
    assert "Warm plates" in page
    assert "09:30" in page
    assert host.post(there, {"act": "off", "turn": "1"}).status_code == 302
    assert "called off" not in amber.get(url(made, "here")).content.decode(), "in nine days"
    Meeting.objects.update(at=timezone.now() + timedelta(days=1))
    assert "is called off." in amber.get(url(made, "here")).content.decode()
    assert "called off" in amber.get(there).content.decode()
    assert "called off" in amber.get(url(made, "meetings")).content.decode()
    file = amber.get(url(made, "meeting_ics", ref)).content.decode()
    assert "STATUS:CANCELLED" in file
    assert "SEQUENCE:2" in file
    assert "VALARM" not in file
    Meeting.objects.update(at=timezone.now() - timedelta(days=20))
    assert there in host.get(url(made, "meetings")).content.decode(), "it can be planned again"
    assert host.post(there, moved | {"turn": "2"}).status_code == 302
    assert "You meet on" in amber.get(there).content.decode()


def test_words_for_a_meeting_that_went_on_meanwhile_come_back(made: make.Made) -> None:
    ref = entered(made)
    there, host = url(made, "meeting", ref), convener_of(made)
    moved = guarded(act="move", turn="0", at="2077-01-04T09:30", minutes_long="20", agenda="Plates")
    late = host.post(there, moved)
    assert late.status_code == 409
    assert "Plates" in late.content.decode()
    assert host.post(there, guarded(act="end", minutes="We talked.")).status_code == 302
    second = host.post(there, guarded(act="end", minutes="My own long minutes."))
    assert second.status_code == 409
    assert "My own long minutes." in second.content.decode()
    assert "It was not kept here." in second.content.decode()
    assert "My own long minutes." not in host.get(there).content.decode()


def test_a_meeting_that_nobody_began_is_told_to_who_can_move_it(made: make.Made) -> None:
    ref = planned(made)
    begins = timezone.now() - timedelta(minutes=10)
    Meeting.objects.update(at=begins)
    lists = convener_of(made).get(url(made, "meetings")).content.decode()
    assert "You meet on" in lists, "the steward is a little late"
    assert "not begun" not in lists
    Meeting.objects.update(at=begins - timedelta(days=30))
    there = url(made, "meeting", ref)
    first = [each.get(url(made, "here")) for each in (convener_of(made), browser_of(made["Amber"]))]
    lead, amber = [each.content.decode() for each in first]
    assert "did not begin. Move it, or call it off." in lead
    assert there not in amber
    assert "It did not begin." in browser_of(made["Amber"]).get(there).content.decode()
    listed = convener_of(made).get(url(made, "meetings")).content.decode()
    assert "No meeting is planned." in listed
    assert "not begun" in listed


def test_a_calendar_takes_the_meeting_at_the_same_moment_everywhere(made: make.Made) -> None:
    ref = planned(made)
    file = browser_of(made["Amber"]).get(url(made, "meeting_ics", ref))
    assert file["Content-Type"].startswith("text/calendar")
    at = Meeting.objects.get().at
    assert f"DTSTART:{at:%Y%m%dT%H%M%SZ}" in file.content.decode()
    assert f"DTEND:{at + timedelta(minutes=30):%Y%m%dT%H%M%SZ}" in file.content.decode()


def test_the_list_says_what_a_month_asks_of_a_leader(made: make.Made) -> None:
    planned(made)
    listed = browser_of(made["Amber"]).get(url(made, "meetings"))
    assert listed.context["cost"].minutes == 30
    people.draw_pairs(made.convener, made.exchange, seed=1, today=timezone.localdate())
    listed = browser_of(made["Amber"]).get(url(made, "meetings"))
    assert (listed.context["cost"].minutes, listed.context["cost"].within_the_hour) == (60, False)
    assert "That is an hour or more." in listed.content.decode()
    Meeting.objects.all().delete()
    for key in ("r1", "r2"):
        talk.asked(made, key=key)
    page = browser_of(made["Amber"]).get(url(made, "meetings")).content.decode()
    assert "ask each leader for 50 minutes" in page
    assert "That is an hour or more." not in page
    Round.objects.update(phase="over")
    page = browser_of(made["Amber"]).get(url(made, "meetings")).content.decode()
    assert "ask each leader for 30 minutes" in page


def test_the_host_draws_pairs_and_only_the_two_of_a_pair_see_it(made: make.Made) -> None:
    host = convener_of(made)
    assert host.post(url(made, "pairs"), {"act": "draw"}).status_code == 302
    host.post(url(made, "pairs"), {"act": "draw"})
    drawn = list(Pair.objects.select_related("seeker", "giver"))
    assert len(drawn) == 2
    assert browser_of(made["Amber"]).post(url(made, "pairs"), {"act": "draw"}).status_code == 403
    for each in drawn:
        two = {each.seeker.name, each.giver.name}
        for company in made.members:
            answer = browser_of(company).get(url(made, "pair", each.pk))
            assert answer.status_code == (200 if company.name in two else 404)
    assert browser_of(made["Client"]).get(url(made, "pair", drawn[0].pk)).status_code == 404
    page = host.get(url(made, "pairs")).content.decode()
    assert not any(f'<b dir="auto">{each.name}</b>' in page for each in made.members)


def test_a_worksheet_is_never_sent(made: make.Made) -> None:
    convener_of(made).post(url(made, "pairs"), {"act": "draw"})
    each = Pair.objects.select_related("seeker").first()
    assert each is not None
    there = url(made, "pair", each.pk)
    seeker = browser_of(made[each.seeker.name])
    page = seeker.get(there).content.decode()
    assert page.count("<textarea") == len(WORKSHEET)
    assert "You ask" in page
    form = page[page.index('id="worksheet"') : page.index("</form>", page.index('id="worksheet"'))]
    assert "name=" not in form
    assert seeker.post(there).status_code == 302
    each.refresh_from_db()
    assert each.met


def test_strengths_are_told_to_those_they_fit_and_to_nobody_else(made: make.Made) -> None:
    one, other = STRENGTHS[0].code, STRENGTHS[1].code
    for name, offers, asks in (("Amber", [one], []), ("Birch", [], [one]), ("Cedar", [other], [])):
        sent = {"act": "strengths", "offers": offers, "asks": asks}
        assert browser_of(made[name]).post(url(made, "pairs"), sent).status_code == 302
    fits = {
        name: [who for who, _fit in browser_of(made[name]).get(url(made, "pairs")).context["fits"]]
        for name in make.NAMES[:3]
    }
    assert fits == {"Amber": ["Birch"], "Birch": ["Amber"], "Cedar": []}
    wrong = {"act": "strengths", "offers": ["flying"]}
    assert browser_of(made["Amber"]).post(url(made, "pairs"), wrong).status_code == 409


def test_whom_to_call_has_three_topics_and_is_done_for_four_weeks_after_a_pair_met(
    made: make.Made,
) -> None:
    page = browser_of(made["Amber"]).get(url(made, "pairs"))
    assert [call.name for call in page.context["calls"]] == ["Birch", "Cedar"]
    assert {len(call.topics) for call in page.context["calls"]} == {3}
    amber, birch = made["Amber"].row, made["Birch"].row
    today = timezone.localdate()
    Pair.objects.create(exchange=made.exchange, seeker=amber, giver=birch, drawn_on=today, met=True)
    page = browser_of(made["Amber"]).get(url(made, "pairs"))
    assert [call.name for call in page.context["calls"]] == ["Cedar"]
    Pair.objects.update(drawn_on=today - timedelta(days=28))
    page = browser_of(made["Amber"]).get(url(made, "pairs"))
    assert [call.name for call in page.context["calls"]] == ["Cedar", "Birch"]


DIGESTS = [f"{at:032x}" for at in range(40)]


def test_lists_are_handed_in_as_digests_and_compared_when_all_are_in(made: make.Made) -> None:
    there = url(made, "lists")
    for at, name in enumerate(make.NAMES[:3]):
        sent = {"about": "together", "digests": "\n".join(DIGESTS[at : at + 32])}
        before = browser_of(made["Amber"]).get(there)
        assert before.context["together"] == []
        assert browser_of(made[name]).post(there, sent).status_code == 302
    shared = DIGESTS[2:32]
    for name in ("Amber", "Client"):
        page = browser_of(made[name]).get(there)
        assert page.context["together"] == shared
    assert "data-shared" not in browser_of(made["Client"]).get(there).content.decode()
    client = {"about": "together", "digests": "\n".join(DIGESTS[:32])}
    assert browser_of(made["Client"]).post(there, client).status_code == 403


@pytest.mark.parametrize(
    ("about", "digests"),
    [("together", ""), ("together", "coaching"), ("prices", "\n".join(DIGESTS[:32]))],
)
def test_words_instead_of_digests_are_refused(about: str, digests: str, made: make.Made) -> None:
    sent = {"about": about, "digests": digests}
    assert browser_of(made["Amber"]).post(url(made, "lists"), sent).status_code == 409
    assert not BlindList.objects.exists()


def test_doubled_services_are_shown_to_two_who_both_opened_and_only_among_charities() -> None:
    made = make.opened(names=make.NAMES[:3])
    assert 'id="services"' not in browser_of(made["Amber"]).get(url(made, "lists")).content.decode()
    made.exchange.template = "charities"
    made.exchange.save(update_fields=["template"])
    there = url(made, "lists")
    for name in ("Amber", "Birch"):
        sent = {"about": "services", "digests": "\n".join(DIGESTS[:32])}
        browser_of(made[name]).post(there, sent)
    browser_of(made["Amber"]).post(there, {"act": "open", "open_to": [made["Birch"].row.ref]})
    assert browser_of(made["Amber"]).get(there).context["doubled"] == []
    browser_of(made["Birch"]).post(there, {"act": "open", "open_to": [made["Amber"].row.ref]})
    assert browser_of(made["Amber"]).get(there).context["doubled"] == [("Birch", DIGESTS[:32])]
    assert browser_of(made["Cedar"]).get(there).context["doubled"] == []


def test_what_waits_leads_to_the_page_where_it_is_done(made: make.Made) -> None:
    at = timezone.now() + timedelta(days=2)
    draft = commands.MeetingDraft(at=at, agenda=AGENDA)
    ref = commands.plan_meeting(made.convener, made.exchange, draft, talk.checked()).ref
    convener_of(made).post(url(made, "pairs"), {"act": "draw"})
    page = browser_of(made["Amber"]).get(url(made, "here")).content.decode()
    assert url(made, "meeting", ref) in page
    assert "Half an hour with" in page
    assert "This week you could call" in page
    act(made, ref, "Steward", "begin")
    page = browser_of(made["Amber"]).get(url(made, "here")).content.decode()
    assert "A meeting runs now." in page
    act(made, ref, "Amber", "enter", accepts="yes")
    page = browser_of(made["Amber"]).get(url(made, "here")).content.decode()
    assert "A meeting runs now." not in page


def test_the_yearly_review_is_called_to_mind_before_its_day(made: make.Made) -> None:
    here = url(made, "here")
    assert "yearly review" not in convener_of(made).get(here).content.decode()
    made.exchange.opened_on = timezone.localdate() - timedelta(days=345)
    made.exchange.save(update_fields=["opened_on"])
    assert "yearly review" in convener_of(made).get(here).content.decode()
    assert "yearly review" not in browser_of(made["Amber"]).get(here).content.decode()


@pytest.mark.parametrize("name", ["meetings", "pairs", "lists", "outside", "media", "programmes"])
def test_who_is_not_in_it_sees_nothing_of_it(name: str, made: make.Made) -> None:
    other = make.opened("Another", names=make.NAMES[:3])
    assert browser_of(other["Amber"]).get(url(made, name)).status_code == 302
    assert convener_of(other).get(url(made, name)).status_code in {302, 404}
