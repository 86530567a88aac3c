"""Two people press at the same moment: one wins, the other is told, nothing is done twice."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.test import Client

from tests.attacks.scene import Scene, build
from tests.record.elsewhere import in_threads
from upturn.commitments.commands import draw_code
from upturn.commitments.models import Ask, Promise, Thanks, Verdict
from upturn.people.models import Invitation, Person
from upturn.record import journal
from upturn.record.models import JournalEntry
from upturn.record.writer import writer
from upturn.voice.forms import new_visit
from upturn.voice.models import Feedback

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


@pytest.fixture
def scene(clean_house: None) -> Iterator[Scene]:
    yield build()
    writer.stop()


def together(presses: list[Callable[[], int]]) -> list[int]:
    statuses = sorted(in_threads(presses))
    assert journal.verify_chain() is None
    return statuses


def press(client: Client, address: str, data: dict[str, object]) -> int:
    return client.post(address, data).status_code


def test_everything_at_once(scene: Scene) -> None:
    """One house, so that the tables are emptied once; each act has its own objects."""
    _two_moves(scene)
    _two_verdicts_by_one_ticket(scene)
    _one_draft_sent_often(scene)
    _the_last_use_of_an_invitation(scene)
    _one_visit_of_a_customer(scene)
    _one_import_stored_often(scene)


def _two_moves(scene: Scene) -> None:
    at = f"/asks/{scene.asks['open'].ref}"
    promise = {"turn": 0, "what": "a", "who": "b", "sign": "c", "due_on": "2090-01-01"}
    moves = [
        (scene.client("leader"), f"{at}/promise/", promise),
        (scene.client("cook"), f"{at}/promise/", promise),
        (scene.client("leader"), f"{at}/decline/", {"turn": 0, "words": "no"}),
        (scene.client("server"), f"{at}/withdraw/", {"turn": 0}),
    ]
    assert together([partial(press, *move) for move in moves]) == [302, 409, 409, 409]
    ask = Ask.objects.get(ref=scene.asks["open"].ref)
    assert ask.turn == 1
    assert Promise.objects.filter(ask=ask).count() == (ask.state == "promised")
    assert JournalEntry.objects.filter(subject_ref=ask.ref).exclude(verb="raise").count() == 1


def _two_verdicts_by_one_ticket(scene: Scene) -> None:
    ref = scene.asks["ticket"].ref
    verdict = {"turn": 1, "outcome": "better", "code": scene.ticket}
    presses = [partial(press, Client(), f"/asks/{ref}/judge/", verdict) for _n in range(AT_ONCE)]
    assert together(presses) == [200] + [409] * (AT_ONCE - 1)
    assert Verdict.objects.filter(promise__ask__ref=ref).count() == 1
    thanks = {"turn": 2, "words": "well done", "code": scene.ticket}
    presses = [partial(press, Client(), f"/asks/{ref}/thank/", thanks) for _n in range(AT_ONCE)]
    assert set(together(presses)) <= {200, 409}
    assert Thanks.objects.filter(promise__ask__ref=ref).count() == 1


def _one_draft_sent_often(scene: Scene) -> None:
    draft = {"words": "once", "raised_as": "team", "code": draw_code()}
    clients = [scene.client("server") for _n in range(AT_ONCE)]
    address = f"/edge/{scene.edges['kitchen'].pk}/ask/"
    assert set(together([partial(press, each, address, draft) for each in clients])) == {302}
    assert Ask.objects.filter(words="once").count() == 1


def _the_last_use_of_an_invitation(scene: Scene) -> None:
    Invitation.objects.filter(pk=scene.invitation.pk).update(uses_left=2)
    join = {"display_name": "Al", "password": "three long words", "language": "en"}
    presses = [
        partial(press, Client(), f"/join/{scene.link}/", join | {"username": f"al{n}"})
        for n in range(AT_ONCE)
    ]
    assert together(presses) == [302] * 2 + [410] * (AT_ONCE - 2)
    assert Person.objects.filter(display_name="Al").count() == 2
    assert Invitation.objects.get(pk=scene.invitation.pk).uses_left == 0


def _one_visit_of_a_customer(scene: Scene) -> None:
    said = {"words": "said once", "visit": new_visit(scene.point.code)}
    presses = [partial(press, Client(), f"/say/{scene.point.code}/", said) for _n in range(AT_ONCE)]
    assert set(together(presses)) == {200}
    assert Feedback.objects.filter(text="said once").count() == 1


def _one_import_stored_often(scene: Scene) -> None:
    chosen = {"becomes|Review": "text", "becomes|Date": "at", "scale": "1-5", "store": "yes"}
    before = Feedback.objects.count()
    presses = [
        partial(press, scene.client("executive"), f"/bring-in/{scene.tried.ref}/", chosen)
        for _n in range(3)
    ]
    assert set(together(presses)) <= {200, 302}
    stored = Feedback.objects.count() - before
    assert stored == Feedback.objects.filter(text="the file words").count() > 0
