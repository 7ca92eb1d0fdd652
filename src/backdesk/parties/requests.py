"""Who makes this request: the signed-in person, acting for the organisation they chose in this session."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from backdesk.parties.models import Person
from backdesk.parties.queries import Place, actor_in, places_of
from backdesk.platform.actor import Actor
from backdesk.platform.web.asked import safe_address
from backdesk.platform.web.viewer import OtherPlace, Viewer

SESSION_KEY = "organisation"


class NotSignedIn(PermissionError):
    """Asked for the actor of a request nobody is signed in on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the person stands in this request: as whom, and where else they could go."""

    person: Person
    actor: Actor
    place: Place | None
    places: tuple[Place, ...]


def standing_of(request: HttpRequest) -> Standing | None:
    """None where nobody is signed in. Looked up once a request."""
    if not hasattr(request, "_standing"):
        request._standing = _look_up(request)  # type: ignore[attr-defined]
    found: Standing | None = request._standing  # type: ignore[attr-defined]
    return found


def actor_of(request: HttpRequest) -> Actor:
    standing = standing_of(request)
    if standing is None:
        raise NotSignedIn("Nobody is signed in.")
    return standing.actor


def viewer_of(request: HttpRequest) -> Viewer | None:
    """What the shell of a page shows of the person: name, organisation, and where else they could go."""
    standing = standing_of(request)
    if standing is None:
        return None
    here = standing.place.organisation if standing.place else None
    others = [place.organisation for place in standing.places if place.organisation != here]
    return Viewer(
        actor=standing.actor,
        name=standing.actor.name,
        organisation=here.name if here else "",
        is_demonstration=bool(here and here.is_demonstration),
        others=tuple(OtherPlace(id=other.pk, name=other.name) for other in others),
        switch_url=reverse("choose-organisation"),
    )


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """And then back to the page one was on. Of what was sent nothing is kept, which is said there."""
    was_sent = request.method not in {"GET", "HEAD"}
    sign_in = reverse("login", query={"unsaved": "yes"} if was_sent else None)
    if request.htmx:  # type: ignore[attr-defined]
        page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(redirect_to_login(page, sign_in).url)
    return redirect_to_login(_sent_from(request) if was_sent else request.get_full_path(), sign_in)


def _sent_from(request: HttpRequest) -> str:
    """The page of a form: where it is sent to may be no page at all."""
    page = urlsplit(safe_address(request, request.headers.get("Referer", "")))
    return page._replace(scheme="", netloc="").geturl() or "/"


def _look_up(request: HttpRequest) -> Standing | None:
    person = getattr(request, "user", None)  # absent where a request failed before anybody was looked up
    if not isinstance(person, Person):
        return None
    places = places_of(person)
    chosen = request.session.get(SESSION_KEY)
    place = next((p for p in places if p.organisation.pk == chosen), next(iter(places), None))
    return Standing(
        person=person, actor=actor_in(person=person, place=place, interface="web"), place=place, places=places
    )
