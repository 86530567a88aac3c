from django.urls import path

from upturn.voice import views

app_name = "voice"
urlpatterns = [
    path("customers/", views.customers, name="customers"),
    path("customers/<slug:key>/", views.touchpoint, name="touchpoint"),
    path("customers/<slug:key>/code/", views.code, name="code"),
    path("customers/<slug:key>/sentence/", views.sentence, name="sentence"),
    path("customers/<slug:key>/<slug:theme_key>/", views.theme, name="theme"),
    path("themes/", views.themes, name="themes"),
    path("themes/confirm/", views.confirming, name="confirm"),
    path("themes/unsaid/", views.unsaid, name="unsaid"),
    path("themes/found/<int:found_id>/", views.name_found, name="name_found"),
    path("themes/<slug:key>/", views.edit_theme, name="edit_theme"),
    path("say/<str:code>/", views.say, name="say"),
]
