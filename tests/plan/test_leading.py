"""Two questions a month to those who lead; the team says whether it is so (S2.18, S2.19)."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import factories as f
from tests.factories import TODAY
from upturn.people.models import Role
from upturn.plan.commands import leaders as commands
from upturn.plan.commands.leaders import ANSWER_MAX, Answer
from upturn.plan.engine import InAction, Incomplete, NotYours, Overtaken
from upturn.plan.models import LeaderWord, Question, WordState
from upturn.plan.queries import leaders as queries
from upturn.record.models import JournalEntry

pytestmark = pytest.mark.django_db
WORDS = "I come to the pass before the doors open."
NEXT_MONTH = date(2026, 12, 3)


class Kitchen:
    """A team of two with two who lead it, and somebody of another team."""

    def __init__(self) -> None:
        self.party = f.party("Kitchen")
        self.leader = f.member(self.party, role=Role.LEADER, leads=True)
        self.second = f.member(self.party, role=Role.LEADER, leads=True)
        self.cook = f.member(self.party)
        self.other = f.member(f.party("Floor"), role=Role.LEADER, leads=True)

    def said(self, words: str = WORDS, question: str = "serve") -> LeaderWord:
        given = Answer(party_id=self.party.pk, question=question, words=words)
        return commands.say(self.leader, given, today=TODAY)


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


def test_both_questions_are_asked_of_those_who_lead_each_month_anew(kitchen: Kitchen) -> None:
    asked = queries.leading(kitchen.leader, today=TODAY).asked
    assert [each.question for each in asked] == [Question.SERVE, Question.CULTURE]
    assert queries.leading(kitchen.cook, today=TODAY).asked == ()
    kitchen.said()
    assert queries.leading_at_home(kitchen.second, today=TODAY).unanswered == 1
    assert queries.leading_at_home(kitchen.leader, today=NEXT_MONTH).unanswered == 2


def test_the_answer_goes_to_the_team_which_confirms_or_edits(kitchen: Kitchen) -> None:
    word = kitchen.said()
    (waiting,) = queries.leading_at_home(kitchen.cook, today=TODAY).waiting
    assert (waiting.words, waiting.for_us, waiting.ours) == (WORDS, True, False)
    commands.confirm(kitchen.cook, word.ref, turn=0, today=TODAY)
    assert queries.leading_at_home(kitchen.cook, today=TODAY).waiting == ()
    otherwise = "You come, and leave when it gets loud."
    commands.put_otherwise(kitchen.cook, word.ref, words=otherwise, turn=1, today=TODAY)
    word.refresh_from_db()
    assert (word.state, word.words, word.team_words) == (WordState.EDITED, WORDS, otherwise)
    (month,) = queries.leading(kitchen.leader, today=NEXT_MONTH).months
    assert (month.first, month.words[0].team_words) == (date(2026, 11, 1), otherwise)


def test_nobody_else_reads_or_says_anything(kitchen: Kitchen) -> None:
    word = kitchen.said()
    strangers = [kitchen.other, f.person(role=Role.EXECUTIVE), f.person(role=Role.ADMINISTRATOR)]
    guest = f.member(kitchen.party, role=Role.GUEST)
    for someone in (*strangers, guest):
        assert queries.leading(someone, today=TODAY).months == ()
        with pytest.raises(NotYours):
            commands.confirm(someone, word.ref, turn=0, today=TODAY)
        with pytest.raises(NotYours):
            given = Answer(party_id=kitchen.party.pk, question="culture", words="Mine")
            commands.say(someone, given, today=TODAY)
    with pytest.raises(NotYours):
        commands.confirm(kitchen.leader, word.ref, turn=0, today=TODAY)
    with pytest.raises(NotYours):
        commands.say(
            kitchen.cook,
            Answer(party_id=kitchen.party.pk, question="serve", words="x"),
            today=TODAY,
        )


def test_an_answer_may_be_put_better_until_the_team_has_answered(kitchen: Kitchen) -> None:
    word = kitchen.said()
    better = Answer(party_id=kitchen.party.pk, question="serve", words="I ask first.", turn=0)
    commands.say(kitchen.second, better, today=TODAY)
    commands.say(kitchen.second, better, today=TODAY)
    word.refresh_from_db()
    assert (word.words, word.turn) == ("I ask first.", 1)
    commands.confirm(kitchen.cook, word.ref, turn=1, today=TODAY)
    with pytest.raises(InAction):
        commands.say(
            kitchen.leader,
            Answer(party_id=kitchen.party.pk, question="serve", words="Again", turn=2),
            today=TODAY,
        )


def test_two_who_lead_one_team_do_not_overwrite_each_other(kitchen: Kitchen) -> None:
    kitchen.said()
    with pytest.raises(Overtaken) as error:
        given = Answer(party_id=kitchen.party.pk, question="serve", words="Mine")
        commands.say(kitchen.second, given, today=TODAY)
    assert error.value.stands == {"words": WORDS, "team_words": "", "turn": 0}
    assert error.value.yours == {"words": "Mine"}
    assert LeaderWord.objects.get().words == WORDS


@pytest.mark.parametrize(
    ("question", "words"), [("serve", "  "), ("serve", "x" * (ANSWER_MAX + 1)), ("other", "x")]
)
def test_what_is_no_answer_is_not_stored(kitchen: Kitchen, question: str, words: str) -> None:
    with pytest.raises(Incomplete):
        kitchen.said(words, question)
    assert not LeaderWord.objects.exists()


def test_the_journal_names_who_leads_and_nobody_of_the_team(kitchen: Kitchen) -> None:
    word = kitchen.said()
    commands.put_otherwise(kitchen.cook, word.ref, words="Not so.", turn=0, today=TODAY)
    entries = JournalEntry.objects.filter(subject_kind="leading")
    found = {entry.verb: entry.actor_id for entry in entries}
    assert found == {"answer question": kitchen.leader.pk, "edit answer": None}
    assert "Not so" not in "".join(entries.values_list("detail", flat=True))


def test_the_home_page_asks_quietly_and_can_be_put_off_for_a_month(kitchen: Kitchen) -> None:
    client = f.signed_in(kitchen.leader)
    page = client.get("/").content.decode()
    for question in Question:
        assert str(question.label) in page
    assert "<b>Two questions" not in page
    client.post("/plans/leading/later/")
    assert "Two questions of this month" not in client.get("/").content.decode()
    assert str(Question.SERVE.label) in client.get("/plans/leading/").content.decode()
    session = client.session
    session["leading_later"] = "2026-01-01"
    session.save()
    assert "Two questions of this month" in client.get("/").content.decode()


def test_the_page_keeps_words_that_were_refused(kitchen: Kitchen) -> None:
    leader, cook = f.signed_in(kitchen.leader), f.signed_in(kitchen.cook)
    given = {"party_id": kitchen.party.pk, "question": "serve", "words": WORDS, "turn": -1}
    assert leader.post("/plans/leading/say/", given).status_code == 302
    again = leader.post("/plans/leading/say/", given | {"words": "Other words"})
    assert again.status_code == 409
    for words in ("Other words", WORDS, "nothing is lost"):
        assert words in again.content.decode()
    word = LeaderWord.objects.get()
    assert WORDS in cook.get("/").content.decode()
    team = f"/plans/leading/{word.ref}/team/"
    long = cook.post(team, {"otherwise": "on", "words": "y" * (ANSWER_MAX + 9), "turn": 0})
    assert long.status_code == 409
    assert "y" * ANSWER_MAX in long.content.decode()
    put = {"otherwise": "on", "words": "We would say it otherwise.", "turn": 0}
    assert cook.post(team, put).status_code == 302
    both = leader.get("/plans/leading/").content.decode()
    assert WORDS in both
    assert "We would say it otherwise." in both


def test_the_way_to_practice_cards_stands_beside_the_question_of_culture(
    kitchen: Kitchen,
) -> None:
    client = f.signed_in(kitchen.leader)
    page = client.get("/plans/leading/").content.decode()
    asked, beside = page.split('aria-labelledby="now"')[1].split('aria-labelledby="near"')
    for question in Question:
        assert f">{question.label}</label>" in asked
    for address in ("/practice/", "/cycles/", "/leading/"):
        assert f'href="{address}"' in beside.split("</aside>")[0]
        assert client.get(address).status_code == 200
    assert f.signed_in(f.person(role=Role.GUEST)).get("/plans/leading/").status_code == 404


def test_more_answers_cost_no_more_queries(kitchen: Kitchen) -> None:
    client = f.signed_in(kitchen.leader)

    def asked() -> int:
        with CaptureQueriesContext(connection) as made:
            client.get("/plans/leading/")
        return len(made)

    asked()
    before = asked()
    LeaderWord.objects.bulk_create(
        LeaderWord(
            ref=f"{month}-{question}",
            party=kitchen.party,
            question=question,
            month=date(2026, month, 1),
            words="w",
            said_on=TODAY,
        )
        for month in range(1, 11)
        for question in Question.values
    )
    assert asked() == before <= 12
