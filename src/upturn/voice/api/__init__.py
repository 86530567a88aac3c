"""Customers' words, touchpoints and measures for other programs."""

from ninja import Router

from upturn.voice.api import measures, touchpoints, words

router = Router(tags=["customers' words"])
for routes in (words.router, touchpoints.router, measures.router):
    router.add_router("", routes)

__all__ = ["router"]
