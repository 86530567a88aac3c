"""Addresses of exchanges. Those under an exchange are for its parties and who keeps it alike."""

from upturn.exchange.urls import benchmarks, entering, hosting, meeting, talking

app_name = "exchange"
urlpatterns = [
    *hosting.urlpatterns,
    *entering.urlpatterns,
    *talking.urlpatterns,
    *benchmarks.urlpatterns,
    *meeting.urlpatterns,
]
