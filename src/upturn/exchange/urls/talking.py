"""Topics, rounds, cards, decisions, the guard."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
