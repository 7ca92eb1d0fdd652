"""The addresses of the whole house. Every app brings its own."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

_FLOORS = ("backdesk.platform.web.urls", "backdesk.parties.web.urls", "backdesk.planning.web.urls")


def _present(module: str) -> bool:
    package, _, _ = module.rpartition(".")
    return find_spec(package) is not None and find_spec(module) is not None


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(floor)) for floor in _FLOORS if _present(floor)
]
