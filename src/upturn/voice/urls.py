from django.urls import path

from upturn.voice import views

app_name = "voice"
urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/<slug:key>/", views.touchpoint, name="touchpoint"),
    path("customers/<slug:key>/code/", views.code, name="code"),
    path("customers/<slug:key>/<slug:theme_key>/", views.theme, name="theme"),
    path("themes/", views.themes, name="themes"),
    path("themes/<slug:key>/", views.edit_theme, name="edit_theme"),
    path("say/<str:code>/", views.say, name="say"),
]
