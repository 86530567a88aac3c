"""Preparing an exchange, its parties, the calls, the charter, trust and leaving."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
