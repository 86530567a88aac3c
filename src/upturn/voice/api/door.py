"""Who may come in, what a text may hold, and how a refusal looks."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, JsonResponse
from ninja import Field, Schema, Status
from ninja.security import HttpBearer
from pydantic import AfterValidator

from upturn.graph.engine import GraphError
from upturn.people.queries import token_person
from upturn.record.errors import NotStored
from upturn.voice import commands
from upturn.voice.engine import IntakeError

if TYPE_CHECKING:
    from upturn.people.models import Person, Scope

MOST = 500
LARGEST_COUNT = 2**31 - 1
RETRY_AFTER_S = 5
P = ParamSpec("P")
Operation = Callable[Concatenate[HttpRequest, P], Any]


class Bearer(HttpBearer):
    """A token that is alive and covers the scope."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> "Person | None":  # noqa: ARG002
        """Return whoever made the token, with whose sight the program acts."""
        return token_person(token, scope=cast("Scope", self.scope))


def _storable(text: str) -> str:
    if "\0" in text:
        raise ValueError("a nul character cannot be stored, leave it out")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("half a character cannot be stored, leave it out") from error
    return text


Text = Annotated[str, AfterValidator(_storable)]
Name = Annotated[Text, Field(max_length=80)]


class Error(Schema):
    """What every refusal looks like: a code, and a sentence that says what helps."""

    error: str
    message: str


class Refused(Exception):
    """A refusal with its status."""

    def __init__(self, status: int, error: str, message: str) -> None:
        super().__init__(message)
        self.status, self.error = status, error


READ_REFUSALS = dict.fromkeys((400, 401, 422), Error)
WRITE_REFUSALS = dict.fromkeys((400, 401, 409, 413, 422, 503), Error)


def refusing(operation: "Operation[P]") -> "Operation[P]":
    """Answer whatever is refused with its status and an `Error`."""

    @wraps(operation)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> Any:
        try:
            return operation(request, *args, **kwargs)
        except NotStored:
            busy = {
                "error": "busy",
                "message": "Nothing was stored: too much waits. Send it again.",
            }
            return JsonResponse(busy, status=503, headers={"Retry-After": str(RETRY_AFTER_S)})
        except (IntakeError, GraphError, commands.UnknownEdge) as error:
            refused = Refused(422, "invalid", str(error))
        except Refused as error:
            refused = error
        return Status(refused.status, Error(error=refused.error, message=str(refused)))

    return answer
