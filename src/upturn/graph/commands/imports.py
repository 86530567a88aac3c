"""The register of imports: tried dry, then stored whole, perhaps taken back."""

import secrets
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from upturn.graph.models import Import

if TYPE_CHECKING:
    from upturn.people.models import Person


def register_import(
    actor: "Person | None", *, subject: str, file_names: list[str], digest: str
) -> Import:
    """Note files that somebody hands in to be tried; nothing of them is stored yet."""
    return Import.objects.create(
        ref=secrets.token_hex(6),
        subject=subject,
        file_name=", ".join(file_names)[:200],
        digest=digest,
        made_by=actor,
        made_on=timezone.localdate(),
    )


def decide_import(made: Import, *, columns: dict[str, Any], repairs: list[dict[str, Any]]) -> None:
    """Keep what somebody decided about columns and rows until the files are stored."""
    made.columns, made.repairs = columns, repairs
    made.save(update_fields=["columns", "repairs"])


def claim_import(made: Import) -> bool:
    """Mark as stored; of two who press the button at once, one is told False."""
    tried = Import.objects.filter(pk=made.pk, state=Import.State.TRIED)
    return bool(tried.update(state=Import.State.STORED))


def finish_import(made: Import, *, rows: int) -> None:
    """Note how many rows came in."""
    Import.objects.filter(pk=made.pk).update(rows=rows)


def mark_taken_back(made: Import) -> bool:
    """Mark as taken back; False if it was, or never stored."""
    stored = Import.objects.filter(pk=made.pk, state=Import.State.STORED)
    return bool(stored.update(state=Import.State.TAKEN_BACK))
