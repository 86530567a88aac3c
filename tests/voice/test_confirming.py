"""People say what comments mean: it stays, it is counted, and the reader learns from it."""

import pytest
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from tests import factories as f
from tests.voice.said import comment, heard, stored, theme, weeks_ago
from tests.voice.test_commands import kept_sums, plain_sums
from upturn.graph.models import Kind
from upturn.people.models import Person
from upturn.record.models import JournalEntry
from upturn.stats import Withheld
from upturn.voice import commands, jobs, queries
from upturn.voice.commands import Understood, readers
from upturn.voice.models import Confirmation, Feedback, Lesson, ReaderVersion, Reading
from upturn.voice.queries import waiting
from upturn.voice.queries.confirming import A_LESSON, SHOWN, most_doubtful

pytestmark = pytest.mark.django_db


def leader() -> Person:
    return f.person(role="leader")


def doubtful(number: int, *, text: str = "The soup was cold again") -> list[Reading]:
    guests = f.party("Guests", kind=Kind.CUSTOMERS)
    rows = heard(f.touchpoint(customers=guests), [5.0] * number, week=weeks_ago(1), text=text)
    Reading.objects.update(theme_confidence=0.31)
    return list(Reading.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


def test_a_correction_moves_the_comment_to_another_sum_at_once() -> None:
    cold, (reading, _) = theme(), doubtful(2)
    right = commands.confirm(
        leader(), reading.pk, said=Understood(reading.touchpoint_id, cold.pk, -1)
    )
    assert not right
    assert kept_sums() == plain_sums()
    reading.refresh_from_db()
    assert (reading.theme, reading.polarity, reading.confirmed) == (cold, -1, True)
    entry = JournalEntry.objects.order_by("-id")[0]
    assert (entry.verb, entry.subject_ref) == ("corrected a reading", str(reading.pk))


def test_what_was_confirmed_stays_when_everything_is_read_again() -> None:
    theme("cold", "Cold", words="cold lukewarm soup")
    (reading,) = doubtful(1)
    commands.confirm(leader(), reading.pk, said=Understood(reading.touchpoint_id, None, 1))
    commands.read_once_more()
    jobs.read_unread()
    reading.refresh_from_db()
    assert (reading.theme, reading.polarity) == (None, 1)
    assert kept_sums() == plain_sums()


def test_taking_back_gives_what_the_reader_had_said() -> None:
    cold, (reading,), chief = theme(), doubtful(1), leader()
    before = kept_sums()
    commands.confirm(chief, reading.pk, said=Understood(None, cold.pk, -1))
    commands.confirm(chief, reading.pk, said=Understood(None, cold.pk, 1))
    assert Confirmation.objects.get().theme_read is None
    commands.take_back_confirmation(chief, reading.pk)
    assert kept_sums() == before == plain_sums()
    assert not Confirmation.objects.exists()
    with pytest.raises(ObjectDoesNotExist):
        commands.take_back_confirmation(chief, reading.pk)


def test_saying_so_is_for_those_who_write_themes() -> None:
    (reading,) = doubtful(1)
    with pytest.raises(PermissionDenied):
        commands.confirm(f.person(), reading.pk, said=Understood(None, None, 0))
    assert queries.to_confirm(f.person()).rows == ()
    assert queries.lessons(f.person()) is None
    assert queries.hit_rates(f.person()) == ()


@pytest.mark.parametrize("said", [Understood(10**9, None, 0), Understood(None, 10**9, 0)])
def test_a_theme_or_moment_that_is_not_there_is_refused(said: Understood) -> None:
    (reading,) = doubtful(1)
    with pytest.raises(ObjectDoesNotExist):
        commands.confirm(leader(), reading.pk, said=said)
    assert not Confirmation.objects.exists()


def test_the_least_sure_come_first_and_the_confirmed_not_at_all() -> None:
    rows = doubtful(4)
    for row, confidence in zip(rows, (0.9, 0.35, 0.0, 0.29), strict=True):
        Reading.objects.filter(pk=row.pk).update(theme_confidence=confidence)
    Reading.objects.filter(pk=rows[3].pk).update(confirmed=True)
    assert [row.id for row in most_doubtful(10)] == [rows[1].pk, rows[2].pk, rows[0].pk]
    shown = queries.to_confirm(leader(), skipped=[rows[1].pk], first=rows[3].pk)
    assert [one.row.id for one in shown.rows] == [rows[3].pk, rows[2].pk, rows[0].pk]


def test_hit_rates_are_counted_by_how_sure_the_reader_was() -> None:
    cold, rows, chief = theme(), doubtful(12), leader()
    Reading.objects.filter(pk__in=[row.pk for row in rows[:6]]).update(theme_confidence=0.8)
    for at, row in enumerate(rows):
        said = Understood(row.touchpoint_id, cold.pk if at in (0, 6, 7) else None, row.polarity)
        commands.confirm(chief, row.pk, said=said)
    sure, fairly, cannot = queries.hit_rates(chief)
    assert (sure.sure, fairly.sure, cannot.sure) == ("sure", "fairly", "cannot_tell")
    assert not isinstance(sure.share, Withheld)
    assert not isinstance(fairly.share, Withheld)
    assert (sure.share.value, sure.share.n) == (5 / 6, 6)
    assert (fairly.share.value, fairly.share.n) == (4 / 6, 6)
    assert cannot.share == Withheld("too_few", 5, 0)


PARKING = [
    "No space left in the car park once more",
    "The car park was full and we drove round for ages",
    "Could not park anywhere near the house",
    "Where is one to park the car here?",
]


def test_twenty_corrections_change_how_the_next_ones_are_read() -> None:
    """Nothing in the theme's description says "car"; only what a person said does."""
    access = theme("access", "Access", words="way in")
    cold = theme("cold", "Cold", words="cold lukewarm soup plates")
    said = [PARKING[n % 4] for n in range(24)] + ["The soup was cold"] * 16
    stored(*(comment(text) for text in said))
    jobs.read_unread()
    assert not Reading.objects.filter(theme=access).exists()
    chief, cars = leader(), list(Reading.objects.order_by("pk"))[:24]
    soups = list(Reading.objects.order_by("pk"))[24:]
    for row, spoken_of in [*((row, access) for row in cars[:14]), *((s, cold) for s in soups[:5])]:
        commands.confirm(chief, row.pk, said=Understood(None, spoken_of.pk, -1))
    assert not Lesson.objects.exists()
    jobs.read_unread()
    assert not Reading.objects.filter(theme=access, confirmed=False).exists()
    commands.confirm(chief, soups[5].pk, said=Understood(None, cold.pk, -1))
    found = queries.lessons(chief)
    assert found is not None
    assert found.learning
    jobs.read_unread()
    found = queries.lessons(chief)
    assert found is not None
    assert (found.learning, found.missing) == (False, A_LESSON)
    assert (found.otherwise, found.looked_at) == (10, 20)
    jobs.read_unread()
    assert Reading.objects.filter(theme=access, confirmed=False).count() == 10
    assert not Reading.objects.filter(theme=access, feedback__text="The soup was cold").exists()
    assert kept_sums() == plain_sums()


def test_corrections_about_one_theme_leave_the_others_as_they_were() -> None:
    access = theme("access", "Access", words="way in")
    cold = theme("cold", "Cold", words="The soup was cold. The plates came lukewarm.")
    kind = theme("kind", "Kindness", words="Friendly staff. The waiter was kind.")
    others = ["Cold soup once more", "Such a friendly waiter"] * 5
    stored(*(comment(text) for text in [*PARKING * 6, *others]))
    jobs.read_unread()
    chief = leader()
    for row in list(Reading.objects.order_by("pk"))[:A_LESSON]:
        commands.confirm(chief, row.pk, said=Understood(None, access.pk, -1))
    for _ in range(2):
        jobs.read_unread()
    about = [
        (row.feedback.text, row.theme)
        for row in Reading.objects.order_by("pk").select_related("feedback", "theme")
        if not row.confirmed
    ]
    assert about == [
        *((text, access) for text in PARKING),
        *zip(others, [cold, kind] * 5, strict=True),
    ]


def test_each_reading_tells_which_reader_made_it() -> None:
    theme()
    stored(comment("The soup was cold"))
    jobs.read_unread()
    assert Reading.objects.get().version == ReaderVersion.objects.get()


def _read_anew_with(reader: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """What the worker does once it starts, with another setting; how many comments it reads."""
    monkeypatch.setattr(settings, "READER", reader)
    readers._fitted.cache_clear()
    commands.read_again_by_another()
    return jobs.read_unread()


@pytest.mark.parametrize("other", ["minilm", "multilingual"])
def test_another_reader_reads_everything_once_more_and_once(
    monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    theme()
    assert _read_anew_with("fast", monkeypatch) == 0
    first, _, newest = stored(*(comment(f"The soup was cold, visit {n}") for n in range(3)))
    assert _read_anew_with("fast", monkeypatch) == 3
    commands.confirm(leader(), first.pk, said=Understood(None, None, 0))
    assert _read_anew_with("fast", monkeypatch) == 0
    assert _read_anew_with(other, monkeypatch) == 3
    made_by = dict(Reading.objects.values_list("pk", "version__name"))
    assert made_by.pop(first.pk).startswith("fast ")
    assert {name.split()[0] for name in made_by.values()} == {other}
    assert _read_anew_with(other, monkeypatch) == 0
    assert newest.pk in made_by


def test_a_change_of_reader_while_all_is_read_again_begins_with_the_newest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    theme()
    rows = stored(*(comment(f"The soup was cold, visit {n}") for n in range(3)))
    _read_anew_with("fast", monkeypatch)
    monkeypatch.setattr(settings, "READER", "minilm")
    for reached, begins in ((rows[0].pk, rows[2].pk + 1), (rows[2].pk + 1, rows[2].pk + 1)):
        commands.read_on(before=reached)
        commands.read_again_by_another()
        assert waiting.afterwards().again_before == begins


def test_clauses_stand_beside_the_reading_of_the_whole() -> None:
    theme("cold", "Cold", words="cold lukewarm soup")
    theme("late", "Late", words="waited an hour late slow")
    (row,) = stored(comment("The soup was delicious but we waited an hour for it"))
    jobs.read_unread()
    (one,) = queries.to_confirm(leader()).rows
    assert [(clause.theme, clause.polarity) for clause in one.clauses] == [
        ("Cold", 1),
        ("Late", -1),
    ]
    assert one.row.id == row.pk
    assert sum(sums[0] for sums in kept_sums().values()) == 1


def test_a_language_nobody_measured_is_named_beside_the_comment() -> None:
    theme("cold", "Cold", words="cold lukewarm soup")
    german = "Die Suppe war leider kalt und wir haben sehr lange auf einen Tisch gewartet"
    stored(comment(german), comment("The soup was cold and we had to wait very long for a table"))
    jobs.read_unread()
    chief = leader()
    told = {one.row.text: one.unmeasured for one in queries.to_confirm(chief).rows}
    assert told.pop(german) == "de"
    assert set(told.values()) == {""}
    page = f.signed_in(chief).get("/themes/confirm/").content.decode()
    assert page.count("how well German is read was never measured") == 1


def test_repeated_and_bot_like_comments_are_flagged_and_kept() -> None:
    text = "We waited more than an hour for a table and nobody told us why"
    stored(comment(text), comment("Short"))
    jobs.read_unread()
    stored(comment(text.upper()), comment("https://example.org/win"))
    jobs.read_unread()
    assert list(Feedback.objects.order_by("pk").values_list("near_duplicate", "bot_like")) == [
        (False, False),
        (False, False),
        (True, False),
        (False, True),
    ]
    assert Reading.objects.count() == 4


def test_a_page_of_the_list_never_holds_more_than_it_shows() -> None:
    doubtful(SHOWN + 5)
    assert len(queries.to_confirm(leader()).rows) == SHOWN
