"""Other terms for what is under way of a service: from when on, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backdesk.parties.web.acting import allowed, clock, is_done
from backdesk.platform.actor import Actor
from backdesk.work import policies
from backdesk.work.models import Service, ServiceVersion
from backdesk.work.operations.reclocking import change_terms
from backdesk.work.queries import clocks as queries
from backdesk.work.queries.compiled import compiled
from backdesk.work.web.clocks import target_of
from backdesk.work.web.views.clocks import LOCAL


class TermsForm(forms.Form):
    """The terms of a published version, for what was received before."""

    version = forms.ModelChoiceField(
        label=gettext_lazy("Terms of version"), queryset=ServiceVersion.objects.none(), empty_label=None
    )
    since = forms.DateTimeField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("Without a time they change at once."),
        required=False,
        input_formats=[LOCAL],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=500)

    def __init__(self, *args: Any, versions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
        self.fields["version"].label_from_instance = _name_of  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`is_applied`: the due times follow them already."""

    since: datetime
    number: int
    target: str
    calendar: str
    reason: str
    is_applied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsPage:
    service: Service
    target: str
    calendar: str
    lines: tuple[Line, ...]
    form: TermsForm | None


@require_http_methods(["GET", "HEAD", "POST"])
@allowed(policies.sees_whole)
def service_terms(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    service = Service.objects.visible_to(actor).filter(pk=pk).first()
    if service is None or service.current_id is None:
        raise Http404
    may_change = policies.may_define(actor) and policies.is_client_of(actor, service.client_id)
    if request.method == "POST":
        policies.require(may_change)
    form = _form(actor, service, request) if may_change else None
    if request.method == "POST" and form is not None:
        asked = form
        if is_done(
            asked, lambda: change_terms(actor=actor, now=clock(), service=service, **asked.cleaned_data)
        ):
            messages.success(request, _("The terms are changed; the due times follow within a minute."))
            return redirect("work:service-terms", pk=pk)
    agreed = compiled(actor=actor, version_id=service.current_id).service
    page = TermsPage(
        service=service,
        target=target_of(agreed),
        calendar=f"{agreed.calendar}, {agreed.zone}",
        lines=tuple(_lines(actor, service)),
        form=form,
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "work/service_terms.html", {"page": page}, status=status)


def _form(actor: Actor, service: Service, request: HttpRequest) -> TermsForm:
    published = ServiceVersion.objects.visible_to(actor).filter(service=service, published_at__isnull=False)
    return TermsForm(
        request.POST if request.method == "POST" else None,
        versions=published.order_by("-number"),
        initial={"version": service.current_id},
    )


def _lines(actor: Actor, service: Service) -> Iterable[Line]:
    for change in queries.changes_of_service(actor, service):
        agreed = compiled(actor=actor, version_id=change.version_id).service
        yield Line(
            since=change.since,
            number=change.version.number,
            target=target_of(agreed),
            calendar=f"{agreed.calendar}, {agreed.zone}",
            reason=change.reason,
            is_applied=change.applied_at is not None,
        )


def _name_of(version: ServiceVersion) -> str:
    return f"{version.number} {version.note}".strip()
