"""Every address of the house. A new one needs a line in ``tests/sight.csv``."""

from django.urls import URLPattern, URLResolver, include, path

from upturn.house import (
    bring_in,
    demo_doors,
    edge,
    flows,
    home,
    party,
    pyramid,
    readers,
    sight,
    views,
    workshop_plan,
)
from upturn.house.api import api
from upturn.people.urls import account
from upturn.people.urls import room as people_room

handler400 = "upturn.house.views.bad_request"
handler404 = "upturn.house.views.not_found"
handler500 = "upturn.house.views.failed"

house: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("pyramid/", pyramid.pyramid, name="pyramid"),
    path("pyramid/edges.csv", pyramid.edges_csv, name="edges_csv"),
    path("party/<slug:key>/", party.party, name="party"),
    path("edge/<int:edge_id>/", edge.edge, name="edge"),
    path("bring-in/", bring_in.bring_in, name="bring_in"),
    path("bring-in/<slug:ref>/", bring_in.dry_run, name="dry_run"),
    path("bring-in/<slug:ref>/take-back/", bring_in.take_back, name="take_back"),
    path("flows/<slug:name>/", flows.flow, name="flow"),
    path("workshops/<slug:ref>/plan/", workshop_plan.begin, name="workshop_plan"),
    path("find/", views.find, name="find"),
    path("demo/exchange/", demo_doors.doors, name="demo_doors"),
    path("keeps/", views.keeps, name="keeps"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
people: list[URLPattern | URLResolver] = [
    *people_room,
    path("me/", sight.me, name="me"),
    path("people/<str:username>/sight/", sight.sight, name="sight"),
    path("readers/", readers.readers, name="readers"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include((house, "house"))),
    path("", include("upturn.graph.urls")),
    path("", include("upturn.voice.urls")),
    path("", include("upturn.commitments.urls")),
    path("", include("upturn.trace.urls")),
    path("", include("upturn.partners.urls")),
    path("", include("upturn.floor.urls")),
    path("", include("upturn.plan.urls")),
    path("", include("upturn.loop.urls")),
    path("", include("upturn.exchange.urls")),
    path("", include((people, "people"))),
    path("account/", include(account)),
    path("api/", api.urls),
]
