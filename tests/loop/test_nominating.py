"""Who is doing it already: nothing of a nominee is shown without consent, and no is erased."""

from pathlib import Path

import pytest
from django.db import connection

from tests.loop.held import facilitator, held_with, moves, phone, step
from upturn.loop.commands import nominating
from upturn.loop.commands.nominating import NominationDraft
from upturn.loop.commands.refusals import OtherCard
from upturn.loop.engine import Incomplete, Overtaken, StageMove
from upturn.loop.models import Card, Nomination, Workshop
from upturn.loop.queries.cards import cards
from upturn.loop.queries.nominations import nomination, nominations
from upturn.loop.queries.walls import wall, wall_facts
from upturn.people.models import Person
from upturn.record.writer import writer

NAMED = NominationDraft(key="nomination-key-1", nominee="Zuleika", noticed="Zuleika waited")


def nominated() -> tuple[Person, Workshop, Nomination]:
    host = facilitator()
    workshop = held_with(host, step(), step())
    return host, workshop, nominating.nominate(phone(workshop), NAMED)


@pytest.mark.django_db
def test_the_room_reads_a_story_once_its_nominee_approves() -> None:
    host, workshop, made = nominated()
    holder = phone(workshop)
    assert nominations(holder, workshop) == ()
    assert nominations(host, workshop)[0].code == made.code
    nominating.agree(made.code, turn=0)
    nominating.tell(made.code, how="I asked them first.", turn=1)
    assert nominations(holder, workshop) == ()
    assert nominations(host, workshop)[0].how == ""
    nominating.approve(made.code, turn=2)
    shown = nominations(holder, workshop)[0]
    assert (shown.nominee, shown.how, shown.code) == ("Zuleika", "I asked them first.", "")
    workshop = moves(host, workshop, StageMove.OPEN_CARDS)
    card = cards(holder, workshop, 0).cards[0]
    assert (card.kind, card.signed, card.from_expert) == ("story", "Zuleika", True)
    assert wall_facts(wall(holder, workshop, language="en"))["stories"][0]["nominee"] == "Zuleika"


@pytest.mark.django_db
def test_other_words_are_shown_once_they_are_approved_too() -> None:
    _host, _workshop, made = nominated()
    nominating.agree(made.code, turn=0)
    nominating.tell(made.code, how="First words.", turn=1)
    nominating.approve(made.code, turn=2)
    nominating.tell(made.code, how="Other words.", turn=3)
    assert not Card.objects.exists()
    nominating.approve(made.code, turn=4)
    assert Card.objects.get().words == "Other words."


@pytest.mark.django_db
@pytest.mark.parametrize("answered", [0, 1, 2, 3])
def test_a_refusal_erases_every_word_at_any_time(answered: int) -> None:
    host, workshop, made = nominated()
    acts = (
        lambda turn: nominating.agree(made.code, turn=turn),
        lambda turn: nominating.tell(made.code, how="Zuleika tells.", turn=turn),
        lambda turn: nominating.approve(made.code, turn=turn),
    )
    for turn, act in enumerate(acts[:answered]):
        act(turn)
    nominating.refuse(made.code, turn=answered)
    row = Nomination.objects.get()
    assert (row.nominee, row.noticed, row.how, row.state) == ("", "", "", "refused")
    assert not Card.objects.exists()
    assert nominations(phone(workshop), workshop) == ()
    with pytest.raises(Incomplete):
        nominating.agree(made.code, turn=row.turn)
    assert nominations(host, workshop)[0].nominee == ""


@pytest.mark.django_db
def test_it_is_stored_once_and_answered_by_its_code_alone() -> None:
    _host, workshop, made = nominated()
    again = nominating.nominate(phone(workshop), NAMED)
    assert again.pk == made.pk
    assert nomination(made.code).nominee == "Zuleika"
    with pytest.raises(OtherCard):
        nominating.agree("0" * 16, turn=0)
    nominating.agree(made.code, turn=0)
    with pytest.raises(Overtaken):
        nominating.tell(made.code, how="Late.", turn=0)
    with pytest.raises(Incomplete, match="nothing to approve"):
        nominating.approve(made.code, turn=1)
    for nominee, noticed in (("", "x"), ("x", " "), ("x" * 81, "x"), ("x", "x" * 401)):
        given = NominationDraft(key="nomination-key-2", nominee=nominee, noticed=noticed)
        with pytest.raises(Incomplete):
            nominating.nominate(phone(workshop), given)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the files of SQLite")
@pytest.mark.django_db(transaction=True)
def test_after_a_refusal_no_file_of_the_database_holds_the_name() -> None:
    _host, _workshop, made = nominated()
    nominating.agree(made.code, turn=0)
    nominating.tell(made.code, how="Zuleika tells.", turn=1)
    nominating.approve(made.code, turn=2)
    file = Path(str(connection.settings_dict["NAME"]))
    assert any(b"Zuleika" in each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    nominating.refuse(made.code, turn=3)
    writer.stop()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    found = [each.name for each in file.parent.glob(f"{file.name}*")]
    left = [name for name in found if b"Zuleika" in (file.parent / name).read_bytes()]
    assert left == []
