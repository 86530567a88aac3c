"""Who comes in: those who see plans, and those who see this plan."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from upturn.plan.queries.sight import plan_by_ref

if TYPE_CHECKING:
    from upturn.people.models import Person
    from upturn.plan.models import Plan

P = ParamSpec("P")


def for_plan(
    view: "Callable[Concatenate[HttpRequest, Person, Plan, P], HttpResponse]",
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """Bring the plan of an address in; out of sight it is answered like one that is not there."""

    @wraps(view)
    def page(request: HttpRequest, ref: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        viewer = cast("Person", request.user)
        try:
            return view(request, viewer, plan_by_ref(viewer, ref), *args, **kwargs)
        except ObjectDoesNotExist as error:
            raise Http404(_("There is no such plan, or it is not for you to see.")) from error

    return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponse]", page)
