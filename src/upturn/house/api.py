"""The programming interface: the rooms' routes under one roof, one shape for every error."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from upturn.floor.api import router as floor
from upturn.partners.api import router as partners
from upturn.voice.api import router as voice

api = NinjaAPI(
    title="Upturn",
    version="1",
    docs_url=None,
    description="Tokens are made by an administrator, with scopes and an end date.",
)
api.add_router("/", voice)
api.add_router("/", partners)
api.add_router("/", floor)


def _error(request: HttpRequest, status: int, **body: Any) -> HttpResponse:
    return api.create_response(request, body, status=status)


@api.exception_handler(AuthenticationError)
def no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    sentence = "Send a token with the needed scope: Authorization: Bearer <token>."
    return _error(request, 401, error="no_token", message=sentence)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    where = ".".join(str(part) for part in first["loc"])
    return _error(request, 422, error="invalid", message=f"{where}: {first['msg']}.")


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _error(request, 404, error="not_found", message="There is no such thing to see.")


@api.exception_handler(HttpError)
def not_json(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _error(request, error.status_code, error="not_json", message="The body is not JSON.")


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    sentence = "The body is larger than 2.5 MB. Send fewer at a time."
    return _error(request, 413, error="too_big", message=sentence)
