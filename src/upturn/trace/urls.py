from django.urls import path

from upturn.trace import views

app_name = "trace"
urlpatterns = [
    path("traces/", views.alarms, name="alarms"),
    path("traces/at/<slug:key>/", views.trace_now, name="now"),
    path("traces/<slug:ref>/", views.trace, name="trace"),
    path("traces/<slug:ref>/ask/", views.ask, name="ask"),
]
