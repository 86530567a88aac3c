"""Coming in, and the first page."""

from django.urls import path

from upturn.exchange.views import entering

urlpatterns = [
    path("exchange/", entering.code, name="code"),
    path("exchange/back/", entering.back, name="back"),
    path("exchanges/<slug:ref>/", entering.home, name="here"),
    path("exchanges/<slug:ref>/keys/", entering.keys, name="keys"),
    path("exchanges/<slug:ref>/leave-browser/", entering.leave_browser, name="leave_browser"),
]
