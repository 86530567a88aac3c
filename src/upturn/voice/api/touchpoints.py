"""The moments at which customers are met, for programs that hand in words."""

from typing import Any

from django.http import HttpRequest
from ninja import P, QueryEx, Router, Schema

from upturn.graph import queries as graph
from upturn.voice.api.door import MOST, READ_REFUSALS, Bearer, refusing

router = Router()
LARGEST_OFFSET = 1_000_000


class TouchpointOut(Schema):
    """A moment of the customer's day; ``key`` names it in everything that is handed in."""

    key: str
    name: str
    moment: str
    place: str
    customers: str


class TouchpointsOut(Schema):
    """Touchpoints in the order of the day; ask again with ``skip`` set to ``next``."""

    touchpoints: list[TouchpointOut]
    next: int | None


@router.get(
    "touchpoints", auth=Bearer("graph:read"), response={200: TouchpointsOut, **READ_REFUSALS}
)
@refusing
def touchpoints(
    request: HttpRequest,
    skip: QueryEx[int, P(ge=0, le=LARGEST_OFFSET)] = 0,
    limit: QueryEx[int, P(ge=1, le=MOST)] = 100,
) -> Any:
    """Read the moments at which customers are met."""
    viewer = request.auth  # type: ignore[attr-defined] # set by ninja
    found = list(graph.touchpoints(viewer)[skip : skip + limit + 1])
    return TouchpointsOut(
        touchpoints=[
            TouchpointOut(
                key=point.key,
                name=point.name,
                moment=point.moment,
                place=point.place,
                customers=point.customers.key,
            )
            for point in found[:limit]
        ],
        next=skip + limit if len(found) > limit else None,
    )
