"""Choosing for whom one acts."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from backdesk.parties.queries import Place
from backdesk.parties.requests import SESSION_KEY, standing_of
from backdesk.platform.web import navigation


@require_POST
def choose_organisation(request: HttpRequest) -> HttpResponse:
    """Go on at `next`, where a link led there; else in the section of `from`, where there is one for them there."""
    standing = standing_of(request)
    chosen = request.POST.get("organisation", "")
    places = standing.places if standing else ()
    place = next((one for one in places if str(one.organisation.pk) == chosen), None)
    if place is None:
        raise Http404
    request.session[SESSION_KEY] = place.organisation.pk
    after = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()})
    return redirect(after if after and safe else _section(place, request.POST.get("from", "")))


def _section(place: Place, path: str) -> str:
    """The navigation knows which sections these roles have; a page of an object stays behind with it."""
    house = navigation.registry.organisation(roles=place.roles, path=path)
    groups = (*navigation.registry.stages(roles=place.roles, path=path), *((house,) if house else ()))
    current = (link.url for group in groups for link in group.links if link.is_current)
    return next(current, "/")
