"""Weekly measures in."""

import datetime
from typing import Annotated, Any, Self

from django.http import HttpRequest
from ninja import Field, Router, Schema
from pydantic import ConfigDict, FiniteFloat, model_validator

from upturn.voice import commands
from upturn.voice.api.door import (
    LARGEST_COUNT,
    MOST,
    WRITE_REFUSALS,
    Bearer,
    Name,
    refusing,
)
from upturn.voice.engine import Better

router = Router()
LARGEST_VALUE = 1e12
Value = Annotated[FiniteFloat, Field(ge=-LARGEST_VALUE, le=LARGEST_VALUE)]


class EdgeIn(Schema):
    """The keys of the two parties of a serves-edge."""

    model_config = ConfigDict(extra="forbid")

    server: Name
    served: Name


class MeasureIn(Schema):
    """One week of a figure of a party or of an edge; any day of the week will do.

    `better` says whether more of it is better, or less; without it the name decides.
    """

    model_config = ConfigDict(extra="forbid")

    party: Name | None = None
    edge: EdgeIn | None = None
    name: Annotated[Name, Field(pattern=r"\S")]
    week: datetime.date
    value: Value
    n: Annotated[int, Field(ge=0, le=LARGEST_COUNT)] | None = None
    low: Value | None = None
    high: Value | None = None
    better: Better | None = None

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if (self.party is None) == (self.edge is None):
            raise ValueError("name either a party or an edge")
        if not 1990 <= self.week.year <= 2100:
            raise ValueError("the week lies before 1990 or after 2100")
        return self


class MeasuresIn(Schema):
    """Up to 500 weeks, stored all or none; a week that is there takes the new value."""

    model_config = ConfigDict(extra="forbid")

    measures: Annotated[list[MeasureIn], Field(min_length=1, max_length=MOST)]


class WeeksOut(Schema):
    """How many weeks were stored."""

    weeks: int


@router.post("measures", auth=Bearer("measures:write"), response={200: WeeksOut, **WRITE_REFUSALS})
@refusing
def hand_in(request: HttpRequest, body: MeasuresIn) -> Any:
    """Hand in weekly measures of parties and edges."""
    actor = request.auth  # type: ignore[attr-defined] # set by ninja
    stored = commands.store_measures(actor, [_record(one) for one in body.measures])
    return WeeksOut(weeks=stored)


def _record(one: MeasureIn) -> commands.MeasureRecord:
    return commands.MeasureRecord(
        name=one.name,
        week=one.week,
        value=one.value,
        party=one.party,
        edge=(one.edge.server, one.edge.served) if one.edge else None,
        n=one.n,
        low=one.low,
        high=one.high,
        better=one.better,
    )
