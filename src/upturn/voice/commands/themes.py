"""The themes the reader compares with."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from upturn.record import journal
from upturn.voice.commands.sums import changed, lock
from upturn.voice.models import Feedback, Theme
from upturn.voice.queries import may_write_themes

if TYPE_CHECKING:
    from upturn.people.models import Person

# The last part of addresses that are no theme's.
TAKEN = frozenset({"code", "confirm", "sentence", "unsaid"})


def check_may_write_themes(actor: "Person | None") -> None:
    """Refuse those who may not; nobody as the actor is the setting up of an installation.

    Raises
    ------
    PermissionDenied
        With the reason in a sentence.
    """
    if actor is not None and not may_write_themes(actor):
        raise PermissionDenied(_("Themes are written by those who lead. Tell one of them yours."))


@transaction.atomic
def add_theme(actor: "Person | None", *, name: str, descriptions: str, examples: str = "") -> Theme:
    """Add a theme; every comment is read again, so that older words are found too."""
    check_may_write_themes(actor)
    theme = Theme(key=_free_key(name), name=name, descriptions=descriptions, examples=examples)
    _save(theme, actor=actor, verb="added theme")
    return theme


@transaction.atomic
def edit_theme(
    actor: "Person | None", theme: Theme, *, name: str, descriptions: str, examples: str
) -> Theme:
    """Change what a theme is called or compared with; every comment is read again."""
    check_may_write_themes(actor)
    theme.name, theme.descriptions, theme.examples = name, descriptions, examples
    _save(theme, actor=actor, verb="changed theme")
    return theme


def _save(theme: Theme, *, actor: "Person | None", verb: str) -> None:
    theme.full_clean()
    theme.save()
    read_again()
    journal.write(
        verb,
        subject_kind="theme",
        subject_ref=theme.key,
        actor_id=actor.pk if actor else None,
        detail=theme.name,
    )


def read_again() -> None:
    """Let the reading job read every comment once more, the newest first.

    Until it gets there the old readings stand.
    """
    newest = Feedback.objects.aggregate(newest=Max("id"))["newest"]
    tally = lock()
    tally.again_before = None if newest is None else newest + 1
    tally.save(update_fields=["again_before"])
    changed()


@transaction.atomic
def read_once_more() -> None:
    """`read_again` in a transaction of its own, after something else than a theme changed."""
    read_again()


def _free_key(name: str) -> str:
    wish = slugify(name)[:70] or "theme"
    keys = set(Theme.objects.filter(key__startswith=wish).values_list("key", flat=True)) | TAKEN
    return next(k for n in range(1, 1000) if (k := f"{wish}-{n}" if n > 1 else wish) not in keys)


@transaction.atomic
def store_themes(themes: Iterable[tuple[str, str, Iterable[str], Iterable[str]]]) -> int:
    """Store prepared themes as (key, name, descriptions, examples); known keys stay as they are."""
    rows = [
        Theme(
            key=key,
            name=name,
            descriptions="\n".join(descriptions),
            examples="\n".join(" ".join(text.split()) for text in examples),
        )
        for key, name, descriptions, examples in themes
        if key not in TAKEN
    ]
    for row in rows:
        try:
            row.clean_fields()
        except ValidationError as error:
            raise ValidationError(f"{row.key}: {'; '.join(error.messages)}") from error
    return len(Theme.objects.bulk_create(rows, ignore_conflicts=True))
