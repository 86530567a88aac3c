"""The sum of us: what came of a whole exchange, of no company, and only what can be told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.exchange import factories as make
from tests.exchange import rounds, summed
from tests.exchange.pages import browser_of, convener_of, text, url
from upturn.exchange.commands.kept import say_whether_kept
from upturn.exchange.commands.refusals import NotYours
from upturn.exchange.engine.trends import Way
from upturn.exchange.models import Exchange, PlanPart
from upturn.exchange.queries import sum_of_us as read
from upturn.record.models import JournalEntry
from upturn.stats.figures import Figure, Withheld

pytestmark = pytest.mark.django_db
HELPED, TOO_NEAR = "People stay to listen now.", "It is too near what we sell."
EVERYTHING = (
    "We meet guests as one", "Guests are asked once d1", "A word after the shift",
    HELPED, "A warm first week", "Too often for us.",
    "We try it for a season.", "Fewer guests call twice.",
)  # fmt: skip


@pytest.fixture
def made() -> make.Made:
    return make.opened(names=make.NAMES[:5])


def names_of(made: make.Made) -> list[str]:
    return [each.name for each in made.members]


def filled(made: make.Made, many: int = 1) -> None:
    """So many of everything but benchmarks."""
    for at in range(1, many + 1):
        words = "We meet guests as one" if at == 1 else f"We meet guests again {at}"
        summed.closed(made, f"d{at}", words=words, against="Too often for us.")
        summed.shared(
            made, f"c{at}", title="A word after the shift", reason="People stay to listen now."
        )
        summed.alive(made, f"p{at}", name="A warm first week")
        summed.met(made, at, dict.fromkeys(names_of(made), summed.CODES[:6]))
        summed.noted(made, "Fewer guests call twice.")


def page(made: make.Made, name: str = "Cedar") -> str:
    browser = convener_of(made) if name == "convener" else browser_of(made[name])
    answer = browser.get(url(made, "sum_of_us"))
    assert answer.status_code == 200
    return text(answer)


def test_one_page_tells_what_came_of_it_all_and_of_no_company(made: make.Made) -> None:
    """Seed S3.53: one page, the same for all, with everything that came of it and no name."""
    filled(made)
    summed.opened_again(made, rounds.whole(made), more=40)
    summed.closed(
        made, "no", words="We ask guests at the door", objects="It is too near what we sell."
    )
    summed.shared(made, "only", title="A list at the door")
    summed.alive(made, "soon", name="A second week", go=False)
    for who in ("Amber", "Client", "convener"):
        shown = page(made, who)
        main = shown.partition("<main")[2]
        assert [words for words in EVERYTHING if words not in main] == []
        assert "Higher than in the first round shown." in main
        assert TOO_NEAR in main
        assert "A second week" not in main
        assert [each for each in make.NAMES[:5] if each in main] == []
    found = read.sum_of_us(made["Client"].sitting, made.exchange)
    assert [each.words for each in found.agreed] == ["We meet guests as one"]
    assert [(each.title, each.reasons) for each in found.adopted] == [
        ("A word after the shift", (HELPED,))
    ]
    assert [each.title for each in found.shared] == ["A list at the door"]
    first = text(browser_of(made["Amber"]).get(url(made, "here")))
    assert url(made, "sum_of_us") in first


def test_a_steward_reads_all_but_benchmarks(made: make.Made) -> None:
    filled(made)
    rounds.whole(made)
    assert read.sum_of_us(made["Steward"].sitting, made.exchange).moved == ()
    shown = page(made, "Steward")
    assert "A warm first week" in shown
    assert '<h2 id="moved"' not in shown


def test_an_empty_page_says_what_will_stand_there(made: make.Made) -> None:
    shown = page(made)
    assert not read.sum_of_us(made.convener, made.exchange).anything
    assert "What will stand here" in shown
    assert "<svg" not in shown.partition("<main")[2]
    assert "five people said which" in shown


def test_a_practice_that_is_only_tried_is_its_companys_own(made: make.Made) -> None:
    """Thanks alone tell that somebody adopted it; a page that said more would tell who tries."""
    card = summed.shared(made, "c1", title="A word after the shift")
    before = page(made)
    summed.tried(made, card)
    assert page(made) == before


def test_a_round_alone_does_not_move_and_two_alike_cannot_be_told_apart(made: make.Made) -> None:
    first = rounds.whole(made)
    assert [each.way for each in read.sum_of_us(made.convener, made.exchange).moved] == [None, None]
    assert "One round so far." in page(made)
    summed.opened_again(made, first, more=0.2)
    seen = read.sum_of_us(made["Amber"].sitting, made.exchange).moved
    assert [each.way for each in seen] == [Way.CANNOT_TELL, Way.CANNOT_TELL]
    assert [[bar.name for bar in each.rounds] for each in seen] == [["Spring", "Summer"]] * 2
    assert "Cannot tell." in page(made)


def test_what_speaks_against_it_stays_without_a_name(made: make.Made) -> None:
    summed.closed(
        made, "no", words="We ask guests at the door", objects="It is too near what we sell."
    )
    found = read.sum_of_us(made.convener, made.exchange)
    assert (found.agreed, [each.agreed for each in found.disputed]) == ((), [False])
    assert "Not agreed:" in page(made)


def test_who_has_not_signed_the_charter_that_holds_does_not_read_it(made: make.Made) -> None:
    from upturn.exchange.commands import charters  # noqa: PLC0415 - for this story alone

    text_now = make.charter_text(mission="Another one")
    charters.propose_charter(made.convener, made.exchange, text_now, after=1, today=make.TODAY)
    assert browser_of(made["Amber"]).get(url(made, "sum_of_us")).status_code == 404
    with pytest.raises(Exchange.DoesNotExist):
        read.sum_of_us(made["Amber"].sitting, made.exchange)
    assert url(made, "sum_of_us") not in text(browser_of(made["Amber"]).get(url(made, "here")))


def asked_for(made: make.Made, browsers: list[Client]) -> list[int]:
    """How often the page asks the database, by each browser, but for closing its fences."""
    counts = []
    for browser in browsers:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url(made, "sum_of_us")).status_code == 200
        asked = [each["sql"] for each in queries if "_setting(" not in each["sql"]]
        counts.append(len([sql for sql in asked if "set_config(" not in sql]))
    return counts


def test_it_asks_the_database_as_often_for_two_as_for_six(made: make.Made) -> None:
    browsers = [browser_of(made["Amber"]), convener_of(made)]
    filled(made, 2)
    rounds.whole(made)
    few = asked_for(made, browsers)
    for at in range(3, 7):
        summed.closed(made, f"d{at}", words=f"We meet guests again {at}", against="Too often.")
        summed.shared(made, f"c{at}", title=f"A word {at}", reason="It helped us.")
        summed.met(made, at, dict.fromkeys(names_of(made), summed.CODES))
    assert asked_for(made, browsers) == few
    assert max(few) <= 12


def test_the_twelve_conditions_are_followed_meeting_by_meeting(made: make.Made) -> None:
    """Seed S3.36: asked once after each meeting, shown as a trend, and told only where it shows."""
    names = names_of(made)
    grows, stays, falls = summed.CODES[:3]
    for at in range(8):
        held = (stays, falls) if at < 4 else (stays, grows)
        summed.met(made, at, dict.fromkeys(names, held))
    summed.met(made, 9, dict.fromkeys(names[:4], (falls,)))
    found = read.sum_of_us(made["Client"].sitting, made.exchange).held
    assert len(found.meetings) == 8
    assert max(found.meetings) == summed.AT + timedelta(days=7)
    since = {code: found.trends[code].since for code in (grows, stays, falls)}
    assert since == {grows: Way.UP, stays: Way.CANNOT_TELL, falls: Way.DOWN}
    shares = [share.value if share else None for share in found.trends[grows].shares]
    assert shares == [0.0] * 4 + [1.0] * 4
    main = page(made).partition('id="held"')[2]
    assert main.count("<svg") == len(summed.CODES) == 12
    assert main.count("<b>holds more often</b>") == main.count("<b>holds less often</b>") == 1
    assert "100 % <small>57–100 %, n 5</small>" in main
    listed = text(browser_of(made["Amber"]).get(url(made, "meetings")))
    assert f"{url(made, 'sum_of_us')}#held" in listed


def test_four_answers_to_a_meeting_show_nothing(made: make.Made) -> None:
    names = names_of(made)
    summed.met(made, 1, dict.fromkeys(names[:4], summed.CODES))
    assert read.sum_of_us(made.convener, made.exchange).held.meetings == ()
    assert 'id="held"' not in page(made)


def test_kept_promises_are_told_of_all_together_from_five_companies_on(made: make.Made) -> None:
    row = summed.closed(made, "d1", words="We meet guests as one")
    other = summed.closed(made, "d2", words="We write to guests as one")
    there = url(made, "decision", row.ref)
    assert "Did your company do its part?" in text(browser_of(made["Amber"]).get(there))
    for name in ("Client", "convener"):
        browser = convener_of(made) if name == "convener" else browser_of(made[name])
        assert "Did your company do its part?" not in text(browser.get(there))
        assert browser.post(there, {"act": "kept"}).status_code == 403
    *most, last = names_of(made)
    for name in most:
        act = {"act": "not_kept" if name == "Amber" else "kept"}
        assert browser_of(made[name]).post(there, act).status_code == 302
        assert browser_of(made[name]).post(there, act).status_code == 403
        say_whether_kept(made[name].sitting, other.ref, kept=True, today=make.TODAY)
    assert isinstance(read.sum_of_us(made.convener, made.exchange).promises, Withheld)
    assert "Whether promises were kept is told once five" in page(made)
    browser_of(made[last]).post(there, {"act": "kept"})
    figure = read.sum_of_us(made["Client"].sitting, made.exchange).promises
    assert isinstance(figure, Figure)
    assert (figure.value, figure.n) == (0.8, 5)
    assert "<b>80 %</b> is kept" in page(made, "convener")
    assert JournalEntry.objects.filter(verb="say whether kept").exclude(detail="").count() == 0


def test_no_promise_is_told_of_before_it_begins_or_where_it_was_not_agreed(made: make.Made) -> None:
    row = summed.closed(made, "d1", words="We meet guests as one")
    PlanPart.objects.filter(decision=row).update(starts_on=make.TODAY + timedelta(days=1))
    objected = summed.closed(made, "no", words="We ask guests at the door", objects=TOO_NEAR)
    for each in (row, objected):
        with pytest.raises(NotYours):
            say_whether_kept(made["Amber"].sitting, each.ref, kept=True, today=make.TODAY)
    later = make.TODAY + timedelta(days=1)
    say_whether_kept(made["Amber"].sitting, row.ref, kept=True, today=later)
