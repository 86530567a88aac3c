"""The door for tills, phones and queues: needs of guests and callers come in as they arise."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import P, PathEx, Router, Schema

from upturn.floor.commands.bringing_in import OtherWords
from upturn.floor.commands.programs import HookEnded, NoOpenShift, bring_in, received
from upturn.floor.engine.errors import (
    BadNeeds,
    NotJson,
    NotSigned,
    SignedAnotherTime,
    TooManyNeeds,
)
from upturn.floor.engine.hooks.signing import HEADERS, Signed
from upturn.voice.api.door import Error, Refused, refusing

router = Router(tags=["live floor"])
REFUSALS = dict.fromkeys((400, 401, 409, 410, 413, 422, 503), Error)
_STATUS: dict[type[Exception], tuple[int, str]] = {
    NotSigned: (401, "not_signed"),
    SignedAnotherTime: (401, "signed_another_time"),
    NoOpenShift: (409, "no_open_shift"),
    OtherWords: (409, "other_needs"),
    HookEnded: (410, "ended"),
    TooManyNeeds: (413, "too_many"),
    NotJson: (400, "not_json"),
    BadNeeds: (422, "invalid"),
}
_HEADERS = [
    {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
    for name in HEADERS
]
_NEED = {
    "type": "object",
    "properties": {
        "place": {"type": "string", "maxLength": 80},
        "kind": {"type": "string", "maxLength": 80},
        "words": {"type": "string", "maxLength": 60},
        "asked": {"type": "boolean"},
        "waiting": {"type": "integer", "minimum": 0, "maximum": 100_000},
        "done": {"type": "string"},
        "gone": {"type": "string"},
        "needs": {"type": "array", "items": {"type": "object"}, "maxItems": 1_000},
    },
}
_DESCRIBED = {
    "parameters": _HEADERS,
    "requestBody": {"required": True, "content": {"application/json": {"schema": _NEED}}},
}


class BroughtInOut(Schema):
    """How many needs were new, how many were known already, and by which ref each is withdrawn."""

    new: int
    same: int
    refs: list[str]


@router.post(
    "floor/{hook}/needs", response={200: BroughtInOut, **REFUSALS}, openapi_extra=_DESCRIBED
)
@refusing
def needs(request: HttpRequest, hook: PathEx[str, P(max_length=80)]) -> Any:
    """Bring needs in, or withdraw them; signed as Standard Webhooks say."""
    id_, moment, signatures = (request.headers.get(name, "") for name in HEADERS)
    signed = Signed(id_, moment, signatures, request.body)
    try:
        message = received(hook, signed, now=timezone.now())
        return BroughtInOut(**bring_in(message)._asdict())
    except tuple(_STATUS) as error:
        status, code = next(known for kind, known in _STATUS.items() if isinstance(error, kind))
        raise Refused(status, code, str(error)) from error
