from django.urls import URLPattern, path

app_name = "partners"
urlpatterns: list[URLPattern] = []
