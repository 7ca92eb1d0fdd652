"""What every page behind a sign-in begins with, an actor who may be here; and how a refused deed is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from backdesk.parties import policies
from backdesk.parties.requests import actor_of
from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]
Deed = Callable[[], Any]
Fields = Mapping[type[Refused], str]
"""Which field of a form a refusal is about."""


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


def is_done(form: forms.BaseForm, deed: Deed, *, at: Fields | None = None) -> bool:
    """Do what a valid form asks for. A refusal stands at the form, or `at` the field it is about."""
    if not form.is_valid():
        return False
    try:
        deed()
    except Refused as refusal:
        field = next((name for kind, name in (at or {}).items() if isinstance(refusal, kind)), None)
        form.add_error(field, str(refusal))
        return False
    return True


def tell(request: HttpRequest, deed: Deed, *, done: str = "") -> bool:
    """Do what a button asks for, and say at the top of the next page how it went."""
    try:
        deed()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    if done:
        messages.success(request, done)
    return True
