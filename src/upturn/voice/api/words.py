"""Customers' words in and out."""

import json
import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Body, Field, HeaderEx, P, QueryEx, Router, Schema
from pydantic import AwareDatetime, ConfigDict, Discriminator, FiniteFloat, Tag

from upturn.graph import queries as graph
from upturn.graph.engine import nearest
from upturn.graph.engine.tabular import RowProblem, describe
from upturn.graph.engine.tabular_names import Known
from upturn.record import reading_log
from upturn.voice import commands, queries
from upturn.voice.api.door import (
    MOST,
    READ_REFUSALS,
    WRITE_REFUSALS,
    Bearer,
    Name,
    Refused,
    Text,
    refusing,
)
from upturn.voice.engine import Comment, KnownNames, fingerprint
from upturn.voice.engine.intake_cells import AHEAD_MAX, EARLIEST, TEXT_MAX
from upturn.voice.engine.intake_scores import scale_of
from upturn.voice.engine.masking import mask
from upturn.voice.engine.posted import posted_comments

router = Router()
LARGEST_ID = 2**63 - 1


class CommentIn(Schema):
    """A comment. With an ``id``, or under an Idempotency-Key, it may safely be sent twice."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Text, Field(min_length=1, max_length=TEXT_MAX, pattern=r"\S")]
    score: FiniteFloat | None = None
    scale: Annotated[str, Field(pattern=r"^[0-9]{1,3}-[0-9]{1,3}$")] = "0-10"
    at: AwareDatetime | None = None
    touchpoint: Name = ""
    place: Name = ""
    channel: Annotated[Text, Field(max_length=40)] = ""
    language: Annotated[Text, Field(max_length=8)] = ""
    id: Annotated[Text, Field(max_length=200)] = ""


class CommentsIn(Schema):
    """Up to 500 comments, stored all or none."""

    model_config = ConfigDict(extra="forbid")

    comments: Annotated[list[CommentIn], Field(min_length=1, max_length=MOST)]


def _how_many(value: Any) -> str:
    return "many" if isinstance(value, dict) and "comments" in value else "one"


OneOrMany = Annotated[
    Annotated[CommentIn, Tag("one")] | Annotated[CommentsIn, Tag("many")], Discriminator(_how_many)
]


class StoredOut(Schema):
    """How many comments were new, and how many were there already."""

    new: int
    same: int


class CommentOut(Schema):
    """A comment with what the reader made of it; ``polarity`` is -1, 0 or 1."""

    id: int
    text: str
    score: float | None
    at: datetime
    channel: str
    touchpoint: str | None
    theme: str | None
    polarity: int | None


class FeedOut(Schema):
    """Comments in the order they were stored; ask again with ``after`` set to ``next``."""

    comments: list[CommentOut]
    next: int | None


class Prints:
    """Fingerprints of one request: by id, by what was said and when, or by the request's key."""

    def __init__(self, key: str) -> None:
        self.key = key or secrets.token_urlsafe(16)
        self.by_key: dict[bytes, str] = {}

    def of_request(self, number: int, text: str) -> bytes:
        """Give the print of a comment that only the key of its request can tell apart."""
        found = blake2b(f"key\0{self.key}\0{number}".encode(), digest_size=16).digest()
        self.by_key[found] = text
        return found

    def of(self, one: CommentIn, number: int, text: str, *, score: float | None) -> bytes:
        """Give the print of a comment that was posted, by its words as they are stored."""
        if not one.id and not one.at:
            return self.of_request(number, text)
        where = one.touchpoint or one.place
        return fingerprint(
            text,
            at=one.at,
            where=where,
            score=score,
            channel=one.channel,
            external_id=one.id,
        )


Key = HeaderEx[str, P(alias="Idempotency-Key", max_length=200)]


@router.post("feedback", auth=Bearer("feedback:write"), response={200: StoredOut, **WRITE_REFUSALS})
@refusing
def hand_in(
    request: HttpRequest,  # noqa: ARG001 - ninja hands it to every operation
    body: Body[OneOrMany],
    idempotency_key: Key = "",
) -> Any:
    """Hand in one comment, or up to 500 as ``{"comments": [...]}``."""
    given = body.comments if isinstance(body, CommentsIn) else [body]
    _check_touchpoints({one.touchpoint for one in given} - {""})
    prints = Prints(idempotency_key)
    comments = [_comment(one, number, prints) for number, one in enumerate(given)]
    return _store(comments, prints)


