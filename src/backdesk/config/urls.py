"""The addresses of the whole house. Every app brings its own."""

from __future__ import annotations

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path

_FLOORS = (
    "backdesk.platform",
    "backdesk.parties",
    "backdesk.conversations",
    "backdesk.work",
    "backdesk.planning",
    "backdesk.supervision",
)


handler400 = "backdesk.platform.web.views.bad_request"
handler403 = "backdesk.platform.web.views.forbidden"
handler404 = "backdesk.platform.web.views.not_found"
handler500 = "backdesk.platform.web.views.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("backdesk.platform.operating.urls")),
    path("api/", include("backdesk.config.api")),
    *(path("", include(f"{floor}.web.urls")) for floor in _FLOORS if apps.is_installed(floor)),
]
