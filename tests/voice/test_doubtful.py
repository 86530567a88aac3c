"""What the list of doubtful comments counts by hand-written SQL is what a slow look finds."""

import pytest

from tests import factories as f
from tests.voice.said import heard, weeks_ago
from upturn.graph.models import Kind
from upturn.stats import Withheld
from upturn.voice import queries
from upturn.voice.engine.reading import CANNOT_TELL_BELOW
from upturn.voice.models import Confirmation, Feedback, Lesson, Reading, Tally
from upturn.voice.queries import confirming

pytestmark = pytest.mark.django_db


@pytest.fixture
def readings() -> list[Reading]:
    guests = f.party("Guests", kind=Kind.CUSTOMERS, place="Mill")
    heard(
        f.touchpoint(customers=guests, place="Mill"),
        [5.0] * 30,
        week=weeks_ago(1),
        text="Cold soup",
    )
    sure = (0.0, 0.6, 0.2, CANNOT_TELL_BELOW, 0.9, 0.4, 0.61)
    rows = list(Reading.objects.order_by("pk"))
    for at, row in enumerate(rows):
        row.theme_confidence, row.confirmed = sure[at % 7], at % 4 == 1
    Reading.objects.bulk_update(rows, ["theme_confidence", "confirmed"])
    return rows


def test_the_most_doubtful_are_those_that_a_slow_look_finds(
    readings: list[Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "AMONG", 20)
    waiting = [row for row in readings[-20:] if not row.confirmed]
    waiting.sort(key=lambda row: (abs(row.theme_confidence - CANNOT_TELL_BELOW), -row.pk))
    plain = [row.pk for row in waiting]
    assert [row.id for row in confirming.most_doubtful(30)] == plain
    assert [row.id for row in confirming.most_doubtful(4, but=plain[1:3])] == [
        plain[0],
        *plain[3:6],
    ]
    for first in (plain[2], readings[0].pk):
        found = [row.id for row in confirming.most_doubtful(4, first=first)]
        assert found == [first, *[pk for pk in plain if pk != first][:4]]
    assert [row.id for row in confirming.most_doubtful(2, first=10**9)] == plain[:2]


def test_only_the_newest_confirmations_count_for_hit_rates(
    readings: list[Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "COUNTED", 25)
    for at, row in enumerate(readings):
        Confirmation.objects.create(
            feedback_id=row.pk,
            touchpoint_confidence=0.5,
            theme_confidence=row.theme_confidence,
            polarity_read=0,
            right=at % 3 > 0,
            theme_right=at % 3 > 0,
        )
    plain: dict[str, list[bool]] = {"sure": [], "fairly": [], "cannot_tell": []}
    for at, row in list(enumerate(readings))[-25:]:
        low, high = row.theme_confidence < CANNOT_TELL_BELOW, row.theme_confidence >= 0.6
        plain["cannot_tell" if low else "sure" if high else "fairly"].append(at % 3 > 0)
    for rate in queries.hit_rates(f.person(role="leader")):
        right = plain[rate.sure]
        if isinstance(rate.share, Withheld):
            assert (rate.share.got, len(right) < 5) == (len(right), True)
        else:
            assert (rate.share.value, rate.share.n) == (sum(right) / len(right), len(right))


def test_lessons_before_the_first_and_after_the_last(readings: list[Reading]) -> None:
    chief = f.person(role="leader")
    found = queries.lessons(chief)
    assert found == confirming.Lessons(confirming.A_LESSON, 0, 0, None, 0)
    fields = {"touchpoint_confidence": 0.5, "theme_confidence": 0.5, "polarity_read": 0}
    said = [
        Confirmation.objects.create(feedback_id=row.pk, right=True, theme_right=True, **fields)
        for row in readings[:5]
    ]
    Lesson.objects.create(upto=0, confirmations=1)
    Lesson.objects.create(upto=said[1].pk, confirmations=2, looked_at=20, otherwise=3)
    Tally.objects.update_or_create(pk=1, defaults={"again_before": 7})
    found = queries.lessons(chief)
    assert found == confirming.Lessons(confirming.A_LESSON - 3, 2, 20, 3, 7)


def test_a_comment_is_offered_the_moments_of_its_place(readings: list[Reading]) -> None:
    others = f.party("Others", kind=Kind.CUSTOMERS, place="Port")
    elsewhere = f.touchpoint(customers=others, place="Port")
    own, placed, unplaced = (row.feedback_id for row in readings[:3])
    Reading.objects.filter(pk__in=[placed, unplaced]).update(touchpoint=None)
    Reading.objects.filter(pk=placed).update(touchpoint=readings[0].touchpoint_id)
    Feedback.objects.filter(pk=placed).update(place="Port")
    offered = {}
    for pk in (own, placed, unplaced):
        shown = queries.to_confirm(f.person(role="executive"), first=pk).rows[0]
        offered[pk] = [point for point, _ in shown.touchpoints]
    here = readings[0].touchpoint_id
    assert offered == {own: [here], placed: [elsewhere.pk], unplaced: [here, elsewhere.pk]}
