"""The addresses of work: what an agent does, the items, and how services, queues and quality are kept."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "work"

urlpatterns: list[URLPattern | URLResolver] = []
