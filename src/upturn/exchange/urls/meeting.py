"""Meetings, pairs, programmes, what is taken along, the page for outsiders."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
