"""Sealed benchmarks, and the signed interface."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
