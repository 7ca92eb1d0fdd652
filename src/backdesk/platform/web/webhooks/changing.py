"""What one does with endpoints and messages. A new secret is shown by the answer itself, since it is kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from backdesk.platform.actor import Actor
from backdesk.platform.errors import Refused
from backdesk.platform.models import WebhookEndpoint
from backdesk.platform.web.webhooks import pages
from backdesk.platform.web.webhooks.forms import EndpointForm, SinceForm
from backdesk.platform.web.webhooks.views import keeper_of
from backdesk.platform.webhooks import operations, queries
from backdesk.platform.webhooks.addresses import AddressRefused
from backdesk.platform.webhooks.operations import Made


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    actor = keeper_of(request)
    form = EndpointForm(request.POST or None)
    made = _from(form, lambda: operations.add_endpoint(actor=actor, now=timezone.now(), **form.cleaned_data))
    if made is not None:
        return _secret(request, made, is_renewed=False)
    page = pages.FormPage(form=form)
    return render(request, "webhooks/form.html", {"page": page}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    actor, endpoint = _endpoint(request, pk)
    now = {name: getattr(endpoint, name) for name in ("url", "description", "kinds")}
    form = EndpointForm(request.POST or None, initial=now)
    changed = _from(
        form,
        lambda: operations.change_endpoint(
            actor=actor, now=timezone.now(), endpoint=endpoint, **form.cleaned_data
        ),
    )
    if changed is not None:
        return redirect("web:webhook", pk=pk)
    page = pages.FormPage(form=form, id=pk, name=str(endpoint))
    return render(request, "webhooks/form.html", {"page": page}, status=422 if form.errors else 200)


@never_cache
@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    actor, endpoint = _endpoint(request, pk)
    made = operations.renew_secret(actor=actor, now=timezone.now(), endpoint=endpoint)
    return _secret(request, made, is_renewed=True)


@require_POST
def pause(request: HttpRequest, pk: int) -> HttpResponse:
    actor, endpoint = _endpoint(request, pk)
    operations.pause_endpoint(actor=actor, now=timezone.now(), endpoint=endpoint)
    messages.success(request, _("Paused. What is told meanwhile waits."))
    return redirect("web:webhook", pk=pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    actor, endpoint = _endpoint(request, pk)
    operations.resume_endpoint(actor=actor, now=timezone.now(), endpoint=endpoint)
    messages.success(request, _("It goes on. What waited is sent now."))
    return redirect("web:webhook", pk=pk)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    actor, endpoint = _endpoint(request, pk)
    operations.remove_endpoint(actor=actor, now=timezone.now(), endpoint=endpoint)
    messages.success(request, _("“%(name)s” is removed.") % {"name": endpoint})
    return redirect("web:webhooks")


@require_POST
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads to the message, where one sees how it went."""
    actor, endpoint = _endpoint(request, pk)
    sent = operations.send_test(actor=actor, now=timezone.now(), endpoint=endpoint)
    messages.success(request, _("The test leaves within seconds. Open this page again to see how it went."))
    return redirect("web:webhook-delivery", pk=sent.pk)


@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    actor = keeper_of(request)
    found = get_object_or_404(queries.deliveries_of(actor), pk=pk)
    try:
        operations.replay(actor=actor, now=timezone.now(), delivery=found)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It is sent again within seconds."))
    return redirect("web:webhook-delivery", pk=pk)


@require_POST
def replay_dead(request: HttpRequest, pk: int) -> HttpResponse:
    actor, endpoint = _endpoint(request, pk)
    form = SinceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the day from which on they are sent again."))
        return redirect("web:webhook", pk=pk)
    count = operations.replay_dead(actor=actor, now=timezone.now(), endpoint=endpoint, since=form.moment)
    said = ngettext("%(count)s message is sent again.", "%(count)s messages are sent again.", count)
    messages.success(request, said % {"count": count})
    return redirect("web:webhook", pk=pk)


def _endpoint(request: HttpRequest, pk: int) -> tuple[Actor, WebhookEndpoint]:
    actor = keeper_of(request)
    return actor, get_object_or_404(queries.endpoints_of(actor), pk=pk)


def _from(form: EndpointForm, deed: Callable[[], Any]) -> Any:
    """What a valid form brings about; None where it is not, or was refused, which then stands in the form."""
    if not form.is_valid():
        return None
    try:
        return deed()
    except Refused as refused:
        form.add_error("url" if isinstance(refused, AddressRefused) else None, str(refused))
        return None


def _secret(request: HttpRequest, made: Made, *, is_renewed: bool) -> HttpResponse:
    page = pages.SecretPage(
        id=made.endpoint.pk, name=str(made.endpoint), secret=made.secret, is_renewed=is_renewed
    )
    return render(request, "webhooks/secret.html", {"page": page})
