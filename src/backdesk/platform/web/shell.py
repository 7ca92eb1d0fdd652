"""What surrounds every page: who looks, where they can go, light or dark."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, reverse

from backdesk.platform.web import navigation
from backdesk.platform.web.viewer import Viewer, viewer_of

THEME_COOKIE = "theme"
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    viewer: Viewer | None = None
    theme: str = ""
    stages: tuple[navigation.Group, ...] = ()
    house: navigation.Group | None = None
    account: tuple[navigation.Link, ...] = ()
    path: str = ""
    home_url: str = "/"
    theme_url: str = ""
    search_url: str = ""
    sign_out_url: str = ""
    csrf_token: str = ""
    request_id: str = ""

    @property
    def organisation(self) -> str:
        return self.viewer.organisation if self.viewer else ""

    @property
    def organisation_beside_mark(self) -> str:
        """Its name without what the mark beside it says of a demonstration."""
        return self.organisation.removesuffix(" (demonstration)")

    @property
    def groups(self) -> tuple[navigation.Group, ...]:
        """The stages, and the organisation's own pages after them."""
        return (*self.stages, self.house) if self.house else self.stages

    @property
    def initials(self) -> str:
        words = self.viewer.name.split() if self.viewer else []
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def news(self) -> int:
        """How much there is to see in the account menu."""
        return sum(link.count for link in self.account)

    @property
    def is_home(self) -> bool:
        return self.path == self.home_url


def shell_of(request: HttpRequest | None) -> Shell:
    """The shell of a request; without one (a broken server's error page) it is bare and needs nothing."""
    if request is None:
        return Shell()
    viewer = viewer_of(request)
    places, path = navigation.registry, request.path
    return Shell(
        viewer=viewer,
        theme=theme_of(request),
        stages=places.stages(roles=viewer.actor.roles, path=path) if viewer else (),
        house=places.organisation(roles=viewer.actor.roles, path=path) if viewer else None,
        account=places.account(actor=viewer.actor, path=path) if viewer else (),
        path=request.path,
        home_url=_address("web:home"),
        theme_url=_address("web:theme"),
        search_url=_address("web:search"),
        sign_out_url=_address("logout"),
        csrf_token=get_token(request),
        request_id=request_id_of(request),
    )


def theme_of(request: HttpRequest) -> str:
    """The remembered theme, or nothing: then the system decides."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""


def request_id_of(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
