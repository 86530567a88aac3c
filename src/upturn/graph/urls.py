from django.urls import path

from upturn.graph import views

app_name = "graph"
urlpatterns = [
    path("pyramid/party/", views.add_party, name="add_party"),
    path("pyramid/serves/", views.add_serves, name="add_serves"),
    path("pyramid/touchpoint/", views.add_touchpoint, name="add_touchpoint"),
    path("party/<slug:key>/let-go/", views.let_go, name="let_go"),
    path("edge/<int:edge_id>/let-go/", views.let_go_edge, name="let_go_edge"),
]
