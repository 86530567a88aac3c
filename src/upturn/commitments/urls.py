from django.urls import path

from upturn.commitments import views

app_name = "commitments"
urlpatterns = [
    path("edge/<int:edge_id>/ask/", views.raise_, name="raise"),
    path("asks/", views.asks, name="asks"),
    path("asks/<slug:ref>/", views.ask, name="ask"),
    path("asks/<slug:ref>/thank/", views.thank, name="thank"),
    path("asks/<slug:ref>/<slug:move>/", views.move, name="move"),
    path("ticket/", views.ticket, name="ticket"),
]
