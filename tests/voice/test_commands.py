"""What happens to words on their way in, when they are read, and when they are taken back."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories as f
from tests.voice.said import comment, heard, midday, stored, theme, weeks_ago
from upturn.graph.models import Import, Kind
from upturn.record.models import JournalEntry, OutboxEvent
from upturn.voice import commands, jobs, queries
from upturn.voice.models import (
    Feedback,
    Quote,
    Reading,
    Tally,
    ThemeWeek,
    TouchpointWeek,
)

pytestmark = pytest.mark.django_db


def brought_in(name: str = "comments.csv") -> Import:
    return Import.objects.create(
        ref=name[:16], subject="feedback", file_name=name, digest="", made_on=date(2026, 11, 23)
    )


def plain_sums() -> dict[tuple[int | None, int | None, date], tuple[float, ...]]:
    """Every cell computed the slow way, from the readings and the comments."""
    sums: dict[tuple[int | None, int | None, date], list[float]] = defaultdict(lambda: [0.0] * 6)
    for reading in Reading.objects.select_related("feedback"):
        cell = sums[reading.touchpoint_id, reading.theme_id, reading.week]
        score = reading.feedback.score
        added = (1, reading.polarity > 0, reading.polarity < 0, score is not None)
        for at, value in enumerate((*added, score or 0, (score or 0) ** 2)):
            cell[at] += value
    return {key: tuple(values) for key, values in sums.items()}


def kept_sums() -> dict[tuple[int | None, int | None, date], tuple[float, ...]]:
    return {
        (row.touchpoint_id, row.theme_id, row.week): (
            row.count,
            row.positive,
            row.negative,
            row.scored,
            row.total,
            row.squares,
        )
        for row in ThemeWeek.objects.all()
    }


def test_a_comment_comes_in_once() -> None:
    said = comment("The soup was cold")
    assert commands.hand_in(said, touchpoint_id=None)
    with transaction.atomic():
        assert not commands.hand_in(said, touchpoint_id=None)
    assert [row.text for row in Feedback.objects.all()] == ["The soup was cold"]


def test_a_few_comments_tell_which_of_them_are_new() -> None:
    known, fresh = comment(), comment()
    commands.hand_in(known, touchpoint_id=None)
    assert commands.hand_in_all([known, fresh, fresh]) == [False, True, False]
    assert Feedback.objects.count() == 2


def test_the_same_file_twice_changes_nothing() -> None:
    rows = [comment() for _ in range(5)]
    first = commands.store_feedback(rows, origin=brought_in("one"), by=None)
    again = commands.store_feedback([*rows, comment()], origin=brought_in("two"), by=None)
    assert (first.new, first.same) == (5, 0)
    assert (again.new, again.same) == (1, 5)


def test_words_keep_touchpoint_week_and_who_brought_them() -> None:
    point = f.touchpoint(customers=f.party(kind=Kind.CUSTOMERS))
    leader, origin = f.person(role="leader"), brought_in()
    sunday_night = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    rows = [comment("Warm", at=sunday_night, touchpoint=point.key, place="Mill", score=7.5)]
    commands.store_feedback(rows, origin=origin, by=leader)
    row = Feedback.objects.get()
    assert (row.touchpoint, row.place, row.score, row.origin) == (point, "Mill", 7.5, origin)
    assert (row.at, row.week) == (sunday_night, date(2026, 11, 16))
    entry = JournalEntry.objects.get(verb="stored words")
    assert (entry.actor_id, entry.subject_ref) == (leader.pk, origin.ref)


def test_an_import_that_breaks_leaves_nothing() -> None:
    def breaking() -> object:
        yield from (comment() for _ in range(2500))
        raise OSError("the disk went away")

    with pytest.raises(OSError, match="disk"):
        commands.store_feedback(breaking(), origin=None, by=None)  # type: ignore[arg-type]
    assert not Feedback.objects.exists()
    assert not JournalEntry.objects.exists()


CELLS = st.tuples(
    st.sampled_from([0, 1, None]),
    st.sampled_from([0, None]),
    st.integers(0, 1),
    st.sampled_from([-1, 0, 1]),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=st.lists(st.tuples(CELLS, st.sampled_from([None, 0.0, 2.5, 10.0])), max_size=8),
    again=st.lists(st.tuples(st.integers(0, 7), CELLS), max_size=6),
    taken=st.integers(0, 8),
)
def test_sums_always_equal_the_plain_count(first: list, again: list, taken: int) -> None:
    with transaction.atomic():
        customers = f.party(kind=Kind.CUSTOMERS)
        points = [f.touchpoint(customers=customers) for _ in range(2)]
        cold, origin = theme(), brought_in()
        rows = stored(*(comment(score=s) for _, s in first[:taken]), origin=origin)
        rows += stored(*(comment(score=s) for _, s in first[taken:]))

        def reading(row: Feedback, cell: tuple) -> Reading:
            place, about, week, polarity = cell
            return Reading(
                feedback=row,
                touchpoint=None if place is None else points[place],
                touchpoint_confidence=1,
                theme=None if about is None else cold,
                theme_confidence=1,
                polarity=polarity,
                week=weeks_ago(week),
            )

        commands.store_readings(
            [reading(row, cell) for row, (cell, _) in zip(rows, first, strict=True)]
        )
        for at, cell in again:
            if at < len(rows):
                commands.store_readings([reading(rows[at], cell)])
        assert kept_sums() == plain_sums()
        commands.take_back(origin, by=None)
        assert kept_sums() == plain_sums()
        by_week: dict[tuple[int | None, date], float] = defaultdict(float)
        for (point, _, week), values in plain_sums().items():
            by_week[point, week] += values[4]
        totals = TouchpointWeek.objects.values_list("touchpoint_id", "week", "total")
        assert {(point, week): total for point, week, total in totals} == by_week
        transaction.set_rollback(True)


def test_taking_back_removes_words_readings_and_quotes_of_that_import_alone() -> None:
    origin, cold = brought_in(), theme()
    stored(*(comment(f"The soup was cold on day {n}") for n in range(4)), origin=origin)
    kept = stored(comment("The stew was cold as well"))
    jobs.read_unread()
    assert Quote.objects.exists()
    assert commands.take_back(origin, by=None) == 4
    assert list(Feedback.objects.all()) == kept
    assert set(Quote.objects.values_list("feedback", flat=True)) <= {kept[0].pk}
    assert ThemeWeek.objects.get(theme=cold).count == 1
    assert JournalEntry.objects.filter(verb="took back words").exists()


def test_the_reader_finds_theme_and_mood_and_keeps_a_given_touchpoint() -> None:
    point = f.touchpoint("Paying", customers=f.party(kind=Kind.CUSTOMERS))
    cold = theme()
    stored(comment("The soup was cold, terrible", touchpoint=point.key, score=1.0))
    assert jobs.read_unread() == 1
    reading = Reading.objects.get()
    assert (reading.theme, reading.polarity) == (cold, -1)
    assert (reading.touchpoint, reading.touchpoint_confidence) == (point, 1.0)
    assert jobs.read_unread() == 0


def test_words_without_touchpoint_find_one_of_their_place_alone() -> None:
    customers = f.party(kind=Kind.CUSTOMERS)
    here = f.touchpoint("Breakfast buffet", customers=customers, place="Mill")
    f.touchpoint("Breakfast buffet", customers=customers, place="Harbour")
    theme()
    text = "The breakfast buffet was lovely"
    placed, open_ = stored(comment(text, place="Mill"), comment(text))
    jobs.read_unread()
    assert Reading.objects.get(feedback=placed).touchpoint == here
    assert Reading.objects.get(feedback=placed).touchpoint_confidence < 1
    assert Reading.objects.get(feedback=open_).touchpoint is None


def test_an_installation_without_themes_starts_with_generic_ones() -> None:
    stored(comment("We waited forty minutes in the queue"))
    jobs.read_unread()
    assert Reading.objects.get().theme.key == "waiting"


def test_reading_goes_on_where_it_stopped_and_reports_progress() -> None:
    theme()
    stored(*(comment() for _ in range(7)))
    assert jobs.read_unread(limit=3) == 3
    seen: list[tuple[int, int]] = []
    assert jobs.read_unread(progress=lambda done, total: seen.append((done, total))) == 4
    assert seen == [(4, 4)]
    assert Reading.objects.count() == 7


def test_those_who_serve_at_the_touchpoint_hear_of_new_words() -> None:
    kitchen, bar = f.party("Kitchen"), f.party("Bar")
    point = f.touchpoint(customers=f.party(kind=Kind.CUSTOMERS), servers=(kitchen,))
    theme()
    OutboxEvent.objects.all().delete()
    stored(comment(touchpoint=point.key))
    jobs.read_unread()
    topics = set(OutboxEvent.objects.filter(kind="words").values_list("topic", flat=True))
    assert topics == {f"party:{kitchen.pk}"}
    assert f"party:{bar.pk}" not in topics


def test_a_comment_taken_back_while_it_was_read_is_left_out() -> None:
    theme()
    (row,) = stored(comment())
    reading = commands.read(jobs.waiting.unread(10))
    row.delete()
    commands.store_readings(reading)
    assert not Reading.objects.exists()


def test_looking_for_work_uses_the_index_of_unread_words() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = Feedback.objects.filter(unread=True).order_by("pk").values("pk")[:1].explain()
    assert "feedback_unread" in plan


def test_with_nothing_to_do_the_job_looks_three_times_and_writes_nothing() -> None:
    theme()
    stored(comment())
    jobs.read_unread()
    with CaptureQueriesContext(connection) as captured:
        assert jobs.read_unread() == 0
    assert len(captured) <= 3
    assert all(query["sql"].startswith("SELECT") for query in captured)


def test_a_new_theme_is_found_in_older_words_too_newest_first() -> None:
    theme("service", "Service", words="waiter kind friendly")
    rows = stored(*(comment(f"The chairs hurt my back, visit {n}") for n in range(3)))
    jobs.read_unread()
    chairs = commands.add_theme(
        f.person(role="leader"), name="Hard chairs", descriptions="chairs hurt back"
    )
    assert jobs.read_unread(limit=1) == 1
    assert Reading.objects.get(theme=chairs).feedback == rows[-1]
    jobs.read_unread()
    assert Reading.objects.filter(theme=chairs).count() == 3
    assert Tally.objects.get().again_before is None
    assert kept_sums() == plain_sums()


def test_themes_are_written_by_those_who_lead() -> None:
    with pytest.raises(PermissionDenied, match="those who lead"):
        commands.add_theme(f.person(), name="Mine", descriptions="mine")
    cold = commands.add_theme(f.person(role="leader"), name="Cold", descriptions="cold")
    changed = commands.edit_theme(
        f.person(role="executive"), cold, name="Not warm", descriptions="cold", examples=""
    )
    assert (changed.key, changed.name) == ("cold", "Not warm")
    assert commands.add_theme(None, name="Code", descriptions="code").key == "code-2"


def test_quotes_are_whole_comments_whose_marks_name_the_theme() -> None:
    cold = theme()
    stored(*(comment(f"At table {n} the soup came lukewarm") for n in range(3)))
    jobs.read_unread()
    quote = Quote.objects.filter(theme=cold).first()
    assert [quote.feedback.text[start:end] for start, end in quote.marks] == ["lukewarm"]
    assert not ThemeWeek.objects.filter(quoted=False).exists()


def test_a_week_in_words_counts_the_last_whole_week_beside_the_usual_range() -> None:
    kitchen = f.party("Kitchen")
    point = f.touchpoint(customers=f.party(kind=Kind.CUSTOMERS), servers=(kitchen,))
    cold = theme()
    for ago, n in enumerate([9, 3, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 5, 9], start=0):
        heard(point, [5.0] * n, week=weeks_ago(ago), theme=cold)
    cook = f.member(kitchen)
    week = queries.week_in_words(cook, {kitchen.pk})
    assert (week.first, week.last) == (weeks_ago(1), weeks_ago(0) - timedelta(days=1))
    (found,) = week.themes
    assert (week.count, found.name, found.count, found.usual) == (3, "Cold food", 3, (2, 5))
    assert found.touchpoint_key == point.key


def test_a_week_in_words_reaches_those_behind_the_scenes_and_no_guest() -> None:
    kitchen, dish, far = f.party(), f.party(), f.party()
    f.serves(dish, kitchen)
    point = f.touchpoint(customers=f.party(kind=Kind.CUSTOMERS), servers=(kitchen,))
    heard(point, [5.0], week=weeks_ago(1), theme=theme())
    assert queries.week_in_words(f.member(dish), {dish.pk}).count == 1
    assert queries.week_in_words(f.member(far), {far.pk}) is None
    assert queries.week_in_words(f.member(kitchen, role="guest"), {kitchen.pk}) is None


def test_all_words_are_counted_read_or_not() -> None:
    theme()
    stored(comment(), comment())
    viewer = f.person()
    assert queries.words_kept(viewer) == 2
    jobs.read_unread()
    stored(comment(at=midday(weeks_ago(3))))
    assert queries.words_kept(viewer) == 3
