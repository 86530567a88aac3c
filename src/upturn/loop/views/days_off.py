"""The house's days off, a date a line."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from upturn.loop.commands import days_off as commands
from upturn.loop.engine.errors import LoopError
from upturn.loop.forms.closing import DaysOffForm
from upturn.loop.queries import days_off as queries
from upturn.loop.views.door import for_hosts, status_of

if TYPE_CHECKING:
    from upturn.people.models import Person


@for_hosts
@require_http_methods(["GET", "HEAD", "POST"])
def days_off(request: HttpRequest, viewer: "Person") -> HttpResponse:
    """Keep the list; a day 100 that now falls on one of them is named."""
    stands = queries.days_off_text()
    given = request.POST if request.method == "POST" else None
    form = DaysOffForm(given, initial={"days": stands, "read": commands.as_of(stands)})
    status = 200
    if given is not None and form.is_valid():
        try:
            n = _set(viewer, form)
        except LoopError as error:
            form.add_error("days", str(error))
            status = status_of(error)
        else:
            said = ngettext("%(n)d day off is kept.", "%(n)d days off are kept.", n) % {"n": n}
            messages.success(request, said)
            return redirect("loop:days_off")
    elif given is not None:
        status = 400
    context = {"form": form, "n": len(queries.days_off()), "to_move": queries.to_move(viewer)}
    return render(request, "loop/days_off.html", context, status=status)


def _set(viewer: "Person", form: DaysOffForm) -> int:
    given = form.cleaned_data
    return commands.set_days_off(viewer, given["days"], read=given["read"])


def moved_words(booked: queries.Booked) -> str:
    """Say why a day 100 is another than was meant; nothing where it stands."""
    if not booked.has_moved:
        return ""
    given = {
        "wished": date_format(booked.wished, "l j F Y"),
        "day": date_format(booked.day, "l j F Y"),
        "because": booked.because,
    }
    if booked.because:
        said = _("%(wished)s is a day off here (%(because)s), so it is %(day)s.")
    else:
        said = _("%(wished)s is no working day, so it is %(day)s.")
    return said % given
