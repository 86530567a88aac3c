"""Who comes in: readers of words, and writers of themes."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from upturn.people.queries import may_read_words
from upturn.record import reading_log
from upturn.voice import commands

if TYPE_CHECKING:
    from upturn.people.models import Person

P = ParamSpec("P")
Answer = HttpResponse | StreamingHttpResponse
A = TypeVar("A", bound=Answer)
NO_WORDS = _("There are no such words, or they are not for you to see.")


def readers_of_words(
    view: "Callable[Concatenate[HttpRequest, Person, P], A]", *, otherwise: Promise
) -> Callable[Concatenate[HttpRequest, P], A]:
    """Guests, and what nobody may see, get the same answer as what does not exist."""

    @wraps(view)
    def page(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> A:
        viewer = cast("Person", request.user)
        try:
            if may_read_words(viewer):
                return view(request, viewer, *args, **kwargs)
        except ObjectDoesNotExist:
            pass
        raise Http404(str(otherwise))

    return cast("Callable[Concatenate[HttpRequest, P], A]", page)


def for_readers(
    view: "Callable[Concatenate[HttpRequest, Person, P], Answer]",
) -> Callable[Concatenate[HttpRequest, P], Answer]:
    """Let readers of words look, and change nothing."""
    return login_required(require_safe(readers_of_words(view, otherwise=NO_WORDS)))


def for_writers(request: HttpRequest) -> "Person":
    """Refuse with the reason unless the viewer may write themes."""
    viewer = cast("Person", request.user)
    commands.check_may_write_themes(viewer)
    return viewer


def note_reading(viewer: "Person", key: str) -> None:
    """Opening words counts as reading them, once a day."""
    reading_log.note_reading(viewer.pk, kind="touchpoint", ref=key, day=timezone.localdate())


def asked_for_part(request: HttpRequest) -> bool:
    """Whether a page that is open already asks for the part of itself that changes."""
    return request.headers.get("HX-Request") == "true"
