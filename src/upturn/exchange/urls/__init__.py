"""Addresses of exchanges. Those under an exchange are for its parties and who keeps it alike."""

from upturn.exchange.urls import benchmarks, entering, hosting, meeting, talking

app_name = "exchange"
urlpatterns = [
    *entering.urlpatterns,
    *hosting.urlpatterns,
    *talking.urlpatterns,
    *benchmarks.urlpatterns,
    *meeting.urlpatterns,
]
