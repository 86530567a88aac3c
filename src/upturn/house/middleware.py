"""What every answer carries."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from upturn.graph.queries import one_look


def keep_out_of_caches(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Pages of somebody who is signed in are stored nowhere on the way.

    What names itself immutable is a file of the program, the same for everybody.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
        if "immutable" in response.get("Cache-Control", ""):
            return response
        if signed_in or ("session" in request.__dict__ and request.session.accessed):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def refuse_nul(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """No address of ours has a nul character, and PostgreSQL cannot even look for one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        return get_response(request)

    return middleware


def hold_the_graph_still(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """One page asks once whether the graph has changed, however many parts of it look at it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with one_look():
            return get_response(request)

    return middleware
