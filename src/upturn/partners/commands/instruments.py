"""Making instruments: own questions on a copy, and questions of another tool."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from upturn.partners import engine
from upturn.partners.engine import Instrument, OwnQuestion, WhyNot
from upturn.partners.engine.errors import InstrumentRefused, QuestionRefused
from upturn.partners.models import StoredInstrument
from upturn.partners.queries.instruments import house_words, instrument
from upturn.partners.queries.seating import may_open_waves
from upturn.record import journal

if TYPE_CHECKING:
    from upturn.people.models import Person


def check_maker(person: "Person") -> None:
    """Raise InstrumentRefused for those who open no waves."""
    if not may_open_waves(person):
        raise InstrumentRefused(
            _("Questions"),
            _("you open no waves"),
            _("Leaders, executives and facilitators add them; tell one of them yours."),
        )


def check_questions(questions: Sequence[OwnQuestion]) -> None:
    """Raise QuestionRefused, with the reason, for what asks for a person or cannot be answered."""
    house = house_words()
    for question in questions:
        for language, text in question.wording.items():
            known = engine.known_words(language, house=house)
            if reason := engine.why_not(text, language=language, known=known):
                raise QuestionRefused(text, _reason(reason))


def _reason(why: WhyNot) -> str:
    return {
        WhyNot.NAME: _("It asks for a name or for which person. Ask about a team or a thing."),
        WhyNot.PERSON: _(
            "It asks about one person, who would then have a figure. Ask about “those who lead us”."
        ),
        WhyNot.IDENTITY: _("Its answer could tell who answers. Leave it out."),
        WhyNot.NAMED: _("It has a word that may be somebody’s name. Write the name of a team."),
        WhyNot.TWO: _("It asks for two things at once. Make two questions of it."),
        WhyNot.SHORT: _("It is too short to be understood. Write a whole sentence."),
        WhyNot.LONG: _("It is longer than 200 characters. Say it shorter."),
    }[why]


@transaction.atomic
def add_questions(
    person: "Person", *, base: str, questions: Sequence[OwnQuestion], name: str, today: date
) -> Instrument:
    """Add own questions to a copy; of an instrument made here this is its next version.

    Raises
    ------
    InstrumentRefused, QuestionRefused
        Before anything is stored, with what helps.
    NoSuchInstrument
        If there is none to copy.
    """
    check_maker(person)
    check_questions(questions)
    copied = instrument(base)
    if base in engine.BUILT_IN:
        key, version = _free_key(name), 1
    else:
        key, version = base, copied.version + 1
    made = engine.with_own(copied, questions, key=key, version=version, name=name)
    return _store(person, made, today=today)


@transaction.atomic
def bring_in(person: "Person", made: Instrument, *, today: date) -> Instrument:
    """Keep an instrument that was read from another tool, under a key of its own.

    Raises
    ------
    InstrumentRefused, QuestionRefused
    """
    check_maker(person)
    house = house_words()
    for language, texts in made.texts.items():
        known = engine.known_words(language, house=house)
        for item in made.items:
            for side in item.sides:
                text = texts.get(f"{item.key}.{side}", "")
                reason = text and engine.why_not(text, language=language, known=known)
                if reason and reason is not WhyNot.SHORT:
                    raise QuestionRefused(text, _reason(reason))
    key = _free_key(made.texts["en"].get("name", ""))
    return _store(person, replace(made, key=key, version=1), today=today)


def _free_key(name: str) -> str:
    key = slugify(name)[:36].strip("-")
    if not key:
        raise InstrumentRefused(_("Name"), name, _("Give it a name with letters."))
    if key in engine.BUILT_IN or StoredInstrument.objects.filter(key=key).exists():
        raise InstrumentRefused(_("Name"), name, _("Another one is called so. Choose another."))
    return key


def _store(person: "Person", made: Instrument, *, today: date) -> Instrument:
    digest = engine.instrument_hash(made)
    StoredInstrument.objects.create(
        key=made.key,
        version=made.version,
        questions=json.dumps(engine.table_of(made), ensure_ascii=False),
        digest=digest,
        made_on=today,
    )
    journal.write(
        "add",
        subject_kind="instrument",
        subject_ref=made.key,
        actor_id=person.pk,
        detail=f"version {made.version}, {len(made.items)} questions, {digest[:12]}",
    )
    return made