@router.post("webhook", auth=Bearer("feedback:write"), response={200: StoredOut, **WRITE_REFUSALS})
@refusing
def webhook(
    request: HttpRequest,
    map: QueryEx[str, P(max_length=1_000)] = "",  # noqa: A002 - as on the command line
    idempotency_key: Key = "",
) -> Any:
    """Take what another program posts, an object or up to 500, with names of its own.

    The names are guessed as for a file; ``map=text=review,score=stars:1-5`` says them. Scores are
    read only where the map gives their scale.
    """
    prints = Prints(idempotency_key)
    rows = posted_comments(
        _objects(request.body),
        spec=map,
        known=_known(),
        zone=timezone.get_current_timezone(),
        now=timezone.now(),
    )
    for row in rows:
        if isinstance(row, RowProblem) and row.problem.needs_you:
            raise Refused(422, "invalid", f"Object {row.row}, {row.column}: {describe(row)}")
    comments = [row for row in rows if isinstance(row, Comment)]
    return _store([_told_apart(each, prints) for each in comments], prints)


@router.get("feedback", auth=Bearer("feedback:read"), response={200: FeedOut, **READ_REFUSALS})
@refusing
def feed(
    request: HttpRequest,
    after: QueryEx[int, P(ge=0, le=LARGEST_ID)] = 0,
    limit: QueryEx[int, P(ge=1, le=MOST)] = 100,
) -> Any:
    """Read comments in the order they were stored; reading is noted as on the pages."""
    viewer = request.auth  # type: ignore[attr-defined] # set by ninja
    found = queries.feed(viewer, after=after, limit=limit)
    today = timezone.localdate()
    reading_log.note_reading(viewer.pk, kind="touchpoint", ref="_feed", day=today)
    comments = [each._asdict() for each in found]
    return {"comments": comments, "next": found[-1].id if len(found) == limit else None}


def _objects(body: bytes) -> list[dict[str, Any]]:
    try:
        found = json.loads(body)
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        sentence = "Half a character cannot be stored, leave it out."
        raise Refused(422, "invalid", sentence) from None
    except (ValueError, RecursionError):
        raise Refused(400, "not_json", "The body is not JSON.") from None
    objects = found if isinstance(found, list) else [found]
    if not objects or len(objects) > MOST or not all(isinstance(each, dict) for each in objects):
        raise Refused(422, "invalid", f"Post a JSON object, or a list of 1 to {MOST} of them.")
    return objects


def _known() -> KnownNames:
    points = graph.touchpoints_by_key()
    known = tuple(Known(key, point.name, point.place) for key, point in points.items())
    return KnownNames(known, graph.snapshot().places)


def _check_touchpoints(keys: set[str]) -> None:
    if not keys:
        return
    known = graph.touchpoints_by_key()
    for key in sorted(keys - known.keys()):
        near = ", ".join(nearest(key, known)) or "none"
        sentence = f'No touchpoint has the key "{key}". Nearest: {near}.'
        raise Refused(422, "unknown_touchpoint", sentence)


def _comment(one: CommentIn, number: int, prints: Prints) -> Comment:
    now = timezone.now()
    at = one.at or now
    if at.year < EARLIEST.year or at > now + AHEAD_MAX:
        raise Refused(422, "invalid", f"at: {at:%Y-%m-%d} is before 1990 or has not come yet.")
    score = _of_ten(one)
    rated = score is not None
    text, masked = mask(one.text)
    return Comment(
        row=number,
        text=text.strip(),
        score=score,
        score_raw=f"{one.score:g}" if rated else "",
        scale=one.scale if rated else "",
        at=at,
        touchpoint=one.touchpoint,
        place=one.place,
        channel=one.channel,
        external_id=one.id,
        language=one.language,
        fingerprint=prints.of(one, number, text, score=score),
        masked=masked,
    )


def _of_ten(one: CommentIn) -> float | None:
    if one.score is None:
        return None
    scale = scale_of(one.scale)
    if scale is None or not scale.low <= one.score <= scale.high:
        raise Refused(422, "invalid", f"score: {one.score:g} is not on the scale {one.scale}.")
    return scale.on_ten(one.score)


def _told_apart(comment: Comment, prints: Prints) -> Comment:
    """Two customers may post the same words on a day; without id and date the request decides."""
    where = comment.touchpoint or comment.place
    words_alone = fingerprint(
        comment.text, at=None, where=where, score=comment.score, channel=comment.channel
    )
    if comment.external_id or comment.fingerprint != words_alone:
        return comment
    return comment._replace(
        at=timezone.now(), fingerprint=prints.of_request(comment.row, comment.text)
    )


def _store(comments: Sequence[Comment], prints: Prints) -> StoredOut:
    """Store all or none; a key that comes back with other words is a mistake, not a repetition."""
    for found, text in queries.texts_of(prints.by_key).items():
        if prints.by_key[found].strip() != text:
            sentence = "This Idempotency-Key came with other words before. Take a new one."
            raise Refused(409, "key_reused", sentence)
    new = sum(commands.hand_in_all(comments)) if comments else 0
    return StoredOut(new=new, same=len(comments) - new)
