"""Sealed benchmarks, and the signed interface."""

from django.urls import path

from upturn.exchange.views import benchmark_drafting, benchmarks, interface

ROUND = "exchanges/<slug:ref>/benchmarks/<slug:benchmark>/"
urlpatterns = [
    path("exchange/seal/", benchmarks.seal, name="seal"),
    path("exchanges/<slug:ref>/benchmarks/", benchmarks.rounds, name="benchmarks"),
    path("exchanges/<slug:ref>/benchmarks/new/", benchmark_drafting.new, name="benchmark_new"),
    path(
        "exchanges/<slug:ref>/benchmarks/new/counsel/",
        benchmark_drafting.counsel,
        name="benchmark_counsel",
    ),
    path(ROUND, benchmarks.one, name="benchmark"),
    path(f"{ROUND}state/", benchmarks.state, name="benchmark_state"),
    path(f"{ROUND}packet/", benchmarks.packet, name="benchmark_packet"),
    path(f"{ROUND}send/<slug:kind>/", benchmarks.send, name="benchmark_send"),
    path(f"{ROUND}end/", benchmark_drafting.end, name="benchmark_end"),
    path(f"{ROUND}round.zip", benchmarks.bundle, name="benchmark_bundle"),
    path("api/exchange/", interface.about, name="api_about"),
    path("api/exchange/benchmarks/<slug:ref>/", interface.packet, name="api_packet"),
    path("api/exchange/benchmarks/<slug:ref>/round.zip", interface.bundle, name="api_bundle"),
    path("api/exchange/benchmarks/<slug:ref>/<slug:kind>/", interface.message, name="api_message"),
    path("api/exchange/talk/<slug:ref>/", interface.post, name="api_post"),
]
