"""What every page of planning begins with: an actor who may be here."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from backdesk.parties.requests import actor_of
from backdesk.planning import policies
from backdesk.platform.actor import Actor

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]


def allowed(policy: Callable[[Actor], bool]) -> Callable[[View[P]], Callable[..., HttpResponseBase]]:
    """Call the view with the actor, if the policy lets them in; else 403."""

    def decorate(view: View[P]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = actor_of(request)
            policies.require(policy(actor))
            return view(request, actor, *args, **kwargs)

        return guarded

    return decorate


def clock() -> datetime:
    """Interfaces read the clock; operations are told the time."""
    return timezone.now()
